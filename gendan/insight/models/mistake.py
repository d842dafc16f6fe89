"""Errors, counted: what went wrong, why, whose it was, what it cost and what was done."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gendan.orders.models import Line, Order
from gendan.people.access import Worker, at_shops
from gendan.people.models import Person, Shop
from gendan.people.permissions import Role
from gendan.warehouse.models import Shipment


class What(models.TextChoices):
    """What went wrong."""

    WRONG_ADDRESS = "WRONG_ADDRESS", _("Wrong address")
    WRONG_GOODS = "WRONG_GOODS", _("Wrong goods")
    WRONG_QUANTITY = "WRONG_QUANTITY", _("Wrong quantity")
    BROKEN_PROMISE = "BROKEN_PROMISE", _("Broken promise")
    WRONG_PRICE = "WRONG_PRICE", _("Wrong price")
    QUALITY = "QUALITY", _("Bad quality")
    OTHER = "OTHER", pgettext_lazy("a mistake", "Other")


class Sort(models.TextChoices):
    """The five kinds in which a shop front counts what goes wrong."""

    PRICE = "PRICE", pgettext_lazy("a mistake", "Price")
    DATE = "DATE", pgettext_lazy("a mistake", "Date")
    QUALITY = "QUALITY", pgettext_lazy("a mistake", "Quality")
    QUANTITY = "QUANTITY", pgettext_lazy("a mistake", "Quantity")
    OTHER = "OTHER", pgettext_lazy("a mistake", "Other")


SORTS = {
    What.WRONG_ADDRESS: Sort.OTHER,
    What.WRONG_GOODS: Sort.OTHER,
    What.WRONG_QUANTITY: Sort.QUANTITY,
    What.BROKEN_PROMISE: Sort.DATE,
    What.WRONG_PRICE: Sort.PRICE,
    What.QUALITY: Sort.QUALITY,
    What.OTHER: Sort.OTHER,
}


class Because(models.TextChoices):
    """Why it went wrong."""

    INFORMATION = "INFORMATION", _("Wrong or missing information")
    SYSTEM = "SYSTEM", _("A system did not work")
    CHANGE = "CHANGE", _("The customer changed their mind")


class FoundAt(models.TextChoices):
    SCREENING = "SCREENING", _("Screening")
    PACKING = "PACKING", _("Packing")
    DELIVERY = "DELIVERY", _("Delivery")
    CUSTOMER = "CUSTOMER", _("Customer")


class MistakeState(models.TextChoices):
    PROPOSED = "PROPOSED", _("Wants a cause and an owner")
    OPEN = "OPEN", _("To be dealt with")
    CLOSED = "CLOSED", _("Dealt with")
    DISMISSED = "DISMISSED", _("Was no mistake")


class MistakeSource(models.TextChoices):
    """Who or what told of it; the house reads its own books for the others."""

    HAND = "HAND", pgettext_lazy("a mistake was recorded", "By hand")
    LATE = "LATE", _("Shipped after the promise")
    RECALLED = "RECALLED", _("Recalled after packing")
    ADDRESS = "ADDRESS", _("Address corrected after release")
    OBJECTION = "OBJECTION", _("The customer said the order is wrong")
    PROBLEM = "PROBLEM", _("The customer reported a problem")
    REFUSED = "REFUSED", _("Refused or returned")


class MistakeQuerySet(models.QuerySet["Mistake"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return the mistakes with orders of the shops that the worker sees."""
        return self.filter(at_shops(worker))


class Mistake(models.Model):
    """Something that went wrong with an order.

    What the house proposes by itself is `PROPOSED` until a person gives it a cause and an owner: a
    colleague, a team, or both.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="mistakes")
    line = models.ForeignKey(Line, models.PROTECT, null=True, related_name="+", db_index=False)
    shipment = models.ForeignKey(
        Shipment, models.PROTECT, null=True, related_name="+", db_index=False
    )
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(_("what went wrong"), max_length=16, choices=What.choices)
    because = models.CharField(_("cause"), max_length=12, choices=Because.choices, blank=True)
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("owner"), null=True, related_name="+"
    )
    team = models.CharField(_("team"), max_length=20, choices=Role.choices, blank=True)
    cost_fen = models.BigIntegerField(_("cost"), default=0)
    is_estimate = models.BooleanField(_("estimated"), default=False, db_default=False)
    found_at = models.DateTimeField(_("found"))
    found_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    where = models.CharField(_("found where"), max_length=10, choices=FoundAt.choices)
    words = models.TextField(_("what happened"), blank=True)
    done = models.TextField(_("what was done"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MistakeState.choices)
    closed_at = models.DateTimeField(_("settled"), null=True)
    source = models.CharField(
        _("told by"), max_length=10, choices=MistakeSource.choices, default=MistakeSource.HAND
    )
    source_id = models.BigIntegerField(null=True)  # of the order, shipment, item or journal entry

    objects = MistakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("mistake")
        constraints = (
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=Q(source_id__isnull=False),
                name="mistake_proposed_once",
            ),
            models.CheckConstraint(condition=Q(what__in=What.values), name="mistake_what_known"),
            models.CheckConstraint(
                condition=Q(because="") | Q(because__in=Because.values), name="mistake_cause_known"
            ),
            models.CheckConstraint(
                condition=Q(team="") | Q(team__in=Role.values), name="mistake_team_known"
            ),
            models.CheckConstraint(
                condition=Q(where__in=FoundAt.values), name="mistake_where_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=MistakeSource.values), name="mistake_source_known"
            ),
            models.CheckConstraint(condition=Q(cost_fen__gte=0), name="mistake_cost_positive"),
            models.CheckConstraint(
                condition=Q(state__in=("PROPOSED", "DISMISSED"))
                | (
                    Q(state__in=("OPEN", "CLOSED"))
                    & ~Q(because="")
                    & (Q(owner__isnull=False) | ~Q(team=""))
                ),
                name="mistake_has_cause_and_owner",
            ),
            models.CheckConstraint(
                condition=Q(state="CLOSED", closed_at__isnull=False) & ~Q(done="")
                | Q(state="DISMISSED", closed_at__isnull=False)
                | Q(state__in=("PROPOSED", "OPEN"), closed_at=None),
                name="mistake_closed_with_what_was_done",
            ),
        )
        indexes = (
            models.Index(fields=["found_at", "id"], name="mistake_found"),
            models.Index(fields=["state", "found_at", "id"], name="mistake_state"),
        )

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.order.number}"

    @property
    def sort(self) -> Sort:
        """Which of the five kinds it is."""
        return SORTS[What(self.what)]

    @property
    def whose(self) -> str:
        """The colleague and the team it belongs to, as far as it is known."""
        return " · ".join(
            filter(None, [self.owner.name if self.owner else "", self.get_team_display()])
        )
