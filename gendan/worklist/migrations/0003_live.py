from django.db import migrations

NOTIFY = """
CREATE FUNCTION worklist_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('gendan_worklist', current_setting('gendan.entry', true));
  RETURN NULL;
END $$;
CREATE TRIGGER notify AFTER INSERT OR UPDATE OR DELETE ON worklist_item
  FOR EACH STATEMENT EXECUTE FUNCTION worklist_notify();
"""


class Migration(migrations.Migration):
    dependencies = [("worklist", "0002_journaled")]
    operations = [migrations.RunSQL(NOTIFY, migrations.RunSQL.noop)]
