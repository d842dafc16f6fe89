import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0015_carriage")]

    operations = [
        migrations.AddField(
            model_name="standard",
            name="carrier",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="standards",
                to="warehouse.carrier",
                verbose_name="carrier",
            ),
        ),
        migrations.AlterField(
            model_name="standard",
            name="province",
            field=models.CharField(blank=True, max_length=40, verbose_name="province"),
        ),
        migrations.AddConstraint(
            model_name="standard",
            constraint=models.UniqueConstraint(
                fields=("province", "carrier"), name="standard_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="standard",
            constraint=models.CheckConstraint(
                condition=Q(arrive_hours__gt=0, pickup_hours__gt=0), name="standard_positive"
            ),
        ),
        journaled("warehouse_standard"),
    ]
