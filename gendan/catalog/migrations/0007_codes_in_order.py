"""Lists of what the shops sell stand in the order of the shops' codes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("catalog", "0006_lead_time"),)

    operations = (
        migrations.AddIndex(
            model_name="shopcode",
            index=models.Index(fields=["code", "id"], name="shop_code_in_order"),
        ),
    )
