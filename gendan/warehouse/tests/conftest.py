"""Shipments at every stage for the tests of the warehouse."""

from collections.abc import Callable

import pytest
from django.db import connection

from conftest import TESTER, OrderMaker
from gendan.journal.writing import entry
from gendan.orders.models import OrderQuerySet
from gendan.orders.stages import Stage as OrderStage
from gendan.people.models import Warehouse
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import Carrier, Shipment, ShipmentQuerySet
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.parcels import two_parcels

RESERVE = """
INSERT INTO stock_ledger (sku_id, warehouse_id, movement, on_hand_change, reserved_change, line_id,
  document, entry_id)
SELECT l.sku_id, %(warehouse)s, m.movement, l.quantity * m.on_hand, l.quantity * m.reserved,
  CASE WHEN m.reserved <> 0 THEN l.id END, '', %(entry)s
FROM orders_line l,
  (VALUES ('OPENING', 1, 0), ('RESERVED', 0, 1)) AS m (movement, on_hand, reserved)
WHERE l.order_id = ANY(%(orders)s)
"""


@pytest.fixture
def carrier(db: None) -> Carrier:
    with entry("test.setup", by=TESTER):
        return Carrier.objects.create(code="shunfeng", name="顺丰速运", rank=1)


def reserve(orders: OrderQuerySet, warehouse: Warehouse) -> None:
    """Lay out and promise exactly what the orders want."""
    ids = list(orders.values_list("pk", flat=True))
    with entry("test.setup", by=TESTER) as opened, connection.cursor() as cursor:
        cursor.execute(RESERVE, {"warehouse": warehouse.pk, "entry": opened, "orders": ids})


@pytest.fixture
def make_allocated(make_orders: OrderMaker, hangzhou: Warehouse, carrier: Carrier) -> OrderMaker:
    """Return a maker of orders whose goods are reserved in Hangzhou."""

    def make(number: int = 3, **more: object) -> OrderQuerySet:
        orders = make_orders(number, stage=OrderStage.ALLOCATED, **more)
        reserve(orders, hangzhou)
        return orders

    return make


@pytest.fixture
def apart(make_allocated: OrderMaker) -> ShipmentQuerySet:
    """Two parcels of one buyer: the first was in a wave when the second was planned."""
    return two_parcels(make_allocated)


ShipmentMaker = Callable[..., ShipmentQuerySet]


@pytest.fixture
def make_shipments(make_allocated: OrderMaker) -> ShipmentMaker:
    """Return a maker of shipments at a stage on their way through the warehouse."""

    def make(number: int = 3, *, stage: Stage = Stage.PLANNED, **more: object) -> ShipmentQuerySet:
        shipments = plan(make_allocated(number, **more), by=TESTER)
        ids = list(shipments.values_list("pk", flat=True))
        for at, step in STEPS:
            if at == stage:
                break
            step(Shipment.objects.numbered(ids), by=TESTER)
        return Shipment.objects.numbered(ids)

    return make


STEPS: tuple[tuple[Stage, Callable[..., object]], ...] = (
    (Stage.PLANNED, release),
    (Stage.RELEASED, pick),
    (Stage.PICKED, lambda shipments, by: pack(verify_whole(shipments, by=by), by=by)),
    (Stage.PACKED, lambda shipments, by: shipments),
)
