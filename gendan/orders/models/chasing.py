"""Chasing payment: plans with their steps, who is chased and who is not, and what came of it."""

from datetime import time, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gendan.desk.models import Channel, Message, Script
from gendan.orders.models.order import Order
from gendan.people.models import Person, Platform
from gendan.ui.wording import in_own_words


class ChaseReason(models.TextChoices):
    """Why somebody does not pay; each has its script."""

    PRICE = "PRICE", _("Wants a lower price")
    FIRST_TIME = "FIRST_TIME", _("Does not know how to pay")
    COMPARES = "COMPARES", _("Compares, or is not sure of the goods")
    TROUBLE = "TROUBLE", _("Balance, card or password")
    FORGOT = "FORGOT", _("Forgot, or ordered by mistake")


class ChaseOutcome(models.TextChoices):
    """What came of a word with the customer."""

    WILL_PAY = "WILL_PAY", _("Will pay at …")
    NEEDS_HELP = "NEEDS_HELP", _("Needs help")
    WANTS_OFFER = "WANTS_OFFER", _("Wants an offer")
    NO_INTEREST = "NO_INTEREST", _("No longer wants it")
    UNREACHABLE = "UNREACHABLE", _("Not reached")
    SAYS_PAID = "SAYS_PAID", _("Says it is paid")
    WANTS_CHANGE = "WANTS_CHANGE", _("Wants something changed")


