import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import Q

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [("orders", "0019_answered_message")]

    operations = [
        migrations.AddField(
            model_name="giftrule",
            name="reach",
            field=models.CharField(
                choices=[
                    ("TIER", "The highest tier that is reached"),
                    ("EVERY", "For every full amount or number"),
                ],
                db_default="TIER",
                default="TIER",
                max_length=5,
                verbose_name="gives",
            ),
        ),
        migrations.AddField(
            model_name="giftrule",
            name="most_times",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="times per order, at most"
            ),
        ),
        migrations.AddField(
            model_name="giftrule",
            name="scope",
            field=models.CharField(
                choices=[
                    ("ORDER", "Each order on its own"),
                    ("PARCEL", "What goes in one parcel, together"),
                ],
                db_default="ORDER",
                default="ORDER",
                max_length=6,
                verbose_name="counts",
            ),
        ),
        migrations.AddField(
            model_name="giftline",
            name="counted_with",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                db_default=[],
                default=list,
                size=None,
                verbose_name="counted with",
            ),
        ),
        migrations.AddConstraint(
            model_name="giftrule",
            constraint=models.CheckConstraint(
                condition=Q(("reach__in", ["TIER", "EVERY"])), name="gift_reach_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="giftrule",
            constraint=models.CheckConstraint(
                condition=Q(("scope__in", ["ORDER", "PARCEL"])), name="gift_scope_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="giftrule",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("most_times", None),
                    Q(("most_times__gt", 0), ("reach", "EVERY")),
                    _connector="OR",
                ),
                name="gift_times_of_every",
            ),
        ),
        journaled("orders_giftrule", "orders_giftline"),
    ]
