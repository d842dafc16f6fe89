from django.db import migrations

NEWS = """
DROP TRIGGER notify ON worklist_item;
CREATE OR REPLACE FUNCTION worklist_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM changed) THEN
    PERFORM pg_notify('gendan_worklist', '');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER notify_insert AFTER INSERT ON worklist_item REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION worklist_notify();
CREATE TRIGGER notify_update AFTER UPDATE ON worklist_item REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION worklist_notify();
CREATE TRIGGER notify_delete AFTER DELETE ON worklist_item REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION worklist_notify();
"""

RIGHTS = """
CREATE FUNCTION worklist_notify_rights() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('gendan_rights', '');
  RETURN NULL;
END $$;
CREATE TRIGGER notify_rights AFTER UPDATE ON people_person FOR EACH ROW
  WHEN ((OLD.roles, OLD.shop_ids, OLD.warehouse_ids, OLD.is_active, OLD.password,
         OLD.must_change_password) IS DISTINCT FROM
        (NEW.roles, NEW.shop_ids, NEW.warehouse_ids, NEW.is_active, NEW.password,
         NEW.must_change_password))
  EXECUTE FUNCTION worklist_notify_rights();
CREATE TRIGGER notify_rights AFTER DELETE ON django_session FOR EACH ROW
  EXECUTE FUNCTION worklist_notify_rights();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("worklist", "0003_live"),
        ("people", "0004_signed_in_at"),
        ("sessions", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(NEWS, migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
