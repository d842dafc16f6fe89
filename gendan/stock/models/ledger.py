"""Stock: an append-only ledger, a balance per SKU and warehouse, and who is promised what.

Only the ledger is written. Balances and reservations follow it in the database (`ledger.py`), in
the same statement, so that they cannot say anything else.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.orders.models import Line, Order
from gendan.people.models import Warehouse


class Balance(models.Model):
    """How many pieces lie in a warehouse, and how many of them are promised. Follows the ledger."""

    sku = models.ForeignKey(Sku, models.PROTECT, related_name="balances")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)

    class Meta:
        verbose_name = _("balance")
        constraints = (
            models.UniqueConstraint(fields=["sku", "warehouse"], name="balance_once"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, reserved__lte=F("on_hand")),
                name="balance_reserved_at_most_on_hand",
            ),
        )

    def __str__(self) -> str:
        return f"{self.sku_id}@{self.warehouse_id}: {self.on_hand} ({self.reserved})"


class Location(models.Model):
    """Where in a warehouse a SKU lies: the walking order of the pick list."""

    sku = models.ForeignKey(Sku, models.PROTECT, related_name="locations")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    code = models.CharField(_("location"), max_length=30)

    class Meta:
        verbose_name = _("location")
        constraints = (models.UniqueConstraint(fields=["sku", "warehouse"], name="location_once"),)

    def __str__(self) -> str:
        return self.code


class Movement(models.TextChoices):
    OPENING = "OPENING", _("Opening stock")
    RECEIVED = "RECEIVED", _("Goods received")
    ADJUSTED = "ADJUSTED", _("Adjusted")
    COUNTED = "COUNTED", _("Counted")
    RESERVED = "RESERVED", _("Reserved")
    RELEASED = "RELEASED", _("Given back")
    SHIPPED = "SHIPPED", _("Left the house")
    RETURNED = "RETURNED", _("Put back")


class Ledger(models.Model):
    """One movement of one SKU in one warehouse. The table only grows."""

    # The balance that follows a movement has the foreign keys of both.
    sku = models.ForeignKey(
        Sku, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    movement = models.CharField(_("movement"), max_length=10, choices=Movement.choices)
    on_hand_change = models.IntegerField(_("on hand"), default=0)
    reserved_change = models.IntegerField(_("reserved"), default=0)
    line = models.ForeignKey(Line, models.PROTECT, null=True, related_name="+")
    document = models.CharField(_("document"), max_length=60, blank=True)
    entry_id = models.BigIntegerField()  # of the journal: who, when and why
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("stock movement")
        constraints = (
            models.CheckConstraint(
                condition=Q(movement__in=Movement.values), name="ledger_movement_known"
            ),
        )
        indexes = (models.Index(fields=["sku", "warehouse", "id"], name="ledger_sku"),)

    def __str__(self) -> str:
        return f"{self.movement} {self.on_hand_change:+} {self.reserved_change:+}"


class Reservation(models.Model):
    """Pieces in a warehouse promised to an order line, until they leave or are given back.

    It follows the ledger, which has its foreign keys: the row goes when the promise ends.
    """

    line = models.ForeignKey(
        Line, models.PROTECT, related_name="reservations", db_index=False, db_constraint=False
    )
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+", db_constraint=False)
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("reservation")
        constraints = (
            models.UniqueConstraint(fields=["line", "warehouse"], name="reservation_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_positive"),
        )

    def __str__(self) -> str:
        return f"{self.line_id}: {self.quantity}"


class Shortage(models.Model):
    """What an order waits for: which SKU, and how many pieces are missing."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="shortages")
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    missing = models.PositiveIntegerField(_("missing"))
    since = models.DateTimeField(_("since"), db_default=Now())

    class Meta:
        verbose_name = _("shortage")
        constraints = (
            models.UniqueConstraint(fields=["order", "sku"], name="shortage_once"),
            models.CheckConstraint(condition=Q(missing__gt=0), name="shortage_positive"),
        )

    def __str__(self) -> str:
        return f"{self.order_id}: {self.sku_id} × {self.missing}"
