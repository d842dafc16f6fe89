from django.db import migrations


class Migration(migrations.Migration):
    """Who follows the journal asks what transactions wrote that had not ended when it last asked."""

    atomic = False
    dependencies = [("journal", "0003_values_as_they_are")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY journal_entry_xid ON journal_entry (xid)",
            "DROP INDEX CONCURRENTLY journal_entry_xid",
        )
    ]
