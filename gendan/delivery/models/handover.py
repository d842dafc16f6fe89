"""Parcels handed to a carrier, waybill numbers, and what the platforms must be told."""

from typing import Self

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gendan.orders.models import Order
from gendan.people.access import Worker, at_shops, at_warehouses
from gendan.people.models import Person, Shop, Warehouse
from gendan.warehouse.models import Carrier, Shipment


class NumberRange(models.Model):
    """Waybill numbers that a carrier gave us: prefix and consecutive digits."""

    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="number_ranges")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, null=True, related_name="+")
    prefix = models.CharField(_("prefix"), max_length=10, blank=True)
    digits = models.PositiveSmallIntegerField(_("digits"), default=12)
    next = models.BigIntegerField(_("next"))
    last = models.BigIntegerField(_("last"))

    class Meta:
        verbose_name = _("waybill number range")
        constraints = (
            models.CheckConstraint(
                condition=Q(next__lte=F("last") + 1), name="number_range_not_overdrawn"
            ),
        )

    def __str__(self) -> str:
        return f"{self.prefix}{self.next}-{self.last}"

    def written(self, number: int) -> str:
        """Return a number of the range as it stands on a waybill."""
        return f"{self.prefix}{number:0{self.digits}}"


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return the lists of the warehouses that the worker sees."""
        return self.filter(at_warehouses(worker))


class Handover(models.Model):
    """A list of parcels that a carrier took with them in one go."""

    number = models.CharField(
        _("hand-over number"),
        max_length=24,
        unique=True,
        db_default=Func(function="delivery_handover_number"),
    )
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    handed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())
    shipments = models.ManyToManyField(Shipment, related_name="handovers")

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")

    def __str__(self) -> str:
        return self.number


class WriteBackState(models.TextChoices):
    WAITING = "WAITING", _("Waits")
    EXPORTED = "EXPORTED", _("In a file")
    DONE = "DONE", _("Written back")
    IMPOSSIBLE = "IMPOSSIBLE", _("Platform can't take it")


class WriteBackQuerySet(models.QuerySet["WriteBack"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return what is to be told of the shops that the worker sees."""
        return self.filter(at_shops(worker))


class WriteBack(models.Model):
    """A platform sub-order, or a whole platform order, whose waybill the platform must be told."""

    shipment = models.ForeignKey(
        Shipment, models.PROTECT, related_name="write_backs", db_index=False
    )
    order = models.ForeignKey(Order, models.PROTECT, related_name="write_backs")
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    sub_order = models.CharField(_("platform sub-order"), max_length=80, blank=True)
    pieces = models.PositiveIntegerField(_("pieces"), null=True)  # where the platform counts them
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=WriteBackState.choices,
        default=WriteBackState.WAITING,
    )
    file = models.CharField(_("file"), max_length=120, blank=True)
    why = models.CharField(_("why"), max_length=200, blank=True)
    since = models.DateTimeField(_("since"), db_default=Now())
    exported_at = models.DateTimeField(_("exported"), null=True)
    done_at = models.DateTimeField(_("written back at"), null=True)

    objects = WriteBackQuerySet.as_manager()

    class Meta:
        verbose_name = _("write-back")
        constraints = (
            models.UniqueConstraint(
                fields=["shipment", "order", "sub_order"], name="write_back_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=WriteBackState.values), name="write_back_state_known"
            ),
        )
        indexes = (
            models.Index(
                fields=["shop", "since"],
                condition=Q(state__in=["WAITING", "EXPORTED"]),
                name="write_back_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.sub_order} {self.state}"
