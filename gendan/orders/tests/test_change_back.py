"""Changing back: what was carried out is asked for in reverse, and decided on like any other."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker, make_sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions.amend import NewAmendment, WrongState, confirm, decline, request
from gendan.orders.actions.change_back import change_back
from gendan.orders.amending import wanted as want
from gendan.orders.amending.rules import BeyondAuthority
from gendan.orders.amending.sheet import CannotAmend
from gendan.orders.amending.snapshot import Snapshot, snapshots
from gendan.orders.amending.wanted import Action
from gendan.orders.models import Amendment, Order, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind

PLACE = "浙江省杭州市西湖区北山街道示例路8号3幢502室"
SOON = (timezone.now() + timedelta(days=5)).date()


def amend(order: Order, *wanted: Action, by: Person) -> Amendment:
    asked = request([NewAmendment(order.pk, wanted)], by=by, now=timezone.now())
    return confirm(asked, by=by, now=timezone.now()).get()


def undo(done: Amendment, by: Person) -> Amendment:
    """Change it back, looking at it as a clerk does."""
    chosen = Amendment.objects.filter(pk=done.pk)
    return confirm(change_back(chosen, by=by, now=timezone.now()), by=by, now=timezone.now()).get()


def said(order: Order) -> Snapshot:
    """What an order says, wherever it stands and however its goods are called and numbered."""
    told = snapshots([order.pk])[order.pk] | {"stage": ""}
    lines = [{**line, "position": 0, "title": "", "specification": ""} for line in told["lines"]]
    return {**told, "lines": sorted(lines, key=str)}


@pytest.fixture
def order(make_orders: OrderMaker) -> Order:
    make_sku("BAG-01", "亚麻茶席", 5000)
    return make_orders(1, stage=Stage.READY).get()


@pytest.mark.parametrize(
    "wanted",
    [
        [want.SetQuantity(line=1, quantity=1)],
        [want.SetQuantity(line=1, quantity=5)],
        [want.ReplaceSku(line=1, sku="BAG-01")],
        [
            want.ReplaceSku(line=1, sku="BAG-01", price_fen=100),
            want.SetQuantity(line=1, quantity=7),
        ],
        [want.AddLine(sku="BAG-01", quantity=3)],
        [want.AddLine(sku="BAG-01"), want.DropLine(line=1)],
        [want.SetPrice(line=1, price_fen=9900, discount_fen=300)],
        [
            want.SetPrice(line=1, price_fen=9900, discount_fen=301),
            want.SetQuantity(line=1, quantity=1),
        ],
        [want.SetDiscount(fen=500), want.SetPostage(fen=1200)],
        [want.ReceiverName(name="许青禾"), want.Contact(phone="13900000009")],
        [want.AnotherPlace(text=PLACE)],
        [want.Remark(of="buyer", text="请放门口"), want.Remark(of="warehouse", text="两层气泡膜")],
        [want.SellerRemark(text="老客户"), want.WishedCarrier(carrier="顺丰")],
        [want.WishOn(on=SOON)],
        [want.Instructions(wanted=(want.InstructionWanted(code="GIFT_WRAP"),))],
    ],
    ids=lambda wanted: "+".join(action.action for action in wanted),
)
def test_the_order_says_again_what_it_said(
    order: Order, zhao: Person, wanted: list[Action]
) -> None:
    before = said(order)
    done = amend(order, *wanted, by=zhao)
    assert said(order) != before

    back = undo(done, zhao)

    assert said(order) == before
    assert (back.undoes, back.version) == (done, 3)


def test_it_waits_to_be_decided_like_any_other(order: Order, wang: Person) -> None:
    done = amend(order, want.SetQuantity(line=1, quantity=1), by=wang)

    asked = change_back(
        Amendment.objects.all(), by=wang, now=timezone.now(), why="又想要两只"
    ).get()

    assert (asked.state, asked.undoes, asked.owner) == ("REQUESTED", done, wang)
    assert order.lines.get().quantity == 1
    assert Item.objects.open().get(kind=Kind.AMENDMENT).subject_id == asked.pk
    assert Entry.objects.filter(verb="amendment.requested", why="又想要两只").exists()


def test_an_invoice_goes_back_to_whom_it_was_for_but_never_to_nobody(
    order: Order, wang: Person
) -> None:
    first = amend(order, want.InvoiceTo(title="山茶记"), by=wang)
    second = amend(order, want.InvoiceTo(title="青禾茶社", tax_number="91330100X"), by=wang)

    undo(second, wang)

    order.refresh_from_db()
    assert (order.invoice.title, order.invoice.tax_number) == ("山茶记", "")
    with pytest.raises(CannotAmend):
        change_back(Amendment.objects.filter(pk=first.pk), by=wang, now=timezone.now())


def test_what_was_changed_again_since_is_not_changed_back(order: Order, wang: Person) -> None:
    first = amend(order, want.SetQuantity(line=1, quantity=1), by=wang)
    amend(order, want.SetQuantity(line=1, quantity=4), by=wang)

    with pytest.raises(CannotAmend):
        change_back(Amendment.objects.filter(pk=first.pk), by=wang, now=timezone.now())

    assert Amendment.objects.count() == 2


def test_it_is_changed_back_once(order: Order, wang: Person) -> None:
    done = Amendment.objects.filter(
        pk=amend(order, want.SetQuantity(line=1, quantity=1), by=wang).pk
    )
    waiting = change_back(done, by=wang, now=timezone.now())
    with pytest.raises(WrongState):
        change_back(done, by=wang, now=timezone.now())

    decline(waiting, by=wang, now=timezone.now(), why="算了")
    undo(done.get(), wang)

    with pytest.raises(CannotAmend):
        change_back(done, by=wang, now=timezone.now())


def test_what_was_not_carried_out_is_not_changed_back(order: Order, wang: Person) -> None:
    asked = request(
        [NewAmendment(order.pk, [want.SetQuantity(line=1, quantity=1)])],
        by=TESTER,
        now=timezone.now(),
    )
    with pytest.raises(WrongState):
        change_back(asked, by=wang, now=timezone.now())


@pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.CANCELLED])
def test_an_order_that_is_over_stays_as_it_is(order: Order, wang: Person, stage: Stage) -> None:
    amend(order, want.SetQuantity(line=1, quantity=1), by=wang)
    with entry("order.completed", by=TESTER):
        Order.objects.update(stage=stage)
    with pytest.raises(CannotAmend):
        change_back(Amendment.objects.all(), by=wang, now=timezone.now())
    assert Amendment.objects.count() == 1


def test_an_old_price_below_the_floor_waits_for_a_supervisor(
    make_orders: OrderMaker, wang: Person, zhao: Person
) -> None:
    sku = make_sku("CUP-01", "汝窑品茗杯", 10000, floor_fen=20000)
    order = make_orders(1, sku=sku, stage=Stage.READY).get()
    amend(order, want.SetPrice(line=1, price_fen=21000), by=wang)

    asked = change_back(Amendment.objects.all(), by=wang, now=timezone.now())

    with pytest.raises(BeyondAuthority):
        confirm(asked, by=wang, now=timezone.now())
    assert confirm(asked, by=zhao, now=timezone.now()).get().version == 3


def test_one_and_three_hundred_take_the_same_statements(
    make_orders: OrderMaker, wang: Person
) -> None:
    _first, one, many = (_statements(make_orders(number), wang) for number in (1, 1, 300))
    assert one == many


def _statements(orders: OrderQuerySet, wang: Person) -> int:
    now = timezone.now()
    news = [NewAmendment(order.pk, [want.SetQuantity(line=1, quantity=1)]) for order in orders]
    done = confirm(request(news, by=wang, now=now), by=wang, now=now)
    with CaptureQueriesContext(connection) as found:
        change_back(done, by=wang, now=now)
    return len(found)


def test_one_click_leads_to_the_preview(client: Client, order: Order, wang: Person) -> None:
    done = amend(order, want.SetQuantity(line=1, quantity=1), by=wang)
    client.force_login(wang)
    assert f"/amendments/{done.number}/back" in _page(client, done)

    answer = client.post(f"/amendments/{done.number}/back", follow=True)

    asked = Amendment.objects.get(undoes=done)
    assert answer.redirect_chain[-1][0] == f"/amendments/{asked.number}/"
    assert answer.context["preview"].after["lines"][0]["quantity"] == 2
    assert done.number in answer.content.decode()
    assert asked.number in _page(client, done)
    assert f"/amendments/{done.number}/back" not in _page(client, done)


def test_a_refusal_is_said_where_it_was_clicked(client: Client, order: Order, wang: Person) -> None:
    done = amend(order, want.InvoiceTo(title="山茶记"), by=wang)
    client.force_login(wang)

    answer = client.post(f"/amendments/{done.number}/back", follow=True)

    assert answer.redirect_chain[-1][0] == f"/amendments/{done.number}/"
    assert "发票" in answer.content.decode()


def test_strangers_and_packers_change_nothing_back(
    client: Client, order: Order, wang: Person, stranger: Person, chen: Person
) -> None:
    done = amend(order, want.SetQuantity(line=1, quantity=1), by=wang)
    for person, status in ((stranger, 404), (chen, 403)):
        client.force_login(person)
        assert client.post(f"/amendments/{done.number}/back").status_code == status
    assert Amendment.objects.count() == 1


def _page(client: Client, amendment: Amendment) -> str:
    return client.get(f"/amendments/{amendment.number}/").content.decode()
