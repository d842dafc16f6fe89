import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE delivery_forecast f SET shop_id = o.shop_id FROM orders_order o WHERE o.id = f.order_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0010_reckoning'),
        ('orders', '0025_swapped_parts'),
        ('people', '0004_signed_in_at'),
        ('warehouse', '0016_standards_of_carriers'),
    ]

    operations = [
        migrations.AddField(
            model_name='forecast',
            name='shop',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.shop'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL('SET CONSTRAINTS ALL IMMEDIATE', migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='forecast',
            name='shop',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.shop'),
        ),
        migrations.AlterField(
            model_name='forecast',
            name='carrier',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='warehouse.carrier'),
        ),
        migrations.AlterField(
            model_name='forecast',
            name='warehouse',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.warehouse'),
        ),
        migrations.AddIndex(
            model_name='forecast',
            index=models.Index(fields=['-fen_at_risk', 'id'], name='forecast_by_money'),
        ),
    ]
