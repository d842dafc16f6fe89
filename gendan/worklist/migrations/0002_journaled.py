from django.db import migrations

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [("worklist", "0001_initial"), ("journal", "0001_initial")]
    operations = [
        journaled("worklist_item", "worklist_openhours", "worklist_specialday"),
    ]
