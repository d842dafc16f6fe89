"""Review rules, and the holds that they put on orders."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.orders.models import Order
from gendan.people.models import Person
from gendan.ui.wording import in_own_words


class Severity(models.TextChoices):
    BLOCK = "BLOCK", _("Must be solved")
    WARN = "WARN", _("Must be looked at")
    NOTE = "NOTE", _("Good to know")


class Review(models.TextChoices):
    """Who looks at what a rule holds: service first, finance when service has passed it."""

    SERVICE = "SERVICE", _("Service")
    FINANCE = "FINANCE", _("Finance")


TONES = {Severity.BLOCK: "bad", Severity.WARN: "warn", Severity.NOTE: "info"}


class Remedy(models.TextChoices):
    """What the reviewer can do with one click."""

    NONE = "NONE", _("Look and decide")
    MAP_CODE = "MAP_CODE", _("Map the shop code")
    FIX_ADDRESS = "FIX_ADDRESS", _("Correct the address")
    FIX_PHONE = "FIX_PHONE", _("Correct the phone")
    ACCEPT_AMOUNT = "ACCEPT_AMOUNT", _("Accept the amount")
    APPROVE_PRICE = "APPROVE_PRICE", _("Approve the price")
    CANCEL = "CANCEL", _("Cancel the order")
    ELSEWHERE = "ELSEWHERE", _("It was shipped elsewhere")
    COMBINE = "COMBINE", _("Send in one parcel")
    WAIT_STOCK = "WAIT_STOCK", _("Wait for stock")
    READ_REMARK = "READ_REMARK", _("Read and followed")


class Rule(models.Model):
    """A condition in the finding language: an order that meets it is held."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    expression = models.TextField(_("condition"))
    evidence = models.JSONField(_("fields shown as evidence"), default=list)  # ["paid_at", ...]
    severity = models.CharField(_("severity"), max_length=6, choices=Severity.choices)
    remedy = models.CharField(_("remedy"), max_length=16, choices=Remedy.choices)
    review = models.CharField(
        _("reviewed by"), max_length=7, choices=Review.choices, default=Review.SERVICE
    )
    long_after_h = models.PositiveSmallIntegerField(_("too long after (hours)"), default=24)
    is_on = models.BooleanField(_("on"), default=True)
    is_built_in = models.BooleanField(_("built in"), default=False)
    rests_on_big_days = models.BooleanField(_("rests on big days"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("rule")
        ordering = ("position", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(severity__in=Severity.values), name="rule_severity_known"
            ),
            models.CheckConstraint(condition=Q(remedy__in=Remedy.values), name="rule_remedy_known"),
            models.CheckConstraint(condition=Q(review__in=Review.values), name="rule_review_known"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Its name in the language of the reader."""
        return in_own_words(self.name, self.name_en)


class Hold(models.Model):
    """One reason why an order may not go on. An order has all its holds at once."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="holds")
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="holds")
    severity = models.CharField(_("severity"), max_length=6, choices=Severity.choices)
    evidence = models.JSONField(_("evidence"), default=dict)  # {field: value}
    placed_at = models.DateTimeField(_("held"))
    cleared_at = models.DateTimeField(_("cleared"), null=True)
    cleared_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    cleared_why = models.CharField(_("why cleared"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("hold")
        constraints = (
            models.UniqueConstraint(
                fields=["order", "rule"], condition=Q(cleared_at=None), name="hold_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.rule_id}"

    @property
    def tone(self) -> str:
        """The colour in which it is shown."""
        return TONES[Severity(self.severity)]


class Force(models.Model):
    """An order that somebody with the right let go in spite of what held it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="forces")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("by"), max_length=150)
    why = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("forced release")

    def __str__(self) -> str:
        return f"{self.order_id} {self.why}"


class Sweep(models.Model):
    """What was held when the held orders of a day were gone through."""

    on = models.DateField(_("day"), unique=True)
    at = models.DateTimeField(_("at"))
    held = models.PositiveIntegerField(_("held orders"))
    long = models.PositiveIntegerField(_("held too long"))
    value_fen = models.BigIntegerField(_("value"))
    oldest_at = models.DateTimeField(_("held since"), null=True)
    by_rule = models.JSONField(_("by rule"), default=dict)  # {code: orders}

    class Meta:
        verbose_name = _("sweep")
        ordering = ("-on",)

    def __str__(self) -> str:
        return f"{self.on}: {self.held}"


class Lookout(models.Model):
    """How far the journal has been read for changes of released orders; there is one row."""

    xid = models.BigIntegerField()

    class Meta:
        verbose_name = _("lookout")

    def __str__(self) -> str:
        return str(self.xid)
