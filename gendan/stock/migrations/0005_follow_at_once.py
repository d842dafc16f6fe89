from django.db import migrations

from gendan.stock.ledger import FOLLOW


class Migration(migrations.Migration):
    dependencies = [("stock", "0004_fewer_indices")]
    operations = [migrations.RunSQL(FOLLOW, migrations.RunSQL.noop)]
