import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import OrderMaker, person
from gendan.journal.actors import Customer
from gendan.journal.models import Entry
from gendan.orders.actions import (
    NewPayment,
    confirm,
    pay,
    place,
    read_again,
    send_confirmation,
)
from gendan.orders.actions.check import (
    NewMark,
    NotAsked,
    NothingWrong,
    NotSettled,
    SamePerson,
    check,
    mark,
    unmark,
)
from gendan.orders.actions.checklist import (
    CannotAsk,
    save_check_item,
    save_check_rule,
    switch_checks,
)
from gendan.orders.actions.correct import correct
from gendan.orders.actions.send_confirmation import Way
from gendan.orders.answering import Heard
from gendan.orders.checking import Progress, progress_of
from gendan.orders.checklists import ITEMS, RULES, install_checklist
from gendan.orders.finding import order_finder
from gendan.orders.models import Answer, Check, CheckItem, CheckRule, Confirmation, Order
from gendan.orders.move import WrongStage
from gendan.orders.receivers import Receiver
from gendan.orders.stages import Source, Stage
from gendan.orders.tests.conftest import NOW, Asked
from gendan.people.models import Person
from gendan.people.permissions import Role
from gendan.worklist.models import Item, Kind

DEAR = "total >= 200"


@pytest.fixture(autouse=True)
def checklist(wang: Person) -> None:
    install_checklist(by=wang)


@pytest.fixture
def sun(db: None) -> Person:
    """Another service agent."""
    return person("sun", "孙二验", Role.SERVICE)


@pytest.fixture
def unheard(asked: Asked, wang: Person) -> Order:
    """Cash on delivery, and nobody has read it to the customer."""
    placed = place([asked(is_cod=True)], by=wang, now=NOW)
    return read_again(placed, by=wang, now=NOW, heard=False).get()


@pytest.fixture
def dear(zhao: Person) -> CheckRule:
    """What costs 200 yuan is checked by two."""
    return save_check_rule(CheckRule(code="DEAR", name="贵", expression=DEAR), by=zhao)


def progress(order: Order) -> Progress:
    return progress_of(Order.objects.numbered([order.pk]))[order.pk]


def tick_all(order: Order, by: Person) -> None:
    items = progress(order).open_items
    mark([NewMark(order.pk, one.item.pk) for one in items], by=by, now=NOW)


def test_the_list_depends_on_the_order(unheard: Order, make_orders: OrderMaker) -> None:
    asked = {one.item.code: one.content for one in progress(unheard).items}
    bought = {one.item.code for one in progress(make_orders(1).get()).items}

    assert set(asked) == {"RECEIVER", "PHONE", "ADDRESS", "GOODS", "AMOUNT", "COD"}
    assert asked["GOODS"] == "汝窑品茗杯 × 2"
    assert "COD" not in bought


def test_what_is_said_names_the_orders_own_values(unheard: Order) -> None:
    said = {one.item.code: one.say for one in progress(unheard).items}

    assert "¥200.00" in said["COD"]


def test_ticked_items_stay_ticked_until_the_order_says_something_else(
    unheard: Order, wang: Person
) -> None:
    tick_all(unheard, wang)
    assert not progress(unheard).open_items

    correct({unheard.pk: Receiver(name="林二诺")}, by=wang)

    assert [one.item.code for one in progress(unheard).open_items] == ["RECEIVER"]


def test_what_was_wrong_and_is_changed_counts_as_corrected(unheard: Order, wang: Person) -> None:
    receiver = progress(unheard).items[0].item
    mark([NewMark(unheard.pk, receiver.pk, is_right=False, words="叫林二诺")], by=wang, now=NOW)
    with pytest.raises(NotSettled):
        check(Order.objects.all(), by=wang, now=NOW)

    correct({unheard.pk: Receiver(name="林二诺")}, by=wang)
    mark([NewMark(unheard.pk, receiver.pk)], by=wang, now=NOW)

    assert progress(unheard).items[0].mark == "CORRECTED"


