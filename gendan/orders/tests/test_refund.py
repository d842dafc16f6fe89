"""Money that goes back to customers."""

import pytest
from django.utils import timezone

from conftest import OrderMaker
from gendan.journal.models import Entry
from gendan.orders.actions import NewPayment, pay
from gendan.orders.actions.amend import NewAmendment, confirm, request
from gendan.orders.actions.refund import CannotRefund, NewRefund, refund
from gendan.orders.amending.wanted import SetQuantity
from gendan.orders.models import Order
from gendan.orders.slips import CannotPay
from gendan.orders.stages import Stage
from gendan.people.models import Person, Shop
from gendan.worklist.models import Item, Kind

DUE = 12800


@pytest.fixture
def overpaid(make_orders: OrderMaker, wang: Person, store: Shop) -> Order:
    """An order of two that is of one by now."""
    order = make_orders(1, shop=store, platform_order="", stage=Stage.READY).get()
    change(order, 1, wang)
    return order


def change(order: Order, quantity: int, by: Person) -> None:
    wanted = [SetQuantity(line=1, quantity=quantity)]
    asked = request([NewAmendment(order.pk, wanted)], by=by, now=timezone.now())
    confirm(asked, by=by, now=timezone.now())
    order.refresh_from_db()


def waiting() -> list[str]:
    items = Item.objects.open().filter(kind=Kind.REFUND_DUE)
    return list(items.values_list("facts__amount", flat=True))


def give(order: Order, fen: int, by: Person, reference: str = "") -> None:
    refund([NewRefund(order.pk, "WECHAT", fen, reference)], by=by, now=timezone.now(), why="多付")


def test_it_is_recorded_as_a_payment_that_goes_back(overpaid: Order, zhao: Person) -> None:
    give(overpaid, DUE, zhao, "R-1")

    overpaid.refresh_from_db()
    assert (overpaid.paid_fen, overpaid.refunded_fen) == (25600, DUE)
    assert overpaid.payments.get().amount_fen == -DUE
    assert waiting() == []
    assert Entry.objects.get(verb="order.refunded").facts["amount"] == "¥128.00"


def test_the_rest_waits_on(overpaid: Order, zhao: Person) -> None:
    give(overpaid, 10000, zhao)
    assert waiting() == ["¥28.00"]


def test_no_more_goes_back_than_is_due(overpaid: Order, zhao: Person) -> None:
    with pytest.raises(CannotRefund):
        give(overpaid, DUE + 1, zhao)
    with pytest.raises(CannotPay):
        give(overpaid, 0, zhao)
    assert waiting() == ["¥128.00"]


def test_a_slip_counts_once(overpaid: Order, zhao: Person) -> None:
    give(overpaid, 100, zhao, "R-1")
    with pytest.raises(CannotPay):
        give(overpaid, 100, zhao, "R-1")


def test_who_orders_more_again_is_owed_nothing(overpaid: Order, wang: Person) -> None:
    change(overpaid, 2, wang)
    assert waiting() == []


def test_after_a_refund_the_rest_is_paid_again(overpaid: Order, zhao: Person) -> None:
    give(overpaid, DUE, zhao)
    change(overpaid, 2, zhao)
    assert overpaid.stage == Stage.UNPAID

    pay([NewPayment(overpaid.pk, "CASH", DUE)], by=zhao, now=timezone.now())

    overpaid.refresh_from_db()
    assert overpaid.stage == Stage.UNCONFIRMED or overpaid.stage == Stage.SCREENING
