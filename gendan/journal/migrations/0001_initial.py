from django.db import migrations, models

from gendan.journal import triggers


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(triggers.TABLES, migrations.RunSQL.noop),
        migrations.RunSQL(triggers.FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(triggers.ATTACH, migrations.RunSQL.noop),
    ]
