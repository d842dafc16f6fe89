import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Model

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.orders.models import Line
from gendan.people.models import Warehouse
from gendan.stock.models import Balance, Ledger, Movement, Reservation


def write(entry_id: int, sku: Sku, warehouse: Warehouse, **more: object) -> None:
    Ledger.objects.create(
        **{
            "sku": sku,
            "warehouse": warehouse,
            "entry_id": entry_id,
            "movement": Movement.ADJUSTED,
            **more,
        }
    )


def test_balances_follow(tea: Sku, hangzhou: Warehouse) -> None:
    with entry("stock.adjusted", by=TESTER) as opened:
        write(opened, tea, hangzhou, on_hand_change=10)
        write(opened, tea, hangzhou, on_hand_change=-4)
    assert Balance.objects.get().on_hand == 6


def test_reservations_follow_and_go(tea: Sku, hangzhou: Warehouse, make_orders: OrderMaker) -> None:
    make_orders(1)
    line = Line.objects.get()
    with entry("stock.reserved", by=TESTER) as opened:
        write(opened, tea, hangzhou, on_hand_change=10)
        write(opened, tea, hangzhou, reserved_change=2, line=line)
        assert Reservation.objects.get().quantity == 2
        write(opened, tea, hangzhou, reserved_change=-2, on_hand_change=-2, line=line)
    assert not Reservation.objects.exists()
    assert (Balance.objects.get().on_hand, Balance.objects.get().reserved) == (8, 0)


def test_nothing_is_promised_that_is_not_there(tea: Sku, hangzhou: Warehouse) -> None:
    with pytest.raises(IntegrityError), entry("stock.reserved", by=TESTER) as opened:
        write(opened, tea, hangzhou, on_hand_change=1, reserved_change=2)
    assert not Ledger.objects.exists()


@pytest.mark.parametrize("table", [Balance, Reservation])
def test_nobody_writes_them_by_hand(db: None, table: type[Model]) -> None:
    with pytest.raises(DatabaseError, match="follows the ledger"), transaction.atomic():
        table._base_manager.all()._raw_delete("default")


def test_a_movement_belongs_to_the_open_entry(tea: Sku, hangzhou: Warehouse) -> None:
    with pytest.raises(DatabaseError, match="another journal entry"), entry("x", by=TESTER) as e:
        write(e - 1, tea, hangzhou, on_hand_change=1)
