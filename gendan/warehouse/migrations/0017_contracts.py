import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0008_measures"),
        ("warehouse", "0016_standards_of_carriers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Discount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("province", models.CharField(blank=True, max_length=40, verbose_name="province")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="per cent off")),
                ("from_on", models.DateField(verbose_name="in force from")),
                (
                    "carrier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discounts",
                        to="warehouse.carrier",
                        verbose_name="carrier",
                    ),
                ),
            ],
            options={
                "verbose_name": "contract discount",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("carrier", "province", "from_on"), name="discount_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(percent__lte=100), name="discount_percent"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="carrier",
            name="volume_divisor",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="volume divisor"
            ),
        ),
        migrations.AddField(
            model_name="carriage",
            name="charged_g",
            field=models.BigIntegerField(null=True, verbose_name="charged weight (g)"),
        ),
        migrations.AddField(
            model_name="carriage",
            name="percent",
            field=models.PositiveSmallIntegerField(db_default=0, verbose_name="per cent off"),
        ),
        journaled("warehouse_discount", "warehouse_carrier", "warehouse_carriage"),
    ]
