from django.db import migrations

from gendan.journal.triggers import append_only, journaled


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0001_initial"), ("journal", "0001_initial")]
    operations = [
        journaled("warehouse_carrier", "warehouse_wave", "warehouse_shipment", "warehouse_shipmentline", "warehouse_tick", "warehouse_printjob"),
        append_only("warehouse_printpage"),
    ]
