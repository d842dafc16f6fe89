"""An amendment (改单): what somebody wants changed in an order, and what came of it."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gendan.orders.models.order import Order
from gendan.people.access import Worker, at_shops
from gendan.people.models import Person, Shop


class AmendmentState(models.TextChoices):
    REQUESTED = "REQUESTED", _("Asked for")
    CONFIRMED = "CONFIRMED", pgettext_lazy("an amendment", "Carried out")
    DECLINED = "DECLINED", pgettext_lazy("an amendment", "Declined")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("an amendment", "Withdrawn")


class AskedBy(models.TextChoices):
    CUSTOMER = "CUSTOMER", _("Customer")
    CLERK = "CLERK", _("Clerk")
    PLATFORM = "PLATFORM", _("Platform")


class Cause(models.TextChoices):
    """Why the order has to change; the month's figures count them."""

    MIND = "MIND", _("The customer wants something else")
    OURS = "OURS", _("We wrote it down wrongly")
    THEIRS = "THEIRS", _("The customer gave us wrong details")
    GOODS = "GOODS", _("Goods are missing or replaced")
    PRICE = "PRICE", _("Another price was agreed")
    PLATFORM = "PLATFORM", _("The platform changed it")
    OTHER = "OTHER", pgettext_lazy("a cause", "Something else")


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return the amendments of the shops that the worker sees."""
        return self.filter(at_shops(worker))

    def open(self) -> Self:
        return self.filter(state=AmendmentState.REQUESTED)

    def numbered(self, ids: Iterable[int]) -> Self:
        """Return the amendments with these ids, however many, in one parameter."""
        return self.filter(pk__any=list(ids))


class Amendment(models.Model):
    """Its order and shop are not looked up when it is written: their rows stay (docs/adr/0018).

    `wanted` are the changes as typed actions (`orders/amending/wanted.py`). `before` and `after`
    are what the order said around the change (`snapshot.py`), `consequences` what followed from it
    (`following.py`); they are empty until it is carried out. A confirmed amendment made the
    `version` of its order; `base` is the version that whoever asked for it knew. `owner` is the
    colleague whom the customer told of it, `undoes` the amendment that it takes back.
    """

    number = models.CharField(
        _("amendment"),
        max_length=24,
        unique=True,
        db_default=Func(function="orders_amendment_number"),
    )
    order = models.ForeignKey(
        Order, models.PROTECT, verbose_name=_("order"), related_name="amendments", db_index=False
    )
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=AmendmentState.choices,
        default=AmendmentState.REQUESTED,
    )
    asked_by = models.CharField(_("asked for by"), max_length=8, choices=AskedBy.choices)
    cause = models.CharField(_("cause"), max_length=8, choices=Cause.choices)
    words = models.CharField(_("in their words"), max_length=500, blank=True)
    wanted = models.JSONField(_("changes"), default=list)
    base = models.PositiveIntegerField(_("asked of version"), default=1)
    version = models.PositiveIntegerField(_("made version"), null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    consequences = models.JSONField(default=list)
    difference_fen = models.BigIntegerField(_("difference"), null=True)
    undoes = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("takes back"), null=True, related_name="undone_by"
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("owner"), null=True, related_name="+", db_index=False
    )
    requested_by = models.CharField(_("written down by"), max_length=80)
    requested_at = models.DateTimeField(_("asked for at"), db_default=Now())
    decided_by = models.CharField(_("decided by"), max_length=80, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    why = models.CharField(_("reason"), max_length=500, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        constraints = (
            models.UniqueConstraint(fields=["order", "version"], name="amendment_version_once"),
            models.CheckConstraint(
                condition=Q(state__in=AmendmentState.values), name="amendment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(asked_by__in=AskedBy.values), name="amendment_asked_by_known"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=Cause.values), name="amendment_cause_known"
            ),
            models.CheckConstraint(
                condition=Q(state="CONFIRMED", version__gt=F("base"))
                | (~Q(state="CONFIRMED") & Q(version=None)),
                name="amendment_confirmed_made_a_version",
            ),
            models.CheckConstraint(
                condition=Q(state="REQUESTED", decided_at=None)
                | (~Q(state="REQUESTED") & Q(decided_at__isnull=False)),
                name="amendment_decided_once",
            ),
        )
        indexes = (
            models.Index(fields=["order", "id"], name="amendment_order"),
            models.Index(fields=["state", "requested_at", "id"], name="amendment_state"),
        )

    def __str__(self) -> str:
        return self.number
