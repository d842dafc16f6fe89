from django.db import migrations

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("journal", "0001_initial")]
    operations = [
        journaled("catalog_product", "catalog_sku", "catalog_shopcode"),
    ]
