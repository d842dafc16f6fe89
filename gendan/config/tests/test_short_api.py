"""Short goods over the API: said at the order, offered, chosen, and what is to come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.config.tests.test_api import _key, an_order, ask, refused
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import ApiKey, Shop, Warehouse
from gendan.stock.actions import reserve_next
from gendan.stock.models import Balance, CaseState, Expected, ShortageCase

NOW = timezone.now()
DAY = (timezone.localdate(NOW) + timedelta(days=4)).isoformat()
LEAVES = (timezone.localdate(NOW) + timedelta(days=5)).isoformat()


@pytest.fixture
def key(db: None) -> ApiKey:
    return _key()


def coming(key: ApiKey, quantity: int = 9) -> None:
    row = {
        "reference": "PO-1",
        "sku": "TEA-01",
        "warehouse": "HZ",
        "quantity": quantity,
        "due_on": DAY,
    }
    answer = ask(key, "POST", "/short-goods/arrivals", {"coming": [row]})
    assert answer.told == {"count": 1}


def test_who_places_an_order_is_told_what_is_short_and_until_when(
    key: ApiKey, shop: Shop, tea: Sku, hangzhou: Warehouse
) -> None:
    coming(key)
    told = ask(key, "POST", "/orders?tell_short=true", an_order()).told
    assert told["short"] == [{"sku": "TEA-01", "wanted": 2, "there": 0, "leaves_on": LEAVES}]
    case = ShortageCase.objects.get()
    assert (case.found_at, case.state) == ("ORDER", CaseState.OPEN)
    assert (
        ask(key, "POST", "/orders", an_order(platform_order="E-2", payment=None)).told["short"]
        == []
    )


def test_a_choice_is_noted_and_carried_out(
    key: ApiKey, make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse
) -> None:
    number = make_orders(1, stage=Stage.READY).get().number
    reserve_next(by=TESTER, now=NOW)
    coming(key)
    told = ask(key, "GET", f"/short-goods/cases/{number}").told
    assert told["missing"] == {"TEA-01": 2}
    assert [(each["code"], each["on"]) for each in told["offers"]] == [
        ("WAIT", LEAVES),
        ("CANCEL", None),
    ]
    assert ask(key, "POST", "/short-goods/ask", {"orders": [number], "channel": "PHONE"}).told == {
        "count": 1
    }
    chosen = {"choices": [{"order": number, "code": "WAIT", "on": LEAVES}]}
    assert ask(key, "POST", "/short-goods/choose", chosen).told == {"count": 1}
    assert ShortageCase.objects.get().state == CaseState.WAITING


def test_what_was_not_offered_is_refused(
    key: ApiKey, make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse
) -> None:
    number = make_orders(1, stage=Stage.READY).get().number
    reserve_next(by=TESTER, now=NOW)
    chosen = {"choices": [{"order": number, "code": "WAIT"}]}
    refused(ask(key, "POST", "/short-goods/choose", chosen), 409)
    assert Order.objects.get().stage == Stage.SHORT


def test_expected_goods_arrive_by_their_number(key: ApiKey, tea: Sku, hangzhou: Warehouse) -> None:
    coming(key)
    came = {"reference": "PO-1", "sku": "TEA-01", "warehouse": "HZ", "quantity": 4}
    assert ask(key, "POST", "/short-goods/arrivals/arrive", {"came": [came]}).told == {"count": 4}
    assert (Expected.objects.get().arrived, Balance.objects.get().on_hand) == (4, 4)
    refused(
        ask(key, "POST", "/short-goods/arrivals/arrive", {"came": [{**came, "quantity": 6}]}), 409
    )
    assert Balance.objects.get().on_hand == 4


def test_the_scope_is_asked_for(tea: Sku, hangzhou: Warehouse) -> None:
    weak = _key("stock.see")
    asked = {"orders": ["X"], "channel": "PHONE"}
    refused(ask(weak, "POST", "/short-goods/ask", asked), 403)
    assert ask(weak, "GET", "/short-goods/cases").status_code == 200
    assert ask(weak, "GET", "/short-goods/presales").status_code == 200


@pytest.mark.parametrize("moment", ["2026-12-01", "2026-12-01T10:00:00"])
def test_a_moment_without_its_zone_is_refused(key: ApiKey, tea: Sku, moment: str) -> None:
    sure = "2026-12-09T10:00:00+08:00"
    presale = {"sku": "TEA-01", "begins_at": moment, "ends_at": sure, "ships_on": "2026-12-12"}
    refused(ask(key, "POST", "/short-goods/presales", {**presale, "pool": 3}), 422)
    tiers = [{"mark": 1, "sku": "TEA-01"}]
    rule = {"name": "满赠", "from_at": moment, "until_at": sure, "tiers": tiers}
    refused(ask(key, "POST", "/gift-rules", rule), 422)


def test_what_leaves_first_is_read_and_changed(key: ApiKey) -> None:
    assert ask(key, "GET", "/short-goods/parting").told == {"ready_first": True, "sets_part": False}
    wanted = {"ready_first": False, "sets_part": True, "why": "省一份邮费"}
    assert ask(key, "PUT", "/short-goods/parting", wanted).status_code == 200
    assert ask(key, "GET", "/short-goods/parting").told == {"ready_first": False, "sets_part": True}
    refused(ask(_key("stock.see"), "PUT", "/short-goods/parting", wanted), 403)
