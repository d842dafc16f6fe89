"""Asking a carrier to stop a parcel that has left, or to bring it elsewhere (拦截)."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gendan.orders.models import Amendment
from gendan.people.access import Worker
from gendan.warehouse.models import Shipment


class InterceptionState(models.TextChoices):
    ASKED = "ASKED", _("To be asked of the carrier")
    ACCEPTED = "ACCEPTED", pgettext_lazy("the carrier", "Accepted")
    REFUSED = "REFUSED", pgettext_lazy("the carrier", "Refused")
    TOO_LATE = "TOO_LATE", pgettext_lazy("the carrier", "The parcel was faster")


class Remedy(models.TextChoices):
    """What is done about a parcel that its carrier does not intercept."""

    CALLED = "CALLED", _("The receiver knows, and keeps it or sends it on")
    AT_THE_DOOR = "AT_THE_DOOR", _("The receiver refuses it at the door")
    RETURN = "RETURN", _("It is signed for, then sent back")
    GIVEN_UP = "GIVEN_UP", _("It goes to where it was sent")


class Aim(models.TextChoices):
    RETURN = "RETURN", _("Bring it back")
    ELSEWHERE = "ELSEWHERE", _("Bring it to another place")


class InterceptionQuerySet(models.QuerySet["Interception"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return what is asked about parcels that the worker sees."""
        return self.filter(shipment__in=Shipment.objects.visible_to(worker))

    def numbered(self, ids: Iterable[int]) -> Self:
        """Return the interceptions with these ids, however many, in one parameter."""
        return self.filter(pk__any=list(ids))


class Interception(models.Model):
    """One request for one parcel, because of an amendment, and the carrier's answer.

    `remedy` is what is done instead where the carrier says no, or nothing.
    """

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="interceptions")
    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="interceptions")
    aim = models.CharField(_("aim"), max_length=9, choices=Aim.choices)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=InterceptionState.choices,
        default=InterceptionState.ASKED,
    )
    asked_at = models.DateTimeField(_("asked for"), db_default=Now())
    answered_at = models.DateTimeField(_("answered"), null=True)
    words = models.CharField(_("the carrier's words"), max_length=300, blank=True)
    remedy = models.CharField(
        _("done instead"), max_length=11, choices=Remedy.choices, blank=True, db_default=""
    )

    objects = InterceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("interception")
        constraints = (
            models.UniqueConstraint(fields=["shipment", "amendment"], name="interception_once"),
            models.CheckConstraint(
                condition=Q(state__in=InterceptionState.values), name="interception_state_known"
            ),
            models.CheckConstraint(condition=Q(aim__in=Aim.values), name="interception_aim_known"),
            models.CheckConstraint(
                condition=Q(state="ASKED", answered_at=None)
                | (~Q(state="ASKED") & Q(answered_at__isnull=False)),
                name="interception_answered_once",
            ),
            models.CheckConstraint(
                condition=Q(remedy__in=("", *Remedy.values)), name="interception_remedy_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.shipment} {self.get_aim_display()}"

    @property
    def asks_what_now(self) -> bool:
        """Whether the carrier has not said yes, and nobody what is done instead."""
        return not self.remedy and self.state != InterceptionState.ACCEPTED

    @property
    def remedies(self) -> list[tuple[str, str]]:
        """What can be done instead, as one chooses from it."""
        return [(code, str(label)) for code, label in Remedy.choices]
