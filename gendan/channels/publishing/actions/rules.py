"""Changes the rules by which stock is published, and says beforehand what that would do."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gendan.channels.models import PublishRule
from gendan.channels.publishing.actions.capture import capture_soon
from gendan.channels.publishing.picture import take_picture
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Shop
from gendan.ui.errors import Refused

SHOWN = 12
TRIED = 2_000  # SKUs; of a rule for more goods an even sample is tried, always the same
MOST_DAYS = 365

# The listings that the rule decides on, those first whose quantity it changes.
SAMPLE = """
SELECT s.name, k.code, k.title, k.specification, i.free, i.arriving, o.quantity, i.wanted,
  count(*) OVER () AS seen, count(*) FILTER (WHERE i.wanted IS DISTINCT FROM o.quantity) OVER ()
FROM picture i JOIN people_shop s ON s.id = i.shop_id JOIN catalog_sku k ON k.id = i.sku_id
LEFT JOIN channels_offer o ON o.code_id = i.code_id
WHERE i.rule_id = %s
ORDER BY i.wanted IS DISTINCT FROM o.quantity DESC, i.free DESC, k.code, s.code LIMIT %s
"""


# The goods of a rule's listings, in an order that has nothing to do with what they are.
SPREAD = """
SELECT sku_id, sum(listings) OVER () FROM (
  SELECT c.sku_id, count(*) AS listings
  FROM catalog_shopcode c JOIN catalog_sku k ON k.id = c.sku_id
  JOIN catalog_product p ON p.id = k.product_id
  WHERE c.shop_id = ANY (%(shops)s) AND (%(sku)s::bigint IS NULL OR c.sku_id = %(sku)s)
    AND (%(category)s = '' OR p.category = %(category)s)
  GROUP BY c.sku_id) goods
ORDER BY hashint8(sku_id), sku_id LIMIT %(tried)s
"""


class RuleExists(Refused):
    """There is a rule for the same shop and goods already."""


class WrongLimits(Refused):
    """The smallest number is above the largest, or the percentage is not to be believed."""


class NotYours(Refused):
    """The rule reaches shops that the person does not see."""


@dataclass(frozen=True)
class Sample:
    """What one listing would show under a rule."""

    shop: str
    sku: str
    title: str
    specification: str
    free: int
    arriving: int  # of what is free
    published: int | None
    wanted: int

    @property
    def changes(self) -> bool:
        return self.wanted != self.published


@dataclass(frozen=True)
class Preview:
    """What a rule would do: to how many listings, and to some of them."""

    listings: int = 0
    changed: int = 0
    samples: Sequence[Sample] = ()
    all: int = 0  # listings in its reach; only some of them were tried if there are more of these

    @property
    def is_sample(self) -> bool:
        return self.all > 0


def save_rule(rule: PublishRule, *, by: Actor, why: str = "") -> PublishRule:
    """Add or change a rule; its shops are captured anew, by the worker if they are large.

    :raises RuleExists: if there is one for the same shop and goods
    :raises WrongLimits: if its numbers contradict each other
    :raises NotYours: if it reaches shops that the person does not see
    """
    was = PublishRule.objects.filter(pk=rule.pk).first() if rule.pk else None
    _refuse_beyond([each for each in (was, rule) if each], by)
    with transaction.atomic():
        _save(rule, by=by, why=why)
        capture_soon(_shops([each for each in (was, rule) if each]), by=by)
    return rule


def switch(rules: Sequence[PublishRule], on: bool, *, by: Actor, why: str = "") -> int:
    """Switch rules on or off; return how many were not so before.

    :raises NotYours: if one of them reaches shops that the person does not see
    """
    _refuse_beyond(rules, by)
    chosen = PublishRule.objects.filter(pk__in=[rule.pk for rule in rules]).exclude(is_on=on)
    with entry("publishing.rule_switched", by=by, why=why, on=on):
        changed = chosen.update(is_on=on)
        if changed:
            capture_soon(_shops(rules), by=by)
    return changed


def preview(rule: PublishRule, *, by: Actor) -> Preview:
    """Return what saving the rule would do: it is saved, its picture is taken, and both are undone.

    It is the picture by which the shops are told; only what it says is not written down. Of very
    many goods it is that of an even sample.

    :raises RuleExists: if there is one for the same shop and goods
    :raises WrongLimits: if its numbers contradict each other
    """
    with transaction.atomic():
        _save(rule, by=by)
        skus, listings = _spread(rule)
        take_picture(skus=skus, shop_ids=_shops([rule]))
        with connection.cursor() as cursor:
            cursor.execute(SAMPLE, [rule.pk, SHOWN])
            rows = cursor.fetchall()
        transaction.set_rollback(True)
    if not rows:
        return Preview()
    return Preview(rows[0][8], rows[0][9], [Sample(*row[:8]) for row in rows], listings)


def _spread(rule: PublishRule) -> tuple[list[int] | None, int]:
    """Return the goods to try a rule on, and how many listings it reaches; none and 0: all."""
    where = {
        "shops": _shops([rule]),
        "sku": rule.sku_id,
        "category": rule.category,
        "tried": TRIED + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, where)
        rows = cursor.fetchall()
    if len(rows) <= TRIED:
        return None, 0
    return sorted(sku for sku, _all in rows[:TRIED]), int(rows[0][1])


def _save(rule: PublishRule, *, by: Actor, why: str = "") -> None:
    _check(rule)
    verb = "publishing.rule_changed" if rule.pk else "publishing.rule_added"
    with entry(verb, by=by, why=why, name=str(rule.shop or "*")):
        rule.save()


def _check(rule: PublishRule) -> None:
    if rule.most is not None and rule.most < rule.least:
        raise WrongLimits(_("The largest quantity is below the smallest. Change one of them."))
    if rule.arriving_percent > 100 or not 1 <= rule.arriving_days <= MOST_DAYS:
        raise WrongLimits(
            _("Of what is expected count up to 100 percent, within a day up to a year.")
        )
    if rule.percent > 1000:
        raise WrongLimits(_("More than 1000 % can't be meant. Write 100 for all of it."))
    same = PublishRule.objects.filter(shop=rule.shop, category=rule.category, sku=rule.sku)
    if same.exclude(pk=rule.pk).exists():
        raise RuleExists(_("There is a rule for this shop and these goods. Change that one."))


def _refuse_beyond(rules: Sequence[PublishRule], by: Actor) -> None:
    seen = getattr(by, "shop_ids", None)  # of a person or a key; what the house does sees all
    if seen is not None and any(rule.shop_id not in seen for rule in rules):
        raise NotYours(_("This rule is about shops that are not yours. Ask who sees all of them."))


def _shops(rules: Sequence[PublishRule]) -> list[int]:
    """Return the shops that the rules are about."""
    if any(rule.shop_id is None for rule in rules):
        return list(Shop.objects.values_list("pk", flat=True))
    return [rule.shop_id for rule in rules if rule.shop_id is not None]
