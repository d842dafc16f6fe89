"""The papers of shipments, as data: what each of them says, read from the tables."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.orders.models import Order
from gendan.people.models import Merchant
from gendan.people.queries import merchant
from gendan.stock.models import Location
from gendan.ui.wording import masked_phone
from gendan.warehouse.models import Shipment, ShipmentLine, ShipmentQuerySet, Wave
from gendan.warehouse.paper import documents

AT_ONCE = 500
Copies = Mapping[int, int]
"""How often a paper of each shipment was printed before."""


def pick_list(
    wave: Wave, shipments: ShipmentQuerySet, *, now: datetime, copy: int = 0
) -> documents.PickList:
    """The walk for the shipments of a wave, by location; goods without one come last."""
    rows: dict[int, list[ShipmentLine]] = defaultdict(list)
    lines = ShipmentLine.objects.filter(shipment__in=shipments).select_related("sku", "shipment")
    for line in lines:
        rows[line.sku_id].append(line)
    places = dict(
        Location.objects.filter(warehouse=wave.warehouse, sku__in=rows).values_list("sku", "code")
    )
    picked = [_pick_row(found, places.get(sku, "")) for sku, found in rows.items()]
    return documents.PickList(
        wave=wave.number,
        warehouse=wave.warehouse.name,
        printed_at=timezone.localtime(now),
        shipments=shipments.count(),
        rows=tuple(sorted(picked, key=lambda row: (row.location == "", row.location, row.code))),
        copy=copy,
    )


def _pick_row(lines: Sequence[ShipmentLine], location: str) -> documents.PickRow:
    sku, baskets = lines[0].sku, defaultdict[int, int](int)
    for line in lines:
        baskets[line.shipment.wave_position or 0] += line.quantity
    return documents.PickRow(
        location=location,
        code=sku.code,
        title=sku.title,
        specification=sku.specification,
        barcode=sku.barcode,
        quantity=sum(line.quantity for line in lines),
        baskets=tuple(sorted(baskets.items())),
    )


def delivery_notes(
    shipments: ShipmentQuerySet, copies: Copies
) -> Iterator[documents.DeliveryNote | documents.PricedDeliveryNote]:
    """The notes in the parcels, in the order of the wave."""
    returns = merchant().returns
    for shipment in _in_order(shipments):
        yield _note(shipment, returns, copies.get(shipment.pk, 0))


def _note(
    shipment: Shipment, returns: str, copy: int
) -> documents.DeliveryNote | documents.PricedDeliveryNote:
    lines = list(shipment.lines.all())
    orders = list({line.order_id: line.order for line in lines}.values())
    care = dict.fromkeys(line.sku.product.care for line in lines if line.sku.product.care)
    hint = _("Returns to: %(address)s. Talk to us first.") % {"address": returns}
    said: dict[str, Any] = {
        "shipment": shipment.number,
        "basket": shipment.wave_position or 0,
        "shop": shipment.shop.name,
        "orders": tuple(order.platform_order or order.number for order in orders),
        "receiver": _receiver(shipment),
        "remarks": tuple(_cards(orders)),
        "care": tuple(care),
        "return_hint": hint if returns else "",
        "copy": copy,
    }
    if shipment.hides_prices:
        return documents.DeliveryNote(lines=tuple(map(_line, lines)), **said)
    priced = tuple(map(_priced_line, lines))
    return documents.PricedDeliveryNote(lines=priced, totals=_totals(lines, orders), **said)


def _cards(orders: Sequence[Order]) -> Iterator[str]:
    for order in orders:
        for instruction in order.instructions.all():
            if instruction.code == "CARD" and instruction.text:
                yield instruction.text


def _line(line: ShipmentLine) -> documents.Line:
    specification = line.line.specification or line.sku.specification
    return documents.Line(line.sku.code, line.sku.title, specification, line.quantity)


def _priced_line(line: ShipmentLine) -> documents.PricedLine:
    specification = line.line.specification or line.sku.specification
    return documents.PricedLine(
        line.sku.code,
        line.sku.title,
        specification,
        line.quantity,
        line.line.price_fen,
        _share(line),
    )


def _share(line: ShipmentLine) -> int:
    """What these pieces of the order line cost."""
    return line.line.total_fen * line.quantity // line.line.quantity


def _totals(lines: Sequence[ShipmentLine], orders: Sequence[Order]) -> documents.Totals:
    """The orders' sums when all of their goods are in the parcel, else only what is in it."""
    goods = sum(map(_share, lines))
    if goods != sum(order.goods_fen for order in orders):
        return documents.Totals(goods, 0, 0, goods)
    return documents.Totals(
        goods_fen=goods,
        postage_fen=sum(order.postage_fen for order in orders),
        discount_fen=sum(order.discount_fen - order.adjust_fen for order in orders),
        payable_fen=sum(order.total_fen for order in orders),
    )


def waybills(
    shipments: ShipmentQuerySet, copies: Copies, *, now: datetime
) -> Iterator[documents.Waybill]:
    """The labels on the parcels, in the order of the wave; those without a number have none."""
    house, printed_at = merchant(), timezone.localtime(now)
    for shipment in _in_order(shipments.exclude(waybill="")):
        yield _waybill(shipment, house, printed_at, copies.get(shipment.pk, 0))


def _waybill(
    shipment: Shipment, house: Merchant, printed_at: datetime, copy: int
) -> documents.Waybill:
    place = shipment.warehouse
    return documents.Waybill(
        number=shipment.waybill,
        carrier=shipment.carrier.name if shipment.carrier else "",
        shipment=shipment.number,
        basket=shipment.wave_position or 0,
        sender=documents.Party(
            place.contact or house.name,
            place.phone or house.phone,
            place.address or house.address,
        ),
        receiver=_receiver(shipment),
        zone=_zone(shipment.division),
        region=" ".join(filter(None, (shipment.province, shipment.city, shipment.district))),
        goods="；".join(f"{line.sku.title} ×{line.quantity}" for line in shipment.lines.all()),
        pieces=shipment.pieces,
        printed_at=printed_at,
        collect=_collect(shipment),
        copy=copy,
    )


def _collect(shipment: Shipment) -> documents.CashOnDelivery | None:
    if not shipment.cod_fen:
        return None
    return documents.CashOnDelivery(None if shipment.hides_prices else shipment.cod_fen)


def _zone(division: str) -> str:
    """440104 as 44-01-04: province, city, district, as large as the sorter needs it."""
    return "-".join(division[at : at + 2] for at in range(0, min(len(division), 6), 2))


def _receiver(shipment: Shipment) -> documents.Party:
    return documents.Party(
        shipment.receiver_name, masked_phone(shipment.receiver_phone), shipment.full_address
    )


def _in_order(shipments: ShipmentQuerySet) -> Iterator[Shipment]:
    lines = ShipmentLine.objects.select_related("line", "order", "sku__product").order_by("pk")
    return (
        shipments.select_related("shop", "carrier", "warehouse")
        .prefetch_related(Prefetch("lines", lines), "lines__order__instructions")
        .order_by("wave_id", "wave_position", "pk")
        .iterator(AT_ONCE)
    )
