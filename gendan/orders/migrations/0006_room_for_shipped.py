from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_fewer_indices")]
    operations = [
        # Every line is shipped once: with room on its page, its indices stay as they are.
        migrations.RunSQL(
            "ALTER TABLE orders_line SET (fillfactor = 60)",
            "ALTER TABLE orders_line RESET (fillfactor)",
        )
    ]
