"""What the customer may know of their order."""

import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gendan.delivery.models import Trace, TraceState
from gendan.delivery.queries.completion import delivered
from gendan.journal.actors import Customer
from gendan.orders.models import Line, Order
from gendan.orders.stages import Stage as OrderStage
from gendan.ui.wording import masked_name
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.stages import Stage
from gendan.worklist.models import Item, ItemQuerySet, Kind

NOBODY = "none"
LEFT = (Stage.SHIPPED, Stage.DELIVERED, Stage.REFUSED, Stage.RETURNED, Stage.LOST)


def order_of(number: str, digits: str) -> Order | None:
    """The order with this number, ours or the platform's, whose phone ends in these digits.

    Nothing tells apart an unknown number and wrong digits, the time it takes included.
    """
    numbered = Q(number=number.upper()) | Q(platform_order=number)
    orders = Order.objects.exclude(stage=OrderStage.DRAFT).select_related("customer")
    found = None
    for order in [*orders.filter(numbered).order_by("-pk")[:5], None]:
        if _ends_in(_phones(order), digits) and order is not None:
            found = found or order
    return found


def _phones(order: Order | None) -> Sequence[str]:
    if order is None:
        return (NOBODY, NOBODY)
    return (order.receiver_phone, order.customer.phone if order.customer else NOBODY)


def _ends_in(phones: Sequence[str], digits: str) -> bool:
    matches = [hmac.compare_digest(tail.encode(), digits.encode()) for tail in _tails(phones)]
    return any(matches)


def _tails(phones: Sequence[str]) -> Iterator[str]:
    """The last four digits, with and without the extension of a platform's privacy number."""
    for phone in phones:
        main = re.split(r"[-转,]", phone.strip())[0] if "*" not in phone else phone
        for text in (phone.strip(), main.strip()):
            tail = text[-4:]
            yield tail if len(tail) == 4 and tail.isdecimal() else NOBODY


@dataclass(frozen=True)
class Parcel:
    """One parcel of the order: what is in it and where it is."""

    shipment: Shipment
    lines: Sequence[ShipmentLine]
    traces: Sequence[Trace]

    @property
    def word(self) -> str:
        """Where it is, in one word."""
        if self.shipment.stage == Stage.SHIPPED and self.traces:
            return str(TraceState(self.traces[0].state).label)
        if self.shipment.stage in LEFT:
            return str(self.shipment.get_stage_display())
        return _("Being packed")

    @property
    def tone(self) -> str:
        """The colour of that word."""
        if self.shipment.stage == Stage.DELIVERED:
            return "good"
        if self.shipment.stage != Stage.SHIPPED:
            return "muted"
        newest = self.traces[0].state if self.traces else ""
        return "warn" if newest in (TraceState.FAILED, TraceState.PROBLEM) else "info"

    @property
    def has_left(self) -> bool:
        """Whether a carrier has it."""
        return self.shipment.stage in LEFT


@dataclass(frozen=True)
class View:
    """All that the customer's page shows."""

    order: Order
    lines: Sequence[Line]
    parcels: Sequence[Parcel]
    steps: Sequence[dict[str, Any]]
    reports: Sequence[Item]
    may_receive: bool

    @property
    def is_cancelled(self) -> bool:
        return self.order.stage == OrderStage.CANCELLED


def view_of(order: Order) -> View:
    """What the customer sees of an order: no prices, since the receiver may not be the buyer."""
    parcels = _parcels(order)
    return View(
        order=order,
        lines=list(order.lines.filter(is_cancelled=False, part_of=None)),
        parcels=parcels,
        steps=_steps(order, parcels),
        reports=list(_reports(order)),
        may_receive=_may_receive(order, parcels),
    )


def _reports(order: Order) -> ItemQuerySet:
    told = Item.objects.filter(kind=Kind.CUSTOMER, subject="order", subject_id=order.pk)
    return told.order_by("-opened_at")


def _parcels(order: Order) -> list[Parcel]:
    ours = ShipmentLine.objects.filter(order=order).select_related("line")
    shipments = (
        Shipment.objects.filter(lines__order=order)
        .exclude(stage=Stage.RECALLED)
        .distinct()
        .order_by("pk")
        .select_related("carrier")
        .prefetch_related(
            Prefetch("lines", queryset=ours),
            Prefetch("traces", queryset=Trace.objects.order_by("-at", "-pk")),
        )
    )
    return [Parcel(one, list(one.lines.all()), list(one.traces.all())) for one in shipments]


def _may_receive(order: Order, parcels: Sequence[Parcel]) -> bool:
    if order.stage != OrderStage.ALLOCATED:
        return False
    on_its_way = any(parcel.shipment.stage == Stage.SHIPPED for parcel in parcels)
    return on_its_way or delivered(Order.objects.filter(pk=order.pk)).exists()


def _steps(order: Order, parcels: Sequence[Parcel]) -> list[dict[str, Any]]:
    """The way of the order as the customer understands it, with the instants known."""
    shipped = _last(parcel.shipment.shipped_at for parcel in parcels)
    arrived = _last(parcel.shipment.delivered_at for parcel in parcels)
    prepared = order.released_at or shipped
    reached = [
        (pgettext("step", "Order"), order.placed_at),
        (pgettext("step", "Check"), prepared),
        (pgettext("step", "Dispatch"), shipped),
        (pgettext("step", "Delivery"), arrived),
        (pgettext("step", "Done"), order.completed_at),
    ]
    if not order.is_cod:
        reached.insert(1, (pgettext("step", "Payment"), order.paid_at or prepared))
    return _marked(reached, stopped=order.stage == OrderStage.CANCELLED)


def _marked(
    reached: Sequence[tuple[str, datetime | None]], *, stopped: bool
) -> list[dict[str, Any]]:
    last = max(number for number, (_label, at) in enumerate(reached) if at or not number)
    steps = []
    for number, (label, at) in enumerate(reached):
        state = "done" if number <= last else "todo"
        if number == last + 1:
            state = "bad" if stopped else "now"
        steps.append({"label": label, "state": state, "at": at})
    return steps


def _last(instants: Iterator[datetime | None]) -> datetime | None:
    """The last of them, or nothing as long as one is missing."""
    known = list(instants)
    return max((at for at in known if at), default=None) if all(known) else None


def customer_of(order: Order) -> Customer:
    """Return the customer as the journal knows them."""
    return Customer(masked_name(order.receiver_name), order.customer_id)
