"""What is checked with customers (核对): the list, the rules, and what was ticked."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.orders.models.amendment import Amendment
from gendan.orders.models.order import Order
from gendan.people.models import Person
from gendan.ui.wording import in_own_words


class Named(models.Model):
    """Something with a condition in the finding language that a supervisor may change."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    expression = models.TextField(_("condition"), blank=True)  # empty: every order
    is_on = models.BooleanField(_("on"), default=True)
    is_built_in = models.BooleanField(_("built in"), default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the language of the reader."""
        return in_own_words(self.name, self.name_en)


class CheckItem(Named):
    """One line of the checklist: what of the order, and what to say; both are scripts."""

    content = models.TextField(_("content"))
    say = models.TextField(_("what to say"))
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("item to check")
        ordering = ("position", "code")


class CheckRule(Named):
    """Which orders must be checked before they go on, and how often."""

    rounds = models.PositiveSmallIntegerField(
        _("how often"), choices=[(1, _("once")), (2, _("twice, by two people"))], default=2
    )

    class Meta:
        verbose_name = _("rule for checking")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(condition=Q(rounds__in=(1, 2)), name="check_rule_once_or_twice"),
            models.CheckConstraint(condition=~Q(expression=""), name="check_rule_asks_something"),
        )


class Mark(models.TextChoices):
    TICKED = "TICKED", _("Right")
    WRONG = "WRONG", _("Wrong")
    CORRECTED = "CORRECTED", _("Corrected")


class Tick(models.Model):
    """What somebody found of one item. It is good as long as the order says the same.

    What is wrong is corrected by its `amendment`, once somebody has asked for one.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="ticks")
    item = models.ForeignKey(CheckItem, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(_("round"))
    mark = models.CharField(_("mark"), max_length=9, choices=Mark.choices)
    content = models.TextField(_("content"))  # what was read
    words = models.CharField(_("the customer's words"), max_length=500, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    amendment = models.ForeignKey(
        Amendment, models.PROTECT, verbose_name=_("amendment"), null=True, related_name="ticks"
    )

    class Meta:
        verbose_name = _("checked item")
        constraints = (
            models.UniqueConstraint(fields=["order", "round", "item"], name="check_tick_once"),
            models.CheckConstraint(condition=Q(mark__in=Mark.values), name="check_tick_mark_known"),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.item_id} {self.mark}"


class Check(models.Model):
    """A whole check of an order, by whom: by nobody of the house if the customer did it alone.

    It is good as long as `digest` is what the order says.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="checks")
    round = models.PositiveSmallIntegerField(_("round"))
    digest = models.CharField(max_length=32)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("check")
        constraints = (
            models.UniqueConstraint(fields=["order", "round"], name="check_once_a_round"),
            models.CheckConstraint(condition=Q(round__in=(1, 2)), name="check_round_known"),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.round}"
