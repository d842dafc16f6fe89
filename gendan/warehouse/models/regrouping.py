"""What may share a parcel, and how goods were moved between parcels by hand, to be undone."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gendan.people.access import Worker, at_shops, at_warehouses
from gendan.people.models import Person
from gendan.warehouse.models.shipment import Shipment

LONGEST_WAIT = 120  # minutes; an order waits for its company once, and never longer


class CombineRules(models.Model):
    """When orders of one buyer to one place go together by themselves. There is one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(_("combine by itself"), default=True)
    within_days = models.PositiveSmallIntegerField(
        _("placed within (days)"), null=True, blank=True, default=7
    )
    most_fen = models.BigIntegerField(_("worth at most"), null=True, blank=True)
    most_g = models.PositiveIntegerField(_("weight at most"), null=True, blank=True)
    wait_minutes = models.PositiveSmallIntegerField(_("wait for company (min)"), default=10)
    promise_hours = models.PositiveSmallIntegerField(
        _("do not wait when promised within (h)"), default=4
    )

    class Meta:
        verbose_name = _("rules for combining")
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="combine_rules_only_one"),
            models.CheckConstraint(
                condition=Q(wait_minutes__lte=LONGEST_WAIT), name="combine_wait_bounded"
            ),
        )

    def __str__(self) -> str:
        return str(_("rules for combining"))


class RegroupingKind(models.TextChoices):
    COMBINE = "COMBINE", _("Combined")
    SPLIT = "SPLIT", _("Split")


class RegroupingQuerySet(models.QuerySet["Regrouping"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return what was moved between shipments that the worker sees."""
        parcels = RegroupedParcel.objects.filter(
            at_warehouses(worker, "shipment__warehouse"),
            at_shops(worker, "shipment__shop"),
            regrouping=OuterRef("pk"),
        )
        return self.filter(Exists(parcels))

    def standing(self) -> Self:
        """Return what nobody has undone."""
        return self.filter(undone_at=None)


class Regrouping(models.Model):
    """Goods were moved between parcels by hand, once; its parcels say from where to where."""

    kind = models.CharField(_("kind"), max_length=8, choices=RegroupingKind.choices)
    at = models.DateTimeField(_("at"), db_default=Now())
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    why = models.CharField(_("why"), max_length=200, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    objects = RegroupingQuerySet.as_manager()

    class Meta:
        verbose_name = _("regrouping")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=RegroupingKind.values), name="regrouping_kind_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class RegroupedParcel(models.Model):
    """One of the parcels: pieces by order line, before and after; nothing where it held nothing."""

    regrouping = models.ForeignKey(Regrouping, models.PROTECT, related_name="parcels")
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="regroupings")
    before = models.JSONField(default=dict)  # {"line id": pieces}
    after = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("regrouped parcel")
        constraints = (
            models.UniqueConstraint(fields=["regrouping", "shipment"], name="regrouped_once"),
        )

    def __str__(self) -> str:
        return f"{self.regrouping_id}: {self.shipment_id}"
