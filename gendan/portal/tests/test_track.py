import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from conftest import OrderMaker
from gendan.delivery.actions.record_traces import record_traces
from gendan.delivery.models import TraceState
from gendan.delivery.tests.conftest import COURIER, ParcelMaker, point, report
from gendan.journal.actors import Customer
from gendan.journal.models import Entry
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.portal import passes
from gendan.portal.actions import report_problem
from gendan.portal.problems import Problem
from gendan.worklist.models import Item, Kind

Answer: TypeAlias = Any  # the test client's response has no public type


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "en"})


def ask(browser: Client, number: str, digits: str = "0001") -> Answer:
    return browser.post("/track/find", {"number": number, "digits": digits})


def said(answer: Answer) -> str:
    """The page without what differs each time."""
    return re.sub(
        r'(csrfmiddlewaretoken" value|X-CSRFToken": |data-now=|value=)"[^"]*"', "", text(answer)
    )


def text(answer: Answer) -> str:
    return str(answer.content.decode())


def opened(browser: Client, order: Order) -> str:
    assert ask(browser, order.number).status_code == 302
    return text(browser.get("/track/order"))


def test_number_and_digits_open_the_order(browser: Client, make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    told = point(TraceState.OUT_FOR_DELIVERY, text="快递员 刘** 正在派件")
    record_traces([report(parcel, told)], by=COURIER)
    page = opened(browser, Order.objects.get())
    assert parcel.waybill in page
    assert "快递员 刘** 正在派件" in page
    assert "明前龙井" in page
    assert "139****0001" in page
    assert "13900000001" not in page
    assert "林一诺" not in page
    assert "示例路" not in page


def test_it_shows_no_price(browser: Client, make_parcels: ParcelMaker) -> None:
    make_parcels()
    page = opened(browser, Order.objects.get())
    assert "¥" not in page
    assert "256" not in re.sub(r"<head>.*?</head>|<script.*?</script>", "", page, flags=re.S)


@pytest.mark.django_db
def test_a_link_may_bring_the_number(browser: Client) -> None:
    assert 'value="GD1"' in text(browser.get("/track?number=GD1"))


def test_the_platforms_number_opens_it_too(browser: Client, make_orders: OrderMaker) -> None:
    order = make_orders(1).get()
    assert ask(browser, order.platform_order).status_code == 302


def test_the_phone_may_have_an_extension(browser: Client, make_orders: OrderMaker) -> None:
    order = make_orders(1, receiver_phone="18400001234-5678").get()
    assert ask(browser, order.number, "1234").status_code == 302
    assert ask(browser, order.number, "5678").status_code == 302
    assert ask(browser, order.number, "0001").status_code == 422


def test_unknown_and_wrong_are_answered_alike(browser: Client, make_orders: OrderMaker) -> None:
    order = make_orders(1).get()
    unknown, wrong = ask(browser, order.number + "9", "0001"), ask(browser, order.number, "9999")
    assert unknown.status_code == wrong.status_code == 422
    assert said(unknown).replace(order.number + "9", "") == said(wrong).replace(order.number, "")
    assert passes.COOKIE not in browser.cookies


@pytest.mark.parametrize("phone", ["", "****", "139"])
def test_an_order_without_digits_opens_for_nobody(
    browser: Client, make_orders: OrderMaker, phone: str
) -> None:
    order = make_orders(1, receiver_phone=phone).get()
    for digits in ("none", "****", "0000", ""):
        assert ask(browser, order.number, digits).status_code == 422


def test_a_draft_is_nobodys_yet(browser: Client, make_orders: OrderMaker) -> None:
    order = make_orders(1, stage=Stage.DRAFT).get()
    assert ask(browser, order.number).status_code == 422


def test_a_stranger_is_asked_for_the_number(browser: Client, make_parcels: ParcelMaker) -> None:
    make_parcels()
    assert browser.get("/track/order").headers["Location"] == "/track"
    browser.cookies[passes.COOKIE] = f"{Order.objects.get().pk}:forged:signature"
    for path in ("/track/order/received", "/track/order/wrong"):
        assert browser.post(path).headers["Location"] == "/track"
    assert Order.objects.get().stage == Stage.ALLOCATED


def test_a_pass_expires(
    browser: Client, make_orders: OrderMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make_orders(1).get()
    opened(browser, order)
    later = timezone.now().timestamp() + passes.LASTS + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert browser.get("/track/order").status_code == 302


def test_guessing_is_stopped_by_number(browser: Client, make_orders: OrderMaker) -> None:
    order = make_orders(1).get()
    answers = [ask(browser, order.number, f"{n:04}").status_code for n in range(2, 12)]
    assert answers[:8] == [422] * 8
    assert answers[8:] == [429, 429]
    assert ask(browser, order.number).status_code == 429


def test_it_came(browser: Client, make_parcels: ParcelMaker) -> None:
    make_parcels()
    page = opened(browser, Order.objects.get())
    assert "I received it" in page
    assert browser.post("/track/order/received").status_code == 302
    assert Order.objects.get().stage == Stage.COMPLETED
    act = Entry.objects.get(verb="order.received")
    assert (act.actor_kind, act.actor_name) == ("CUSTOMER", "林*")
    assert "I received it" not in text(browser.get("/track/order"))


def test_what_has_not_left_can_not_have_come(browser: Client, make_orders: OrderMaker) -> None:
    order = make_orders(1).get()
    assert "I received it" not in opened(browser, order)
    browser.post("/track/order/received")
    assert Order.objects.get().stage == order.stage


def test_something_is_wrong(browser: Client, make_parcels: ParcelMaker) -> None:
    make_parcels()
    order = Order.objects.get()
    opened(browser, order)
    report_it = {"problem": "DAMAGED", "words": "罐子压扁了"}
    assert browser.post("/track/order/wrong", report_it).status_code == 302
    item = Item.objects.get(kind=Kind.CUSTOMER)
    assert (item.subject, item.subject_id, item.shop_id) == ("order", order.pk, order.shop_id)
    assert item.facts["words"] == "罐子压扁了"
    assert item.due_at <= timezone.now() + timedelta(minutes=15)
    assert "罐子压扁了" in text(browser.get("/track/order"))
    assert Entry.objects.filter(verb="order.problem_reported", actor_kind="CUSTOMER").exists()


def test_a_form_sent_twice_is_one_report_and_another_word_another(
    make_orders: OrderMaker,
) -> None:
    orders, now = make_orders(1), timezone.now()
    customer = Customer("林*")

    def tell(minutes: int) -> int:
        at = now + timedelta(minutes=minutes)
        return report_problem(orders, by=customer, problem=Problem.OTHER, words="请回电", now=at)

    assert [tell(0), tell(0), tell(2)] == [1, 0, 1]


def test_wrong_without_words_is_asked_again(browser: Client, make_orders: OrderMaker) -> None:
    opened(browser, make_orders(1).get())
    assert browser.post("/track/order/wrong", {"problem": "OTHER"}).status_code == 422
    assert not Item.objects.exists()


def test_the_browser_can_forget(browser: Client, make_orders: OrderMaker) -> None:
    opened(browser, make_orders(1).get())
    browser.post("/track/leave")
    assert browser.get("/track/order").status_code == 302
