from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import PASSWORD, TESTER, OrderMaker
from gendan.catalog.models import ShopCode, Sku
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order, Unmasking
from gendan.orders.stages import Stage
from gendan.people.models import Person, Shop, Warehouse
from gendan.screening.actions import screen_next
from gendan.screening.models import Hold, Rule
from gendan.stock.actions import Goods, receive

DESK = "/screening/"
HTMX = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{DESK}"}


@pytest.fixture(autouse=True)
def shelf(tea: Sku, hangzhou: Warehouse) -> None:
    receive([Goods(tea.pk, 1000)], hangzhou, by=TESTER)


def signed_in(person: Person) -> Client:
    client = Client()
    assert client.login(username=person.username, password=PASSWORD)
    return client


def held(make_orders: OrderMaker, **fault: Any) -> Order:
    order = make_orders(1, **fault).get()
    screen_next(by=TESTER, now=timezone.now())
    return order


def url(name: str, hold: Hold, order: Order) -> str:
    return f"{reverse(name, args=[hold.pk])}?rule=&order={order.number}&after="


@pytest.mark.parametrize("line", ["", "abc", "9" * 5000, "1e9"])
def test_a_line_that_is_no_number_offers_what_was_typed(li: Person, tea: Sku, line: str) -> None:
    answer = signed_in(li).get("/screening/skus", {"line": line, "q": tea.code})
    assert tea.code in answer.content.decode()


def test_the_timeline_masks_the_evidence(make_orders: OrderMaker, li: Person) -> None:
    order = held(make_orders, receiver_phone="1390000")
    with entry("test.setup", by=TESTER):
        said = {"phone": "13900000001", "customer": "林一诺"}
        Hold.objects.filter(order=order).update(evidence=said)
    page = signed_in(li).get(f"/orders/{order.number}/").content.decode()
    assert "13900000001" not in page
    assert "phone 139****0001" in page


def test_the_page_shows_reason_and_evidence(make_orders: OrderMaker, li: Person) -> None:
    order = held(make_orders, receiver_phone="1390000", buyer_remark="不要放价格")
    page = signed_in(li).get(DESK).content.decode()
    assert order.number in page
    assert "电话有误" in page
    assert "不要放价格" in page
    assert "disabled" in page  # the phone must be solved before the release


def test_the_page_without_anything_held_says_so(li: Person) -> None:
    assert "empty" in signed_in(li).get(DESK).content.decode()


def test_one_click_clears_and_shows_the_next(make_orders: OrderMaker, li: Person) -> None:
    first = held(make_orders, buyer_remark="快点")
    second = held(make_orders, buyer_remark="慢点")
    hold = Hold.objects.get(order=first)
    answer = signed_in(li).post(url("screening-remedy", hold, first), headers=HTMX)
    first.refresh_from_db()
    assert first.stage == Stage.READY
    assert answer["HX-Retarget"] == "#desk"
    assert second.number in answer.content.decode()
    assert first.number not in answer.content.decode().replace(str(answer.headers), "")


def test_clearing_asks_for_a_reason(make_orders: OrderMaker, li: Person) -> None:
    order = held(make_orders, platform_state="FORBIDDEN")
    hold, client = Hold.objects.get(), signed_in(li)
    assert client.get(url("screening-clear", hold, order), headers=HTMX).status_code == 200
    assert (
        client.post(url("screening-clear", hold, order), {"why": ""}, headers=HTMX).status_code
        == 422
    )
    client.post(url("screening-clear", hold, order), {"why": "平台已改口"}, headers=HTMX)
    hold.refresh_from_db()
    assert (hold.cleared_by, hold.cleared_why) == (li, "平台已改口")


def test_correcting_an_address_shows_it_in_full_and_says_so(
    make_orders: OrderMaker, li: Person
) -> None:
    order = held(make_orders, division="", district="")
    hold, client = Hold.objects.get(), signed_in(li)
    client.get(url("screening-remedy", hold, order), headers=HTMX)
    assert Unmasking.objects.get().person == li
    wrong = {"address": "火星"}
    assert client.post(url("screening-remedy", hold, order), wrong, headers=HTMX).status_code == 422
    right = {"address": "广东省广州市越秀区中山五路1号"}
    assert client.post(url("screening-remedy", hold, order), right, headers=HTMX).status_code == 200
    order.refresh_from_db()
    assert (order.stage, order.division) == (Stage.READY, "440104")


