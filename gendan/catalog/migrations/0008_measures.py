import django.core.validators
from django.db import migrations, models

from gendan.journal.triggers import journaled

SIDES = ("length", "width", "height")


def measure(side: str) -> migrations.AddField:
    field = models.PositiveSmallIntegerField(
        blank=True,
        null=True,
        validators=[
            django.core.validators.MinValueValidator(1),
            django.core.validators.MaxValueValidator(10_000),
        ],
        verbose_name=f"{side} (mm)",
    )
    return migrations.AddField(model_name="sku", name=f"{side}_mm", field=field)


def sane(side: str) -> migrations.AddConstraint:
    condition = models.Q((f"{side}_mm__range", (1, 10_000)))
    constraint = models.CheckConstraint(condition=condition, name=f"sku_{side}_sane")
    return migrations.AddConstraint(model_name="sku", constraint=constraint)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_codes_in_order")]

    operations = [*map(measure, SIDES), *map(sane, SIDES), journaled("catalog_sku")]