class ChaseRules(models.Model):
    """What binds every plan: when nobody is disturbed, and how often at most. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(_("chases by itself"), default=True)
    quiet_from = models.TimeField(_("quiet from"), default=time(22))
    quiet_until = models.TimeField(_("quiet until"), default=time(8))
    daily_most = models.PositiveSmallIntegerField(_("times a day for each customer"), default=3)
    gap_minutes = models.PositiveSmallIntegerField(_("minutes between two times"), default=60)

    class Meta:
        verbose_name = _("rules of chasing")
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="chase_rules_only_one"),
            models.CheckConstraint(
                condition=Q(daily_most__range=(1, 9)), name="chase_rules_some_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quiet_from}-{self.quiet_until}"


class ClosingTerm(models.Model):
    """After how many hours a platform closes an order that nobody paid."""

    platform = models.CharField(_("platform"), max_length=12, choices=Platform.choices, unique=True)
    hours = models.PositiveSmallIntegerField(_("hours until it closes"))

    class Meta:
        verbose_name = _("closing term")
        ordering = ("platform",)
        constraints = (
            models.CheckConstraint(
                condition=Q(platform__in=Platform.values), name="closing_term_platform_known"
            ),
            models.CheckConstraint(condition=Q(hours__gt=0), name="closing_term_positive"),
        )

    def __str__(self) -> str:
        return f"{self.get_platform_display()}: {self.hours}"


class ChasePlan(models.Model):
    """How the orders that meet a condition are chased; the first plan that fits is taken.

    `holdout_percent` of them are not chased at all, so that the gain is known.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    expression = models.TextField(_("condition"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    holdout_percent = models.PositiveSmallIntegerField(_("held out (%)"), default=10)
    salt = models.CharField(max_length=40)  # of the draw who is held out
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        verbose_name = _("chase plan")
        ordering = ("position", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(holdout_percent__lte=90), name="chase_plan_chases_some"
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the language of the reader."""
        return in_own_words(self.name, self.name_en)


class ChaseAnchor(models.TextChoices):
    AFTER = "AFTER", _("after the order")
    BEFORE = "BEFORE", _("before it closes")


class ChaseStep(models.Model):
    """One time of a plan: when, by which way, with which words.

    Automatic steps go out by mail; the others, and those without an address, become work.
    """

    plan = models.ForeignKey(ChasePlan, models.CASCADE, related_name="steps")
    anchor = models.CharField(_("counted"), max_length=6, choices=ChaseAnchor.choices)
    minutes = models.PositiveIntegerField(_("minutes"))
    channel = models.CharField(
        _("channel"), max_length=6, choices=Channel.choices, default=Channel.CHAT
    )
    is_automatic = models.BooleanField(_("goes out by itself"), default=False)
    reason = models.CharField(
        _("script"), max_length=10, choices=ChaseReason.choices, blank=True
    )  # none: the plain reminder
    is_retired = models.BooleanField(default=False)  # was taken out of the plan, but has been used

    class Meta:
        verbose_name = _("chase step")
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "anchor", "minutes"],
                condition=Q(is_retired=False),
                name="chase_step_once",
            ),
            models.CheckConstraint(
                condition=Q(anchor__in=ChaseAnchor.values), name="chase_step_anchor_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="chase_step_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(is_automatic=False) | Q(channel=Channel.MAIL),
                name="chase_step_automatic_by_mail",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(reason__in=ChaseReason.values),
                name="chase_step_reason_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.anchor} {self.minutes}"

    @property
    def wait(self) -> timedelta:
        """How long after the order, or before its closing."""
        return timedelta(minutes=self.minutes)


class Chase(models.Model):
    """An unpaid order as it was first seen: which plan is for it, and whether it is held out."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="chase")
    plan = models.ForeignKey(ChasePlan, models.PROTECT, null=True, related_name="chases")
    is_held_out = models.BooleanField(_("held out"), default=False)
    is_known_buyer = models.BooleanField(_("known buyer"), default=False)
    customer_key = models.CharField(max_length=160)  # the same for all orders of one customer
    since_at = models.DateTimeField(_("unpaid since"))
    closes_at = models.DateTimeField(_("closes"))
    seen_at = models.DateTimeField(_("first seen"))
    owed_fen = models.BigIntegerField(_("to pay when first seen"))

    class Meta:
        verbose_name = _("chase")
        constraints = (
            models.CheckConstraint(
                condition=Q(is_held_out=False) | Q(plan__isnull=False),
                name="chase_held_out_of_a_plan",
            ),
        )
        indexes = (
            models.Index(fields=["customer_key"], name="chase_customer"),
            models.Index(fields=["seen_at"], name="chase_seen"),
        )

    def __str__(self) -> str:
        return f"{self.order_id}"


class ChaseOrigin(models.TextChoices):
    STEP = "STEP", _("Step of the plan")
    FOLLOW_UP = "FOLLOW_UP", _("Promised time has passed")
    HAND = "HAND", pgettext_lazy("how a customer was chased", "By hand")


class ChaseTouch(models.Model):
    """One time that a customer is chased: drafted, said, and what came of it.

    The keys keep it at once for each order and step, and at so many a day for each customer,
    whoever does it at the same moment.
    """

    chase = models.ForeignKey(Chase, models.PROTECT, related_name="touches")
    origin = models.CharField(_("origin"), max_length=10, choices=ChaseOrigin.choices)
    step = models.ForeignKey(ChaseStep, models.PROTECT, null=True, related_name="+")
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="follower")
    customer_key = models.CharField(max_length=160)
    on_day = models.DateField(_("day"))
    slot = models.PositiveSmallIntegerField(_("which of the day"))
    made_at = models.DateTimeField(_("due"))
    channel = models.CharField(_("channel"), max_length=6, choices=Channel.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=ChaseReason.choices, blank=True)
    script = models.ForeignKey(Script, models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(_("said"), null=True)
    said_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=ChaseOutcome.choices, blank=True
    )
    will_pay_at = models.DateTimeField(_("will pay at"), null=True)
    words = models.TextField(_("what was said"), blank=True)
    outcome_at = models.DateTimeField(_("noted"), null=True)

    class Meta:
        verbose_name = _("word about payment")
        ordering = ("made_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["chase", "step"], name="chase_touch_step_once"),
            models.UniqueConstraint(
                fields=["customer_key", "on_day", "slot"], name="chase_touch_slot_once"
            ),
            models.CheckConstraint(
                condition=Q(slot__range=(1, 9)), name="chase_touch_at_most_nine_a_day"
            ),
            models.CheckConstraint(
                condition=Q(origin="STEP", step__isnull=False, follows=None)
                | Q(origin="FOLLOW_UP", step=None, follows__isnull=False)
                | Q(origin="HAND", step=None, follows=None),
                name="chase_touch_origin_fits",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(reason__in=ChaseReason.values),
                name="chase_touch_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at=None)
                | Q(
                    outcome__in=ChaseOutcome.values, outcome_at__isnull=False, said_at__isnull=False
                ),
                name="chase_touch_outcome_was_said",
            ),
            models.CheckConstraint(
                condition=Q(will_pay_at=None) | Q(outcome="WILL_PAY"),
                name="chase_touch_promise_is_an_outcome",
            ),
        )
        indexes = (
            models.Index(
                fields=["will_pay_at"],
                condition=Q(will_pay_at__isnull=False),
                name="chase_touch_promised",
            ),
        )

    def __str__(self) -> str:
        return f"{self.origin} {self.chase_id}"


class OfferState(models.TextChoices):
    ASKED = "ASKED", _("Waits for a supervisor")
    GIVEN = "GIVEN", _("Given")
    TAKEN = "TAKEN", _("Taken: paid")
    EXPIRED = "EXPIRED", pgettext_lazy("an offer", "Expired")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("an offer", "Withdrawn")
    REFUSED = "REFUSED", pgettext_lazy("an offer", "Refused")
    CLOSED = "CLOSED", _("The order closed unpaid")
    IMPOSSIBLE = "IMPOSSIBLE", _("Not possible on the platform")


class ChaseOffer(models.Model):
    """A lower price for an order that waits to be paid, until an instant; else the old one.

    The price of a platform's order stands on the platform: a colleague changes it there, says so,
    and sets it back when the offer ends.
    """

    chase = models.ForeignKey(Chase, models.PROTECT, related_name="offers")
    off_fen = models.BigIntegerField(_("off"))
    until_at = models.DateTimeField(_("valid until"))
    state = models.CharField(_("state"), max_length=10, choices=OfferState.choices)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    asked_name = models.CharField(_("asked by"), max_length=150)
    why = models.CharField(_("reason"), max_length=300, blank=True)
    given_at = models.DateTimeField(_("given at"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    is_there = models.BooleanField(_("on the platform"), default=False)
    was_fen = models.BigIntegerField(_("price before"), null=True)  # of a platform's order
    changed_at = models.DateTimeField(_("changed on the platform"), null=True)
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    restored_at = models.DateTimeField(_("set back on the platform"), null=True)

    class Meta:
        verbose_name = _("offer")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["chase"],
                condition=Q(state__in=("ASKED", "GIVEN")),
                name="chase_offer_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OfferState.values), name="chase_offer_state_known"
            ),
            models.CheckConstraint(condition=Q(off_fen__gt=0), name="chase_offer_is_off"),
            models.CheckConstraint(
                condition=Q(state__in=("ASKED", "GIVEN"), ended_at=None)
                | (~Q(state__in=("ASKED", "GIVEN")) & Q(ended_at__isnull=False)),
                name="chase_offer_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(is_there=True) | Q(changed_at=None, restored_at=None),
                name="chase_offer_changed_there",
            ),
            models.CheckConstraint(
                condition=Q(restored_at=None) | Q(changed_at__isnull=False, ended_at__isnull=False),
                name="chase_offer_restored_when_over",
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.off_fen}"

    @property
    def to_fen(self) -> int:
        """What a platform's order costs by the offer."""
        return (self.was_fen or 0) - self.off_fen

    @property
    def waits_there(self) -> bool:
        """Whether a colleague still has to change the price on the platform."""
        return self.is_there and self.state == OfferState.GIVEN and self.changed_at is None

    @property
    def waits_to_be_restored(self) -> bool:
        """Whether a colleague still has to set the price on the platform back."""
        over = self.state in (OfferState.EXPIRED, OfferState.WITHDRAWN)
        return over and self.changed_at is not None and self.restored_at is None
