"""Until when an order is promised and by whom, when it will really leave, and what that risks."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gendan.desk.models import Message
from gendan.orders.models import LaneStep, Order
from gendan.people.models import Person, Platform, Shop, Warehouse
from gendan.warehouse.models import Carrier


class PromiseSource(models.TextChoices):
    """Who or what made the promise; the first of these that applies."""

    AGREED = "AGREED", _("Agreed with the customer")
    WISH = "WISH", _("The customer's wish")
    PLATFORM = "PLATFORM", _("The platform's deadline")
    LEAD_TIME = "LEAD_TIME", _("The time to make it")
    HOURS = "HOURS", _("The shop's hours")


class Risk(models.TextChoices):
    LATE = "LATE", _("Late")
    AT_RISK = "AT_RISK", _("Will be late")
    NONE = "NONE", _("In time")


class ArriveSource(models.TextChoices):
    """From what the hours on the way were taken; the first of these that is known."""

    MEASURED = "MEASURED", _("measured on our parcels")
    STANDARD = "STANDARD", _("by the standard")
    ASSUMED = "ASSUMED", _("assumed")


class Forecast(models.Model):
    """When an order will leave and arrive as things stand, and the money that is at risk.

    Counted again every few minutes from the other tables, and so without a journal; it ends after
    its order. `ahead` are the orders in front of it at the packing tables; `step` none: it has
    left. The shop is the order's: whoever sees a few shops has those alone added up.
    """

    order = models.OneToOneField(Order, models.PROTECT, related_name="forecast")
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    promise_source = models.CharField(
        _("promised by"), max_length=10, choices=PromiseSource.choices
    )
    step = models.CharField(_("step"), max_length=10, choices=LaneStep.choices, blank=True)
    ahead = models.PositiveIntegerField(_("in front of it"), default=0)
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, null=True, related_name="+", db_index=False
    )
    carrier = models.ForeignKey(
        Carrier, models.PROTECT, null=True, related_name="+", db_index=False
    )
    forecast_ship_at = models.DateTimeField(_("will leave"))
    forecast_arrive_at = models.DateTimeField(_("will arrive"), null=True)
    arrive_source = models.CharField(
        _("hours on the way"), max_length=8, choices=ArriveSource.choices, blank=True, db_default=""
    )
    risk = models.CharField(_("risk"), max_length=8, choices=Risk.choices, default=Risk.NONE)
    fen_at_risk = models.BigIntegerField(_("money at risk"), default=0)
    alarmed_at = models.DateTimeField(_("told to a person"), null=True)
    counted_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("forecast")
        constraints = (
            models.CheckConstraint(
                condition=Q(promise_source__in=PromiseSource.values), name="forecast_source_known"
            ),
            models.CheckConstraint(condition=Q(risk__in=Risk.values), name="forecast_risk_known"),
            models.CheckConstraint(
                condition=Q(arrive_source__in=["", *ArriveSource.values]),
                name="forecast_arrive_source_known",
            ),
            models.CheckConstraint(
                condition=~Q(risk="NONE") | Q(fen_at_risk=0), name="forecast_no_risk_no_money"
            ),
        )
        indexes = (
            models.Index(
                fields=["-fen_at_risk", "id"], condition=~Q(risk="NONE"), name="forecast_at_risk"
            ),
            models.Index(fields=["-fen_at_risk", "id"], name="forecast_by_money"),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.risk}"


class PromiseState(models.TextChoices):
    PROPOSED = "PROPOSED", _("Customer asked")
    AGREED = "AGREED", _("Agreed")
    REFUSED = "REFUSED", _("Customer refused")
    WITHDRAWN = "WITHDRAWN", _("Taken back")


class Promise(models.Model):
    """Another date for an order: what it was, what it shall be, why, and what the customer said."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="promises")
    before_at = models.DateTimeField(_("promised before"), null=True)
    at = models.DateTimeField(_("promised now"))
    state = models.CharField(
        _("state"), max_length=9, choices=PromiseState.choices, default=PromiseState.PROPOSED
    )
    why = models.CharField(_("reason"), max_length=500)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("proposed"))
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("promise")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=PromiseState.values), name="promise_state_known"
            ),
            models.CheckConstraint(condition=~Q(why=""), name="promise_with_reason"),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", settled_at=None)
                | ~Q(state="PROPOSED") & Q(settled_at__isnull=False),
                name="promise_settled_somehow",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="PROPOSED"), name="promise_asked_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.at}"


class Penalty(models.Model):
    """What a platform takes for an order that leaves late: a part of its value, within bounds."""

    platform = models.CharField(_("platform"), max_length=12, choices=Platform.choices, unique=True)
    permille = models.PositiveSmallIntegerField(_("per mille of the order"), default=0)
    least_fen = models.BigIntegerField(_("at least"), default=0)
    most_fen = models.BigIntegerField(_("at most"), null=True, blank=True)

    class Meta:
        verbose_name = _("penalty for lateness")
        constraints = (
            models.CheckConstraint(
                condition=Q(platform__in=Platform.values), name="penalty_platform_known"
            ),
            models.CheckConstraint(
                condition=Q(least_fen__gte=0)
                & (Q(most_fen=None) | Q(most_fen__gte=F("least_fen"))),
                name="penalty_bounds",
            ),
        )

    def __str__(self) -> str:
        return f"{self.platform} {self.permille}‰"


PACES = {
    "HELD": pgettext_lazy("a pace", "Until a hold is cleared"),
    "SHORT": pgettext_lazy("a pace", "Until short goods come"),
}


class Pace(models.Model):
    """How fast the house is at a step, measured in its own last days; no journal.

    Either so many pass an hour, or one takes so many working minutes (the middle one of `sample`).
    """

    step = models.CharField(_("step"), max_length=10)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, null=True, related_name="+")
    per_hour = models.FloatField(_("an hour"), null=True)
    minutes = models.FloatField(_("working minutes"), null=True)
    sample = models.PositiveIntegerField(_("measured on"))
    counted_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("pace")
        constraints = (
            models.UniqueConstraint(
                fields=["step", "warehouse"], nulls_distinct=False, name="pace_once"
            ),
            models.CheckConstraint(
                condition=Q(per_hour__gt=0) | Q(minutes__gte=0), name="pace_measured"
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} {self.warehouse_id}"

    @property
    def label(self) -> str:
        """Return what was measured, in words."""
        return str(PACES[self.step] if self.step in PACES else LaneStep(self.step).label)


class Transit(models.Model):
    """Within how many hours four of five parcels of a carrier reach a province; no journal.

    Province empty: wherever they go.
    """

    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="transits")
    province = models.CharField(_("province"), max_length=40, blank=True)
    hours = models.FloatField(_("hours"))
    sample = models.PositiveIntegerField(_("measured on"))
    counted_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("time on the way")
        constraints = (
            models.UniqueConstraint(fields=["carrier", "province"], name="transit_once"),
        )

    def __str__(self) -> str:
        return f"{self.carrier_id} {self.province} {self.hours}"
