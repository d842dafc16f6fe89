"""What speaks for and against putting chosen shipments into one parcel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gendan.ui.wording import yuan
from gendan.warehouse.models import CombineRules
from gendan.warehouse.queries.company import ALONE, WHO

# Whatever goes together agrees in these, by hand too; buyers may differ where a person says why.
MUST_AGREE: Mapping[str, str | Promise] = {
    "warehouse": gettext_lazy("warehouse"),
    "shop": gettext_lazy("shop"),
    "receiver": gettext_lazy("receiver"),
    "phone": gettext_lazy("phone"),
    "place": gettext_lazy("address"),
    "carrier": gettext_lazy("carrier"),
}
NEVER = {
    "cash on delivery": gettext_lazy("cash on delivery"),
    "an unknown place": gettext_lazy("an address nobody has read"),
}
WITH_A_REASON = {
    "an unknown buyer": gettext_lazy("an unknown buyer"),
    "a day wished for": gettext_lazy("a day wished for"),
    "a presale": gettext_lazy("goods of a presale"),
}

NAMED = 2  # orders that a parcel is called by
FACTS = f"""
SELECT s.id, s.number, s.stage, s.pieces, s.expected_g, o.fen, o.first_at, o.last_at, o.who,
  o.orders, {", ".join(f"o.alone_{n}" for n, _key in enumerate(ALONE))},
  s.warehouse_id, s.shop_id, s.receiver_name, s.receiver_phone, s.place_key, s.carrier_id
FROM warehouse_shipment s CROSS JOIN LATERAL (
  SELECT sum(o.total_fen)::bigint AS fen, min(o.placed_at) AS first_at,
    max(o.placed_at) AS last_at, array_agg(DISTINCT {WHO}) AS who,
    array_agg(o.number ORDER BY o.id) AS orders,
    {", ".join(f"bool_or({said}) AS alone_{n}" for n, said in enumerate(ALONE.values()))}
  FROM orders_order o WHERE o.id IN (
    SELECT order_id FROM warehouse_shipmentline WHERE shipment_id = s.id)
) o
WHERE s.id = ANY(%s) ORDER BY s.id
"""  # noqa: S608 (conditions from the table of `company`)


@dataclass(frozen=True)
class Candidate:
    """A shipment as the question of a common parcel sees it."""

    pk: int
    number: str
    stage: str
    pieces: int
    grams: int
    fen: int
    first_at: datetime
    last_at: datetime
    who: Sequence[str]
    orders: Sequence[str]
    alone: Sequence[str]  # keys of ALONE that are true of one of its orders
    agrees: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What people call it: by its orders, since it may be planned for a preview only."""
        more = " …" if len(self.orders) > NAMED else ""
        return ", ".join(self.orders[:NAMED]) + more

    @property
    def key(self) -> tuple[Any, ...]:
        """The same for all that could go together."""
        return tuple(self.agrees.values())


def candidates(ids: Sequence[int]) -> list[Candidate]:
    """Return what the shipments bring along, in the order of their keys."""
    reasons = list(ALONE)
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [list(ids)])
        return [_candidate(row, reasons) for row in cursor.fetchall()]


def _candidate(row: Sequence[Any], reasons: Sequence[str]) -> Candidate:
    plain, flags, same = row[:10], row[10 : 10 + len(reasons)], row[10 + len(reasons) :]
    told: Sequence[Any] = [
        *plain,
        [reason for reason, flag in zip(reasons, flags, strict=True) if flag],
        dict(zip(MUST_AGREE, same, strict=True)),
    ]
    return Candidate(*told)


def differences(group: Sequence[Candidate]) -> list[str]:
    """Return the names of what the shipments do not agree in."""
    return [
        str(name) for key, name in MUST_AGREE.items() if len({one.agrees[key] for one in group}) > 1
    ]


def forbidden(group: Sequence[Candidate]) -> Iterator[tuple[str, str]]:
    """Yield shipments that never share a parcel, each with why."""
    for one in group:
        for key in one.alone:
            if key in NEVER:
                yield one.name, str(NEVER[key])


def doubts(group: Sequence[Candidate], rules: CombineRules) -> list[str]:
    """Return what the rules say against it; a person may overrule them with a reason."""
    found = [
        _("%(number)s: %(why)s") % {"number": one.name, "why": WITH_A_REASON[key]}
        for one in group
        for key in one.alone
        if key in WITH_A_REASON
    ]
    if len({who for one in group for who in one.who}) > 1:
        found.append(_("The orders are of several buyers."))
    return found + list(_limits_passed(group, rules))


def _limits_passed(group: Sequence[Candidate], rules: CombineRules) -> Iterator[str]:
    grams, fen = sum(one.grams for one in group), sum(one.fen for one in group)
    if rules.most_g and grams > rules.most_g:
        yield _("It would weigh %(weight)s g; the limit is %(limit)s g.") % {
            "weight": grams,
            "limit": rules.most_g,
        }
    if rules.most_fen and fen > rules.most_fen:
        yield _("It would be worth %(value)s; the limit is %(limit)s.") % {
            "value": yuan(fen),
            "limit": yuan(rules.most_fen),
        }
    if rules.within_days is not None:
        apart = max(one.last_at for one in group) - min(one.first_at for one in group)
        if apart > timedelta(days=rules.within_days):
            yield ngettext(
                "The orders were placed more than %(days)s day apart.",
                "The orders were placed more than %(days)s days apart.",
                rules.within_days,
            ) % {"days": rules.within_days}
