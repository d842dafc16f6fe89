"""A customer's goods are short: found when, what was offered, what was chosen, what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.orders.models import Line, Order
from gendan.people.access import Worker, at_shops
from gendan.people.models import Person, Warehouse


class FoundAt(models.TextChoices):
    ORDER = "ORDER", _("when it was ordered")
    RESERVATION = "RESERVATION", _("when goods were reserved")
    PICKING = "PICKING", _("when goods were picked")
    PACKING = "PACKING", _("when goods were packed")


class CaseState(models.TextChoices):
    OPEN = "OPEN", _("To be settled")
    ASKED = "ASKED", _("Customer is asked")
    WAITING = "WAITING", _("Customer waits")
    CARRIED_OUT = "CARRIED_OUT", _("Carried out")
    CLOSED = "CLOSED", _("Settled by itself")


class Choice(models.TextChoices):
    """What a customer may choose when goods are short."""

    WAIT = "WAIT", _("Wait")
    SWAP = "SWAP", _("Take other goods")
    PART = "PART", _("Send what is there, the rest later")
    PART_REFUND = "PART_REFUND", _("Send what is there, refund the rest")
    CANCEL = "CANCEL", _("Refund everything")


LIVE = (CaseState.OPEN, CaseState.ASKED, CaseState.WAITING)


class CaseQuerySet(models.QuerySet["ShortageCase"]):
    def visible_to(self, worker: Worker) -> "CaseQuerySet":
        """Return the cases of orders of the shops that the worker sees."""
        return self.filter(at_shops(worker, "order__shop"))

    def live(self) -> "CaseQuerySet":
        """Return the cases that are not over."""
        return self.filter(state__in=LIVE)

    def numbered(self, ids: "list[int]") -> "CaseQuerySet":
        """Return the cases with these ids, however many, in one parameter."""
        return self.filter(pk__any=ids)


class ShortageCase(models.Model):
    """What is settled with one customer about goods that are short; an order has one at a time."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="shortage_cases")
    found_at = models.CharField(_("found"), max_length=12, choices=FoundAt.choices)
    state = models.CharField(
        _("state"), max_length=12, choices=CaseState.choices, default=CaseState.OPEN
    )
    opened_at = models.DateTimeField(_("opened"))
    asked_at = models.DateTimeField(_("customer asked"), null=True)
    due_at = models.DateTimeField(_("answer until"), null=True)
    choice = models.CharField(_("choice"), max_length=12, choices=Choice.choices, blank=True)
    chosen_at = models.DateTimeField(_("chosen at"), null=True)
    waits_until = models.DateField(_("waits until"), null=True)
    broken = models.PositiveSmallIntegerField(_("dates not kept"), default=0)
    closed_at = models.DateTimeField(_("settled"), null=True)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("shortage case")
        constraints = (
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["OPEN", "ASKED", "WAITING"]),
                name="shortage_case_live_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values), name="shortage_case_state_known"
            ),
            models.CheckConstraint(
                condition=Q(found_at__in=FoundAt.values), name="shortage_case_found_known"
            ),
            models.CheckConstraint(
                condition=Q(choice="") | Q(choice__in=Choice.values),
                name="shortage_case_choice_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="WAITING") | Q(waits_until__isnull=False),
                name="shortage_case_waits_until_a_day",
            ),
        )
        indexes = (models.Index(fields=["state", "opened_at", "id"], name="shortage_case_state"),)

    def __str__(self) -> str:
        return f"{self.order_id}: {self.state}"


class CaseLine(models.Model):
    """What was found to be missing when the case was opened, and where somebody looked for it."""

    case = models.ForeignKey(ShortageCase, models.CASCADE, related_name="lines", db_index=False)
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, models.PROTECT, null=True, related_name="+", db_index=False)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, null=True, related_name="+")
    missing = models.PositiveIntegerField(_("missing"))

    class Meta:
        verbose_name = _("missing goods")
        constraints = (
            models.UniqueConstraint(
                fields=["case", "sku", "line"], nulls_distinct=False, name="case_line_once"
            ),
            models.CheckConstraint(condition=Q(missing__gt=0), name="case_line_positive"),
        )

    def __str__(self) -> str:
        return f"{self.case_id}: {self.sku_id} × {self.missing}"


class Rest(models.Model):
    """Pieces of a line that follow later: the order's other goods go without them."""

    line = models.OneToOneField(Line, models.PROTECT, related_name="rest")
    order = models.ForeignKey(Order, models.PROTECT, related_name="rests")
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("rest of a line")
        constraints = (models.CheckConstraint(condition=Q(quantity__gt=0), name="rest_positive"),)

    def __str__(self) -> str:
        return f"{self.line_id} × {self.quantity}"


class Precedence(models.Model):
    """An order gets a SKU before its turn: somebody decided so. The smallest rank comes first."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="precedences", db_index=False)
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    rank = models.IntegerField(_("rank"))
    why = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("precedence")
        constraints = (
            models.UniqueConstraint(fields=["order", "sku"], name="precedence_once"),
            models.CheckConstraint(condition=~Q(why=""), name="precedence_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.order_id}: {self.sku_id} ({self.rank})"
