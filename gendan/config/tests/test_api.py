"""The API: keys, scopes, strangers, problem documents, and acts that are those of the pages."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.models import ActorKind, Entry
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.models.surge import BigDay
from gendan.orders.stages import Stage
from gendan.people.actions import make_key, revoke_key
from gendan.people.models import ApiKey, Shop, Warehouse
from gendan.people.permissions import PERMISSIONS
from gendan.screening.actions import screen, sweep
from gendan.screening.models import Hold, Rule
from gendan.stock.models import Balance
from gendan.ui.wording import masked_phone

Asking = Callable[..., Any]


@pytest.fixture
def key(db: None) -> ApiKey:
    return _key()


def _key(*scopes: str, **more: Any) -> ApiKey:
    made, secret = make_key(by=TESTER, name="ERP", scopes=list(scopes or PERMISSIONS), **more)
    made.secret = secret  # type: ignore[attr-defined]
    return made


def ask(key: ApiKey | None, method: str, path: str, body: Any = None, **headers: str) -> Any:
    if key:
        headers["authorization"] = f"Bearer {key.secret}"  # type: ignore[attr-defined]
    answer = Client(raise_request_exception=False).generic(
        method,
        f"/api{path}",
        json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers={"accept-language": "en", **headers},
    )
    answer.told = json.loads(answer.content) if answer.content else None  # type: ignore[attr-defined]
    return answer


def an_order(**more: Any) -> dict[str, Any]:
    return {
        "shop": "TB1",
        "platform_order": "ERP-1",
        "lines": [{"sku": "TEA-01", "quantity": 2}],
        "receiver_name": "林一诺",
        "receiver_phone": "13900000001",
        "address": {"text": "浙江省杭州市西湖区文三路90号"},
        "payment": {"method": "TRANSFER", "amount_fen": 25600, "reference": "B-1"},
        **more,
    }


def refused(answer: Any, status: int) -> dict[str, Any]:
    """Check that it is a problem document, and return it."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = answer.told
    assert (told["status"], told["instance"]) == (status, answer.request["PATH_INFO"])
    assert told["type"]
    assert told["title"]
    assert told["detail"]
    return told


def test_without_a_good_key_it_answers_401(key: ApiKey) -> None:
    assert "Bearer" in refused(ask(None, "GET", "/orders"), 401)["detail"]
    revoke_key(key, by=TESTER, now=timezone.now())
    refused(ask(key, "GET", "/orders"), 401)
    refused(ask(_key(expires_at=timezone.now() - timedelta(1)), "GET", "/orders"), 401)


def test_a_key_that_placed_an_order_stops_at_once(key: ApiKey, shop: Shop, tea: Sku) -> None:
    assert ask(key, "POST", "/orders", an_order()).status_code == 201
    revoke_key(key, by=TESTER, now=timezone.now())
    refused(ask(key, "POST", "/orders", an_order(platform_order="ERP-2")), 401)
    refused(ask(key, "POST", "/orders", {}), 401)


def test_a_key_without_the_scope_places_nothing(shop: Shop, tea: Sku) -> None:
    refused(ask(_key("orders.see"), "POST", "/orders", an_order()), 403)
    assert not Order.objects.exists()


def test_wrong_keys_are_counted(db: None) -> None:
    answers = [
        ask(None, "GET", "/orders", authorization=f"Bearer gd_{n}").status_code for n in range(62)
    ]
    assert answers[0] == 401
    assert answers[-1] == 429


def test_a_key_without_the_scope_is_told_which(make_orders: OrderMaker) -> None:
    number = make_orders(1).get().number
    told = refused(
        ask(_key("orders.see"), "POST", "/orders/cancel", {"numbers": [number], "why": "x"}), 403
    )
    assert "cancel orders" in told["detail"]
    assert Order.objects.get().stage == Stage.SCREENING


def test_a_strangers_key_sees_nothing(make_orders: OrderMaker) -> None:
    number, stranger = make_orders(1).get().number, _key(shop_ids=[], warehouse_ids=[])
    assert ask(stranger, "GET", "/orders").told == {"rows": [], "next": None}
    refused(ask(stranger, "GET", f"/orders/{number}"), 404)
    refused(ask(stranger, "POST", "/orders/cancel", {"numbers": [number], "why": "x"}), 404)
    refused(ask(stranger, "POST", "/orders", an_order()), 404)