def test_mapping_a_code_from_the_desk(
    make_orders: OrderMaker, li: Person, shop: Shop, tea: Sku
) -> None:
    make_orders(2)
    with entry("test.setup", by=TESTER):
        ShopCode.objects.create(shop=shop, code="LJ-X", seen_title="明前龙井 铁罐装")
        Line.objects.update(sku=None, shop_code="LJ-X")
    screen_next(by=TESTER, now=timezone.now())
    hold, client = Hold.objects.order_by("pk")[0], signed_in(li)
    line = hold.order.lines.get()
    assert (
        "LJ-X"
        in client.get(url("screening-remedy", hold, hold.order), headers=HTMX).content.decode()
    )
    offers = client.get(reverse("screening-skus"), {"line": str(line.pk), "q": "TEA"}, headers=HTMX)
    assert tea.code in offers.content.decode()
    client.post(
        url("screening-remedy", hold, hold.order), {f"line-{line.pk}": tea.pk}, headers=HTMX
    )
    assert set(Order.objects.values_list("stage", flat=True)) == {Stage.READY}


def test_clearing_all_of_one_rule(make_orders: OrderMaker, li: Person) -> None:
    make_orders(3, buyer_remark="快点")
    held(make_orders, receiver_phone="12")
    where = reverse("screening-clear-all", args=["BUYER_REMARK"])
    signed_in(li).post(where, {"why": "大促统一留言"}, headers=HTMX)
    assert Order.objects.filter(stage=Stage.READY).count() == 3
    assert Order.objects.filter(stage=Stage.HELD).count() == 1


def test_release_from_the_orders_page_goes_back_there(make_orders: OrderMaker, li: Person) -> None:
    order = held(make_orders, buyer_remark="快点")
    answer = signed_in(li).post(reverse("screening-release", args=[order.number]))
    assert answer.status_code == 302
    assert order.number in answer["Location"]
    order.refresh_from_db()
    assert order.stage == Stage.READY


def test_a_colleague_without_the_right_gets_403_and_nothing_changes(
    make_orders: OrderMaker, wang: Person
) -> None:
    order = held(make_orders, buyer_remark="快点")
    client = signed_in(wang)
    assert client.get(DESK).status_code == 403
    assert client.post(reverse("screening-release", args=[order.number])).status_code == 403
    order.refresh_from_db()
    assert order.stage == Stage.HELD


def test_somebody_of_other_shops_gets_404(make_orders: OrderMaker, li: Person) -> None:
    order = held(make_orders, buyer_remark="快点")
    with entry("test.setup", by=TESTER):
        Person.objects.filter(pk=li.pk).update(shop_ids=[])
    client = signed_in(li)
    assert client.post(reverse("screening-release", args=[order.number])).status_code == 404
    assert order.number not in client.get(DESK).content.decode()


def test_a_rule_is_tried_on_the_past(make_orders: OrderMaker, zhao: Person) -> None:
    make_orders(3)
    make_orders(1, total_fen=99900, goods_fen=99900)
    client = signed_in(zhao)
    answer = client.post(reverse("screening-rule-try"), {"expression": "total > 900"})
    assert "4" in answer.content.decode()
    assert answer.context["trial"].held == 1
    assert answer.context["trial"].of == 4


def test_a_mistake_points_at_the_character(zhao: Person, rules: dict[str, Rule]) -> None:
    answer = signed_in(zhao).post(reverse("screening-rule-try"), {"expression": "totl > 900"})
    assert "<mark>totl</mark>" in answer.content.decode()


def test_a_new_rule_is_saved_and_holds(make_orders: OrderMaker, zhao: Person) -> None:
    client = signed_in(zhao)
    said = {
        "name": "货到付款",
        "name_en": "COD",
        "severity": "WARN",
        "remedy": "NONE",
        "position": "50",
        "is_on": "on",
        "expression": "cod = yes",
        "evidence": "",
    }
    wrong = client.post(reverse("screening-rule-new"), {**said, "expression": "nonsense ="})
    assert wrong.status_code == 422
    assert client.post(reverse("screening-rule-new"), said).status_code == 302
    rule = Rule.objects.get(name="货到付款")
    assert rule.evidence == ["cod"]
    order = held(make_orders, is_cod=True)
    assert Hold.objects.get(order=order).rule == rule
    assert client.get(reverse("screening-rule", args=[rule.code])).status_code == 200


def test_rules_are_switched_from_the_list(zhao: Person, rules: dict[str, Rule]) -> None:
    client = signed_in(zhao)
    assert client.get(reverse("screening-rules")).status_code == 200
    ids = {"action": "off", "ids": [rules["VALUE"].pk], "why": "大促", "confirmed": "1"}
    client.post(reverse("screening-rules"), ids)
    assert not Rule.objects.get(code="VALUE").is_on
