from django.db import migrations

from gendan.journal import triggers

# json_object() turns a value into JSON itself; asking for it twice cost a tenth of each change.
REWRITE = r"""
DO $$
DECLARE
  written text;
BEGIN
  FOR written IN
    SELECT pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proname ~ '^journal_[ud]_'
      AND prorettype = 'trigger'::regtype
  LOOP
    EXECUTE regexp_replace(written, 'to_jsonb\(([on]\.("[^"]+"|[a-z0-9_]+))\)', '\1', 'g');
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_models")]
    operations = [
        migrations.RunSQL(triggers.ATTACH, migrations.RunSQL.noop),
        migrations.RunSQL(REWRITE, migrations.RunSQL.noop),
    ]
