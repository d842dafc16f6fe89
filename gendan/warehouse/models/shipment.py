"""A shipment: what leaves one warehouse in one go."""

from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.indexes import BrinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.customers.models import Customer, Place
from gendan.orders.models import Instruction, Line, Order
from gendan.people.access import Worker, at_shops, at_warehouses
from gendan.people.models import Person, Shop, Warehouse
from gendan.warehouse.models.carrier import Carrier
from gendan.warehouse.models.wave import Wave
from gendan.warehouse.stages import COMES_FROM, Stage


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return the shipments of the warehouses and shops that the worker sees."""
        return self.filter(at_warehouses(worker), at_shops(worker))

    def ready_for(self, stage: Stage) -> Self:
        """Return the shipments that may come to the stage now."""
        return self.filter(stage__in=COMES_FROM[stage])

    def numbered(self, ids: Iterable[int]) -> Self:
        """Return the shipments with these ids, however many, in one parameter."""
        return self.filter(pk__any=list(ids))


class Shipment(Place):
    """Its lines point at order lines, so that orders can be split and combined, and undone."""

    number = models.CharField(
        _("shipment number"),
        max_length=24,
        unique=True,
        db_default=Func(function="warehouse_shipment_number"),
    )
    # An index of its own only where somebody asks for it alone: each move writes all of them.
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="shipments")
    buyer = models.CharField(_("buyer's account"), max_length=120, blank=True)
    place_key = models.CharField(max_length=64, blank=True)
    stage = models.CharField(
        _("stage"), max_length=10, choices=Stage.choices, default=Stage.PLANNED
    )
    stage_since = models.DateTimeField(_("at this stage since"), db_default=Now())
    carrier = models.ForeignKey(
        Carrier,
        models.PROTECT,
        verbose_name=_("carrier"),
        null=True,
        related_name="+",
        db_index=False,
    )
    waybill = models.CharField(_("waybill"), max_length=40, blank=True)
    wave = models.ForeignKey(
        Wave,
        models.PROTECT,
        verbose_name=_("wave"),
        null=True,
        related_name="shipments",
        db_index=False,
    )
    wave_position = models.PositiveIntegerField(_("place in the wave"), null=True)
    priority = models.SmallIntegerField(_("priority"), default=0)
    promise_at = models.DateTimeField(_("promised for"), null=True)
    pieces = models.PositiveIntegerField(_("pieces"), default=0)
    kinds = models.PositiveIntegerField(_("kinds of goods"), default=0)
    hides_prices = models.BooleanField(_("no price in the parcel"), default=False)
    cod_fen = models.BigIntegerField(_("to collect"), default=0)
    expected_g = models.PositiveIntegerField(_("expected weight (g)"), default=0)
    weight_g = models.PositiveIntegerField(_("weight (g)"), null=True)
    weight_why = models.CharField(_("why the weight differs"), max_length=200, blank=True)
    packed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("packed by"),
        null=True,
        related_name="+",
        db_index=False,
    )
    packed_at = models.DateTimeField(_("packed at"), null=True)
    shipped_at = models.DateTimeField(_("shipped at"), null=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    made_at = models.DateTimeField(_("planned at"), db_default=Now())

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("shipment")
        constraints = (
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values), name="shipment_stage_known"
            ),
            models.UniqueConstraint(
                fields=["carrier", "waybill"],
                condition=~Q(waybill="") & ~Q(stage="RECALLED"),
                name="shipment_waybill_once",
            ),
        )
        indexes = (
            models.Index(fields=["stage", "warehouse", "id"], name="shipment_stage"),
            # With what the list of parcels asks for, so that it passes by rows without seeing them.
            models.Index(
                F("shipped_at").desc(nulls_last=True),
                F("id").desc(),
                "stage",
                "warehouse",
                "shop",
                condition=Q(shipped_at__isnull=False),
                name="shipment_shipped",
            ),
            models.Index(
                fields=["delivered_at", "shop", "warehouse", "shipped_at"],
                condition=Q(delivered_at__isnull=False),
                name="shipment_delivered",
            ),
            models.Index(fields=["wave", "wave_position"], name="shipment_wave"),
            models.Index(fields=["waybill"], condition=~Q(waybill=""), name="shipment_waybill"),
            models.Index(
                fields=["place_key"], condition=Q(stage="PLANNED"), name="shipment_same_place"
            ),
            models.Index(
                fields=["stage", "stage_since"],
                include=["shop", "warehouse", "promise_at"],
                condition=Q(stage__in=["PLANNED", "RELEASED", "PICKED", "PACKED", "SHIPPED"]),
                name="shipment_standing",
            ),
            # Figures of a day ask for a thin slice of a large table; this costs next to nothing.
            BrinIndex(
                *(OpClass(F(at), name="timestamptz_minmax_multi_ops") for at in ("packed_at",)),
                name="shipment_moments",
                autosummarize=True,
                pages_per_range=16,
            ),
        )

    def __str__(self) -> str:
        return self.number


class ShipmentLine(models.Model):
    """Some pieces of an order line in a shipment, and how many of them have been verified."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="lines", db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="shipment_lines")
    line = models.ForeignKey(Line, models.PROTECT, related_name="shipment_lines")
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    verified = models.PositiveIntegerField(_("verified"), default=0)

    class Meta:
        verbose_name = _("shipment line")
        constraints = (
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, verified__lte=F("quantity")),
                name="shipment_line_verified_at_most_quantity",
            ),
        )

    def __str__(self) -> str:
        return f"{self.shipment_id}: {self.sku_id} × {self.quantity}"


class Tick(models.Model):
    """The packer says that a special instruction has been followed."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="ticks")
    instruction = models.ForeignKey(Instruction, models.PROTECT, related_name="ticks")

    class Meta:
        verbose_name = _("followed instruction")
        constraints = (
            models.UniqueConstraint(fields=["shipment", "instruction"], name="tick_once"),
        )

    def __str__(self) -> str:
        return f"{self.shipment_id}: {self.instruction_id}"
