"""What the shops are told of our stock: by which rule, in which version, and how it went."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import ShopCode, Sku
from gendan.people.access import Worker, at_shops
from gendan.people.models import Shop


class PublishRule(models.Model):
    """How many pieces a shop is told; the narrowest rule counts: SKU, category, shop, house.

    clamp(floor(free × percent / 100) + plus − minus, least, most). Free is what lies in the
    warehouses less what is promised, wanted by orders that wait, and kept back; a share of what is
    expected within some days may be added.
    """

    shop = models.ForeignKey(
        Shop, models.PROTECT, verbose_name=_("shop"), null=True, blank=True, related_name="+"
    )  # none: every web shop
    category = models.CharField(_("category"), max_length=60, blank=True)
    sku = models.ForeignKey(
        Sku, models.PROTECT, verbose_name=_("SKU"), null=True, blank=True, related_name="+"
    )
    percent = models.PositiveSmallIntegerField(_("percent"), default=100)
    plus = models.PositiveIntegerField(_("plus"), default=0)
    minus = models.PositiveIntegerField(_("minus"), default=0)
    least = models.PositiveIntegerField(_("at least"), default=0)
    most = models.PositiveIntegerField(_("at most"), null=True, blank=True)
    warehouse_ids = ArrayField(
        models.BigIntegerField(), verbose_name=_("warehouses"), null=True, blank=True
    )  # none: every active warehouse
    less_reserved = models.BooleanField(_("without promised pieces"), default=True)
    less_waiting = models.BooleanField(_("without what waiting orders want"), default=True)
    less_safety = models.BooleanField(_("without the safety stock"), default=True)
    arriving_percent = models.PositiveSmallIntegerField(
        _("of what is expected"), default=0, db_default=0
    )
    arriving_days = models.PositiveSmallIntegerField(_("within days"), default=7, db_default=7)
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        verbose_name = _("publishing rule")
        constraints = (
            models.UniqueConstraint(
                fields=["shop", "category", "sku"],
                name="publish_rule_once",
                nulls_distinct=False,
                violation_error_message=_(
                    "There is a rule for this shop and these goods. Change that one."
                ),
            ),
            models.CheckConstraint(
                condition=Q(percent__lte=1000) & (Q(most=None) | Q(most__gte=F("least"))),
                name="publish_rule_limits",
                violation_error_message=_(
                    "The largest quantity is below the smallest. Change one of them."
                ),
            ),
            models.CheckConstraint(
                condition=Q(sku=None) | Q(category=""), name="publish_rule_one_scope"
            ),
            models.CheckConstraint(
                condition=Q(arriving_percent__lte=100, arriving_days__range=(1, 365)),
                name="publish_rule_arriving",
                violation_error_message=_(
                    "Of what is expected count up to 100 percent, within a day up to a year."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.shop or '*'} {self.sku or self.category or '*'}"


class Capture(models.Model):
    """One consistent picture of the stock. Its id is the version of everything it says.

    `oldest_xid` and `next_xid` are the snapshot's: before the one all had ended, from the other on
    nobody had begun.
    """

    at = models.DateTimeField(_("captured"))
    is_full = models.BooleanField(default=False)
    ledger_to = models.BigIntegerField()
    entry_to = models.BigIntegerField()  # of the journal
    oldest_xid = models.BigIntegerField()
    next_xid = models.BigIntegerField()
    seen = models.IntegerField(default=0)
    different = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("capture")

    def __str__(self) -> str:
        return f"{self.pk} {self.at:%H:%M:%S}"


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return the offers of the shops that the worker sees."""
        return self.filter(at_shops(worker))


