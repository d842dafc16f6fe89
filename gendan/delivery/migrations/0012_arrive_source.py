from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0011_forecasts_of_shops"),
        ("warehouse", "0017_contracts"),
    ]

    operations = [
        migrations.AddField(
            model_name="forecast",
            name="arrive_source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("MEASURED", "measured on our parcels"),
                    ("STANDARD", "by the standard"),
                    ("ASSUMED", "assumed"),
                ],
                db_default="",
                max_length=8,
                verbose_name="hours on the way",
            ),
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.CheckConstraint(
                condition=models.Q(("arrive_source__in", ["", "MEASURED", "STANDARD", "ASSUMED"])),
                name="forecast_arrive_source_known",
            ),
        ),
    ]
