"""The papers of shipments, as data: what each of them says, read from the tables."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.orders.models import Instruction, InstructionCode
from gendan.people.models import Merchant
from gendan.people.queries import merchant
from gendan.stock.models import Location
from gendan.ui.wording import masked_phone
from gendan.warehouse.models import Shipment, ShipmentLine, ShipmentQuerySet, Wave
from gendan.warehouse.paper import documents

AT_ONCE = 500
NOTED = (
    "order_id",
    *(f"line__{field}" for field in ("specification", "quantity", "price_fen", "total_fen")),
    *(f"order__{field}" for field in ("number", "platform_order", "goods_fen", "postage_fen")),
    *(f"order__{field}" for field in ("discount_fen", "adjust_fen", "total_fen")),
    *(f"sku__{field}" for field in ("code", "title", "specification", "product__care")),
)
Cards = defaultdict[int, list[str]]
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
    for some in _in_order(shipments):
        lines = _lines_of(some, *NOTED)
        cards = _cards({line.order_id for each in lines.values() for line in each})
        for shipment in some:
            copy = copies.get(shipment.pk, 0)
            yield _note(shipment, lines[shipment.pk], cards, returns, copy)


def _note(
    shipment: Shipment, lines: Sequence[Any], cards: Cards, returns: str, copy: int
) -> documents.DeliveryNote | documents.PricedDeliveryNote:
    orders = list({line.order_id: line for line in lines}.values())
    care = dict.fromkeys(filter(None, (line.sku__product__care for line in lines)))
    hint = _("Returns to: %(address)s. Talk to us first.") % {"address": returns}
    said: dict[str, Any] = {
        "shipment": shipment.number,
        "basket": shipment.wave_position or 0,
        "shop": shipment.shop.name,
        "orders": tuple(row.order__platform_order or row.order__number for row in orders),
        "receiver": _receiver(shipment),
        "remarks": tuple(text for row in orders for text in cards[row.order_id]),
        "care": tuple(care),
        "return_hint": hint if returns else "",
        "copy": copy,
    }
    if shipment.hides_prices:
        return documents.DeliveryNote(lines=tuple(map(_line, lines)), **said)
    priced = tuple(map(_priced_line, lines))
    return documents.PricedDeliveryNote(lines=priced, totals=_totals(lines, orders), **said)


def _cards(order_ids: Collection[int]) -> Cards:
    """What buyers want to be written on the note, by order."""
    said = Instruction.objects.filter(order__in=order_ids, code=InstructionCode.CARD)
    cards: Cards = defaultdict(list)
    for order_id, text in said.exclude(text="").order_by("pk").values_list("order", "text"):
        cards[order_id].append(text)
    return cards


def _line(line: Any) -> documents.Line:
    specification = line.line__specification or line.sku__specification
    return documents.Line(line.sku__code, line.sku__title, specification, line.quantity)


def _priced_line(line: Any) -> documents.PricedLine:
    return documents.PricedLine(
        line.sku__code,
        line.sku__title,
        line.line__specification or line.sku__specification,
        line.quantity,
        line.line__price_fen,
        _share(line),
    )


def _share(line: Any) -> int:
    """What these pieces of the order line cost."""
    return int(line.line__total_fen * line.quantity // line.line__quantity)


def _totals(lines: Sequence[Any], orders: Sequence[Any]) -> documents.Totals:
    """The orders' sums when all of their goods are in the parcel, else only what is in it."""
    goods = sum(map(_share, lines))
    if goods != sum(row.order__goods_fen for row in orders):
        return documents.Totals(goods, 0, 0, goods)
    return documents.Totals(
        goods_fen=goods,
        postage_fen=sum(row.order__postage_fen for row in orders),
        discount_fen=sum(row.order__discount_fen - row.order__adjust_fen for row in orders),
        payable_fen=sum(row.order__total_fen for row in orders),
    )


def waybills(
    shipments: ShipmentQuerySet, copies: Copies, *, now: datetime
) -> Iterator[documents.Waybill]:
    """The labels on the parcels, in the order of the wave; those without a number have none."""
    house, printed_at = merchant(), timezone.localtime(now)
    for some in _in_order(shipments.exclude(waybill="")):
        lines = _lines_of(some, "sku__title")
        for shipment in some:
            copy = copies.get(shipment.pk, 0)
            yield _waybill(shipment, lines[shipment.pk], house, printed_at, copy)


def _waybill(
    shipment: Shipment, lines: Sequence[Any], house: Merchant, printed_at: datetime, copy: int
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
        goods="；".join(f"{line.sku__title} ×{line.quantity}" for line in lines),
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


def _in_order(shipments: ShipmentQuerySet) -> Iterator[list[Shipment]]:
    """The shipments in the order of the wave, so many at once."""
    found = shipments.select_related("shop", "carrier", "warehouse")
    rows = found.order_by("wave_id", "wave_position", "pk").iterator(AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _lines_of(shipments: Sequence[Shipment], *fields: str) -> dict[int, list[Any]]:
    """Rows of the lines by shipment: objects of five tables took longer than the typesetting."""
    ids = [shipment.pk for shipment in shipments]
    found = ShipmentLine.objects.filter(shipment__any=ids).order_by("pk")
    lines: dict[int, list[Any]] = {pk: [] for pk in ids}
    for line in found.values_list("shipment_id", "quantity", *fields, named=True):
        lines[line.shipment_id].append(line)
    return lines