def test_wrong_needs_words(unheard: Order, wang: Person) -> None:
    receiver = progress(unheard).items[0].item
    with pytest.raises(NothingWrong):
        mark([NewMark(unheard.pk, receiver.pk, is_right=False)], by=wang, now=NOW)


def test_what_was_read_must_still_stand_there(unheard: Order, wang: Person) -> None:
    receiver = progress(unheard).items[0]
    correct({unheard.pk: Receiver(name="林二诺")}, by=wang)

    with pytest.raises(NotAsked):
        mark([NewMark(unheard.pk, receiver.item.pk, seen=receiver.content)], by=wang, now=NOW)


def test_a_tick_is_taken_back(unheard: Order, wang: Person) -> None:
    tick_all(unheard, wang)
    item = progress(unheard).items[0].item

    assert unmark(Order.objects.all(), item.pk, by=wang) == 1
    assert [one.item for one in progress(unheard).open_items] == [item]


def test_a_finished_check_is_the_customers_word(unheard: Order, wang: Person) -> None:
    tick_all(unheard, wang)

    order = check(Order.objects.all(), by=wang, now=NOW, words="没问题").get()

    assert order.stage == Stage.SCREENING
    word = Confirmation.objects.get()
    assert (word.answer, word.words, word.answered_at) == (Answer.CONFIRMED, "没问题", NOW)
    assert Check.objects.get().by == wang
    assert Entry.objects.get(verb="order.checked").actor_name == wang.name


def test_open_items_keep_it_from_being_finished(unheard: Order, wang: Person) -> None:
    with pytest.raises(NotSettled):
        check(Order.objects.all(), by=wang, now=NOW)

    assert not Check.objects.exists()
    assert Order.objects.get().stage == Stage.UNCONFIRMED


def test_what_two_must_check_waits_for_the_second(
    unheard: Order, dear: CheckRule, wang: Person, sun: Person
) -> None:
    tick_all(unheard, wang)
    assert check(Order.objects.all(), by=wang, now=NOW).get().stage == Stage.UNCONFIRMED
    assert progress(unheard).round == 2

    with pytest.raises(SamePerson):
        tick_all(unheard, wang)
    tick_all(unheard, sun)

    assert check(Order.objects.all(), by=sun, now=NOW).get().stage == Stage.SCREENING
    assert [each.by for each in Check.objects.order_by("round")] == [wang, sun]


def test_the_word_alone_is_no_check(unheard: Order, dear: CheckRule, wang: Person) -> None:
    order = confirm(Order.objects.all(), by=wang, now=NOW).get()

    assert order.stage == Stage.UNCONFIRMED
    assert Confirmation.objects.get().answer == Answer.CONFIRMED


def test_a_customer_who_confirms_their_document_has_checked_it(
    unheard: Order, wang: Person, zhao: Person
) -> None:
    save_check_rule(CheckRule(code="ONE", name="核", expression=DEAR, rounds=1), by=zhao)
    send_confirmation(Order.objects.all(), by=wang, now=NOW, way=Way("PRINT"))
    sent = Confirmation.objects.get()

    by = Customer("林一诺")
    order = confirm(Order.objects.all(), by=by, now=NOW, heard=Heard(documents=[sent.pk])).get()

    assert order.stage == Stage.SCREENING
    assert Check.objects.get().by is None


def test_a_change_makes_it_unchecked_again(
    unheard: Order, dear: CheckRule, wang: Person, sun: Person
) -> None:
    for clerk in (wang, sun):
        tick_all(unheard, clerk)
        check(Order.objects.all(), by=clerk, now=NOW)
    found = Order.objects.filter(order_finder.q("unchecked = yes", now=timezone.now()))
    assert not found.exists()

    correct({unheard.pk: Receiver(name="林二诺")}, by=wang)

    assert found.exists()


