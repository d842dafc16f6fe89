from django.db import migrations

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("journal", "0001_initial")]
    operations = [
        journaled("orders_order", "orders_line", "orders_payment", "orders_instruction", "orders_confirmation"),
    ]
