from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import Coming, expect, reserve_next
from gendan.stock.models import (
    Balance,
    CaseState,
    Expected,
    PartingRules,
    Precedence,
    Presale,
    ShortageCase,
)
from gendan.stock.tests.test_pages import signed_in

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


@pytest.fixture
def case(make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse) -> ShortageCase:
    make_orders(1, stage=Stage.READY)
    reserve_next(by=TESTER, now=NOW)
    coming = Coming("PO-7", tea.pk, hangzhou.pk, 9, TODAY + timedelta(days=5))
    expect([coming], by=TESTER)
    return ShortageCase.objects.get()


def test_the_customer_is_asked_and_the_choice_noted(case: ShortageCase, wang: Person) -> None:
    client = signed_in(wang)
    where = reverse("shortage", args=[case.pk])
    assert 'value="WAIT"' in client.get(where).content.decode()
    client.post(reverse("shortage-ask", args=[case.pk]), {"channel": "PHONE"})
    case.refresh_from_db()
    assert case.state == CaseState.ASKED
    assert "林" in client.get(where).content.decode()
    said = {"choice": "WAIT", "words": "可以等"}
    client.post(reverse("shortage-choose", args=[case.pk]), said)
    case.refresh_from_db()
    assert (case.state, case.choice) == (CaseState.WAITING, "WAIT")
    assert "可以等" in client.get(where).content.decode()


def test_a_question_is_taken_back(case: ShortageCase, wang: Person) -> None:
    client = signed_in(wang)
    client.post(reverse("shortage-ask", args=[case.pk]), {"channel": "CHAT"})
    client.post(reverse("shortage-take-back", args=[case.pk]))
    case.refresh_from_db()
    assert case.state == CaseState.OPEN


def test_who_may_not_settle_sees_but_does_not_choose(case: ShortageCase, li: Person) -> None:
    client = signed_in(li)
    assert client.get(reverse("shortage", args=[case.pk])).status_code == 200
    answer = client.post(reverse("shortage-choose", args=[case.pk]), {"choice": "CANCEL"})
    assert answer.status_code == 403
    assert Order.objects.get().stage == Stage.SHORT


def test_a_stranger_finds_no_case(case: ShortageCase, stranger: Person) -> None:
    assert signed_in(stranger).get(reverse("shortage", args=[case.pk])).status_code == 404


def test_the_lists_say_who_waits_for_what(case: ShortageCase, tea: Sku, wang: Person) -> None:
    client = signed_in(wang)
    assert case.order.number in client.get(reverse("shortages")).content.decode()
    by_goods = client.get(reverse("short-goods")).content.decode()
    assert "TEA-01" in by_goods
    assert "¥256.00" in by_goods


def test_the_orders_page_leads_to_the_case(case: ShortageCase, wang: Person) -> None:
    page = signed_in(wang).get(reverse("order", args=[case.order.number])).content.decode()
    assert reverse("shortage", args=[case.pk]) in page


def test_an_arrival_shows_who_gets_it_and_arrives(
    case: ShortageCase, chen: Person, zhao: Person, tea: Sku
) -> None:
    client, row = signed_in(chen), Expected.objects.get()
    assert case.order.number in client.get(reverse("arrival", args=[row.pk])).content.decode()
    assert not Balance.objects.exists()
    where = reverse("stock-prefer", args=[case.order.number, tea.pk])
    assert client.post(where, {"why": "先"}).status_code == 403
    signed_in(zhao).post(where, {"why": "老客户"})
    assert Precedence.objects.get().why == "老客户"
    client.post(reverse("arrival-arrive", args=[row.pk]), {"quantity": "9"})
    row.refresh_from_db()
    assert (row.state, Balance.objects.get().on_hand) == ("ARRIVED", 9)


def test_what_is_received_is_shown_to_who_gets_it_first(
    case: ShortageCase, chen: Person, tea: Sku, hangzhou: Warehouse
) -> None:
    said = {"warehouse": hangzhou.pk, "sku": tea.pk, "quantity": "9"}
    page = signed_in(chen).post(reverse("who-gets"), said).content.decode()
    assert case.order.number in page
    assert not Balance.objects.exists()


def test_goods_to_come_are_noted(chen: Person, tea: Sku, hangzhou: Warehouse) -> None:
    said = {
        "warehouse": hangzhou.pk,
        "due_on": str(TODAY + timedelta(days=3)),
        "reference": "PO-9",
        "comes_from": "PRODUCTION",
        "sku": tea.pk,
        "quantity": "30",
    }
    assert signed_in(chen).post(reverse("arrival-new"), said).status_code == 302
    row = Expected.objects.get()
    assert (row.quantity, row.reference, row.comes_from) == (30, "PO-9", "PRODUCTION")


def test_goods_to_come_are_read_from_a_file(chen: Person, tea: Sku, hangzhou: Warehouse) -> None:
    rows = (
        "采购单号,SKU编码,仓库,数量,预计到货\nPO-1,TEA-01,HZ,12,2027-01-05\n"
        "PO-1,NO-SUCH,HZ,3,2027-01-05\nPO-2,TEA-01,HZ,3,never\n"
    )
    client = signed_in(chen)
    file = SimpleUploadedFile("daohuo.csv", rows.encode())
    shown = client.post(reverse("arrivals-import"), {"file": file}, follow=True)
    client.post(shown.request["PATH_INFO"] + "?" + shown.request["QUERY_STRING"])
    assert Expected.objects.values_list("reference", "quantity").get() == ("PO-1", 12)


def test_a_presale_is_opened_and_changed(wang: Person, tea: Sku) -> None:
    client = signed_in(wang)
    said = {
        "sku": "TEA-01",
        "begins_at": f"{TODAY}T00:00",
        "ends_at": f"{TODAY + timedelta(days=3)}T00:00",
        "pool": "50",
        "ships_on": str(TODAY + timedelta(days=9)),
    }
    assert client.post(reverse("presale-new"), said).status_code == 302
    presale = Presale.objects.get()
    assert (presale.pool, presale.sku) == (50, tea)
    client.post(reverse("presale", args=[presale.pk]), {**said, "pool": "80", "why": "加量"})
    presale.refresh_from_db()
    assert presale.pool == 80
    assert client.post(reverse("presale-new"), {**said, "sku": "?"}).status_code == 422


def test_the_pages_of_goods_show_what_may_stand_in(admin: Person, tea: Sku, bag: Sku) -> None:
    client = signed_in(admin)
    client.post(reverse("sku-substitutes", args=[tea.pk]), {"sku": "BAG-01", "rank": "2"})
    page = client.get(reverse("sku", args=[tea.pk])).content.decode()
    assert "手缝牛皮卡包" in page
    assert tea.substitutes.get().rank == 2
    client.post(
        reverse("sku-substitutes", args=[tea.pk]), {"remove": str(tea.substitutes.get().pk)}
    )
    assert not tea.substitutes.exists()
    client.post(reverse("sku-substitutes", args=[tea.pk]), {"sku": "TEA-01"})
    assert not tea.substitutes.exists()


def test_the_house_says_what_leaves_first(wang: Person, li: Person) -> None:
    client, page = signed_in(wang), reverse("parting-rules")
    assert "现货先发" in client.get(page).content.decode()
    said = {"ready_first": "False", "sets_part": "True", "why": "邮费"}
    assert client.post(page, said).status_code == 302
    rules = PartingRules.objects.get()
    assert (rules.ready_first, rules.sets_part) == (False, True)
    assert "邮费" in client.get(page).content.decode()
    assert signed_in(li).get(page).status_code == 403
