from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0011_combining")]
    operations = [
        migrations.AlterField(
            model_name="wave",
            name="kind",
            field=models.CharField(
                choices=[
                    ("URGENT", "Urgent"),
                    ("SINGLE", "Single pieces"),
                    ("MULTI", "Several pieces"),
                    ("MIXED", "Mixed"),
                ],
                max_length=6,
                verbose_name="kind",
            ),
        ),
        migrations.RemoveConstraint(model_name="wave", name="wave_kind_known"),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["URGENT", "SINGLE", "MULTI", "MIXED"])),
                name="wave_kind_known",
            ),
        ),
    ]
