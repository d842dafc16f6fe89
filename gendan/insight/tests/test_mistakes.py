"""Errors, counted: recorded, proposed, given cause and owner, closed, and their month."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.insight.actions import (
    CannotRecord,
    NewMistake,
    Verdict,
    attribute,
    close,
    dismiss,
    propose,
    record,
    reopen,
)
from gendan.insight.models import Mistake, MistakeState
from gendan.insight.queries.mistakes import month_of_mistakes
from gendan.insight.verify import differences
from gendan.journal.actors import Customer as Buyer
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions import confirm, object_to
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.people.actions import make_key
from gendan.people.models import Person, Warehouse
from gendan.portal.actions import report_problem
from gendan.portal.problems import Problem
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Item, Kind

OURS = Verdict("INFORMATION", team="SERVICE", cost_fen=1200)


def wrong(order: Order, **more: Any) -> NewMistake:
    return NewMistake(
        **{"order_id": order.pk, "what": "WRONG_GOODS", "where": "PACKING", "verdict": OURS, **more}
    )


def parcel(order: Order, house: Warehouse, **more: Any) -> Shipment:
    with entry("test.setup", by=TESTER):
        shipment = Shipment.objects.create(warehouse=house, shop=order.shop, **more)
        line = order.lines.get()
        assert line.sku is not None
        ShipmentLine.objects.create(
            shipment=shipment, order=order, line=line, sku=line.sku, quantity=line.quantity
        )
    return shipment


def test_a_mistake_is_recorded_with_cause_owner_and_cost(
    make_orders: OrderMaker, wang: Person
) -> None:
    made = record(
        [wrong(make_orders(1).get(), words="发成墨绿")], by=wang, now=timezone.now()
    ).get()

    assert (made.state, made.cost_fen, made.team) == (MistakeState.OPEN, 1200, "SERVICE")
    assert made.found_by == wang
    assert Entry.objects.get(verb="mistake.recorded").actor_name == wang.name


def test_what_was_done_already_closes_it_at_once(make_orders: OrderMaker, wang: Person) -> None:
    new = wrong(make_orders(1).get(), done="补发并道歉")

    assert record([new], by=wang, now=timezone.now()).get().state == MistakeState.CLOSED


@pytest.mark.parametrize(
    "verdict", [Verdict("INFORMATION"), Verdict("", team="SERVICE"), Verdict("X", team="SERVICE")]
)
def test_without_cause_or_owner_nothing_is_recorded(
    make_orders: OrderMaker, wang: Person, verdict: Verdict
) -> None:
    with pytest.raises(CannotRecord):
        record([wrong(make_orders(1).get(), verdict=verdict)], by=wang, now=timezone.now())

    assert not Mistake.objects.exists()


def test_it_is_closed_with_what_was_done(make_orders: OrderMaker, wang: Person) -> None:
    made = record([wrong(make_orders(1).get())], by=wang, now=timezone.now())
    with pytest.raises(CannotRecord):
        close(made, " ", by=wang, now=timezone.now())

    closed = close(made, "重新培训拣货", by=wang, now=timezone.now()).get()

    assert (closed.state, closed.done) == (MistakeState.CLOSED, "重新培训拣货")
    with pytest.raises(CannotRecord):
        close(made, "又一次", by=wang, now=timezone.now())
    assert reopen(made, by=wang, now=timezone.now()).get().state == MistakeState.OPEN


def test_a_proposal_that_was_one_after_all_waits_for_a_person_again(
    make_orders: OrderMaker, hangzhou: Warehouse, zhao: Person
) -> None:
    now = timezone.now()
    late = make_orders(1, stage=Stage.ALLOCATED, promise_at=now - timedelta(hours=5)).get()
    parcel(late, hangzhou, stage="SHIPPED", shipped_at=now - timedelta(hours=1))
    propose(by=TESTER, now=now)
    found = dismiss(Mistake.objects.all(), by=zhao, now=now, why="约好的")
    assert not Item.objects.open().filter(kind=Kind.MISTAKE).exists()
    reopen(found, by=zhao, now=now)
    assert Item.objects.open().get(kind=Kind.MISTAKE).subject_id == found.get().pk


def test_a_parcel_that_left_after_its_promise_is_proposed_once(
    make_orders: OrderMaker, hangzhou: Warehouse
) -> None:
    now = timezone.now()
    late = make_orders(1, stage=Stage.ALLOCATED, promise_at=now - timedelta(hours=5)).get()
    parcel(late, hangzhou, stage="SHIPPED", shipped_at=now - timedelta(hours=1))
    good = make_orders(1, stage=Stage.ALLOCATED, promise_at=now + timedelta(hours=5)).get()
    parcel(good, hangzhou, stage="SHIPPED", shipped_at=now)

    assert propose(by=TESTER, now=now) == 1
    assert propose(by=TESTER, now=now) == 0

    made = Mistake.objects.get()
    assert (made.order, made.what, made.state) == (late, "BROKEN_PROMISE", MistakeState.PROPOSED)
    assert Item.objects.open().get(kind=Kind.MISTAKE).subject_id == made.pk


def test_a_parcel_recalled_after_packing_is_proposed(
    make_orders: OrderMaker, hangzhou: Warehouse
) -> None:
    now = timezone.now()
    parcel(make_orders(1).get(), hangzhou, stage="RECALLED", packed_at=now)
    parcel(make_orders(1).get(), hangzhou, stage="RECALLED")

    assert propose(by=TESTER, now=now + timedelta(minutes=1)) == 1
    assert Mistake.objects.get().where == "PACKING"


def test_an_address_corrected_after_release_is_proposed(make_orders: OrderMaker) -> None:
    now = timezone.now()
    made_ones = make_orders(2, stage=Stage.READY, released_at=now - timedelta(hours=1))
    orders = list(made_ones.order_by("pk"))
    with entry("order.corrected", by=TESTER, why="客户说门牌号错了"):
        Order.objects.filter(pk=orders[0].pk).update(address="示例路99号")
        Order.objects.filter(pk=orders[1].pk).update(priority=10)

    assert propose(by=TESTER, now=now) == 1
    made = Mistake.objects.get()
    assert (made.order, made.what) == (orders[0], "WRONG_ADDRESS")
    assert made.words == "客户说门牌号错了"


def test_what_customers_say_is_proposed(make_orders: OrderMaker, wang: Person) -> None:
    now = timezone.now()
    object_to(make_orders(1, stage=Stage.UNCONFIRMED), by=wang, now=now, words="数量错了")
    report_problem(
        make_orders(1), by=Buyer("林一诺"), problem=Problem.WRONG, words="颜色不对", now=now
    )

    propose(by=TESTER, now=now)

    assert sorted(Mistake.objects.values_list("what", flat=True)) == ["OTHER", "WRONG_GOODS"]
    assert set(Mistake.objects.values_list("where", flat=True)) == {"CUSTOMER"}


def test_a_refused_parcel_is_proposed(make_orders: OrderMaker, hangzhou: Warehouse) -> None:
    sent = parcel(make_orders(1).get(), hangzhou, stage="REFUSED")
    open_items([NewItem(Kind.REFUSED, "shipment", sent.pk)], by=TESTER, now=timezone.now())

    assert propose(by=TESTER, now=timezone.now()) == 1
    assert Mistake.objects.get().shipment == sent


def test_a_proposal_is_done_with_when_it_has_an_owner(
    make_orders: OrderMaker, wang: Person, hangzhou: Warehouse
) -> None:
    now = timezone.now()
    parcel(make_orders(1).get(), hangzhou, stage="RECALLED", packed_at=now)
    propose(by=TESTER, now=now)

    made = attribute(Mistake.objects.all(), OURS, by=wang, now=now).get()

    assert (made.state, made.because) == (MistakeState.OPEN, "INFORMATION")
    assert not Item.objects.open().filter(kind=Kind.MISTAKE).exists()


def test_what_was_no_mistake_is_not_proposed_again(
    make_orders: OrderMaker, wang: Person, hangzhou: Warehouse
) -> None:
    now = timezone.now()
    parcel(make_orders(1).get(), hangzhou, stage="RECALLED", packed_at=now)
    propose(by=TESTER, now=now)

    with pytest.raises(CannotRecord):
        dismiss(Mistake.objects.all(), by=wang, now=now, why="")
    dismiss(Mistake.objects.all(), by=wang, now=now, why="客户临时改主意")

    assert propose(by=TESTER, now=now) == 0
    assert not Item.objects.open().filter(kind=Kind.MISTAKE).exists()
    assert month_of_mistakes(wang, timezone.localdate()).number == 0


def test_nothing_new_writes_nothing(make_orders: OrderMaker, wang: Person) -> None:
    confirm(make_orders(1, stage=Stage.UNCONFIRMED), by=wang, now=timezone.now())

    assert propose(by=TESTER, now=timezone.now()) == 0
    assert not Entry.objects.filter(verb="mistake.proposed").exists()


def test_it_costs_the_same_for_1_and_for_300(make_orders: OrderMaker, wang: Person) -> None:
    def cost(orders: OrderQuerySet) -> int:
        news = [wrong(order) for order in orders]
        with CaptureQueriesContext(connection) as counted:
            made = record(news, by=wang, now=timezone.now())
            attribute(made, OURS, by=wang, now=timezone.now())
            close(made, "已处理", by=wang, now=timezone.now())
        return len(counted)

    assert cost(make_orders(1)) == cost(make_orders(300))


def test_the_month_says_what_costs_most_beside_the_month_before(
    make_orders: OrderMaker, zhao: Person, wang: Person
) -> None:
    now, order = timezone.now(), make_orders(1).get()
    dear = Verdict("SYSTEM", wang.pk, cost_fen=9000)
    record(
        [wrong(order), wrong(order), wrong(order, what="WRONG_PRICE", verdict=dear)],
        by=wang,
        now=now,
    )
    first = timezone.localtime(now).replace(day=1)
    record([wrong(order)], by=wang, now=first - timedelta(days=3))

    report = month_of_mistakes(zhao, timezone.localdate())

    assert (report.number, report.cost_fen, report.before) == (3, 11400, 1)
    assert [heap.code for heap in report.by_what] == ["WRONG_PRICE", "WRONG_GOODS"]
    assert [(h.code, h.number) for h in report.by_sort] == [("PRICE", 1), ("OTHER", 2)]
    assert [round(one.upto, 2) for one in report.pareto] == [0.79, 1.0]
    assert report.by_what[1].more == 1


def test_a_stranger_counts_no_mistakes_of_ours(
    make_orders: OrderMaker, wang: Person, stranger: Person, client: Client
) -> None:
    made = record([wrong(make_orders(1).get())], by=wang, now=timezone.now()).get()
    client.force_login(stranger)

    assert month_of_mistakes(stranger, timezone.localdate()).number == 0
    assert client.get(reverse("mistake", args=[made.pk])).status_code == 404


def test_the_warehouse_may_not_record_mistakes(
    make_orders: OrderMaker, chen: Person, client: Client
) -> None:
    client.force_login(chen)

    page = reverse("mistake-new", args=[make_orders(1).get().number])
    assert client.post(page, {}).status_code == 403


def test_a_mistake_is_recorded_and_dealt_with_on_the_pages(
    make_orders: OrderMaker, wang: Person, client: Client
) -> None:
    order = make_orders(1).get()
    client.force_login(wang)
    said = {"what": "WRONG_QUANTITY", "because": "CHANGE", "team": "WAREHOUSE", "cost": "12.5"}

    client.post(reverse("mistake-new", args=[order.number]), {**said, "where": "CUSTOMER"})
    made = Mistake.objects.get()
    assert client.get(reverse("mistake", args=[made.pk])).status_code == 200
    client.post(reverse("mistake", args=[made.pk]), {**said, "owner": wang.pk, "cost": "20"})
    client.post(reverse("mistake-done", args=[made.pk]), {"done": "补发两件"})

    made.refresh_from_db()
    assert (made.state, made.cost_fen, made.owner) == (MistakeState.CLOSED, 2000, wang)
    for page in ("mistakes", "mistakes-month"):
        assert client.get(reverse(page) + "?tab=all").status_code == 200
    assert client.get(reverse("mistakes-month") + "?format=xlsx").status_code == 200
    assert (
        made.get_what_display()
        in client.get(reverse("order", args=[order.number])).content.decode()
    )


def test_a_program_records_and_closes_mistakes(
    make_orders: OrderMaker, wang: Person, client: Client
) -> None:
    order = make_orders(1).get()
    _key, secret = make_key(by=TESTER, name="QC", scopes=["insight.mistakes"])
    bearer = {"authorization": f"Bearer {secret}"}
    new = {"order": order.number, "what": "QUALITY", "where": "CUSTOMER", "because": "SYSTEM"}

    made = client.post(
        "/api/mistakes",
        {"mistakes": [{**new, "owner": "wang"}]},
        "application/json",
        headers=bearer,
    ).json()
    told = {"ids": [made[0]["id"]], "done": "换新"}
    closed = client.post("/api/mistakes/close", told, "application/json", headers=bearer).json()
    month = client.get("/api/mistakes/month", headers=bearer).json()
    found = client.get("/api/mistakes?q=what=QUALITY", headers=bearer).json()

    assert (closed[0]["state"], closed[0]["owner"]) == ("CLOSED", "wang")
    assert month["by_sort"][0]["code"] == "QUALITY"
    assert len(found["rows"]) == 1


def test_verify_finds_a_work_item_that_nobody_needs(make_orders: OrderMaker, wang: Person) -> None:
    made = record([wrong(make_orders(1).get())], by=wang, now=timezone.now()).get()
    assert list(differences()) == []

    open_items([NewItem(Kind.MISTAKE, "mistake", made.pk)], by=TESTER, now=timezone.now())

    assert "open work item" in str(next(differences()))


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31", "2026-13-45"])
def test_a_day_beyond_all_figures_is_today(client: Client, zhao: Person, on: str) -> None:
    client.force_login(zhao)
    for page in ("mistakes-month", "day-report", "accountability"):
        assert client.get(reverse(page), {"on": on}).status_code == 200
    _made, secret = make_key(by=zhao, name="BI", scopes=["insight.mistakes"])
    bearer = {"Authorization": f"Bearer {secret}"}
    answer = client.get("/api/mistakes/month", {"on": on}, headers=bearer)
    assert answer.status_code == 422
