"""查单: what does not agree about a day, and the files in which others tell of it."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gendan.orders.models import Order
from gendan.people.access import Worker, at_shops, at_warehouses
from gendan.people.models import Shop, Warehouse
from gendan.warehouse.models import Carrier, Shipment


class Against(models.TextChoices):
    """With whose word ours is compared."""

    HOUSE = "HOUSE", _("Our own papers")
    CARRIER = "CARRIER", _("The carrier's file")
    PLATFORM = "PLATFORM", _("The platform's file")


class DifferenceKind(models.TextChoices):
    NOT_SHIPPED = "NOT_SHIPPED", _("Ordered, but left behind")
    TWICE = "TWICE", _("More shipped than ordered")
    NOT_ORDERED = "NOT_ORDERED", _("Shipped, not ordered")
    SAME_NUMBER = "SAME_NUMBER", _("One waybill on two parcels")
    WRONG_NUMBER = "WRONG_NUMBER", _("Not a number of this carrier")
    NOT_TOLD = "NOT_TOLD", _("Platform was told no waybill")
    TOLD_LATE = "TOLD_LATE", _("Written back late")
    OTHER_NUMBER = "OTHER_NUMBER", _("Written back under another number")
    NOT_LISTED = "NOT_LISTED", _("Shipped, on no hand-over list")
    LISTED_ONLY = "LISTED_ONLY", _("On the hand-over list, not shipped")
    LISTED_TWICE = "LISTED_TWICE", _("On two hand-over lists")
    CARRIER_LACKS = "CARRIER_LACKS", _("Not in the carrier's file")
    CARRIER_ONLY = "CARRIER_ONLY", _("Only in the carrier's file")
    CARRIER_TWICE = "CARRIER_TWICE", _("Twice in the carrier's file")
    CARRIER_WEIGHS = "CARRIER_WEIGHS", _("Carrier weighed more")
    CARRIER_CHARGES = "CARRIER_CHARGES", _("Another fee than the tariff says")
    THERE_ONLY = "THERE_ONLY", _("At the platform, not here")
    HERE_ONLY = "HERE_ONLY", _("Here, not at the platform")
    AMOUNT = "AMOUNT", _("Another amount")
    STATE = "STATE", _("Another state")
    WAYBILL = "WAYBILL", _("Another waybill")


class DifferenceState(models.TextChoices):
    OPEN = "OPEN", pgettext_lazy("a difference", "Open")
    GONE = "GONE", _("Gone by itself")
    SETTLED = "SETTLED", pgettext_lazy("a difference", "Settled")


class DifferenceQuerySet(models.QuerySet["Difference"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return the differences of the shops and warehouses that the worker sees."""
        return self.filter(at_shops(worker, or_none=True), at_warehouses(worker, or_none=True))


class Difference(models.Model):
    """Something about a day that two papers say differently; named once by its kind and key."""

    against = models.CharField(_("compared with"), max_length=8, choices=Against.choices)
    on = models.DateField(_("day"))
    scope = models.BigIntegerField(default=0)  # the carrier or the shop whose file it was
    kind = models.CharField(_("kind"), max_length=16, choices=DifferenceKind.choices)
    key = models.CharField(max_length=120)
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="+", db_index=False)
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, null=True, related_name="+", db_index=False
    )
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="+")
    shipment = models.ForeignKey(Shipment, models.PROTECT, null=True, related_name="+")
    waybill = models.CharField(_("waybill"), max_length=80, blank=True)
    ours = models.CharField(_("ours"), max_length=200, blank=True)
    theirs = models.CharField(_("theirs"), max_length=200, blank=True)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=DifferenceState.choices,
        default=DifferenceState.OPEN,
    )
    why = models.CharField(_("why"), max_length=200, blank=True)
    found_at = models.DateTimeField(_("noticed"), db_default=Now())
    ended_at = models.DateTimeField(_("settled"), null=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference")
        constraints = (
            models.UniqueConstraint(
                fields=["on", "against", "scope", "kind", "key"], name="difference_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    against__in=Against.values,
                    kind__in=DifferenceKind.values,
                    state__in=DifferenceState.values,
                ),
                name="difference_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="SETTLED") | ~Q(why=""), name="difference_settled_with_reason"
            ),
        )
        indexes = (models.Index(fields=["on"], condition=Q(state="OPEN"), name="difference_open"),)

    def __str__(self) -> str:
        return f"{self.on} {self.kind} {self.key}"


