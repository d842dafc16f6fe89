"""The pages on which orders are changed."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from conftest import OrderMaker
from gendan.catalog.models import Sku
from gendan.orders.actions.amend import NewAmendment, confirm, request
from gendan.orders.amending.wanted import Action, SetQuantity
from gendan.orders.models import Amendment, Order
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind

PLACE = "浙江省杭州市西湖区北山街道示例路8号3幢502室"
SignedIn = Callable[[Person], Client]


@pytest.fixture
def order(make_orders: OrderMaker) -> Order:
    return make_orders(1).get()


@pytest.fixture
def desk(client: Client, wang: Person) -> Client:
    client.force_login(wang)
    return client


def typed(order: Order, **more: str) -> dict[str, str]:
    """Return the form as it stands, with something typed."""
    return {
        "asked_by": "CUSTOMER",
        "cause": "MIND",
        "quantity_1": "2",
        "price_1": "128.00",
        "discount": "0.00",
        "postage": "0.00",
        **more,
    }


def ask(order: Order, by: Person, *wanted: Action) -> Amendment:
    wishes = wanted or (SetQuantity(line=1, quantity=1),)
    return request([NewAmendment(order.pk, wishes)], by=by, now=timezone.now()).get()


def test_the_order_leads_to_its_change(desk: Client, order: Order) -> None:
    page = desk.get(f"/orders/{order.number}/").content.decode()
    assert f"/orders/{order.number}/amend" in page


def test_the_form_shows_the_order_and_hides_the_person(desk: Client, order: Order) -> None:
    page = desk.get(f"/orders/{order.number}/amend").content.decode()
    assert "TEA-01" in page
    assert "13900000001" not in page


def test_what_is_typed_is_wanted(desk: Client, order: Order, bag: Sku) -> None:
    answer = desk.post(
        f"/orders/{order.number}/amend",
        typed(
            order,
            quantity_1="3",
            new_sku_1="bag-01",
            receiver_phone="13900000008",
            address=PLACE,
            warehouse_remark="轻放",
            words="多要一罐",
        ),
    )

    asked = Amendment.objects.get()
    assert answer.headers["Location"] == f"/amendments/{asked.number}/"
    assert [one["action"] for one in asked.wanted] == [
        *("SET_QUANTITY", "ADD_LINE", "CONTACT", "ADDRESS", "REMARK")
    ]
    assert (asked.words, asked.requested_by) == ("多要一罐", "王小满")


@pytest.mark.parametrize(
    "wrong",
    [
        *({}, {"quantity_1": "0"}, {"price_1": "gratis"}, {"new_sku_1": "nobody"}),
        *({"address": "火星"}, {"wish_on": "2026-02-30"}),
    ],
)
def test_what_does_not_fit_comes_back_with_what_was_typed(
    desk: Client, order: Order, wrong: dict[str, str]
) -> None:
    answer = desk.post(f"/orders/{order.number}/amend", typed(order, words="原话", **wrong))
    assert answer.status_code == 422
    assert "原话" in answer.content.decode()
    assert not Amendment.objects.exists()


def test_who_saw_the_order_before_another_change_takes_none_of_it_back(
    desk: Client, order: Order, wang: Person
) -> None:
    page = f"/orders/{order.number}/amend"
    seen = desk.get(page).context["form"].seen
    other = ask(order, wang, SetQuantity(line=1, quantity=3))
    confirm(Amendment.objects.filter(pk=other.pk), by=wang, now=timezone.now())

    late = desk.post(page, typed(order, seen=seen, warehouse_remark="轻放", words="原话"))

    assert late.status_code == 422
    assert "原话" in late.content.decode()
    assert not Amendment.objects.open().exists()
    anew = late.context["form"]
    assert [row.quantity for row in anew.rows] == ["3"]
    assert desk.post(page, typed(order, seen=anew.seen, quantity_1="4")).status_code == 302


def test_a_form_that_is_sent_twice_asks_once(desk: Client, order: Order, bag: Sku) -> None:
    answers = [
        desk.post(f"/orders/{order.number}/amend", typed(order, new_sku_1=bag.code))
        for _press in range(2)
    ]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert Amendment.objects.get().number in answers[1].content.decode()


def test_what_was_seen_is_carried_out(desk: Client, order: Order, wang: Person) -> None:
    asked = ask(order, wang)
    page = desk.get(f"/amendments/{asked.number}/")

    desk.post(
        f"/amendments/{asked.number}/confirm",
        {"seen": page.context["preview"].digest, "why": "客户要求"},
    )

    asked.refresh_from_db()
    assert (asked.version, asked.why) == (2, "客户要求")
    done = desk.get(f"/amendments/{asked.number}/").content.decode()
    assert "¥128.00" in done
    assert desk.get(f"/orders/{order.number}/versions/1/").status_code == 200
    assert desk.get(f"/orders/{order.number}/versions/2/").status_code == 200
    assert desk.get(f"/orders/{order.number}/versions/3/").status_code == 404
    assert asked.number in desk.get(f"/orders/{order.number}/").content.decode()


def test_who_saw_something_else_is_told(desk: Client, order: Order, wang: Person) -> None:
    asked, other = ask(order, wang), ask(order, wang, SetQuantity(line=1, quantity=3))
    confirm(Amendment.objects.filter(pk=other.pk), by=wang, now=timezone.now())

    desk.post(f"/amendments/{asked.number}/confirm", {"seen": "yesterday"})

    asked.refresh_from_db()
    assert asked.state == "REQUESTED"


def test_it_is_declined_withdrawn_and_told(desk: Client, order: Order, wang: Person) -> None:
    declined, withdrawn, done = (
        ask(order, wang, SetQuantity(line=1, quantity=n)) for n in (1, 3, 4)
    )
    desk.post(f"/amendments/{declined.number}/decline", {"why": "太晚"})
    desk.post(f"/amendments/{withdrawn.number}/withdraw")
    confirm(Amendment.objects.filter(pk=done.pk), by=wang, now=timezone.now())
    desk.post(f"/amendments/{done.number}/told")

    states = set(Amendment.objects.values_list("state", flat=True))
    assert states == {"DECLINED", "WITHDRAWN", "CONFIRMED"}
    waiting = Item.objects.open().filter(kind__in=(Kind.AMENDMENT, Kind.TELL_PLATFORM))
    assert not waiting.exists()


def test_goods_are_completed(desk: Client, order: Order, bag: Sku) -> None:
    answer = desk.get(f"/orders/{order.number}/amend/skus", {"sku_1": "BAG"})
    assert 'data-text="BAG-01"' in answer.content.decode()


def test_the_list_shows_what_waits(desk: Client, order: Order, wang: Person) -> None:
    asked = ask(order, wang)
    assert asked.number in desk.get("/amendments/").content.decode()


def test_strangers_see_nothing(
    client: Client, order: Order, wang: Person, stranger: Person
) -> None:
    asked = ask(order, wang)
    client.force_login(stranger)
    for path in (f"/amendments/{asked.number}/", f"/orders/{order.number}/amend"):
        assert client.get(path).status_code == 404
    assert asked.number not in client.get("/amendments/").content.decode()


def test_the_warehouse_changes_no_order(client: Client, order: Order, chen: Person) -> None:
    client.force_login(chen)
    assert client.get(f"/orders/{order.number}/amend").status_code == 403


def test_finance_gives_back_from_the_page(
    client: Client, make_orders: OrderMaker, zhao: Person
) -> None:
    order = make_orders(1, stage=Stage.READY).get()
    asked = ask(order, zhao)
    confirm(Amendment.objects.filter(pk=asked.pk), by=zhao, now=timezone.now())
    client.force_login(zhao)
    assert (
        f"/orders/{order.number}/refund" in client.get(f"/orders/{order.number}/").content.decode()
    )

    client.post(f"/orders/{order.number}/refund", {"method": "WECHAT", "amount": "128"})

    order.refresh_from_db()
    assert order.refunded_fen == 12800
