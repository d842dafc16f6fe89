from django.db import migrations

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_initial"), ("journal", "0001_initial")]
    operations = [
        journaled("screening_rule", "screening_hold"),
    ]
