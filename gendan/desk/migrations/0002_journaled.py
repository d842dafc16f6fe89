from django.db import migrations

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial"), ("journal", "0001_initial")]
    operations = [journaled("desk_script", "desk_message")]
