import pytest

from conftest import OrderMaker
from gendan.journal.models import Change, Entry
from gendan.orders.actions import change, rewrite, unmask, urge
from gendan.orders.actions import place as place_orders
from gendan.orders.models import Order
from gendan.orders.money import NewLine
from gendan.orders.move import WrongStage
from gendan.orders.newcomers import NewInstruction
from gendan.orders.queries import unmasked_until
from gendan.orders.stages import Stage
from gendan.orders.tests.conftest import NOW, Asked
from gendan.people.models import Person


def test_it_replaces_only_what_differs(make_orders: OrderMaker, wang: Person) -> None:
    orders = make_orders(2)
    change(orders, by=wang, instructions=[NewInstruction("NO_PRICE"), NewInstruction("GIFT_WRAP")])

    change(orders, by=wang, instructions=[NewInstruction("NO_PRICE")], warehouse_remark="轻放")

    assert [i.code for o in orders for i in o.instructions.all()] == ["NO_PRICE"] * 2
    assert {o.warehouse_remark for o in orders} == {"轻放"}
    last = Entry.objects.filter(verb="order.changed").latest("pk")
    assert Change.objects.filter(entry=last, subject__name="orders_instruction").count() == 2


def test_after_screening_it_is_too_late(make_orders: OrderMaker, wang: Person) -> None:
    make_orders(1)
    make_orders(1, stage=Stage.READY)

    with pytest.raises(WrongStage):
        change(Order.objects.all(), by=wang, seller_remark="晚了")

    assert not Order.objects.exclude(seller_remark="").exists()


def test_a_draft_is_written_anew_under_its_number(asked: Asked, wang: Person) -> None:
    order = place_orders([asked(instructions=[NewInstruction("URGENT")])], by=wang, now=NOW).get()
    cup = order.lines.get().sku
    assert cup is not None

    new = asked(lines=[NewLine(cup.pk, 5)], receiver_name="周子墨")
    again = rewrite({order.pk: new}, by=wang, now=NOW).get()

    assert (again.number, again.receiver_name) == (order.number, "周子墨")
    assert (again.total_fen, again.priority, again.instructions.count()) == (50000, 0, 0)


def test_what_is_final_is_not_written_anew(
    asked: Asked, make_orders: OrderMaker, wang: Person
) -> None:
    order = make_orders(1).get()

    with pytest.raises(WrongStage):
        rewrite({order.pk: asked()}, by=wang, now=NOW)

    assert order.lines.count() == 1


def test_an_urgent_order_goes_first(make_orders: OrderMaker, wang: Person) -> None:
    assert urge(make_orders(1), by=wang, why="travels").get().priority == 10
    assert urge(Order.objects.all(), by=wang, why="stays", urgent=False).get().priority == 0


def test_a_look_is_short_and_in_the_journal(
    make_orders: OrderMaker, wang: Person, li: Person
) -> None:
    order = unmask(make_orders(1), by=wang, now=NOW, why="客户来电").get()

    until = unmasked_until(order, wang, now=NOW)
    assert until is not None
    assert unmasked_until(order, wang, now=until) is None
    assert unmasked_until(order, li, now=NOW) is None
    assert Change.objects.filter(subject__name="orders_unmasking").exists()
