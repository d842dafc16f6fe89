import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.orders.actions import NewPayment, approve_price, place, read_again, refuse_price
from gendan.orders.actions.approve_price import NotYours
from gendan.orders.models import Order
from gendan.orders.money import NewLine
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.orders.tests.conftest import NOW, Asked
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind


def test_an_unpaid_order_waits_for_its_payment(asked: Asked, wang: Person) -> None:
    order = read_again(place([asked()], by=wang, now=NOW), by=wang, now=NOW).get()

    assert (order.stage, order.read_at) == (Stage.UNPAID, NOW)
    assert Item.objects.open().get().kind == Kind.UNPAID
    assert Entry.objects.get(verb="order.read_again").actor_name == wang.name


def test_what_is_paid_and_heard_goes_to_screening(asked: Asked, wang: Person) -> None:
    order = place([asked()], by=wang, now=NOW).get()
    paid = [NewPayment(order.pk, "CASH", order.total_fen)]

    order = read_again(Order.objects.all(), by=wang, now=NOW, payments=paid).get()

    assert (order.stage, order.paid_fen) == (Stage.SCREENING, 20000)
    assert not Item.objects.open().exists()


def test_what_the_customer_has_not_heard_waits_for_their_word(asked: Asked, wang: Person) -> None:
    order = place([asked(is_cod=True)], by=wang, now=NOW)

    order = read_again(order, by=wang, now=NOW, heard=False)

    assert order.get().stage == Stage.UNCONFIRMED
    assert Item.objects.open().get().kind == Kind.UNCONFIRMED


def test_cash_on_delivery_skips_the_payment(asked: Asked, wang: Person) -> None:
    order = read_again(place([asked(is_cod=True)], by=wang, now=NOW), by=wang, now=NOW).get()

    assert order.stage == Stage.SCREENING


def test_it_refuses_a_second_time_and_changes_nothing(asked: Asked, wang: Person) -> None:
    first = read_again(place([asked()], by=wang, now=NOW), by=wang, now=NOW)
    place([asked()], by=wang, now=NOW)

    with pytest.raises(WrongStage):
        read_again(Order.objects.all(), by=wang, now=NOW)

    assert first.get().stage == Stage.UNPAID
    assert Order.objects.filter(stage=Stage.DRAFT, read_at=None).count() == 1


@pytest.fixture
def cheap(asked: Asked, wang: Person, cup: Sku) -> Order:
    lines = [NewLine(cup.pk, 1, price_fen=8000)]
    return place([asked(lines=lines, asks_approval=True)], by=wang, now=NOW).get()


def test_a_price_in_question_stays_a_draft_until_it_is_approved(
    cheap: Order, wang: Person, zhao: Person
) -> None:
    read_again(Order.objects.all(), by=wang, now=NOW)
    cheap.refresh_from_db()
    assert cheap.stage == Stage.DRAFT

    approve_price(Order.objects.all(), by=zhao, now=NOW, why="老客户")

    cheap.refresh_from_db()
    assert cheap.stage == Stage.UNPAID
    assert Item.objects.get(kind=Kind.APPROVAL).outcome == "老客户"


def test_an_approved_price_still_has_its_second_reading(
    cheap: Order, wang: Person, zhao: Person
) -> None:
    approve_price(Order.objects.all(), by=zhao, now=NOW)
    cheap.refresh_from_db()
    assert cheap.stage == Stage.DRAFT

    assert read_again(Order.objects.all(), by=wang, now=NOW).get().stage == Stage.UNPAID


def test_a_refused_price_is_read_again_after_it_was_written_anew(
    cheap: Order, wang: Person, zhao: Person
) -> None:
    read_again(Order.objects.all(), by=wang, now=NOW)

    refuse_price(Order.objects.all(), by=zhao, now=NOW, why="太低")

    cheap.refresh_from_db()
    assert (cheap.stage, cheap.read_at) == (Stage.DRAFT, None)


def test_only_a_supervisor_approves(cheap: Order, wang: Person) -> None:
    with pytest.raises(NotYours):
        approve_price(Order.objects.all(), by=wang, now=NOW)

    assert Item.objects.open().exists()


def test_it_costs_the_same_for_1_and_for_300(asked: Asked, wang: Person) -> None:
    def cost(number: int) -> int:
        placed = place([asked() for _ in range(number)], by=wang, now=NOW)
        with CaptureQueriesContext(connection) as counted:
            read_again(placed, by=wang, now=NOW)
        return len(counted)

    assert cost(1) == cost(300)
