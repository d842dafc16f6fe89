"""The question about short goods: who is to ask it, and its words, with what is missing and why."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.catalog.models import Sku
from gendan.desk.actions import NewMessage
from gendan.desk.filling import fill
from gendan.desk.models import Script, Topic
from gendan.orders.models import Line, Order
from gendan.orders.telling import message_about, values_of
from gendan.stock.models import ShortageCase
from gendan.stock.queries.offers import Offer
from gendan.worklist.actions import NewItem
from gendan.worklist.models import Kind


def script_of(case: ShortageCase | None = None) -> Script | None:
    """Return the script by which customers are asked about short goods."""
    return Script.objects.filter(topic=Topic.SHORTAGE, is_on=True).order_by("position").first()


def questions(
    cases: Iterable[ShortageCase],
    offered: Mapping[int, Sequence[Offer]],
    channel: str,
    *,
    until: datetime,
) -> list[NewMessage]:
    """Return the messages that ask the customers of the cases what they choose."""
    rows = list(cases)
    script = script_of()
    values = values_of([case.order for case in rows])
    sets = _sets_in([case.order_id for case in rows])
    return [
        message_about(
            case.order,
            Topic.SHORTAGE,
            channel,
            _text(script, values[case.order_id], case, sets[case.order_id]),
            script_id=script.pk if script else None,
            title=_("Order %(number)s: goods are short") % {"number": case.order.number},
            choices=[offer.told() for offer in offered[case.pk]],
            facts={"case": case.pk},
            closes_at=until,
        )
        for case in rows
    ]


def _text(
    script: Script | None, values: Mapping[str, str], case: ShortageCase, sets: Mapping[int, str]
) -> str:
    said = fill(script.text, values) if script else _("Some of your goods are short.")
    missing = "；".join(
        _("%(goods)s: %(n)d missing") % {"goods": _known_as(line.sku, sets), "n": line.missing}
        for line in case.lines.all()
    )
    return f"{said}\n\n{missing}".strip()


def _known_as(sku: Sku, sets: Mapping[int, str]) -> str:
    """Name a part with the set that the customer has bought."""
    if sku.pk in sets:
        return _("%(part)s in %(set)s") % {"part": sku, "set": sets[sku.pk]}
    return str(sku)


def _sets_in(orders: Collection[int]) -> dict[int, dict[int, str]]:
    """Return by order and SKU (by id) of what set it is a part, if it is not bought alone, too."""
    known = Line.objects.filter(order_id__any=list(orders), is_cancelled=False)
    lines = list(known.select_related("part_of"))
    alone = {(line.order_id, line.sku_id) for line in lines if not line.part_of}
    sets: dict[int, dict[int, str]] = defaultdict(dict)
    for line in lines:
        if line.part_of and line.sku_id and (line.order_id, line.sku_id) not in alone:
            sets[line.order_id][line.sku_id] = line.part_of.title
    return sets


def to_settle(orders: Collection[int], why: str) -> list[NewItem]:
    """Return the work items by which somebody settles with the customers of the orders."""
    rows = Order.objects.numbered(orders).values_list("pk", "number", "shop_id", "priority")
    return [
        NewItem(
            Kind.SHORT,
            "order",
            pk,
            facts={"order": number, "why": why},
            shop_id=shop,
            priority=priority,
        )
        for pk, number, shop, priority in rows
    ]
