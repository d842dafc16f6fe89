from django.db import connection
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.config.verify import verify
from gendan.journal.writing import entry
from gendan.orders.models import Order, Payment
from gendan.orders.stages import Stage
from gendan.stock.actions import reserve_next
from gendan.stock.tests.conftest import Shelf
from gendan.stock.verify import differences


def paid(orders: object) -> None:
    with entry("test.setup", by=TESTER):
        Payment.objects.bulk_create(
            Payment(order=order, method="PLATFORM", amount_fen=order.paid_fen, at=timezone.now())
            for order in Order.objects.all()
        )


def without_triggers(statement: str) -> None:
    """Do what nobody can do through the house: a broken disk, or somebody with the superuser."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_house_at_work_is_clean(make_orders: OrderMaker, tea: Sku, shelf: Shelf) -> None:
    shelf(tea, 9)
    paid(make_orders(4, stage=Stage.READY))
    reserve_next(by=TESTER, now=timezone.now())
    assert verify() == []


def test_it_names_what_differs(make_orders: OrderMaker, tea: Sku, shelf: Shelf) -> None:
    shelf(tea, 9)
    make_orders(1, stage=Stage.READY)
    reserve_next(by=TESTER, now=timezone.now())
    without_triggers("UPDATE stock_balance SET on_hand = on_hand + 1")
    without_triggers("UPDATE stock_reservation SET quantity = 1")
    said = [(f.number, f.what, f.expected, f.found) for f in differences()]
    assert ("TEA-01 @ HZ", "on hand", "9", "10") in said
    assert ("TEA-01 @ HZ", "sum of the promises", "2", "1") in said
    number = Order.objects.get().number
    assert (f"{number}/1", "promised at HZ", "2", "1") in said


def test_it_names_money_that_differs(make_orders: OrderMaker) -> None:
    paid(make_orders(1))
    without_triggers("UPDATE orders_order SET goods_fen = goods_fen + 5, total_fen = total_fen + 5")
    finding = verify()[0]
    assert (finding.room, finding.expected, finding.found) == ("orders", "25600", "25605")


def test_promises_to_orders_that_wait_are_named(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf
) -> None:
    shelf(tea, 9)
    make_orders(1, stage=Stage.READY)
    reserve_next(by=TESTER, now=timezone.now())
    without_triggers("UPDATE orders_order SET stage = 'READY'")
    assert "READY" in [finding.found for finding in differences()]
