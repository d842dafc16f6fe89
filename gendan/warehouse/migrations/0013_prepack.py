import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [
        ("warehouse", "0012_urgent_waves"),
        ("catalog", "0004_substitutes"),
        ("people", "0004_signed_in_at"),
    ]
    operations = [
        migrations.CreateModel(
            name="Prepack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "pieces",
                    models.PositiveSmallIntegerField(default=1, verbose_name="pieces in a box"),
                ),
                ("boxes", models.PositiveIntegerField(verbose_name="boxes packed")),
                ("used", models.PositiveIntegerField(default=0, verbose_name="boxes sent")),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="packed at",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.sku",
                        verbose_name="SKU",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "verbose_name": "pre-packed box",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["warehouse", "sku", "pieces"], name="prepack_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pieces__gt", 0), ("used__lte", models.F("boxes"))),
                        name="prepack_sent_at_most_packed",
                    ),
                ],
            },
        ),
        journaled("warehouse_prepack"),
    ]
