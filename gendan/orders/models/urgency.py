"""The urgent lane: who declared what, what it displaced, and the clock of each step."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gendan.orders.models.order import Order
from gendan.people.models import Person


class LaneStep(models.TextChoices):
    """What an urgent order must pass, one clock after the other."""

    SCREENING = "SCREENING", _("Screening")
    STOCK = "STOCK", _("Goods set aside")
    WAVE = "WAVE", _("Wave")
    PACKING = "PACKING", _("Picking and packing")
    HAND_OVER = "HAND_OVER", _("Hand-over")


class Origin(models.TextChoices):
    DECLARED = "DECLARED", _("Declared by a colleague")
    ASKED = "ASKED", _("Asked for with the order")


class UrgencyEnd(models.TextChoices):
    LEFT = "LEFT", _("Left the house")
    TAKEN_AWAY = "TAKEN_AWAY", _("Taken away")
    OVER = "OVER", _("The order is over")


class Urgency(models.Model):
    """One order in the urgent lane, from its declaration until it has left.

    Only what a colleague declares counts for the limit of its day (`on`), unless it `gave_back` its
    place: it ended before any parcel of it was in a wave. `displaced` orders stood in front of it
    in the `queue` it was in, and come after it since; the nearest are named.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="urgencies")
    origin = models.CharField(
        _("origin"), max_length=8, choices=Origin.choices, default=Origin.DECLARED
    )
    declared_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    declared_name = models.CharField(_("declared by"), max_length=80)  # a key has no person
    why = models.CharField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField(_("declared at"))
    on = models.DateField(_("day"))
    queue = models.CharField(_("queue"), max_length=10, choices=LaneStep.choices, blank=True)
    displaced = models.PositiveIntegerField(_("orders displaced"), default=0)
    displaced_numbers = ArrayField(models.CharField(max_length=24), default=list)
    ended_at = models.DateTimeField(_("ended"), null=True)
    end = models.CharField(_("end"), max_length=10, choices=UrgencyEnd.choices, blank=True)
    ended_why = models.CharField(_("why it ended"), max_length=500, blank=True)
    gave_back = models.BooleanField(_("place given back"), default=False, db_default=False)

    class Meta:
        verbose_name = _("urgency")
        constraints = (
            models.UniqueConstraint(
                fields=["order"], condition=Q(ended_at=None), name="urgency_open_once"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=Origin.values), name="urgency_origin_known"
            ),
            models.CheckConstraint(
                condition=Q(queue__in=["", *LaneStep.values]), name="urgency_queue_known"
            ),
            models.CheckConstraint(
                condition=Q(end="", ended_at=None)
                | Q(end__in=UrgencyEnd.values, ended_at__isnull=False),
                name="urgency_ended_somehow",
            ),
            models.CheckConstraint(
                condition=Q(origin="ASKED") | ~Q(why=""), name="urgency_declared_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(gave_back=False) | Q(origin="DECLARED", end__in=["TAKEN_AWAY", "OVER"]),
                name="urgency_gave_back_unused",
            ),
        )
        indexes = (
            models.Index(fields=["on"], condition=Q(origin="DECLARED"), name="urgency_of_day"),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.at}"


class UrgentLap(models.Model):
    """How long an urgent order stood at a step: its instants are those of the stages themselves."""

    urgency = models.ForeignKey(Urgency, models.PROTECT, related_name="laps")
    step = models.CharField(_("step"), max_length=10, choices=LaneStep.choices)
    began_at = models.DateTimeField(_("began"))
    due_at = models.DateTimeField(_("due"))
    alarmed_at = models.DateTimeField(_("alarm"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("clock of a step")
        constraints = (
            models.UniqueConstraint(
                fields=["urgency"], condition=Q(ended_at=None), name="lap_one_runs"
            ),
            models.CheckConstraint(condition=Q(step__in=LaneStep.values), name="lap_step_known"),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("began_at")) & ~Q(ended_at__lt=F("began_at")),
                name="lap_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.urgency_id} {self.step}"


class LaneRules(models.Model):
    """How many orders a day may be declared urgent, and how long each step may take. There is one.

    The minutes are those of business hours.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    a_day = models.PositiveSmallIntegerField(_("urgent orders a day"), default=20)
    screening_minutes = models.PositiveSmallIntegerField(_("minutes at screening"), default=15)
    stock_minutes = models.PositiveSmallIntegerField(
        _("minutes until goods are set aside"), default=15
    )
    wave_minutes = models.PositiveSmallIntegerField(_("minutes until it is in a wave"), default=30)
    packing_minutes = models.PositiveSmallIntegerField(_("minutes to pick and pack"), default=45)
    hand_over_minutes = models.PositiveSmallIntegerField(_("minutes to hand over"), default=120)

    class Meta:
        verbose_name = _("rules of the urgent lane")
        constraints = (models.CheckConstraint(condition=Q(id=1), name="lane_rules_only_one"),)

    def __str__(self) -> str:
        return f"{self.a_day}"

    def minutes(self, step: str) -> int:
        """Return how many working minutes a step may take."""
        allowed: int = getattr(self, f"{step.lower()}_minutes")
        return allowed