class Offer(models.Model):
    """What a shop shows of a SKU, as far as we know, and what it ought to show.

    The database refuses a version that is older than the published one (`publishing_only_newer`).
    """

    code = models.OneToOneField(ShopCode, models.PROTECT, related_name="offer")
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    item = models.CharField(_("platform item"), max_length=40, blank=True)
    free = models.IntegerField(_("free"), default=0)
    arriving = models.IntegerField(_("of it expected"), default=0, db_default=0)
    wanted = models.IntegerField(_("would publish"), default=0)
    wanted_version = models.BigIntegerField(default=0)
    wanted_at = models.DateTimeField(_("captured"), null=True)
    quantity = models.IntegerField(_("published"), null=True)
    version = models.BigIntegerField(_("version"), default=0)
    captured_at = models.DateTimeField(_("captured"), null=True)  # of what is published
    published_at = models.DateTimeField(_("published at"), null=True)
    is_listed = models.BooleanField(_("on sale in the shop"), default=True)
    sold_week = models.IntegerField(_("sold in a week"), default=0)  # by all shops; every night

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        constraints = (
            models.CheckConstraint(
                condition=Q(wanted__gte=0) & (Q(quantity=None) | Q(quantity__gte=0)),
                name="offer_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(version__lte=F("wanted_version")), name="offer_version_was_wanted"
            ),
        )
        indexes = (models.Index(fields=["shop", "item"], name="offer_item"),)

    def __str__(self) -> str:
        return f"{self.code_id}: {self.quantity}"


class PublicationState(models.TextChoices):
    WAITING = "WAITING", _("To send")
    SENDING = "SENDING", _("Being sent")
    EXPORTED = "EXPORTED", _("In a file")
    DONE = "DONE", _("Published")
    SUPERSEDED = "SUPERSEDED", _("Overtaken by a newer one")


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return what is told to the shops that the worker sees."""
        return self.filter(at_shops(worker))


class Publication(models.Model):
    """A quantity on its way to a shop, in the version of its capture: the outbox.

    Moved by machines many times a day: no journal. What a clerk does with files is an entry.
    """

    code = models.ForeignKey(ShopCode, models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    quantity = models.IntegerField(_("quantity"))
    version = models.BigIntegerField(_("version"))
    captured_at = models.DateTimeField(_("captured"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=PublicationState.choices,
        default=PublicationState.WAITING,
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, db_default=0)
    due_at = models.DateTimeField(_("next try"), db_default=Now())
    held_until = models.DateTimeField(null=True)  # the lease of whoever sends it
    trouble = models.CharField(_("trouble"), max_length=200, blank=True, db_default="")
    file = models.CharField(_("file"), max_length=120, blank=True, db_default="")
    done_at = models.DateTimeField(_("done"), null=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        constraints = (
            models.UniqueConstraint(fields=["code", "version"], name="publication_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state="WAITING"), name="publication_waits_once"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state="SENDING"), name="publication_sent_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PublicationState.values, quantity__gte=0),
                name="publication_state_known",
            ),
        )
        indexes = (
            models.Index(
                fields=["shop", "due_at", "id"],
                condition=Q(state__in=["WAITING", "SENDING", "EXPORTED"]),
                name="publication_open",
            ),
            models.Index(fields=["file"], condition=~Q(file=""), name="publication_file"),
        )

    def __str__(self) -> str:
        return f"{self.code_id} v{self.version}: {self.quantity} {self.state}"


class Bucket(models.Model):
    """How many calls a shop's platform lets us make now; it fills up as time goes by."""

    shop = models.OneToOneField(Shop, models.PROTECT, primary_key=True, related_name="+")
    tokens = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("call allowance")

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.tokens:.1f}"


class RefusedTurn(models.Model):
    """An item that the platform would not list or delist; it is tried again, ever more rarely."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    item = models.CharField(_("platform item"), max_length=40)
    tries = models.PositiveSmallIntegerField(_("tries"))
    due_at = models.DateTimeField(_("next try"))
    trouble = models.CharField(_("trouble"), max_length=200)

    class Meta:
        verbose_name = _("refused listing")
        constraints = (models.UniqueConstraint(fields=["shop", "item"], name="refused_turn_once"),)

    def __str__(self) -> str:
        return f"{self.item}: {self.trouble}"
