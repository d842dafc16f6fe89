from django.db import migrations

from gendan.stock.ledger import FOLLOW


class Migration(migrations.Migration):
    dependencies = [("stock", "0005_follow_at_once")]
    operations = [migrations.RunSQL(FOLLOW, migrations.RunSQL.noop)]