def test_lists_go_page_by_page_through_what_is_found(key: ApiKey, make_orders: OrderMaker) -> None:
    made = make_orders(5)
    make_orders(1, stage=Stage.READY)
    first = ask(key, "GET", "/orders?limit=3&q=stage = SCREENING").told
    rest = ask(key, "GET", f"/orders?limit=3&q=stage = SCREENING&cursor={first['next']}").told
    assert (len(first["rows"]), len(rest["rows"]), rest["next"]) == (3, 2, None)
    numbers = [row["number"] for row in first["rows"] + rest["rows"]]
    assert numbers == list(made.order_by("-pk").values_list("number", flat=True))


def test_a_search_that_cannot_be_read_is_pointed_at(key: ApiKey) -> None:
    told = refused(ask(key, "GET", "/orders?q=stage = NOWHERE"), 400)
    assert told["position"] == 8
    assert told["errors"][0]["parameter"] == "q"


def test_personal_data_is_masked_unless_the_key_may_see_it(
    key: ApiKey, make_orders: OrderMaker
) -> None:
    number = make_orders(1).get().number
    masked = ask(_key("orders.see"), "GET", f"/orders/{number}").told
    assert (masked["receiver_name"], masked["receiver_phone"]) == ("林*", "139****0001")
    assert ask(key, "GET", f"/orders/{number}").told["receiver_phone"] == "13900000001"


def test_an_order_placed_and_paid_goes_on(key: ApiKey, shop: Shop, tea: Sku) -> None:
    answer = ask(key, "POST", "/orders", an_order())
    assert answer.status_code == 201, answer.content
    order = Order.objects.get(number=answer.told["number"])
    assert (order.source, order.total_fen, order.paid_fen) == ("API", 25600, 25600)
    assert order.stage == Stage.SCREENING
    placed = Entry.objects.get(verb="order.placed")
    assert (placed.actor_kind, placed.actor_id, placed.actor_name) == (
        ActorKind.KEY,
        key.pk,
        "ERP",
    )


def test_the_same_order_again_changes_nothing(key: ApiKey, shop: Shop, tea: Sku) -> None:
    first = ask(key, "POST", "/orders", an_order())
    again = ask(key, "POST", "/orders", an_order())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.told["number"] == again.told["number"]
    keyed = an_order(platform_order="", payment=None)
    header = {"idempotency-key": "K-7"}
    first = ask(key, "POST", "/orders", keyed, **header)
    assert ask(key, "POST", "/orders", keyed, **header).told["number"] == first.told["number"]
    assert Order.objects.count() == 2


def test_fields_that_cannot_be_read_are_pointed_at(key: ApiKey, shop: Shop, tea: Sku) -> None:
    told = refused(ask(key, "POST", "/orders", an_order(lines=[{"sku": "TEA-01"}])), 422)
    assert told["errors"][0]["pointer"] == "/lines/0/quantity"


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1024**2)
def test_a_body_that_is_too_large_is_not_read(key: ApiKey, shop: Shop, tea: Sku) -> None:
    body = an_order(remark="长" * 1024**2)
    assert "1 MB" in refused(ask(key, "POST", "/orders", body), 413)["detail"]
    assert not Order.objects.exists()


def test_a_refusal_is_a_sentence_and_changes_nothing(key: ApiKey, shop: Shop, tea: Sku) -> None:
    told = refused(ask(key, "POST", "/orders", an_order(receiver_phone="12")), 409)
    assert told["errors"][0]["pointer"] == "/receiver_phone"
    wrong_payment = {"method": "CASH", "amount_fen": 99999999}
    refused(ask(key, "POST", "/orders", an_order(payment=wrong_payment)), 409)
    assert not Order.objects.exists()


