"""What stands on a document of an order: its sheet, as it can be kept and compared."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from gendan.orders.models import Instruction, Line, Order
from gendan.people.queries import merchant
from gendan.ui.wording import yuan

Sheet = dict[str, Any]


def sheets_of(orders: Iterable[Order]) -> Mapping[int, Sheet]:
    """Return the sheet of each order (by its id), in the language of the house."""
    rows = list(orders)
    prefetch_related_objects(rows, "shop", "instructions")
    lines: dict[int, list[Line]] = {order.pk: [] for order in rows}
    wanted = Line.objects.filter(order_id__any=list(lines), is_cancelled=False, part_of=None)
    for line in wanted.select_related("sku__product").order_by("order_id", "position", "pk"):
        lines[line.order_id].append(line)
    with override(settings.LANGUAGE_CODE):
        return {order.pk: sheet(order, lines[order.pk], order.instructions.all()) for order in rows}


def sheet(order: Order, lines: Sequence[Line], wishes: Iterable[Instruction]) -> Sheet:
    """Return the sheet of an order with these lines and wishes."""
    house = merchant()
    return {
        "language": (get_language() or "zh")[:2],
        "title": _("Order confirmation"),
        "merchant": house.name,
        "shop": order.shop.name,
        "contact": " · ".join(filter(None, (house.phone, house.mail, house.address))),
        "facts": _facts(order),
        "heads": [_("Goods"), _("Specification"), _("Quantity"), _("Price"), _("Amount")],
        "lines": [_line(line) for line in lines],
        "sums": _sums(order),
        "requests_title": _("Special requests"),
        "requests": [str(wish) for wish in wishes],
        "care_title": _("Care instructions"),
        "care": _care(lines),
    }


def _facts(order: Order) -> list[list[str]]:
    by = timezone.localtime(order.promise_at).strftime("%Y-%m-%d") if order.promise_at else ""
    facts = [
        [_("Order number"), order.number],
        [_("Placed"), timezone.localtime(order.placed_at).strftime("%Y-%m-%d %H:%M")],
        [_("Receiver"), f"{order.receiver_name}  {order.receiver_phone}"],
        [_("Address"), order.full_address],
        [_("Delivery wish"), order.wish_on.isoformat() if order.wish_on else ""],
        [_("Leaves us by"), by],
    ]
    return [[label, text] for label, text in facts if text.strip()]


def _line(line: Line) -> list[str]:
    return [
        line.title,
        line.specification,
        str(line.quantity),
        yuan(line.price_fen),
        yuan(line.total_fen),
    ]


def _sums(order: Order) -> list[list[str]]:
    sums = [[_("Goods total"), yuan(order.goods_fen)]]
    if order.discount_fen:
        sums.append([_("Discount"), yuan(-order.discount_fen)])
    sums.append([_("Postage"), yuan(order.postage_fen)])
    label = _("To pay on delivery") if order.is_cod else _("To pay")
    return [*sums, [label, yuan(order.total_fen)]]


def _care(lines: Iterable[Line]) -> list[list[str]]:
    """Return how to care for the goods: each product once."""
    products = {line.sku.product_id: line.sku.product for line in lines if line.sku}
    return [[each.title, each.care] for each in products.values() if each.care.strip()]
