"""What decides which carrier takes a parcel: rules, prices, places, speed, and who refused."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.warehouse.models.carrier import Carrier
from gendan.warehouse.models.shipment import Shipment


class CarrierRule(models.Model):
    """Parcels with an order that meets the condition (in the finding language) go by a carrier."""

    name = models.CharField(_("name"), max_length=80)
    expression = models.TextField(_("condition"))
    carrier = models.ForeignKey(
        Carrier, models.PROTECT, verbose_name=_("carrier"), related_name="+"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        verbose_name = _("carrier rule")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


class Tariff(models.Model):
    """What a carrier takes for a parcel to a province; province empty: to all others."""

    carrier = models.ForeignKey(
        Carrier, models.PROTECT, verbose_name=_("carrier"), related_name="tariffs"
    )
    province = models.CharField(_("province"), max_length=40, blank=True)
    first_g = models.PositiveIntegerField(_("first weight (g)"), default=1000)
    first_fen = models.BigIntegerField(_("price of the first weight"))
    step_g = models.PositiveIntegerField(_("each further (g)"), default=1000)
    step_fen = models.BigIntegerField(_("price of each further"))

    class Meta:
        verbose_name = _("tariff")
        constraints = (
            models.UniqueConstraint(fields=["carrier", "province"], name="tariff_once"),
            models.CheckConstraint(
                condition=Q(first_g__gt=0, step_g__gt=0, first_fen__gte=0, step_fen__gte=0),
                name="tariff_positive",
            ),
        )

    def __str__(self) -> str:
        return f"{self.carrier} {self.province}"


class Discount(models.Model):
    """What a contract takes off a carrier's prices from a day on; province empty: of all others.

    The latest that has begun counts; nought per cent ends the one before.
    """

    carrier = models.ForeignKey(
        Carrier,
        models.PROTECT,
        verbose_name=_("carrier"),
        related_name="discounts",
        db_index=False,
    )
    province = models.CharField(_("province"), max_length=40, blank=True)
    percent = models.PositiveSmallIntegerField(_("per cent off"))
    from_on = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("contract discount")
        constraints = (
            models.UniqueConstraint(
                fields=["carrier", "province", "from_on"], name="discount_once"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="discount_percent"),
        )

    def __str__(self) -> str:
        return f"{self.carrier} {self.province} −{self.percent}%"


class Unserved(models.Model):
    """A place to which a carrier does not go; what is empty means all of it."""

    carrier = models.ForeignKey(
        Carrier, models.PROTECT, verbose_name=_("carrier"), related_name="unserved"
    )
    province = models.CharField(_("province"), max_length=40)
    city = models.CharField(_("city"), max_length=60, blank=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    why = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("place not served")
        constraints = (
            models.UniqueConstraint(
                fields=["carrier", "province", "city", "district"], name="unserved_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.carrier} {self.province}{self.city}{self.district}"


class Standard(models.Model):
    """Within how many hours a parcel to a province is picked up and arrives; empty: elsewhere.

    Of one carrier, or of all that have no standard of their own there.
    """

    province = models.CharField(_("province"), max_length=40, blank=True)
    carrier = models.ForeignKey(
        Carrier,
        models.PROTECT,
        verbose_name=_("carrier"),
        null=True,
        blank=True,
        related_name="standards",
        db_index=False,
    )
    pickup_hours = models.PositiveSmallIntegerField(_("hours until picked up"), default=24)
    arrive_hours = models.PositiveSmallIntegerField(_("hours until it arrives"), default=72)

    class Meta:
        verbose_name = _("standard of a region")
        constraints = (
            models.UniqueConstraint(
                fields=["province", "carrier"], name="standard_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(pickup_hours__gt=0, arrive_hours__gt=0), name="standard_positive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.province} {self.arrive_hours}"


class Ground(models.TextChoices):
    """Why just this carrier; the first of these that applied."""

    WISH = "WISH", _("The buyer wished it")
    RULE = "RULE", _("A rule says so")
    FASTEST = "FASTEST", _("Urgent: the fastest")
    CHEAPEST = "CHEAPEST", _("The cheapest that is in time")
    RANK = "RANK", _("The preferred one")


class Carriage(models.Model):
    """Why a parcel goes by its carrier, what that costs, and who would be next.

    Written anew whenever it is chosen; the shipment's own journal tells of each change.
    """

    shipment = models.OneToOneField(Shipment, models.PROTECT, related_name="carriage")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="+")
    ground = models.CharField(_("ground"), max_length=8, choices=Ground.choices)
    rule = models.ForeignKey(CarrierRule, models.SET_NULL, null=True, related_name="+")
    fee_fen = models.BigIntegerField(_("price"), null=True)
    charged_g = models.BigIntegerField(_("charged weight (g)"), null=True)  # the volume's, if more
    percent = models.PositiveSmallIntegerField(_("per cent off"), db_default=0)
    hours = models.FloatField(_("hours on the way"), null=True)
    others = models.JSONField(_("who would be next"), default=list)  # [{carrier, fee_fen, hours}]
    chosen_at = models.DateTimeField(_("chosen"))

    class Meta:
        verbose_name = _("choice of a carrier")
        constraints = (
            models.CheckConstraint(
                condition=Q(ground__in=Ground.values), name="carriage_ground_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.shipment_id} {self.carrier_id}"


class Refusal(models.Model):
    """A carrier did not take a parcel; it is not asked again."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="refusals")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="+")
    why = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("refusal")
        constraints = (
            models.UniqueConstraint(fields=["shipment", "carrier"], name="refusal_once"),
            models.CheckConstraint(condition=~Q(why=""), name="refusal_with_reason"),
        )

    def __str__(self) -> str:
        return f"{self.shipment_id} {self.carrier_id}"