def test_an_order_is_cancelled_like_on_its_page(key: ApiKey, make_orders: OrderMaker) -> None:
    made = make_orders(3)
    numbers = list(made.values_list("number", flat=True))
    answer = ask(key, "POST", "/orders/cancel", {"numbers": numbers, "why": "sold out"})
    assert answer.status_code == 200, answer.content
    assert set(made.values_list("stage", flat=True)) == {Stage.CANCELLED}
    act = Entry.objects.get(verb="order.cancelled")
    assert (act.actor_kind, act.why, act.facts["count"]) == (ActorKind.KEY, "sold out", 3)
    shown = ask(key, "GET", f"/orders/{numbers[0]}").told["timeline"]
    assert "ERP" in shown[0]["sentence"]


def test_orders_are_held_and_released(key: ApiKey, make_orders: OrderMaker) -> None:
    number = make_orders(1).get().number
    held = ask(key, "POST", "/screening/hold", {"numbers": [number], "why": "call first"})
    assert held.told == [{"number": number, "stage": "HELD"}]
    holds = ask(key, "GET", f"/screening/{number}/holds").told
    refused(ask(key, "POST", "/screening/release", {"numbers": [number]}), 409)
    body = {"numbers": [number], "rule": holds[0]["rule"], "why": "called"}
    cleared = ask(key, "POST", "/screening/clear", body)
    assert cleared.status_code == 200, cleared.content
    assert [one["number"] for one in cleared.told] == [number]


def test_evidence_of_a_hold_is_masked_unless_the_key_may_see_it(
    make_orders: OrderMaker, shop: Shop
) -> None:
    order = make_orders(1).get()
    screen(Order.objects.numbered([order.pk]), by=TESTER, now=timezone.now())
    rule = Rule.objects.get(code="PHONE")
    evidence = {"phone": order.receiver_phone, "total": 100}
    with entry("test.setup", by=TESTER):
        Hold.objects.create(order=order, rule=rule, evidence=evidence, placed_at=timezone.now())

    plain, full = (
        ask(_key(*scopes), "GET", f"/screening/{order.number}/holds").told[0]["evidence"]
        for scopes in (("orders.see",), ("orders.see", "customers.unmask"))
    )

    assert full == evidence
    assert plain == {"phone": masked_phone(order.receiver_phone), "total": 100}


def test_days_of_the_whole_house_are_for_who_sees_all_of_it(shop: Shop) -> None:
    sweep(by=TESTER, now=timezone.now())
    everything, some = _key("screening.review"), _key("screening.review", shop_ids=[shop.pk])
    assert len(ask(everything, "GET", "/screening/sweeps").told) == 1
    assert ask(some, "GET", "/screening/sweeps").told == []


def test_a_new_sku_needs_what_every_sku_has(key: ApiKey, tea: Sku) -> None:
    skus = [{"code": tea.code, "price_fen": 9}, {"code": "NEW-1", "title": "新茶"}]
    told = refused(ask(key, "POST", "/skus", {"skus": skus}), 422)
    assert [one["pointer"] for one in told["errors"]] == ["/skus/1/style", "/skus/1/price_fen"]
    assert Sku.objects.get().price_fen == tea.price_fen


@pytest.mark.parametrize("why", ["a\0b", "9" * 5])
def test_what_no_text_can_hold_is_the_calls_fault(
    key: ApiKey, make_orders: OrderMaker, why: str
) -> None:
    order = make_orders(1).get()
    answer = ask(key, "POST", "/screening/hold", {"numbers": [order.number], "why": why})
    assert answer.status_code == (422 if "\0" in why else 200)
    assert Order.objects.get(pk=order.pk).stage == ("SCREENING" if "\0" in why else "HELD")


def test_goods_are_received_and_adjusted(key: ApiKey, tea: Sku, hangzhou: Warehouse) -> None:
    goods = [{"sku": tea.code, "quantity": 10}]
    ask(key, "POST", "/stock/receive", {"warehouse": "HZ", "goods": goods, "document": "LS-1"})
    less = [{"sku": tea.code, "quantity": -3}]
    ask(key, "POST", "/stock/adjust", {"warehouse": "HZ", "goods": less, "why": "broken"})
    assert Balance.objects.get().on_hand == 7
    assert ask(key, "GET", "/stock?q=free > 5").told["rows"][0]["on_hand"] == 7
    unknown = {"warehouse": "HZ", "goods": [{"sku": "?", "quantity": 1}]}
    assert refused(ask(key, "POST", "/stock/receive", unknown), 422)["errors"][0]["pointer"]


