"""What an order says, so that the version before a change stays readable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gendan.orders.models import Instruction, InstructionCode, Invoice, Line, Order
from gendan.ui.wording import masked_address, masked_name, masked_phone, yuan

Snapshot = dict[str, Any]

MONEY = ("goods_fen", "discount_fen", "postage_fen", "adjust_fen", "total_fen")
PAID = ("paid_fen", "refunded_fen")
PLACE = ("province", "city", "district", "street", "address")
WISHES = ("carrier_wish", "buyer_remark", "warehouse_remark", "seller_remark")
LABELS = {
    "receiver_name": gettext_lazy("Receiver"),
    "receiver_phone": gettext_lazy("Phone"),
    "address": gettext_lazy("Address"),
    "goods_fen": gettext_lazy("Goods"),
    "discount_fen": gettext_lazy("Discount"),
    "postage_fen": gettext_lazy("Postage"),
    "total_fen": gettext_lazy("To pay"),
    "wish_on": gettext_lazy("Delivery wish"),
    "carrier_wish": gettext_lazy("Carrier wished"),
    "buyer_remark": gettext_lazy("Buyer's remark"),
    "warehouse_remark": gettext_lazy("Remark for the warehouse"),
    "seller_remark": gettext_lazy("Seller's remark"),
    "instructions": gettext_lazy("Special instructions"),
    "invoice": pgettext_lazy("whom it is for", "Invoice"),
}
MASKS = {
    "receiver_name": masked_name,
    "receiver_phone": masked_phone,
    "address": masked_address,
}


def snapshots(ids: Iterable[int]) -> dict[int, Snapshot]:
    """Return what the orders (by id) say now, as it can be kept as JSON; in four queries."""
    ids = list(ids)
    found = {order.pk: _own(order) for order in Order.objects.numbered(ids)}
    lines = Line.objects.filter(order_id__any=ids, is_cancelled=False).select_related("sku")
    for line in lines.order_by("order_id", "position"):
        found[line.order_id]["lines"].append(_line(line))
    for wish in Instruction.objects.filter(order_id__any=ids).order_by("code", "text", "pk"):
        told = {"code": wish.code, "text": wish.text, "on": wish.on.isoformat() if wish.on else ""}
        found[wish.order_id]["instructions"].append(told)
    for invoice in Invoice.objects.filter(order_id__any=ids):
        to = {"title": invoice.title, "tax_number": invoice.tax_number}
        found[invoice.order_id] |= {"invoice": str(invoice), "invoice_to": to}
    return found


def _own(order: Order) -> Snapshot:
    return {
        "stage": order.stage,
        "receiver_name": order.receiver_name,
        "receiver_phone": order.receiver_phone,
        "address": " ".join(filter(None, (getattr(order, name) for name in PLACE))),
        "wish_on": order.wish_on.isoformat() if order.wish_on else "",
        **{name: getattr(order, name) for name in (*MONEY, *PAID, *WISHES)},
        "invoice": "",
        "invoice_to": {},
        "instructions": [],
        "lines": [],
    }


def _line(line: Line) -> Snapshot:
    return {
        "position": line.position,
        "sku": line.sku.code if line.sku else "",
        "title": line.title,
        "specification": line.specification,
        "quantity": line.quantity,
        "price_fen": line.price_fen,
        "discount_fen": line.discount_fen,
        "total_fen": line.total_fen,
        "is_gift": line.is_gift,
    }


@dataclass(frozen=True)
class Difference:
    """Something that an order says otherwise: what, before and after; empty where it is not."""

    what: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what two snapshots say otherwise, as people read it; persons are masked."""
    old = {line["position"]: line for line in before["lines"]}
    new = {line["position"]: line for line in after["lines"]}
    found = [
        Difference(_("Line %s") % position, _told(old.get(position)), _told(new.get(position)))
        for position in sorted({*old, *new})
    ]
    found += [
        Difference(str(label), shown(name, before[name]), shown(name, after[name]))
        for name, label in LABELS.items()
    ]
    return [one for one in found if one.before != one.after]


def shown(name: str, value: Any) -> str:
    """Return a value of a snapshot as people read it."""
    if name.endswith("_fen"):
        return yuan(value)
    if name == "instructions":
        return "、".join(map(_instruction, value))
    return str(MASKS[name](value)) if value and name in MASKS else str(value)


def digest(*parts: Any) -> str:
    """Return a short name of what somebody saw: another one if anything in it is otherwise."""
    return sha256(dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def _instruction(one: Mapping[str, str]) -> str:
    label = InstructionCode(one["code"]).label
    return " ".join(filter(None, (str(label), one["text"], one["on"])))


def _told(line: Mapping[str, Any] | None) -> str:
    if line is None:
        return ""
    goods = " ".join(filter(None, (line["sku"], line["title"], line["specification"])))
    return f"{goods} × {line['quantity']} = {yuan(line['total_fen'])}"