def test_reading_back_on_the_phone_is_the_first_check(
    asked: Asked, dear: CheckRule, wang: Person
) -> None:
    placed = place([asked(is_cod=True)], by=wang, now=NOW)

    order = read_again(placed, by=wang, now=NOW).get()

    assert order.stage == Stage.UNCONFIRMED
    assert progress(order).round == 2


def test_orders_past_checking_are_refused(make_orders: OrderMaker, wang: Person) -> None:
    order = make_orders(1, stage=Stage.READY).get()
    with pytest.raises(WrongStage):
        tick_all(order, wang)


def test_a_rule_that_asks_what_it_decides_is_refused(zhao: Person) -> None:
    with pytest.raises(CannotAsk):
        save_check_rule(CheckRule(code="X", name="X", expression="unchecked = yes"), by=zhao)


def test_a_condition_that_cannot_be_read_is_refused(zhao: Person) -> None:
    item = CheckItem(code="X", name="X", content="{收件人}", say="…", expression="total > >")
    with pytest.raises(CannotAsk):
        save_check_item(item, by=zhao)


def test_items_are_switched_off(unheard: Order, zhao: Person) -> None:
    switch_checks(CheckItem.objects.filter(code="COD"), False, by=zhao)

    assert "COD" not in {one.item.code for one in progress(unheard).items}


def test_the_built_in_ones_can_be_read_and_come_once(zhao: Person) -> None:
    assert install_checklist(by=zhao) == 0
    for one in (*ITEMS, *RULES):
        order_finder.check(one.expression)


def test_marking_costs_the_same_for_1_and_for_300(make_orders: OrderMaker, wang: Person) -> None:
    def cost(number: int) -> int:
        orders = make_orders(number, stage=Stage.UNCONFIRMED, source=Source.PHONE)
        found = progress_of(orders)
        marks = [NewMark(pk, one.item.pk) for pk, told in found.items() for one in told.items]
        with CaptureQueriesContext(connection) as counted:
            mark(marks, by=wang, now=NOW)
            check(orders, by=wang, now=NOW)
        return len(counted)

    cost(1)
    assert cost(1) == cost(300)


def test_what_is_paid_waits_for_its_check(
    asked: Asked, dear: CheckRule, wang: Person, sun: Person
) -> None:
    order = read_again(place([asked()], by=wang, now=NOW), by=wang, now=NOW).get()
    assert order.stage == Stage.UNPAID

    order = pay([NewPayment(order.pk, "CASH", order.total_fen)], by=wang, now=NOW).get()
    assert order.stage == Stage.UNCONFIRMED
    assert Item.objects.open().get(kind=Kind.UNCONFIRMED).subject_id == order.pk

    tick_all(order, sun)
    assert check(Order.objects.all(), by=sun, now=NOW).get().stage == Stage.SCREENING
    assert not Item.objects.open().exists()


def test_what_the_customer_wrote_on_a_platform_does_not_wait_here(
    make_orders: OrderMaker, dear: CheckRule, wang: Person
) -> None:
    order = make_orders(1, stage=Stage.UNPAID, paid_fen=0, paid_at=None).get()

    paid = pay([NewPayment(order.pk, "PLATFORM", order.total_fen)], by=wang, now=NOW).get()

    assert paid.stage == Stage.SCREENING


def test_a_new_customer_is_one_who_bought_nothing_else(
    asked: Asked, wang: Person, unheard: Order
) -> None:
    new = Order.objects.filter(order_finder.q("new_customer = yes", now=timezone.now()))
    assert new.get() == unheard

    place([asked()], by=wang, now=NOW)

    assert not new.exists()


def test_a_word_that_was_given_before_is_not_noted_twice(
    unheard: Order, dear: CheckRule, wang: Person, sun: Person
) -> None:
    confirm(Order.objects.all(), by=wang, now=NOW)
    for clerk in (wang, sun):
        tick_all(unheard, clerk)
        check(Order.objects.all(), by=clerk, now=NOW)

    assert Confirmation.objects.count() == 1
    assert Order.objects.get().stage == Stage.SCREENING
