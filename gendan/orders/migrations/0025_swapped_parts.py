import django.db.models.deletion
from django.db import migrations, models

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0007_codes_in_order'),
        ('orders', '0024_offers_there'),
    ]

    operations = [
        migrations.CreateModel(
            name='SwappedPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku')),
                ('line', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='swapped_parts', to='orders.line')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.sku')),
            ],
            options={
                'verbose_name': 'part of a set, taken otherwise',
                'constraints': [models.UniqueConstraint(fields=('line', 'part'), name='swapped_part_once')],
            },
        ),
        journaled("orders_swappedpart"),
    ]
