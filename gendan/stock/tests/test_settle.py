"""Short goods: what is offered, chosen, and carried out at once or not at all."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Product, Sku, Substitute
from gendan.desk import actions as desk
from gendan.desk.models import Message
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order
from gendan.orders.stages import PlatformState, Source, Stage
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import (
    CannotBeKept,
    Chosen,
    Coming,
    NothingToOffer,
    adjust,
    ask,
    choose,
    expect,
    look_after,
    receive,
    reserve,
    reserve_next,
    serve_part,
    serve_rests,
)
from gendan.stock.actions.goods import Goods
from gendan.stock.models import (
    CaseState,
    Expected,
    Reservation,
    Rest,
    Shortage,
    ShortageCase,
)
from gendan.stock.queries.offers import Offer, offers
from gendan.stock.tests.conftest import Shelf, beside
from gendan.stock.verify import differences
from gendan.worklist.models import Item

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
Maker = Callable[..., ShortageCase]


@pytest.fixture
def red(tea: Sku) -> Sku:
    """The same tea in another tin, at the same price."""
    with entry("test.setup", by=TESTER):
        return Sku.objects.create(
            product=tea.product,
            code="TEA-02",
            title=tea.title,
            specification="红罐",
            price_fen=12800,
        )


@pytest.fixture
def black(bag: Sku, tea: Sku) -> Sku:
    """Other goods that may stand in for the tea, cheaper."""
    with entry("test.setup", by=TESTER):
        product = Product.objects.create(style="P-BLACK", title="红茶")
        sku = Sku.objects.create(product=product, code="BLK", title="红茶", price_fen=9900)
        Substitute.objects.create(sku=tea, instead=sku, rank=1)
    return sku


@pytest.fixture
def short(make_orders: OrderMaker, hangzhou: Warehouse) -> Maker:
    """Return a maker of an order that is short of tea, and its case."""

    def make(**more: object) -> ShortageCase:
        order = make_orders(1, stage=Stage.READY, **more).get()
        reserve_next(by=TESTER, now=NOW)
        return ShortageCase.objects.get(order=order)

    return make


def own(**more: object) -> dict[str, object]:
    return {
        "platform_order": "",
        "platform_state": PlatformState.NONE,
        "source": Source.PHONE,
        **more,
    }


def coming(sku: Sku, warehouse: Warehouse, quantity: int, days: int = 5) -> None:
    expect(
        [Coming("PO-1", sku.pk, warehouse.pk, quantity, TODAY + timedelta(days=days))], by=TESTER
    )


def offered(case: ShortageCase) -> dict[str, Offer]:
    found = offers(ShortageCase.objects.filter(pk=case.pk), now=NOW)[case.pk]
    return {offer.code: offer for offer in found}


def test_a_case_is_opened_when_goods_are_short_and_only_once(short: Maker) -> None:
    case = short()
    assert (case.state, case.found_at) == (CaseState.OPEN, "RESERVATION")
    assert case.lines.get().missing == 2
    reserve_next(by=TESTER, now=NOW)
    look_after(by=TESTER, now=NOW)
    assert ShortageCase.objects.count() == 1


def test_a_case_ends_by_itself_when_the_goods_come(short: Maker, tea: Sku, shelf: Shelf) -> None:
    case = short()
    shelf(tea, 9)
    reserve_next(by=TESTER, now=NOW)
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.CLOSED, "货已到")


def test_only_a_date_that_can_be_kept_is_offered(
    short: Maker, tea: Sku, hangzhou: Warehouse
) -> None:
    first, second = short(), short()
    assert "WAIT" not in offered(first)
    coming(tea, hangzhou, 3)  # enough for the first alone
    assert offered(first)["WAIT"].on == TODAY + timedelta(days=6)
    assert "WAIT" not in offered(second)


def test_what_should_have_come_already_is_no_date(
    short: Maker, tea: Sku, hangzhou: Warehouse
) -> None:
    coming(tea, hangzhou, 9, days=-1)
    assert "WAIT" not in offered(short())


def test_substitutes_come_before_the_other_colours_with_their_difference(
    short: Maker, red: Sku, black: Sku, shelf: Shelf
) -> None:
    shelf(red, 9)
    shelf(black, 9)
    case = short()
    found = offered(case)
    assert [code for code in found if code.startswith("SWAP")] == [
        f"SWAP-{black.pk}",
        f"SWAP-{red.pk}",
    ]
    assert found[f"SWAP-{black.pk}"].difference_fen == -5800
    assert found[f"SWAP-{red.pk}"].difference_fen == 0


def test_goods_that_are_not_there_are_not_offered(short: Maker, red: Sku, shelf: Shelf) -> None:
    shelf(red, 4)  # three are kept back
    assert not any(code.startswith("SWAP") for code in offered(short()))


def test_a_platform_collects_nothing_afterwards(
    short: Maker, bag: Sku, tea: Sku, shelf: Shelf
) -> None:
    with entry("test.setup", by=TESTER):
        row = Substitute.objects.create(sku=tea, instead=bag)
    shelf(bag, 9)
    assert not any(code.startswith("SWAP") for code in offered(short()))
    with entry("test.setup", by=TESTER):
        row.keeps_price = True
        row.save()
    assert offered(short())[f"SWAP-{bag.pk}"].difference_fen == 0


def test_waiting_gives_the_order_a_new_promise(
    short: Maker, tea: Sku, hangzhou: Warehouse, wang: Person
) -> None:
    coming(tea, hangzhou, 9)
    case = short()
    choose({case.pk: Chosen("WAIT")}, by=wang, now=NOW, why="客户同意等")
    case.refresh_from_db()
    order = Order.objects.get()
    assert (case.state, case.waits_until) == (CaseState.WAITING, TODAY + timedelta(days=6))
    assert order.stage == Stage.SHORT
    assert timezone.localdate(order.promise_at) == TODAY + timedelta(days=7)
    assert not Item.objects.open().exists()
    said = Entry.objects.get(verb="shortage.chosen")
    assert (said.actor_name, said.why) == ("王小满", "客户同意等")


def test_who_waited_is_served_when_the_goods_come(
    short: Maker, tea: Sku, hangzhou: Warehouse, shelf: Shelf
) -> None:
    coming(tea, hangzhou, 9)
    case = short()
    choose({case.pk: Chosen("WAIT")}, by=TESTER, now=NOW)
    shelf(tea, 9)
    reserve_next(by=TESTER, now=NOW)
    case.refresh_from_db()
    assert case.state == CaseState.CARRIED_OUT
    assert Order.objects.get().stage == Stage.ALLOCATED


def test_a_day_that_passes_opens_the_case_again(
    short: Maker, tea: Sku, hangzhou: Warehouse
) -> None:
    coming(tea, hangzhou, 9)
    case = short()
    choose({case.pk: Chosen("WAIT")}, by=TESTER, now=NOW)
    look_after(by=TESTER, now=NOW + timedelta(days=8))
    case.refresh_from_db()
    assert (case.state, case.broken) == (CaseState.OPEN, 1)
    assert Item.objects.open().get().kind == "SHORT"


def test_other_goods_take_the_place_and_are_reserved_at_once(
    short: Maker, black: Sku, shelf: Shelf
) -> None:
    shelf(black, 9)
    case = short()
    choose({case.pk: Chosen(f"SWAP-{black.pk}")}, by=TESTER, now=NOW)
    order, line = Order.objects.get(), Line.objects.get()
    assert (order.stage, order.total_fen) == (Stage.ALLOCATED, 19800)
    assert (line.sku, line.total_fen, line.sub_order) == (black, 19800, "T00000000-1")
    assert Reservation.objects.get().sku == black
    due = Item.objects.open().get(kind="REFUND_DUE")
    assert (due.kind, due.facts["amount"]) == ("REFUND_DUE", "¥58.00")
    assert not list(differences())
    case.refresh_from_db()
    assert case.state == CaseState.CARRIED_OUT


def test_dearer_goods_are_paid_first(short: Maker, tea: Sku, bag: Sku, shelf: Shelf) -> None:
    with entry("test.setup", by=TESTER):
        Substitute.objects.create(sku=tea, instead=bag)
    shelf(bag, 9)
    case = short(**own())
    choose({case.pk: Chosen(f"SWAP-{bag.pk}")}, by=TESTER, now=NOW)
    order = Order.objects.get()
    assert (order.stage, order.total_fen - order.paid_fen) == (Stage.UNPAID, 2 * (39900 - 12800))
    assert not Reservation.objects.exists()
    assert not Shortage.objects.exists()
    assert Item.objects.open().get().kind == "UNPAID"


def test_what_is_there_goes_now_and_the_rest_follows(
    short: Maker, tea: Sku, hangzhou: Warehouse, shelf: Shelf
) -> None:
    shelf(tea, 4)  # one is free
    coming(tea, hangzhou, 9)
    case = short()
    choose({case.pk: Chosen("PART")}, by=TESTER, now=NOW)
    assert Order.objects.get().stage == Stage.ALLOCATED
    assert (Reservation.objects.get().quantity, Rest.objects.get().quantity) == (1, 1)
    assert not list(differences())
    shelf(tea, 1)
    assert serve_rests(by=TESTER, now=NOW) == 1
    assert (Reservation.objects.get().quantity, Rest.objects.count()) == (2, 0)
    case.refresh_from_db()
    assert case.state == CaseState.CARRIED_OUT
    assert not list(differences())


def test_what_is_there_goes_now_and_the_rest_is_refunded(
    short: Maker, tea: Sku, shelf: Shelf
) -> None:
    shelf(tea, 4)
    case = short()
    assert offered(case)["PART-REFUND"].difference_fen == -12800
    choose({case.pk: Chosen("PART-REFUND")}, by=TESTER, now=NOW)
    order, line = Order.objects.get(), Line.objects.get()
    assert (order.stage, order.total_fen, line.quantity) == (Stage.ALLOCATED, 12800, 1)
    assert Reservation.objects.get().quantity == 1
    assert Item.objects.open().get(kind="REFUND_DUE").facts["amount"] == "¥128.00"
    assert not list(differences())


def test_everything_is_refunded(short: Maker) -> None:
    case = short()
    choose({case.pk: Chosen("CANCEL")}, by=TESTER, now=NOW)
    assert Order.objects.get().stage == Stage.CANCELLED
    assert Item.objects.open().get().facts["amount"] == "¥256.00"


def test_a_choice_that_cannot_be_carried_out_any_more_changes_nothing(
    short: Maker, black: Sku, hangzhou: Warehouse, shelf: Shelf
) -> None:
    shelf(black, 9)
    case = short()
    adjust([Goods(black.pk, -6)], hangzhou, by=TESTER, why="破损")
    entries = Entry.objects.count()
    with pytest.raises(CannotBeKept, match="订走"):
        choose({case.pk: Chosen(f"SWAP-{black.pk}")}, by=TESTER, now=NOW)
    assert Entry.objects.count() == entries
    assert Order.objects.get().stage == Stage.SHORT


def test_a_settled_case_is_not_settled_twice(short: Maker) -> None:
    case = short()
    choose({case.pk: Chosen("CANCEL")}, by=TESTER, now=NOW)
    with pytest.raises(NothingToOffer):
        choose({case.pk: Chosen("CANCEL")}, by=TESTER, now=NOW)


def test_the_customer_is_asked_and_the_answer_is_carried_out(
    short: Maker, tea: Sku, hangzhou: Warehouse, wang: Person
) -> None:
    coming(tea, hangzhou, 9)
    case = short()
    message = ask(ShortageCase.objects.filter(pk=case.pk), "PHONE", by=wang, now=NOW).get()
    case.refresh_from_db()
    assert case.state == CaseState.ASKED
    assert [each["code"] for each in message.choices] == ["WAIT", "CANCEL"]
    waiting = Item.objects.open().get()
    assert (waiting.kind, waiting.due_at) == ("CHOICE", case.due_at)
    desk.answer(Message.objects.filter(pk=message.pk), "WAIT", by=wang, now=NOW, words="可以等")
    case.refresh_from_db()
    assert case.state == CaseState.WAITING
    assert not Item.objects.open().exists()


def test_an_answer_that_cannot_be_kept_is_refused_and_asked_anew(
    short: Maker, tea: Sku, hangzhou: Warehouse, wang: Person
) -> None:
    coming(tea, hangzhou, 9)
    case = short()
    message = ask(ShortageCase.objects.filter(pk=case.pk), "PHONE", by=wang, now=NOW).get()
    coming(tea, hangzhou, 9, days=20)  # it comes later than was said
    with pytest.raises(CannotBeKept):
        desk.answer(Message.objects.filter(pk=message.pk), "WAIT", by=wang, now=NOW)
    message.refresh_from_db()
    assert message.state == "SENT"
    assert look_after(by=TESTER, now=NOW) == 1
    message.refresh_from_db()
    case.refresh_from_db()
    assert (message.state, case.state) == ("WITHDRAWN", CaseState.OPEN)
    assert Item.objects.open().get().kind == "SHORT"


def test_goods_that_come_take_the_question_back(
    short: Maker, tea: Sku, shelf: Shelf, wang: Person
) -> None:
    case = short()
    message = ask(ShortageCase.objects.filter(pk=case.pk), "PHONE", by=wang, now=NOW).get()
    shelf(tea, 9)
    reserve_next(by=TESTER, now=NOW)
    message.refresh_from_db()
    assert message.state == "WITHDRAWN"
    assert not Item.objects.open().exists()


def test_it_costs_the_same_for_many(make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse) -> None:
    coming(tea, hangzhou, 5000)
    counts = []
    for number in (1, 1, 300):  # the first remembers who the merchant is
        orders = make_orders(number, stage=Stage.READY)
        reserve_next(by=TESTER, now=NOW)
        cases = ShortageCase.objects.filter(order__in=orders)
        with CaptureQueriesContext(connection) as queries:
            ask(cases, "PHONE", by=TESTER, now=NOW)
            choose(
                {pk: Chosen("WAIT") for pk in cases.values_list("pk", flat=True)},
                by=TESTER,
                now=NOW,
            )
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_expected_goods_arrive_and_are_known_by_their_number(tea: Sku, hangzhou: Warehouse) -> None:
    coming(tea, hangzhou, 9)
    coming(tea, hangzhou, 8)
    assert Expected.objects.get().quantity == 8
    receive([Goods(tea.pk, 1)], hangzhou, by=TESTER)


def test_what_lies_in_two_warehouses_goes_in_two_parcels(
    make_orders: OrderMaker, tea: Sku, bag: Sku, foshan: Warehouse, shelf: Shelf
) -> None:
    shelf(tea, 20)
    shelf(bag, 9, foshan)
    orders = make_orders(1)
    with entry("test.setup", by=TESTER):
        Line.objects.create(
            order=orders.get(),
            position=2,
            sku=bag,
            title="包",
            quantity=1,
            price_fen=0,
            total_fen=0,
        )
        orders.update(stage=Stage.READY)
    reserve_next(by=TESTER, now=NOW)
    case = ShortageCase.objects.get()
    assert "PARCELS" in offered(case)
    choose({case.pk: Chosen("PARCELS")}, by=TESTER, now=NOW)
    places = set(Reservation.objects.values_list("warehouse__code", flat=True))
    assert places == {"HZ", "FS"}
    assert not Rest.objects.exists()
    case.refresh_from_db()
    assert case.state == CaseState.CARRIED_OUT
    assert not list(differences())


def test_sending_what_is_there_costs_the_same_for_one_and_for_300(
    make_orders: OrderMaker, bag: Sku, shelf: Shelf
) -> None:
    counts = []
    for number in (1, 300):
        orders = make_orders(number, stage=Stage.READY)
        beside(orders, bag)
        reserve(orders, by=TESTER, now=NOW)
        shelf(bag, number + bag.safety_stock)
        with CaptureQueriesContext(connection) as queries:
            serve_part(orders, by=TESTER, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]
