from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0006_fewer_indices")]
    operations = [
        # Every line is checked once: with room on its page, its indices stay as they are.
        migrations.RunSQL(
            "ALTER TABLE warehouse_shipmentline SET (fillfactor = 60)",
            "ALTER TABLE warehouse_shipmentline RESET (fillfactor)",
        )
    ]
