from django.db import migrations

from gendan.journal.triggers import journaled

# What a shop was told last is never overwritten by what was captured earlier, whoever tries.
ONLY_NEWER = """
CREATE FUNCTION publishing_only_newer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'offer % was published in version %, and % is older', OLD.id, OLD.version,
    NEW.version USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER only_newer BEFORE UPDATE OF version ON channels_offer FOR EACH ROW
  WHEN (NEW.version < OLD.version) EXECUTE FUNCTION publishing_only_newer();
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_publishing"), ("journal", "0001_initial")]
    operations = [
        journaled("channels_publishrule"),
        migrations.RunSQL(ONLY_NEWER, migrations.RunSQL.noop),
    ]
