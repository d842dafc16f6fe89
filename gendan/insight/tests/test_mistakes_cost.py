"""What mistakes cost as far as the books say; and very many of them at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.delivery.tests.conftest import yuantong
from gendan.insight.actions import Verdict, attribute, close, dismiss, estimate, propose, record
from gendan.insight.actions import waiting as waiting_for
from gendan.insight.models import Mistake, MistakeState
from gendan.insight.queries.mistakes import month_of_mistakes
from gendan.insight.tests.test_mistakes import parcel, wrong
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Order, Payment
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.warehouse.models import Carrier, Shipment
from gendan.warehouse.models.carriage import Carriage
from gendan.worklist.models import Item, Kind

__all__ = ["yuantong"]
Sender = Callable[..., Shipment]
UNSAID = Verdict("INFORMATION", team="SERVICE")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def send(hangzhou: Warehouse, yuantong: Carrier, now: datetime) -> Sender:
    """Return a way to let a parcel of an order leave, for six yuan."""

    def leave(order: Order, hours_ago: float, **more: Any) -> Shipment:
        at = now - timedelta(hours=hours_ago)
        made = parcel(order, hangzhou, **{"stage": "SHIPPED", "shipped_at": at, **more})
        with entry("test.setup", by=TESTER):
            Carriage.objects.create(
                shipment=made, carrier=yuantong, ground="RANK", fee_fen=600, chosen_at=at
            )
        return made

    return leave


def give_back(order: Order, fen: int, at: datetime) -> None:
    with entry("test.setup", by=TESTER):
        Payment.objects.create(order=order, method="WECHAT", amount_fen=-fen, at=at)


def test_money_given_back_and_parcels_sent_again_are_the_estimate(
    make_orders: OrderMaker, send: Sender, wang: Person, now: datetime
) -> None:
    order = make_orders(1, stage=Stage.ALLOCATED).get()
    send(order, 48)
    found = now - timedelta(hours=24)
    made = record([wrong(order, verdict=UNSAID)], by=wang, now=found)
    assert (made.get().cost_fen, made.get().is_estimate) == (0, True)
    assert estimate(by=TESTER, now=now) == 0

    give_back(order, 2500, now - timedelta(hours=20))
    send(order, 10)

    assert estimate(by=TESTER, now=now) == 1
    assert (made.get().cost_fen, made.get().is_estimate) == (3100, True)
    assert estimate(by=TESTER, now=now) == 0
    assert Entry.objects.filter(verb="mistake.estimated").count() == 1


def test_what_a_person_says_is_no_estimate_any_more(
    make_orders: OrderMaker, send: Sender, wang: Person, now: datetime
) -> None:
    order = make_orders(1, stage=Stage.ALLOCATED).get()
    send(order, 48)
    made = record([wrong(order, verdict=UNSAID)], by=wang, now=now - timedelta(hours=24))
    give_back(order, 2500, now)
    estimate(by=TESTER, now=now)

    attribute(made, UNSAID, by=wang, now=now)
    assert (made.get().cost_fen, made.get().is_estimate) == (2500, True)
    attribute(made, Verdict("CHANGE", team="SERVICE", cost_fen=900), by=wang, now=now)
    estimate(by=TESTER, now=now)

    assert (made.get().cost_fen, made.get().is_estimate) == (900, False)


def test_each_fen_is_the_cost_of_one_mistake(
    make_orders: OrderMaker, send: Sender, wang: Person, now: datetime
) -> None:
    order = make_orders(1, stage=Stage.ALLOCATED).get()
    send(order, 48)
    early, late, none = (
        record([wrong(order, verdict=UNSAID)], by=wang, now=now - timedelta(hours=hours))
        for hours in (40, 20, 10)
    )
    dismiss(none, by=wang, now=now, why="重复")
    give_back(order, 100, now - timedelta(hours=30))
    give_back(order, 1000, now - timedelta(hours=5))
    give_back(order, 10_000, now - timedelta(hours=45))

    estimate(by=TESTER, now=now)

    assert (early.get().cost_fen, late.get().cost_fen, none.get().cost_fen) == (10_100, 1000, 0)


def test_goods_that_come_back_cost_the_way_and_not_their_price(
    make_orders: OrderMaker, send: Sender, now: datetime
) -> None:
    order = make_orders(1, stage=Stage.ALLOCATED, promise_at=now - timedelta(hours=60)).get()
    send(order, 48, stage="REFUSED")
    propose(by=TESTER, now=now)
    give_back(order, 25_600, now)
    made = Mistake.objects.all()
    with entry("test.setup", by=TESTER):
        made.update(source="REFUSED")

    estimate(by=TESTER, now=now)

    assert (made.get().state, made.get().cost_fen) == (MistakeState.PROPOSED, 600)


def test_a_cancelled_order_that_never_left_cost_nothing(
    make_orders: OrderMaker, wang: Person, now: datetime
) -> None:
    order = make_orders(1).get()
    record([wrong(order, verdict=UNSAID)], by=wang, now=now - timedelta(hours=1))
    give_back(order, 25_600, now)

    assert estimate(by=TESTER, now=now) == 0


def test_two_halves_of_an_order_are_no_parcel_sent_again(
    make_orders: OrderMaker, send: Sender, wang: Person, now: datetime
) -> None:
    order = make_orders(1, stage=Stage.ALLOCATED).get()
    for hours in (48, 24):
        half = send(order, hours)
        with entry("test.setup", by=TESTER):
            half.lines.update(quantity=1)
    made = record([wrong(order, verdict=UNSAID)], by=wang, now=now - timedelta(hours=30))

    estimate(by=TESTER, now=now)

    assert made.get().cost_fen == 0


def test_it_costs_as_many_statements_for_1_and_60(
    make_orders: OrderMaker, send: Sender, wang: Person, now: datetime
) -> None:
    numbers = []
    for many in (1, 60):
        orders = list(make_orders(many, stage=Stage.ALLOCATED))
        for order in orders:
            send(order, 48)
            give_back(order, 100, now)
        record([wrong(o, verdict=UNSAID) for o in orders], by=wang, now=now - timedelta(hours=1))
        with CaptureQueriesContext(connection) as queries:
            assert estimate(by=TESTER, now=now) == many
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_very_many_proposals_wait_as_a_few_and_one(
    make_orders: OrderMaker,
    hangzhou: Warehouse,
    zhao: Person,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting_for, "MOST", 2)
    for order in make_orders(5, stage=Stage.ALLOCATED, promise_at=now - timedelta(hours=5)):
        parcel(order, hangzhou, stage="SHIPPED", shipped_at=now - timedelta(hours=1))

    assert propose(by=TESTER, now=now) == 5

    items = Item.objects.open().filter(kind=Kind.MISTAKE)
    assert sorted(items.values_list("subject", flat=True)) == ["mistake", "mistake", "mistakes"]
    attribute(Mistake.objects.all(), UNSAID, by=zhao, now=now)
    assert not items.exists()


def test_the_rest_waits_while_a_proposal_is_left(
    make_orders: OrderMaker,
    hangzhou: Warehouse,
    zhao: Person,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting_for, "MOST", 1)
    for order in make_orders(3, stage=Stage.ALLOCATED, promise_at=now - timedelta(hours=5)):
        parcel(order, hangzhou, stage="SHIPPED", shipped_at=now - timedelta(hours=1))
    propose(by=TESTER, now=now)
    first, *rest = Mistake.objects.order_by("pk").values_list("pk", flat=True)

    dismiss(Mistake.objects.filter(pk__in=rest), by=zhao, now=now, why="大促已公告")
    assert Item.objects.open().filter(subject="mistakes").exists()
    dismiss(Mistake.objects.filter(pk=first), by=zhao, now=now, why="大促已公告")
    assert not Item.objects.open().filter(kind=Kind.MISTAKE).exists()


def test_many_get_a_cause_and_an_owner_at_once_on_the_page(
    make_orders: OrderMaker, hangzhou: Warehouse, zhao: Person, client: Client, now: datetime
) -> None:
    for order in make_orders(3, stage=Stage.ALLOCATED, promise_at=now - timedelta(hours=5)):
        parcel(order, hangzhou, stage="SHIPPED", shipped_at=now - timedelta(hours=1))
    propose(by=TESTER, now=now)
    client.force_login(zhao)
    place = reverse("mistakes") + "?tab=proposed"
    assert client.get(place, headers={"HX-Request": "true"}).status_code == 200
    chosen = {"ids": list(Mistake.objects.values_list("pk", flat=True)), "confirmed": "1"}

    said = {"with-because": "SYSTEM", "with-team": "WAREHOUSE", "with-cost": ""}
    client.post(place, {"action": "attribute", **chosen, **said})

    told = Mistake.objects.values_list("state", "because", "team", "what", "is_estimate")
    assert set(told) == {("OPEN", "SYSTEM", "WAREHOUSE", "BROKEN_PROMISE", True)}
    client.post(
        reverse("mistakes") + "?tab=open", {"action": "close", **chosen, "with-done": "加了一班"}
    )
    assert set(Mistake.objects.values_list("state", "done")) == {("CLOSED", "加了一班")}


def test_the_month_shows_what_is_estimated_and_the_year(
    make_orders: OrderMaker, send: Sender, wang: Person, zhao: Person, client: Client, now: datetime
) -> None:
    order = make_orders(1, stage=Stage.ALLOCATED).get()
    send(order, 48)
    record([wrong(order, verdict=UNSAID)], by=wang, now=now)
    record([wrong(order)], by=wang, now=now)
    long_ago = now - timedelta(days=100)
    close(record([wrong(order)], by=wang, now=long_ago), "已补", by=wang, now=now)
    give_back(order, 700, now)
    estimate(by=TESTER, now=now)

    report = month_of_mistakes(zhao, timezone.localdate())

    assert (report.cost_fen, report.estimated_fen) == (1900, 700)
    assert len(report.trend) == 12
    assert (report.trend[-1].number, report.trend[-1].cost_fen) == (2, 1900)
    assert sum(month.number for month in report.trend) == 3
    client.force_login(zhao)
    assert "trend" in client.get(reverse("mistakes-month")).content.decode()
