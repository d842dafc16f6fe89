from django.db import migrations

from gendan.journal.triggers import append_only, journaled
from gendan.stock.ledger import FOLLOW, GUARD


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial"), ("journal", "0001_initial")]
    operations = [
        journaled("stock_shortage", "stock_location"),
        append_only("stock_ledger"),
        migrations.RunSQL(FOLLOW + GUARD, migrations.RunSQL.noop),
    ]
