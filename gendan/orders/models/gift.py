"""Gifts: which orders get what, how many there are to give, and what was given to whom."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.orders.models.order import Line, Order, OrderQuerySet
from gendan.ui.wording import in_own_words, yuan


class Measure(models.TextChoices):
    """What a tier counts."""

    AMOUNT = "AMOUNT", _("Amount of the goods")
    PIECES = "PIECES", _("Pieces of the goods")


class WhenOut(models.TextChoices):
    """What becomes of an order whose gift is not in stock."""

    SKIP = "SKIP", _("Send it without the gift")
    WAIT = "WAIT", _("Wait for the gift")


class Reach(models.TextChoices):
    """What reaching a tier means."""

    TIER = "TIER", _("The highest tier that is reached")
    EVERY = "EVERY", _("For every full amount or number")


class Scope(models.TextChoices):
    """What a rule looks at together."""

    ORDER = "ORDER", _("Each order on its own")
    PARCEL = "PARCEL", _("What goes in one parcel, together")


class GiftRule(models.Model):
    """Orders that meet the condition get the goods of the highest tier that they reach.

    Or, of every tier, its goods as often as they reach it: for every full ¥100 one.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    expression = models.TextField(_("condition"), blank=True)  # none: every order
    counts = ArrayField(models.CharField(max_length=60), verbose_name=_("goods that count"))
    measure = models.CharField(_("measured by"), max_length=6, choices=Measure.choices)
    reach = models.CharField(
        _("gives"), max_length=5, choices=Reach.choices, default=Reach.TIER, db_default=Reach.TIER
    )
    most_times = models.PositiveSmallIntegerField(
        _("times per order, at most"), null=True, blank=True
    )
    scope = models.CharField(
        _("counts"),
        max_length=6,
        choices=Scope.choices,
        default=Scope.ORDER,
        db_default=Scope.ORDER,
    )
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"))
    limit = models.PositiveIntegerField(_("pieces to give in all"), null=True, blank=True)
    given = models.PositiveIntegerField(_("given"), default=0)
    when_out = models.CharField(
        _("if the gift is out of stock"),
        max_length=4,
        choices=WhenOut.choices,
        default=WhenOut.SKIP,
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_exclusive = models.BooleanField(_("no other gift after it"), default=False)
    is_on = models.BooleanField(_("on"), default=False)

    class Meta:
        verbose_name = _("gift rule")
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(measure__in=Measure.values), name="gift_measure_known"
            ),
            models.CheckConstraint(
                condition=Q(when_out__in=WhenOut.values), name="gift_when_out_known"
            ),
            models.CheckConstraint(condition=Q(reach__in=Reach.values), name="gift_reach_known"),
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="gift_scope_known"),
            models.CheckConstraint(
                condition=Q(most_times=None) | Q(reach=Reach.EVERY, most_times__gt=0),
                name="gift_times_of_every",
            ),
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="gift_some_time"),
            models.CheckConstraint(
                condition=Q(limit=None) | Q(given__lte=F("limit")), name="gift_given_within_limit"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Its name in the language of the reader."""
        return in_own_words(self.name, self.name_en)

    def told(self, mark: int) -> str:
        """Return from where on, or for every how much, something is given."""
        pieces = ngettext("%(n)d piece", "%(n)d pieces", mark) % {"n": mark}
        of = {"mark": yuan(mark) if self.measure == Measure.AMOUNT else pieces}
        if self.reach == Reach.EVERY:
            return gettext("for every %(mark)s") % of
        return gettext("from %(mark)s on") % of


class GiftTier(models.Model):
    """From so much on (fen or pieces) so many pieces of a SKU; two may begin at the same mark."""

    rule = models.ForeignKey(GiftRule, models.CASCADE, related_name="tiers")
    mark = models.PositiveBigIntegerField(_("from"))
    sku = models.ForeignKey(Sku, models.PROTECT, verbose_name=_("SKU"), related_name="+")
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)

    class Meta:
        verbose_name = _("gift tier")
        ordering = ("rule", "mark", "pk")
        constraints = (
            models.UniqueConstraint(fields=["rule", "mark", "sku"], name="gift_tier_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="gift_tier_quantity"),
        )

    def __str__(self) -> str:
        return f"{self.mark}: {self.sku_id} × {self.quantity}"


class GiftLine(models.Model):
    """By which rule an order got one of its lines; taken back, it no longer counts as given.

    `counted_with` are the orders (by id, with its own) that reached it together, in one parcel.
    """

    line = models.OneToOneField(Line, models.CASCADE, related_name="gift")
    order = models.ForeignKey(Order, models.PROTECT, related_name="gifts")
    rule = models.ForeignKey(GiftRule, models.PROTECT, related_name="lines")
    mark = models.PositiveBigIntegerField(_("tier"))
    quantity = models.PositiveIntegerField(_("quantity"))
    counted_with = ArrayField(
        models.BigIntegerField(), verbose_name=_("counted with"), default=list, db_default=[]
    )
    given_at = models.DateTimeField(_("given at"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True)

    class Meta:
        verbose_name = _("gift")

    def __str__(self) -> str:
        return f"{self.order_id} {self.rule_id} × {self.quantity}"

    @property
    def why(self) -> str:
        """By which of the rule's tiers it was given."""
        return self.rule.told(self.mark)

    @property
    def company(self) -> OrderQuerySet:
        """The other orders that it took."""
        others = [pk for pk in self.counted_with if pk != self.order_id]
        return Order.objects.numbered(others).order_by("pk")
