import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gendan.journal.triggers import journaled


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0022_undone_and_owned"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="chaseoffer",
            name="chase_offer_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="chasetouch",
            name="chase_touch_outcome_was_said",
        ),
        migrations.AddField(
            model_name="chaseoffer",
            name="changed_at",
            field=models.DateTimeField(null=True, verbose_name="changed on the platform"),
        ),
        migrations.AddField(
            model_name="chaseoffer",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="chaseoffer",
            name="is_there",
            field=models.BooleanField(default=False, verbose_name="on the platform"),
        ),
        migrations.AddField(
            model_name="chaseoffer",
            name="restored_at",
            field=models.DateTimeField(null=True, verbose_name="set back on the platform"),
        ),
        migrations.AlterField(
            model_name="chaseoffer",
            name="state",
            field=models.CharField(
                choices=[
                    ("ASKED", "Waits for a supervisor"),
                    ("GIVEN", "Given"),
                    ("TAKEN", "Taken: paid"),
                    ("EXPIRED", "Expired"),
                    ("WITHDRAWN", "Withdrawn"),
                    ("REFUSED", "Refused"),
                    ("CLOSED", "The order closed unpaid"),
                    ("IMPOSSIBLE", "Not possible on the platform"),
                ],
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="chasetouch",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("WILL_PAY", "Will pay at …"),
                    ("NEEDS_HELP", "Needs help"),
                    ("WANTS_OFFER", "Wants an offer"),
                    ("NO_INTEREST", "No longer wants it"),
                    ("UNREACHABLE", "Not reached"),
                    ("SAYS_PAID", "Says it is paid"),
                    ("WANTS_CHANGE", "Wants something changed"),
                ],
                max_length=12,
                verbose_name="outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="chaseoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "ASKED",
                            "GIVEN",
                            "TAKEN",
                            "EXPIRED",
                            "WITHDRAWN",
                            "REFUSED",
                            "CLOSED",
                            "IMPOSSIBLE",
                        ],
                    )
                ),
                name="chase_offer_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="chaseoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_there", True),
                    models.Q(("changed_at", None), ("restored_at", None)),
                    _connector="OR",
                ),
                name="chase_offer_changed_there",
            ),
        ),
        migrations.AddConstraint(
            model_name="chaseoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("restored_at", None),
                    models.Q(("changed_at__isnull", False), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="chase_offer_restored_when_over",
            ),
        ),
        migrations.AddConstraint(
            model_name="chasetouch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("outcome_at", None)),
                    models.Q(
                        (
                            "outcome__in",
                            [
                                "WILL_PAY",
                                "NEEDS_HELP",
                                "WANTS_OFFER",
                                "NO_INTEREST",
                                "UNREACHABLE",
                                "SAYS_PAID",
                                "WANTS_CHANGE",
                            ],
                        ),
                        ("outcome_at__isnull", False),
                        ("said_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="chase_touch_outcome_was_said",
            ),
        ),
        journaled("orders_chaseoffer"),
    ]
