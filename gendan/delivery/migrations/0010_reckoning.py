from django.db import migrations, models

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0009_parts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reckoning',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('margin_minutes', models.PositiveSmallIntegerField(default=120, verbose_name='late, if so many minutes before its promise')),
                ('screened_an_hour', models.PositiveSmallIntegerField(default=200, verbose_name='orders screened an hour')),
                ('packed_an_hour', models.PositiveSmallIntegerField(default=30, verbose_name='parcels packed an hour')),
                ('held_minutes', models.PositiveSmallIntegerField(default=60, verbose_name='minutes until a hold is cleared')),
                ('short_hours', models.PositiveSmallIntegerField(default=30, verbose_name='working hours until short goods come')),
                ('made_hours', models.PositiveSmallIntegerField(default=70, verbose_name='working hours to make goods')),
                ('hand_over_minutes', models.PositiveSmallIntegerField(default=120, verbose_name='minutes from packed to handed over')),
                ('on_the_way_hours', models.PositiveSmallIntegerField(default=96, verbose_name='hours on the way')),
            ],
            options={
                'verbose_name': 'what the forecast assumes',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='reckoning_only_one'), models.CheckConstraint(condition=models.Q(('packed_an_hour__gt', 0), ('screened_an_hour__gt', 0)), name='reckoning_paces_positive')],
            },
        ),
        journaled("delivery_reckoning"),
    ]
