"""The order as a sheet of paper that its customer reads, checks and confirms."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pylopdf_fonts_zh_cn
import segno
import typst
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gendan.orders.models import Line, Order
from gendan.people.queries import merchant
from gendan.ui.wording import yuan

HERE = Path(__file__).parent


def confirmation_pdf(order: Order, link: str = "") -> bytes:
    """Return the order as a PDF; with a link, also where the customer answers."""
    return typst.compile(
        HERE / "confirmation.typ",
        root=HERE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"sheet": orjson.dumps(_sheet(order, link)).decode()},
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(False, False, [Path(pylopdf_fonts_zh_cn.__file__).parent])


def _sheet(order: Order, link: str) -> dict[str, Any]:
    house = merchant()
    return {
        "language": (get_language() or "zh")[:2],
        "title": _("Order confirmation"),
        "merchant": house.name,
        "shop": order.shop.name,
        "contact": " · ".join(filter(None, (house.phone, house.mail, house.address))),
        "facts": _facts(order),
        "heads": [_("Goods"), _("Specification"), _("Quantity"), _("Price"), _("Amount")],
        "lines": [_line(line) for line in order.lines.filter(is_cancelled=False, part_of=None)],
        "sums": _sums(order),
        "requests_title": _("Special requests"),
        "requests": [str(wish) for wish in order.instructions.order_by("pk")],
        "link": link,
        "code": [list(row) for row in segno.make(link, error="m", micro=False).matrix]
        if link
        else [],
        "ask_title": _("Is everything right?"),
        "ask": _(
            "Scan the code or open the link: confirm with one tap, or tell us what is wrong. "
            "The link is good for a week."
        ),
    }


def _facts(order: Order) -> list[tuple[str, str]]:
    facts = [
        (_("Order number"), order.number),
        (_("Placed"), timezone.localtime(order.placed_at).strftime("%Y-%m-%d %H:%M")),
        (_("Receiver"), f"{order.receiver_name}  {order.receiver_phone}"),
        (_("Address"), order.full_address),
        (_("Delivery wish"), order.wish_on.isoformat() if order.wish_on else ""),
    ]
    return [(label, text) for label, text in facts if text.strip()]


def _line(line: Line) -> list[str]:
    return [
        line.title,
        line.specification,
        str(line.quantity),
        yuan(line.price_fen),
        yuan(line.total_fen),
    ]


def _sums(order: Order) -> list[tuple[str, str]]:
    sums = [(_("Goods total"), yuan(order.goods_fen))]
    if order.discount_fen:
        sums.append((_("Discount"), yuan(-order.discount_fen)))
    sums.append((_("Postage"), yuan(order.postage_fen)))
    label = _("To pay on delivery") if order.is_cod else _("To pay")
    return [*sums, (label, yuan(order.total_fen))]
