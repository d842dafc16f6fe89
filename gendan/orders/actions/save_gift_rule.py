"""Changing the rules for gifts, and trying one on the past before it is switched on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.orders.finding import order_finder
from gendan.orders.gift_lines import lock_rules
from gendan.orders.gifts import Store, offered, share_out
from gendan.orders.gifts_together import earned_together, went_together
from gendan.orders.models import GiftRule, GiftTier, Order, Reach, Scope
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.ui.errors import Refused
from gendan.ui.finding import FindingError

SAMPLES = 8
ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


ONLY_FOR_EVERY = gettext_lazy(
    "How often at most goes with “for every full amount”. Choose that, or leave it out."
)


class CannotGive(Refused):
    """The rule can't be read, gives nothing, or less than it has given already."""


class NewTier(NamedTuple):
    """From a mark on (fen or pieces) so many pieces of a SKU."""

    mark: int
    sku_id: int
    quantity: int = 1


@dataclass(frozen=True)
class GiftTrial:
    """What a rule would have given to the last orders.

    If it counts what goes in one parcel: to how many parcels (or chains of them) that several
    orders shared, and how many pieces of all they earned only together.
    """

    orders: int
    of: int
    pieces: int
    samples: Sequence[Order]
    companies: int | None = None
    shared_pieces: int = 0


def save_gift_rule(
    rule: GiftRule, tiers: Sequence[NewTier], *, by: Worker, why: str = ""
) -> GiftRule:
    """Add a rule for gifts with its tiers, or change it; what was given stays.

    :raises CannotGive: if the condition can't be read, or the tiers or the limit can't be kept
    """
    _refuse_unreadable(rule)
    _refuse_tiers(tiers)
    _refuse_times(rule, tiers)
    verb = "gift_rule.changed" if rule.pk else "gift_rule.added"
    with entry(verb, by=by, why=why, name=rule.name):
        if rule.pk:
            _refuse_limit(rule)
            rule.save(update_fields=[*CHANGEABLE])
        else:
            rule.save()
        _write(rule, tiers)
    return rule


def switch_gift_rules(rules: "QuerySet[GiftRule]", on: bool, *, by: Worker, why: str = "") -> int:
    """Switch rules on or off; return how many were not so before.

    :raises CannotGive: if one that is switched on can't be read
    """
    chosen = rules.exclude(is_on=on)
    if on:
        for rule in chosen:
            _refuse_unreadable(rule)
    with entry("gift_rule.switched_on" if on else "gift_rule.switched_off", by=by, why=why):
        ids = [rule.pk for rule in lock_rules(chosen.values_list("pk", flat=True))]
        return GiftRule.objects.filter(pk__in=ids).exclude(is_on=on).update(is_on=on)


def try_gift_rule(
    rule: GiftRule, tiers: Sequence[NewTier], *, by: Worker, now: datetime, last: int = 10_000
) -> GiftTrial:
    """Say what the rule would have given to the last orders, whenever they were placed.

    It is really saved and asked, and then undone.

    :raises CannotGive: as `save_gift_rule`
    """
    visible = Order.objects.visible_to(by).exclude(stage=Stage.DRAFT).order_by("-pk")
    ids = list(visible.values_list("pk", flat=True)[:last])
    tried = GiftRule(**{name: getattr(rule, name) for name in CHANGEABLE})
    tried.name, (tried.from_at, tried.until_at) = "?", ALWAYS
    with transaction.atomic():
        save_gift_rule(tried, tiers, by=by)
        gifts = offered([tried], ids, now=now)
        companies = went_together(ids) if tried.scope == Scope.PARCEL else None
        shared = [gift for _them, gift in earned_together([tried], companies or [], [], now=now)]
        transaction.set_rollback(True)
    gifts += shared
    store = Store.of({tried.pk: tried.limit}, {gift.sku_id for gift in gifts})
    got = share_out(gifts, {tried.pk: tried}, store)
    samples = Order.objects.numbered(list(got)[-SAMPLES:]).select_related("shop").order_by("-pk")
    given = [gift for some in got.values() for gift in some]
    return GiftTrial(
        orders=len(got),
        of=len(ids),
        pieces=sum(gift.quantity for gift in given),
        samples=list(samples),
        companies=None if companies is None else len(companies),
        shared_pieces=sum(gift.quantity for gift in given if gift.counted_with),
    )


CHANGEABLE = (
    *("name", "name_en", "expression", "counts", "measure", "reach", "most_times", "scope"),
    *("from_at", "until_at", "limit", "when_out", "position", "is_exclusive", "is_on"),
)


def _refuse_unreadable(rule: GiftRule) -> None:
    """Refuse a rule whose condition says nothing that can be asked of an order.

    :raises CannotGive: with the place and the remedy
    """
    try:
        order_finder.check(rule.expression)
    except FindingError as error:
        raise CannotGive(error.sentence) from error


def _refuse_tiers(tiers: Sequence[NewTier]) -> None:
    if not tiers:
        raise CannotGive(_("Say what is given: at least one tier with a SKU."))
    skus = {tier.sku_id for tier in tiers}
    sold = set(Sku.objects.filter(pk__any=list(skus)).values_list("pk", flat=True))
    if skus - sold:
        raise CannotGive(_("This SKU is not sold. Look it up by its code or name."))


def _refuse_times(rule: GiftRule, tiers: Sequence[NewTier]) -> None:
    if rule.reach == Reach.EVERY and any(tier.mark < 1 for tier in tiers):
        raise CannotGive(_("Say for every how much, or for every how many pieces, it is given."))
    if rule.reach != Reach.EVERY and rule.most_times is not None:
        raise CannotGive(str(ONLY_FOR_EVERY))


def _refuse_limit(rule: GiftRule) -> None:
    """Compare under the lock of the rule: pieces are given at any moment."""
    given = GiftRule.objects.select_for_update(no_key=True).get(pk=rule.pk).given
    if rule.limit is not None and rule.limit < given:
        raise CannotGive(
            ngettext(
                "%(given)s piece is given already; the limit can't be below that.",
                "%(given)s pieces are given already; the limit can't be below that.",
                given,
            )
            % {"given": given}
        )


def _write(rule: GiftRule, tiers: Sequence[NewTier]) -> None:
    """Only tiers that differ are touched, so that the journal tells what really changed."""
    wanted = {(tier.mark, tier.sku_id): tier.quantity for tier in tiers}
    for tier in rule.tiers.all():
        if wanted.get((tier.mark, tier.sku_id)) != tier.quantity:
            tier.delete()
        else:
            del wanted[tier.mark, tier.sku_id]
    GiftTier.objects.bulk_create(
        GiftTier(rule=rule, mark=mark, sku_id=sku, quantity=quantity)
        for (mark, sku), quantity in sorted(wanted.items())
    )
