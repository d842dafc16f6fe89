"""Correcting where an order goes, and whom to call, before its goods are promised."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gendan.customers.addresses import Address, phone, place_key, sentence
from gendan.customers.addresses.phones import Kind
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.ui.errors import Refused

UNTIL = (
    Stage.DRAFT,
    Stage.UNPAID,
    Stage.UNCONFIRMED,
    Stage.SCREENING,
    Stage.HELD,
    Stage.READY,
    Stage.SHORT,
)
CAN_BE_CALLED = (Kind.MOBILE, Kind.LANDLINE)


class StillWrong(Refused):
    """What was given is no number that can be called, or no address a parcel can go to."""


@dataclass(frozen=True)
class Receiver:
    """Who gets the parcel and where; what is None stays as it is."""

    name: str | None = None
    phone: str | None = None
    address: Address | None = None


def correct(receivers: Mapping[int, Receiver], *, by: Actor, why: str = "") -> OrderQuerySet:
    """Correct the receivers of orders (by id).

    :raises StillWrong: if a phone can't be called, or a parcel can't go to an address
    :raises WrongStage: if goods are promised to any of the orders
    """
    columns = {pk: _columns(receiver) for pk, receiver in receivers.items()}
    with entry("order.corrected", by=by, why=why, count=len(receivers)):
        rows = Order.objects.numbered(receivers).filter(stage__in=UNTIL).order_by("pk")
        orders = list(rows.select_for_update(no_key=True))
        if len(orders) != len(receivers):
            raise WrongStage(
                _("Goods are promised to this order already. Ask the warehouse to recall it.")
            )
        for order in orders:
            for name, value in columns[order.pk].items():
                setattr(order, name, value)
        names = {name for said in columns.values() for name in said}
        if names:
            Order.objects.bulk_update(orders, sorted(names))
    return Order.objects.numbered(receivers)


def _columns(receiver: Receiver) -> dict[str, str]:
    said: dict[str, str] = {}
    if receiver.name is not None:
        said["receiver_name"] = receiver.name.strip()[:80]
    if receiver.phone is not None:
        said["receiver_phone"] = _number(receiver.phone)
    if receiver.address is not None:
        said |= _place(receiver.address)
    return said


def _number(text: str) -> str:
    number = phone(text)
    if number.kind not in CAN_BE_CALLED:
        raise StillWrong(_("“%(phone)s” is no number that can be called.") % {"phone": text})
    return str(number)[:40]


def _place(address: Address) -> dict[str, str]:
    if not address.complete:
        said = " ".join(str(sentence(problem)) for problem in address.problems)
        raise StillWrong(said or _("The address is not complete."))
    return {
        "province": address.province[:40],
        "city": address.city[:60],
        "district": address.district[:60],
        "street": address.street[:60],
        "address": address.detail[:300],
        "division": address.code[:12],
        "zip": address.zip[:10],
        "place_key": place_key(address)[:64],
    }
