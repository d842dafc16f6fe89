import pytest
from django.db import connection

from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.verify import differences


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.PICKED, Stage.PACKED])
def test_shipments_at_work_are_clean(make_shipments: ShipmentMaker, stage: Stage) -> None:
    make_shipments(3, stage=stage)
    assert not list(differences())


@pytest.mark.parametrize(
    ("what", "damage"),
    [
        ("pieces", "UPDATE warehouse_shipment SET pieces = pieces + 1"),
        ("verified", "UPDATE warehouse_shipmentline SET verified = 0"),
        ("shipped", "UPDATE orders_line SET shipped = 1"),
        ("promised at HZ, at least", "DELETE FROM stock_reservation"),
        (
            "pieces in shipments, at most",
            "UPDATE orders_line SET quantity = 1, total_fen = price_fen",
        ),
    ],
)
def test_it_names_what_differs(make_shipments: ShipmentMaker, what: str, damage: str) -> None:
    make_shipments(1, stage=Stage.PACKED)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(damage)
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert what in [finding.what for finding in differences()]
