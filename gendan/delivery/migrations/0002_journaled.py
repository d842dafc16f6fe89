from django.db import migrations

from gendan.journal.triggers import append_only, journaled


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial"), ("journal", "0001_initial")]
    operations = [
        journaled("delivery_numberrange", "delivery_handover", "delivery_writeback", "delivery_handover_shipments"),
        append_only("delivery_trace"),
    ]