class Reckoning(models.Model):
    """That a day was compared, with whom and when, and how much did not agree."""

    against = models.CharField(max_length=8, choices=Against.choices)
    on = models.DateField(_("day"))
    scope = models.BigIntegerField(default=0)
    at = models.DateTimeField(_("compared"))
    checked = models.IntegerField(_("compared"), default=0)
    open = models.IntegerField(_("open"), default=0)

    class Meta:
        verbose_name = _("reckoning")
        constraints = (
            models.UniqueConstraint(fields=["on", "against", "scope"], name="reckoning_once"),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.against} {self.scope}"


class DayFileState(models.TextChoices):
    WAITS = "WAITS", _("Waits to be read")
    DONE = "DONE", _("Compared")
    FAILED = "FAILED", _("Could not be read")


class DayFile(models.Model):
    """What a carrier or a platform says of a day, as it came, known by its content.

    Moved by machines: no journal. What was found in it is journaled as differences.
    """

    against = models.CharField(max_length=8, choices=Against.choices)
    on = models.DateField(_("day"))
    scope = models.BigIntegerField()
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="+")
    carrier = models.ForeignKey(Carrier, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    kept_at = models.CharField(max_length=200)
    state = models.CharField(
        _("state"), max_length=8, choices=DayFileState.choices, default=DayFileState.WAITS
    )
    rows = models.IntegerField(_("rows"), default=0)
    bad = models.IntegerField(_("rows that can't be read"), default=0)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    by_name = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("file of a day")
        constraints = (
            models.UniqueConstraint(
                fields=["on", "against", "scope", "sha256"], name="day_file_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_busy(self) -> bool:
        """Tell whether nobody has read it yet."""
        return self.state == DayFileState.WAITS


class ChargeQuerySet(models.QuerySet["Charge"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return the charges for parcels of the shops and warehouses that the worker sees."""
        return self.filter(
            at_shops(worker, "shipment__shop", or_none=True),
            at_warehouses(worker, "shipment__warehouse"),
        )


class Charge(models.Model):
    """What a carrier charged for a parcel, beside what its tariff said when they were compared.

    Counted by machines: no journal. What is beyond the tolerance is journaled as a difference.
    """

    carrier = models.ForeignKey(
        Carrier, models.PROTECT, verbose_name=_("carrier"), related_name="+", db_index=False
    )
    shipment = models.OneToOneField(Shipment, models.PROTECT, related_name="charge")
    on = models.DateField(_("day"))
    waybill = models.CharField(_("waybill"), max_length=80)
    province = models.CharField(_("province"), max_length=40, blank=True)
    zone = models.CharField(_("tariff of"), max_length=40, blank=True)  # empty: all other provinces
    ours_g = models.IntegerField(_("our weight"), null=True)
    theirs_g = models.IntegerField(_("their weight"), null=True)
    due_fen = models.BigIntegerField(_("by the tariff"))
    charged_fen = models.BigIntegerField(_("charged"))
    more_fen = models.GeneratedField(
        verbose_name=_("too much"),
        expression=F("charged_fen") - F("due_fen"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    objects = ChargeQuerySet.as_manager()

    class Meta:
        verbose_name = _("charge of a carrier")
        indexes = (models.Index(fields=["on", "carrier"], name="charge_day"),)

    def __str__(self) -> str:
        return f"{self.waybill}: {self.charged_fen}"


class BillRow(models.Model):
    """A parcel in a carrier's file. Rows are only added."""

    file = models.ForeignKey(DayFile, models.PROTECT, related_name="parcels")
    row = models.IntegerField(_("row"))
    waybill = models.CharField(_("waybill"), max_length=80)
    on = models.DateField(_("day"))
    weight_g = models.IntegerField(_("weight"), null=True)
    fee_fen = models.BigIntegerField(_("fee"), null=True)

    class Meta:
        verbose_name = _("row of a carrier's file")
        constraints = (models.UniqueConstraint(fields=["file", "row"], name="bill_row_once"),)
        indexes = (
            models.Index(fields=["waybill"], name="bill_row_waybill"),
            models.Index(fields=["on", "file"], name="bill_row_day"),
        )

    def __str__(self) -> str:
        return self.waybill
