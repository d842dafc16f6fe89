"""An order: what the customer asked for, what it costs, where it goes and how far it is."""

from collections.abc import Iterable
from typing import Any, Self, cast

from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now, Right
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Bigrams, Sku
from gendan.customers.models import Customer, Place
from gendan.orders.stages import (
    BEFORE_THE_WAREHOUSE,
    COMES_FROM,
    WRITTEN_BY_THE_CUSTOMER,
    PlatformState,
    Source,
    Stage,
)
from gendan.people.access import Worker, at_shops
from gendan.people.models import Person, Shop, Warehouse


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return the orders of the shops that the worker sees."""
        return self.filter(at_shops(worker))

    def ready_for(self, stage: Stage) -> Self:
        """Return the orders that may come to the stage now."""
        return self.filter(stage__in=COMES_FROM[stage])

    def agreed(self) -> Self:
        """Return the orders that need no further word of the customer: given, or never asked."""
        return self.filter(
            Q(source__in=WRITTEN_BY_THE_CUSTOMER) | Q(confirmations__answer="CONFIRMED")
        ).distinct()

    def numbered(self, ids: Iterable[int]) -> Self:
        """Return the orders with these ids, however many, in one parameter."""
        return self.filter(pk__any=list(ids))

    def at_hand(self, orders: Iterable["Order"]) -> Self:
        """Return orders that need not be read: somebody has just entered them."""
        rows = list(orders)
        found: Any = self.all()
        found._defer_next_filter = True  # the condition is made if somebody asks after all
        found = found.numbered(row.pk for row in rows)
        found._result_cache = rows
        return cast(Self, found)


class Order(Place):
    """`stage` answers how far it is; payment and the platform's word have columns of their own."""

    number = models.CharField(
        _("order number"), max_length=24, unique=True, db_default=Func(function="orders_number")
    )
    # An index of its own only where none below begins with it: each move writes all of them.
    # Shop, customer and warehouse are not looked up when written: their rows stay (docs/adr/0018).
    shop = models.ForeignKey(
        Shop, models.PROTECT, verbose_name=_("shop"), related_name="orders", db_index=False
    )
    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    stage = models.CharField(_("stage"), max_length=14, choices=Stage.choices, default=Stage.DRAFT)
    stage_since = models.DateTimeField(_("at this stage since"), db_default=Now())

    platform_order = models.CharField(_("platform order"), max_length=60, blank=True)
    platform_status = models.CharField(_("platform's word"), max_length=120, blank=True)
    platform_state = models.CharField(
        _("platform state"),
        max_length=10,
        choices=PlatformState.choices,
        default=PlatformState.NONE,
    )
    platform_modified_at = models.DateTimeField(_("changed at the platform"), null=True)
    content_hash = models.CharField(max_length=64, blank=True)  # of what the platform told last

    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        verbose_name=_("customer"),
        null=True,
        related_name="orders",
        db_index=False,
    )
    buyer = models.CharField(_("buyer's account"), max_length=120, blank=True)
    place_key = models.CharField(max_length=64, blank=True)  # the same for the same place
    raw_address = models.CharField(_("address as it came"), max_length=500, blank=True)
    warehouse = models.ForeignKey(
        Warehouse,
        models.PROTECT,
        verbose_name=_("warehouse"),
        null=True,
        related_name="+",
        db_index=False,
    )

    goods_fen = models.BigIntegerField(_("goods"), default=0)
    discount_fen = models.BigIntegerField(_("discount"), default=0)
    postage_fen = models.BigIntegerField(_("postage"), default=0)
    adjust_fen = models.BigIntegerField(_("unexplained difference"), default=0)
    total_fen = models.BigIntegerField(_("to pay"), default=0)
    paid_fen = models.BigIntegerField(_("paid"), default=0)
    refunded_fen = models.BigIntegerField(_("refunded"), default=0)
    is_cod = models.BooleanField(_("cash on delivery"), default=False)

    buyer_remark = models.TextField(_("buyer's remark"), blank=True)
    seller_remark = models.TextField(_("seller's remark"), blank=True)
    warehouse_remark = models.TextField(_("remark for the warehouse"), blank=True)
    flag = models.PositiveSmallIntegerField(_("flag"), default=0)
    priority = models.SmallIntegerField(_("priority"), default=0)  # 10: urgent
    carrier_wish = models.CharField(_("carrier wished"), max_length=20, blank=True)

    taken_by = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("taken by"),
        null=True,
        related_name="+",
        db_index=False,
    )
    placed_at = models.DateTimeField(_("placed"))
    read_at = models.DateTimeField(_("read a second time"), null=True)
    paid_at = models.DateTimeField(_("paid at"), null=True)
    promise_at = models.DateTimeField(_("promised for"), null=True)
    wish_on = models.DateField(_("delivery wish"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True)
    completed_at = models.DateTimeField(_("completed"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    made_at = models.DateTimeField(_("entered"), db_default=Now())

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        constraints = (
            # A number is also found by itself: PostgreSQL skips from one shop to the next.
            models.UniqueConstraint(
                fields=["shop", "platform_order"],
                condition=~Q(platform_order=""),
                name="order_platform_once",
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="order_stage_known"),
            models.CheckConstraint(
                condition=Q(platform_state__in=PlatformState.values),
                name="order_platform_state_known",
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="order_source_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    total_fen=F("goods_fen")
                    - F("discount_fen")
                    + F("postage_fen")
                    + F("adjust_fen")
                ),
                name="order_money_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    total_fen__gte=0,
                    paid_fen__gte=0,
                    refunded_fen__gte=0,
                    refunded_fen__lte=F("paid_fen"),
                ),
                name="order_refunded_at_most_paid",
            ),
        )
        indexes = (
            # The tabs of the list and their numbers, for who sees all shops and who sees some.
            models.Index(fields=["stage", "placed_at", "id"], name="order_stage"),
            models.Index(fields=["shop", "stage", "placed_at", "id"], name="order_shop"),
            # What lists and figures filter a time by is read from the index, without the rows.
            models.Index(
                fields=["placed_at", "id", "shop", "stage", "total_fen", "source"],
                name="order_placed",
            ),
            models.Index(
                fields=["paid_at", "id", "shop", "stage", "paid_fen", "source"],
                condition=Q(paid_at__isnull=False),
                name="order_paid",
            ),
            models.Index(
                fields=["cancelled_at", "shop", "source"],
                condition=Q(cancelled_at__isnull=False),
                name="order_cancelled",
            ),
            models.Index(fields=["customer", "id"], name="order_customer"),
            models.Index(
                fields=["taken_by", "id"],
                condition=Q(taken_by__isnull=False),
                name="order_taken_by",
            ),
            models.Index(fields=["receiver_phone"], name="order_phone"),
            models.Index(Right("receiver_phone", 4), name="order_phone_end"),
            models.Index(
                fields=["receiver_name"], name="order_receiver", opclasses=["text_pattern_ops"]
            ),
            models.Index(fields=["buyer"], condition=~Q(buyer=""), name="order_buyer"),
            models.Index(
                fields=["place_key"],
                condition=Q(stage__in=["SCREENING", "HELD", "READY", "SHORT", "ALLOCATED"]),
                name="order_same_place",
            ),
            models.Index(
                fields=["-priority", "paid_at", "id"],
                condition=Q(stage__in=["READY", "SHORT"]),
                name="order_waits_for_stock",
            ),
            # The few that go first; the others are at hand in the order of `order_stage`.
            models.Index(
                fields=["stage", "-priority", "id"],
                condition=Q(priority__gt=0),
                name="order_urgent",
            ),
            models.Index(
                fields=["stage", "stage_since"],
                include=["shop", "promise_at"],
                condition=Q(stage__in=BEFORE_THE_WAREHOUSE),
                name="order_standing",
            ),
            # Figures of a day ask for a thin slice of a large table; this costs next to nothing.
            BrinIndex(
                *(
                    OpClass(F(at), name="timestamptz_minmax_multi_ops")
                    for at in ("made_at", "released_at")
                ),
                name="order_moments",
                autosummarize=True,
                pages_per_range=16,
            ),
        )

    def __str__(self) -> str:
        return self.number


class RefundState(models.TextChoices):
    NONE = "NONE", _("No refund")
    REQUESTED = "REQUESTED", _("Refund requested")
    REFUNDED = "REFUNDED", _("Refunded")


class Line(models.Model):
    """Some pieces of one SKU. It always knows its platform sub-order.

    Its order and its SKU are not looked up when it is written: their rows stay (docs/adr/0018).
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField(_("position"))
    sub_order = models.CharField(_("platform sub-order"), max_length=80, blank=True)
    sku = models.ForeignKey(
        Sku, models.PROTECT, verbose_name=_("SKU"), null=True, related_name="+", db_index=False
    )
    shop_code = models.CharField(_("shop's code"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=300)
    specification = models.CharField(_("specification"), max_length=300, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    price_fen = models.BigIntegerField(_("unit price"))
    discount_fen = models.BigIntegerField(_("discount"), default=0)
    total_fen = models.BigIntegerField(_("total"))
    is_gift = models.BooleanField(_("gift"), default=False)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    refund_state = models.CharField(
        _("refund"), max_length=10, choices=RefundState.choices, default=RefundState.NONE
    )
    shipped = models.PositiveIntegerField(_("shipped"), default=0)
    returned = models.PositiveIntegerField(_("returned"), default=0)
    # A set bears the money and the platform's sub-order; its parts are stocked, packed and sent.
    # They are written beside it and stay, so that the key is not looked up (docs/adr/0018).
    is_set = models.BooleanField(_("set"), default=False, db_default=False)
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("part of"),
        null=True,
        related_name="parts",
        db_index=False,
        db_constraint=False,
    )

    class Meta:
        verbose_name = _("order line")
        ordering = ("order", "position")
        constraints = (
            models.UniqueConstraint(fields=["order", "position"], name="line_position_once"),
            models.UniqueConstraint(
                fields=["order", "sub_order"],
                condition=~Q(sub_order=""),
                name="line_sub_order_once",
            ),
            models.CheckConstraint(
                condition=Q(total_fen=F("quantity") * F("price_fen") - F("discount_fen")),
                name="line_money_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, price_fen__gte=0, total_fen__gte=0),
                name="line_quantity_positive",
            ),
            models.CheckConstraint(
                condition=Q(shipped__lte=F("quantity"), returned__lte=F("shipped")),
                name="line_returned_shipped_ordered",
            ),
            models.CheckConstraint(
                condition=Q(refund_state__in=RefundState.values), name="line_refund_state_known"
            ),
            models.UniqueConstraint(
                fields=["part_of", "sku"],
                condition=Q(part_of__isnull=False),
                name="line_part_once",
            ),
            models.CheckConstraint(
                condition=Q(part_of=None) | Q(is_set=False, total_fen=0), name="line_part_is_free"
            ),
            models.CheckConstraint(
                condition=Q(is_set=False) | Q(shipped=0), name="line_set_never_ships"
            ),
        )
        indexes = (
            models.Index(fields=["sku", "order"], name="line_sku"),
            GinIndex(Bigrams(F("title")), name="line_title_unmapped", condition=Q(sku=None)),
        )

    def __str__(self) -> str:
        return f"{self.title} × {self.quantity}"
