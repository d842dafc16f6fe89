"""Writes what parcels hold from now on, and makes the parcels that are new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

Pieces = Mapping[int, int]  # by order line
Houses = Mapping[int, int]  # the warehouse of each shipment
NUMBERS = """
SELECT nextval(pg_get_serial_sequence('warehouse_shipment', 'id')) FROM generate_series(1, %s)
"""
# New parcels come after their goods: the foreign key is looked at in the end. Goods that come from
# a basket stay in it: the new parcel is picked, too, and has the same place in the same wave.
FILL = """
WITH wanted AS MATERIALIZED (
  SELECT * FROM unnest(%(shipments)s::bigint[], %(lines)s::bigint[], %(pieces)s::int[])
    AS w (shipment_id, line_id, quantity)
), held AS MATERIALIZED (
  SELECT id, shipment_id, line_id, quantity FROM warehouse_shipmentline
  WHERE shipment_id = ANY(%(ids)s)
), gone AS (
  DELETE FROM warehouse_shipmentline WHERE id IN (
    SELECT h.id FROM held h LEFT JOIN wanted w USING (shipment_id, line_id)
    WHERE w.quantity IS NULL)
), changed AS (
  UPDATE warehouse_shipmentline sl SET quantity = w.quantity
  FROM held h JOIN wanted w USING (shipment_id, line_id)
  WHERE sl.id = h.id AND h.quantity <> w.quantity
), filled AS (
  INSERT INTO warehouse_shipmentline (shipment_id, order_id, line_id, sku_id, quantity, verified)
  SELECT w.shipment_id, l.order_id, w.line_id, l.sku_id, w.quantity, 0
  FROM wanted w JOIN orders_line l ON l.id = w.line_id
  LEFT JOIN held h USING (shipment_id, line_id)
  WHERE h.id IS NULL ORDER BY w.shipment_id, w.line_id
)
INSERT INTO warehouse_shipment (id, warehouse_id, shop_id, customer_id, buyer, place_key, stage,
  wave_id, wave_position,
  carrier_id, waybill, priority, pieces, kinds, hides_prices, cod_fen, expected_g, weight_why,
  receiver_name, receiver_phone, province, city, district, street, address, division, zip)
SELECT n.id, n.warehouse_id, s.shop_id, s.customer_id, s.buyer, s.place_key,
  CASE WHEN s.stage = 'PICKED' THEN 'PICKED' ELSE 'PLANNED' END,
  CASE WHEN s.stage = 'PICKED' THEN s.wave_id END,
  CASE WHEN s.stage = 'PICKED' THEN s.wave_position END,
  s.carrier_id, '', s.priority, 0, 0, s.hides_prices, 0, 0, '', s.receiver_name,
  s.receiver_phone, s.province, s.city, s.district, s.street, s.address, s.division, s.zip
FROM unnest(%(new)s::bigint[], %(like)s::bigint[], %(places)s::bigint[])
  AS n (id, like_id, warehouse_id)
JOIN warehouse_shipment s ON s.id = n.like_id ORDER BY n.id
"""


@dataclass(frozen=True)
class Filling:
    """What a parcel is to hold. One without a shipment is new, and goes where another goes.

    It leaves the same house as the other, unless a warehouse is named.
    """

    pieces: Pieces
    shipment_id: int | None = None
    like_id: int | None = None
    warehouse_id: int | None = None

    def house(self, houses: Houses) -> int:
        """Return the warehouse that it leaves."""
        return self.warehouse_id or houses[self.shipment_id or self.like_id or 0]


@dataclass(frozen=True)
class Group:
    """Parcels between which goods move: those there are, and what there shall be."""

    sources: Sequence[int]
    fillings: Sequence[Filling]


def refill(groups: Sequence[Group], ids: Sequence[int], houses: Houses) -> list[list[int]]:
    """Let the shipments (`ids`) and new ones hold what is wanted; return each group's parcels."""
    fillings = [filling for group in groups for filling in group.fillings]
    new = [filling for filling in fillings if filling.shipment_id is None]
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, [len(new)])
        fresh = [row[0] for row in cursor.fetchall()]
        numbers = iter(fresh)
        standing = [[f.shipment_id or next(numbers) for f in group.fillings] for group in groups]
        flat = [pk for parcels in standing for pk in parcels]
        rows = [
            (pk, line, number)
            for pk, filling in zip(flat, fillings, strict=True)
            for line, number in filling.pieces.items()
        ]
        shipments, lines, pieces = zip(*rows, strict=True)
        values = {"shipments": list(shipments), "lines": list(lines), "pieces": list(pieces)}
        like = [filling.like_id for filling in new]
        places = [filling.house(houses) for filling in new]
        made = {"new": fresh, "like": like, "places": places}
        cursor.execute(FILL, {**values, **made, "ids": list(ids)})
    return standing
