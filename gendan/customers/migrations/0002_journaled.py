from django.db import migrations

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("journal", "0001_initial")]
    operations = [
        journaled("customers_customer", "customers_address", hashed=("phone", "mail", "receiver_phone")),
        journaled("customers_identity", hashed=("value",)),
    ]
