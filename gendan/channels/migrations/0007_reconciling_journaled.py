from django.db import migrations

from gendan.journal.triggers import append_only, journaled


class Migration(migrations.Migration):
    dependencies = [("channels", "0006_reconciling"), ("journal", "0001_initial")]
    operations = [journaled("channels_difference"), append_only("channels_billrow")]
