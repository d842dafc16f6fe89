"""What the carriers tell of a parcel on its way."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gendan.warehouse.models import Shipment


class TraceState(models.TextChoices):
    """Where a parcel is, in our words; the provider's code stays beside it."""

    ORDERED = "ORDERED", _("Announced to the carrier")
    ACCEPTED = "ACCEPTED", _("Picked up")
    MOVING = "MOVING", _("On its way")
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY", _("Out for delivery")
    AT_STATION = "AT_STATION", _("At a locker or station")
    SIGNED = "SIGNED", _("Signed for")
    FAILED = "FAILED", _("Delivery failed")
    PROBLEM = "PROBLEM", _("Problem")
    REFUSED = "REFUSED", _("Refused")
    RETURNING = "RETURNING", _("On its way back")
    RETURNED = "RETURNED", _("Returned")
    UNKNOWN = "UNKNOWN", _("Unknown")


class Trace(models.Model):
    """One point of a parcel's way. High volume: the table only grows and needs no journal."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="traces", db_index=False)
    provider = models.CharField(_("provider"), max_length=12)
    at = models.DateTimeField(_("at"))
    text = models.CharField(_("text"), max_length=500)
    state = models.CharField(_("state"), max_length=16, choices=TraceState.choices)
    code = models.CharField(_("provider's code"), max_length=20, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    heard_at = models.DateTimeField(_("heard"), db_default=Now())

    class Meta:
        verbose_name = _("trace")
        constraints = (
            models.UniqueConstraint(
                fields=["shipment", "provider", "at", "text"], name="trace_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=TraceState.values), name="trace_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.at} {self.text}"


class SubscriptionState(models.TextChoices):
    WAITING = "WAITING", _("Not subscribed yet")
    FOLLOWED = "FOLLOWED", _("Followed")
    FAILED = "FAILED", _("Refused by the provider")
    GIVEN_UP = "GIVEN_UP", _("Given up by the provider")
    ENDED = "ENDED", _("Ended")


class Subscription(models.Model):
    """The promise of a provider to tell us of a parcel, and when we last heard or asked.

    High volume and moved by machines: no journal. `next_at` is when a refused one is tried again.
    """

    shipment = models.ForeignKey(
        Shipment, models.PROTECT, related_name="subscriptions", db_index=False
    )
    provider = models.CharField(_("provider"), max_length=12)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=SubscriptionState.choices,
        default=SubscriptionState.WAITING,
    )
    next_at = models.DateTimeField(_("next try"), db_default=Now())
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    subscribed_at = models.DateTimeField(_("subscribed"), null=True)
    asked_at = models.DateTimeField(_("last asked"), null=True)
    heard_at = models.DateTimeField(_("last heard"), null=True)
    last_moved_at = models.DateTimeField(_("last movement"), null=True)
    last_state = models.CharField(_("last state"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("subscription")
        constraints = (
            models.UniqueConstraint(fields=["shipment", "provider"], name="subscription_once"),
            models.CheckConstraint(
                condition=Q(state__in=SubscriptionState.values), name="subscription_state_known"
            ),
        )
        indexes = (
            models.Index(
                fields=["next_at"], condition=Q(state="WAITING"), name="subscription_waiting"
            ),
            models.Index(
                fields=["heard_at"],
                condition=Q(state__in=["FOLLOWED", "GIVEN_UP", "FAILED"]),
                name="subscription_silent",
            ),
        )

    def __str__(self) -> str:
        return f"{self.shipment_id} {self.provider} {self.state}"


class Notice(models.Model):
    """What a provider sent or answered, untouched; traces are made from it. Rows are only added."""

    provider = models.CharField(_("provider"), max_length=12)
    shipment = models.ForeignKey(Shipment, models.PROTECT, null=True, related_name="notices")
    digest = models.BinaryField(max_length=32)
    body = models.TextField(_("as it came"))
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("courier's notice")
        constraints = (models.UniqueConstraint(fields=["provider", "digest"], name="notice_once"),)

    def __str__(self) -> str:
        return f"{self.provider} {self.at}"
