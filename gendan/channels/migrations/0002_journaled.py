from django.db import migrations

from gendan.journal.triggers import append_only, journaled


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial"), ("journal", "0001_initial")]
    operations = [
        journaled("channels_columnmapping"),
        append_only("channels_rawrow", "channels_mistake"),
    ]
