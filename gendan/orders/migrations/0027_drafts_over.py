from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0026_several_faults")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="is_over",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
