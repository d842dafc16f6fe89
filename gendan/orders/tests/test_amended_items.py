"""What the customer called wrong in the check is corrected by the change of the order itself."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER
from gendan.journal.models import Change, Entry
from gendan.orders.actions import place, read_again
from gendan.orders.actions.amend import (
    NewAmendment,
    confirm,
    decline,
    preview,
    request,
    withdraw,
)
from gendan.orders.actions.check import NewMark, mark
from gendan.orders.amended_goods import complete
from gendan.orders.amended_items import correct
from gendan.orders.amending.following import FOLLOWERS, Moment
from gendan.orders.amending.sheet import CannotAmend
from gendan.orders.amending.wanted import Action, ReceiverName, SellerRemark
from gendan.orders.checking import Asked as Item
from gendan.orders.checking import progress_of
from gendan.orders.checklists import install_checklist
from gendan.orders.models import Amendment, AmendmentQuerySet, Mark, Order, OrderQuerySet, Tick
from gendan.orders.tests.conftest import NOW, Asked
from gendan.people.models import Person

RIGHT = ReceiverName(name="林二诺")


@pytest.fixture
def unheard(asked: Asked, wang: Person) -> Order:
    """Cash on delivery; the customer says that the receiver is called otherwise."""
    install_checklist(by=wang)
    order = read_again(
        place([asked(is_cod=True)], by=wang, now=NOW), by=wang, now=NOW, heard=False
    ).get()
    call_wrong(Order.objects.all(), wang)
    return order


def receiver(order: Order) -> Item:
    progress = progress_of(Order.objects.numbered([order.pk]))[order.pk]
    return next(one for one in progress.items if one.item.code == "RECEIVER")


def call_wrong(orders: OrderQuerySet, by: Person) -> None:
    marks = [
        NewMark(order.pk, receiver(order).item.pk, is_right=False, words="叫林二诺")
        for order in orders
    ]
    mark(marks, by=by, now=NOW)


def ask(order: Order, *wanted: Action, by: Person) -> AmendmentQuerySet:
    corrects = [receiver(order).item.pk]
    news = [NewAmendment(order.pk, wanted or [RIGHT], corrects=corrects)]
    return request(news, by=by, now=timezone.now())


def test_confirming_it_ticks_the_item_as_corrected(unheard: Order, wang: Person) -> None:
    asked = ask(unheard, by=wang)
    assert receiver(unheard).mark == Mark.WRONG
    assert receiver(unheard).correction == asked.get()

    done = confirm(asked, by=wang, now=timezone.now()).get()

    found = receiver(unheard)
    assert (found.mark, found.correction, found.content) == (Mark.CORRECTED, done, "林二诺")
    assert {"kind": "CORRECTED", "facts": {"item": "RECEIVER"}} in done.consequences
    ticked = Change.objects.filter(entry__verb="order.amended", subject__name="orders_tick")
    assert ticked.exists()


def test_the_preview_says_so_and_ticks_nothing(unheard: Order, wang: Person) -> None:
    asked = ask(unheard, by=wang)

    found = preview(asked, by=wang, now=timezone.now())[asked.get().pk]

    assert "CORRECTED" in [one.kind for one in found.consequences]
    assert receiver(unheard).mark == Mark.WRONG


def test_what_says_the_same_afterwards_is_still_wrong(unheard: Order, wang: Person) -> None:
    confirm(ask(unheard, SellerRemark(text="老客户"), by=wang), by=wang, now=timezone.now())
    assert receiver(unheard).mark == Mark.WRONG


def test_what_is_not_carried_out_waits_for_another_change(unheard: Order, wang: Person) -> None:
    decline(ask(unheard, by=wang), by=wang, now=timezone.now(), why="太晚")
    assert Tick.objects.get().amendment is None
    withdraw(ask(unheard, by=wang), by=wang, now=timezone.now())
    assert Tick.objects.get().amendment is None
    confirm(ask(unheard, by=wang), by=wang, now=timezone.now())
    assert receiver(unheard).mark == Mark.CORRECTED


def test_an_item_is_corrected_once(unheard: Order, wang: Person) -> None:
    ask(unheard, by=wang)
    with pytest.raises(CannotAmend):
        ask(unheard, by=wang)
    assert Amendment.objects.count() == 1


def test_only_what_is_wrong_is_corrected(unheard: Order, wang: Person) -> None:
    mark([NewMark(unheard.pk, receiver(unheard).item.pk)], by=wang, now=NOW)
    with pytest.raises(CannotAmend):
        ask(unheard, by=wang)
    assert not Amendment.objects.exists()


def test_one_and_many_take_the_same_statements(asked: Asked, wang: Person) -> None:
    install_checklist(by=wang)
    _first, one, many = (_statements(asked, number, wang) for number in (1, 1, 30))
    assert one == many


def _statements(asked: Asked, number: int, wang: Person) -> int:
    placed = place([asked(is_cod=True) for _n in range(number)], by=wang, now=NOW)
    orders = read_again(placed, by=wang, now=NOW, heard=False)
    call_wrong(orders, wang)
    news = [NewAmendment(one.pk, [RIGHT], corrects=[receiver(one).item.pk]) for one in orders]
    with CaptureQueriesContext(connection) as found:
        confirm(request(news, by=wang, now=NOW), by=wang, now=NOW)
    return len(found)


def test_the_pages_lead_from_the_check_to_the_change_and_back(
    client: Client, unheard: Order, wang: Person
) -> None:
    client.force_login(wang)
    item, check = receiver(unheard).item, f"/orders/{unheard.number}/check"
    link = f"/orders/{unheard.number}/amend?item={item.pk}"
    assert link in client.get(check).content.decode()
    form = client.get(link)
    assert (form.context["values"]["words"], form.context["values"]["cause"]) == (
        "叫林二诺",
        "OURS",
    )

    client.post(link, {**form.context["values"], "item": item.pk, "receiver_name": "林二诺"})

    made = Amendment.objects.get()
    assert f"/amendments/{made.number}/" in client.get(check).content.decode()
    page = client.get(f"/amendments/{made.number}/")
    assert "叫林二诺" in page.content.decode()
    answer = client.post(
        f"/amendments/{made.number}/confirm", {"seen": page.context["preview"].digest}
    )
    assert answer["Location"] == check
    assert made.number in client.get(check).content.decode()
    assert receiver(unheard).mark == Mark.CORRECTED


def test_who_says_what_stays_readable(unheard: Order, wang: Person) -> None:
    confirm(ask(unheard, by=wang), by=wang, now=timezone.now())
    tick = Tick.objects.get(mark=Mark.CORRECTED)
    assert (tick.words, tick.by) == ("叫林二诺", wang)
    assert not Entry.objects.filter(verb="order.item_unchecked", actor_name=TESTER.actor_name)


def test_gifts_are_there_before_an_item_says_what_the_goods_are() -> None:
    followers = FOLLOWERS[Moment.MOVED]
    assert followers.index(complete) < followers.index(correct)