def test_skus_are_added_and_found(key: ApiKey, tea: Sku) -> None:
    sku = {"code": "TEA-02", "style": "P-TEA-01", "title": "雨前龙井", "price_fen": 9800}
    answer = ask(key, "POST", "/skus", {"skus": [sku, {"code": "TEA-01", "price_fen": 13800}]})
    assert answer.told == {"new": 1, "changed": 1}
    assert ask(key, "GET", "/skus?q=TEA-02").told["rows"][0]["price_fen"] == 9800


@pytest.mark.parametrize(
    "path", ["/shipments", "/customers", "/worklist", "/figures/board", "/skus", "/stock"]
)
def test_every_list_answers(key: ApiKey, path: str) -> None:
    assert ask(key, "GET", path).status_code == 200


def test_wrong_addresses_and_methods_are_problems_too(key: ApiKey) -> None:
    refused(ask(key, "GET", "/nowhere"), 404)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/api/nowhere", {}, content_type="application/json").status_code == 404
    answer = ask(key, "DELETE", "/orders")
    assert "GET" in refused(answer, 405)["detail"]
    assert "POST" in answer["Allow"]


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(
    key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gendan.insight.api.board", lambda *_a, **_k: 1 / 0)
    assert "division" not in refused(ask(key, "GET", "/figures/board"), 500)["detail"]


def test_placing_stays_lean(
    key: ApiKey, shop: Shop, tea: Sku, django_assert_max_num_queries: Any
) -> None:
    """A test is a transaction already, so that the act has a savepoint: two statements."""
    ask(key, "POST", "/orders", an_order())
    with django_assert_max_num_queries(3 + 2):
        ask(key, "POST", "/orders", an_order(platform_order="ERP-2", payment=None))
    paid = {"method": "TRANSFER", "amount_fen": 25600, "reference": "B-2"}
    with django_assert_max_num_queries(2 + 2):
        ask(key, "POST", "/orders", an_order(platform_order="ERP-3", payment=paid))
    stranger = an_order(platform_order="ERP-4", payment=None, receiver_phone="13900000002")
    with django_assert_max_num_queries(3 + 2):
        ask(key, "POST", "/orders", stranger)


def test_an_order_that_a_clerk_shall_read_is_a_draft(key: ApiKey, shop: Shop, tea: Sku) -> None:
    ask(key, "POST", "/orders", an_order(is_draft=True))
    order = Order.objects.get()
    assert (order.stage, order.paid_fen, order.read_at) == (Stage.DRAFT, 0, None)


def test_a_slip_that_is_known_places_nothing(key: ApiKey, shop: Shop, tea: Sku) -> None:
    ask(key, "POST", "/orders", an_order())
    told = refused(ask(key, "POST", "/orders", an_order(platform_order="ERP-2")), 409)
    assert "B-1" in told["detail"]
    assert Order.objects.count() == 1


def test_the_document_is_openapi_3_1_and_names_every_call(db: None) -> None:
    told = ask(None, "GET", "/openapi.json").told
    assert told["openapi"].startswith("3.1")
    calls = [call for path in told["paths"].values() for call in path.values()]
    assert len(calls) > 25
    assert all(call["summary"] and call.get("security") for call in calls)


def test_the_page_of_the_document_has_no_script_inside(db: None) -> None:
    page = Client().get("/api/docs").content.decode()
    assert page.count("<script src=") == page.count("<script")
    assert "://" not in page.replace("http://www.w3.org", "")


def test_rows_of_other_keys_stay_theirs(make_orders: OrderMaker, shop: Shop, store: Shop) -> None:
    make_orders(1)
    with entry("test.setup", by=TESTER):
        make_orders(1, shop=store)
    rows = ask(_key(shop_ids=[store.pk]), "GET", "/orders").told["rows"]
    assert [row["shop"] for row in rows] == ["ST1"]


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "1" * 3])
def test_what_no_column_takes_is_refused(key: ApiKey, name: str) -> None:
    day = {"name": name, "starts_above": 10**12}
    refused(ask(key, "POST", "/big-days", day), 422)
    assert not BigDay.objects.exists()
