import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0008_not_intercepted'),
        ('orders', '0023_chase_answers'),
        ('warehouse', '0015_carriage'),
    ]

    operations = [
        migrations.CreateModel(
            name='PartForecast',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(blank=True, choices=[('SCREENING', 'Screening'), ('STOCK', 'Goods set aside'), ('WAVE', 'Wave'), ('PACKING', 'Picking and packing'), ('HAND_OVER', 'Hand-over')], max_length=10, verbose_name='step')),
                ('promise_at', models.DateTimeField(null=True, verbose_name='promised for')),
                ('forecast_ship_at', models.DateTimeField(verbose_name='will leave')),
                ('forecast_arrive_at', models.DateTimeField(null=True, verbose_name='will arrive')),
                ('counted_at', models.DateTimeField(verbose_name='counted')),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='orders.order')),
                ('shipment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='warehouse.shipment')),
            ],
            options={
                'verbose_name': 'forecast of a part',
                'constraints': [models.UniqueConstraint(fields=('order', 'shipment'), name='part_forecast_once', nulls_distinct=False)],
            },
        ),
    ]
