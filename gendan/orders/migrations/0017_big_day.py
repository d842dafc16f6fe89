from django.db import migrations, models

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [("orders", "0016_checking")]
    operations = [
        migrations.CreateModel(
            name="BigDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "starts_above",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="begins above (orders an hour)"
                    ),
                ),
                (
                    "ends_below",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="ends below (orders an hour)"
                    ),
                ),
                (
                    "makes_waves",
                    models.BooleanField(default=True, verbose_name="makes waves by itself"),
                ),
                (
                    "wave_limit",
                    models.PositiveSmallIntegerField(
                        default=200, verbose_name="shipments in a wave"
                    ),
                ),
                ("began_at", models.DateTimeField(null=True, verbose_name="began")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "big day",
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("began_at__isnull", False), ("ended_at", None)),
                        name="big_day_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("began_at__isnull", False), _connector="OR"
                        ),
                        name="big_day_began_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wave_limit__gt", 0)), name="big_day_waves_hold_some"
                    ),
                ],
            },
        ),
        journaled("orders_bigday"),
    ]
