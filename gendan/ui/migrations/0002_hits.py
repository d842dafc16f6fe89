"""The table of the rate limits: unlogged, small, one row a key."""

from django.db import migrations

TABLE = """
CREATE UNLOGGED TABLE ui_hits (
    name text NOT NULL,
    key bytea NOT NULL,
    period bigint NOT NULL,
    hits integer NOT NULL,
    earlier integer NOT NULL,
    last_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, key)
) WITH (fillfactor = 70)
"""


class Migration(migrations.Migration):
    dependencies = [("ui", "0001_saved_searches")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE ui_hits")]
