"""The pages of orders, as people of each role see them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conftest import OrderMaker
from gendan.catalog.models import Sku
from gendan.customers.models import Customer
from gendan.journal.models import Change
from gendan.orders.actions import place
from gendan.orders.models import Draft, Order
from gendan.orders.stages import Stage
from gendan.orders.tests.conftest import NOW, PLACE, Asked
from gendan.people.models import Person, Shop


def of(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


@pytest.fixture
def filled(desk: Shop, cup: Sku) -> dict[str, Any]:
    return {
        "key": "k1",
        "shop": desk.pk,
        "receiver_name": "林一诺",
        "receiver_phone": "139 0000 0001",
        "address": PLACE,
        "line_sku": [cup.pk],
        "line_quantity": ["2"],
        "line_price": [""],
        "line_discount": [""],
        "payment": "CASH",
    }


def test_from_the_form_over_the_second_reading_to_screening(
    client: Client, wang: Person, filled: dict[str, Any]
) -> None:
    of(client, wang)
    answer = client.post(reverse("order-new"), filled)
    order = Order.objects.get()
    reading = reverse("order-read", args=[order.number])
    assert answer.headers["Location"] == reading
    assert "139 0000 0001" in client.get(reading).content.decode()

    too_early = client.post(reading, {"ticked": ["RECEIVER"], "heard": "1"})
    assert too_early.status_code == 422
    ticked = ["RECEIVER", "PHONE", "ADDRESS", "GOODS", "AMOUNT"]
    client.post(reading, {"ticked": ticked, "heard": "1", "payment": "CASH", "then": "next"})

    order.refresh_from_db()
    assert (order.stage, order.paid_fen) == (Stage.SCREENING, 20000)
    assert not Draft.objects.filter(is_over=False).exists()


def test_what_is_missing_stands_next_to_its_field(
    client: Client, wang: Person, filled: dict[str, Any]
) -> None:
    answer = of(client, wang).post(reverse("order-new"), filled | {"receiver_name": ""})

    assert answer.status_code == 422
    assert answer.context["said"].keys() == {"receiver_name"}
    assert not Order.objects.exists()
    assert Draft.objects.get().data["receiver_phone"] == ["139 0000 0001"]


def test_it_keeps_one_draft_of_a_form_and_says_the_sum(
    client: Client, wang: Person, filled: dict[str, Any]
) -> None:
    of(client, wang)
    for quantity in ("1", "3"):
        answer = client.post(reverse("order-new-write"), filled | {"line_quantity": [quantity]})

    assert "¥300.00" in answer.content.decode()
    assert Draft.objects.get().data["line_quantity"] == ["3"]


def test_below_the_floor_the_page_says_so_at_once(
    client: Client, wang: Person, filled: dict[str, Any]
) -> None:
    answer = of(client, wang).post(reverse("order-new-write"), filled | {"line_price": ["80"]})

    assert "¥90.00" in answer.content.decode()
    assert 'name="ask"' in answer.content.decode()


def test_the_same_goods_scanned_again_add_one(
    client: Client, wang: Person, filled: dict[str, Any], cup: Sku
) -> None:
    answer = of(client, wang).post(reverse("order-new-lines"), filled | {"add": cup.barcode})

    assert 'name="line_quantity" value="3"' in answer.content.decode()


def test_an_unknown_scan_is_said(client: Client, wang: Person, filled: dict[str, Any]) -> None:
    answer = of(client, wang).post(reverse("order-new-lines"), filled | {"add": "690000"})

    assert "690000" in answer.content.decode()


@pytest.mark.parametrize("text", ["cup", "RYP", "品茗", "CUP-01"])
def test_goods_are_completed(client: Client, wang: Person, cup: Sku, text: str) -> None:
    answer = of(client, wang).get(reverse("order-new-skus"), {"find": text})

    assert "CUP-01" in answer.content.decode()


def test_customers_are_completed_by_phone(client: Client, wang: Person, asked: Asked) -> None:
    place([asked()], by=wang, now=NOW)

    answer = of(client, wang).get(reverse("order-new-customers"), {"receiver_phone": "139000"})

    assert f'data-value="{Customer.objects.get().pk}"' in answer.content.decode()
    assert "示例路8号" in answer.content.decode()


def test_a_paste_fills_the_fields(client: Client, wang: Person, filled: dict[str, Any]) -> None:
    text = {"paste": f"周子墨，86-13800001111，{PLACE}"}

    page = of(client, wang).post(reverse("order-new-paste"), filled | text).content.decode()

    assert 'value="周子墨"' in page
    assert 'value="13800001111"' in page


def test_a_draft_order_goes_back_to_the_form_and_keeps_its_number(
    client: Client, wang: Person, filled: dict[str, Any]
) -> None:
    of(client, wang).post(reverse("order-new"), filled)
    order = Order.objects.get()

    form = client.post(reverse("order-anew", args=[order.number]), follow=True)
    assert form.status_code == 200
    client.post(reverse("order-new"), filled | {"line_quantity": ["5"]})

    assert Order.objects.get().total_fen == 50000


def test_personal_data_is_masked_until_somebody_asks(
    client: Client, wang: Person, make_orders: OrderMaker
) -> None:
    order = make_orders(1).get()
    page = reverse("order", args=[order.number])
    assert order.receiver_phone not in of(client, wang).get(page).content.decode()

    client.post(reverse("order-unmask", args=[order.number]))

    assert order.receiver_phone in client.get(page).content.decode()
    assert Change.objects.filter(subject__name="orders_unmasking").exists()


ACTS = ["pay", "cancel", "answer", "change", "urge", "unmask", "approve", "refuse", "anew"]


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_finds_nothing(
    client: Client, stranger: Person, make_orders: OrderMaker, act: str
) -> None:
    order = make_orders(1).get()

    answer = of(client, stranger).post(reverse(f"order-{act}", args=[order.number]), {"why": "x"})

    assert answer.status_code == 404
    assert of(client, stranger).get(reverse("order", args=[order.number])).status_code == 404


@pytest.mark.parametrize("act", [*ACTS, "read"])
def test_a_colleague_without_the_right_is_refused(
    client: Client, chen: Person, make_orders: OrderMaker, act: str
) -> None:
    order = make_orders(1).get()

    answer = of(client, chen).post(reverse(f"order-{act}", args=[order.number]), {"why": "x"})

    assert answer.status_code == 403
    assert Order.objects.get().stage == Stage.SCREENING


def test_a_payment_that_does_not_fit_is_explained_in_its_dialog(
    client: Client, wang: Person, make_orders: OrderMaker
) -> None:
    order = make_orders(1, stage=Stage.UNPAID, paid_fen=0, paid_at=None).get()
    pay = reverse("order-pay", args=[order.number])

    answer = of(client, wang).post(
        pay, {"method": "CASH", "amount": "999999"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 422
    assert order.number in answer.content.decode()


def test_a_batch_is_cancelled_from_the_list(
    client: Client, wang: Person, make_orders: OrderMaker
) -> None:
    ids = list(make_orders(3).values_list("pk", flat=True))

    asked = {"action": "cancel", "ids": ids[:2], "confirmed": "1", "why": "缺货"}
    of(client, wang).post(reverse("orders"), asked)

    assert Order.objects.filter(stage=Stage.CANCELLED).count() == 2


def test_the_list_shows_no_phone_in_full(
    client: Client, wang: Person, make_orders: OrderMaker
) -> None:
    make_orders(2)

    page = of(client, wang).get(reverse("orders")).content.decode()

    assert "139****0001" in page
    assert "13900000001" not in page


def test_the_list_costs_the_same_for_few_and_many(
    client: Client,
    wang: Person,
    make_orders: OrderMaker,
    django_assert_max_num_queries: Any,
) -> None:
    make_orders(40)
    of(client, wang)

    client.get(reverse("orders"))
    with django_assert_max_num_queries(7):
        client.get(reverse("orders"))


def test_an_orders_page_asks_no_more_than_it_must(
    client: Client, wang: Person, make_orders: OrderMaker, django_assert_max_num_queries: Any
) -> None:
    order = make_orders(1, stage=Stage.READY).get()
    of(client, wang).get(reverse("order", args=[order.number]))

    # What most orders have nothing of is asked once for all rooms; then each asks by the key.
    with django_assert_max_num_queries(17):
        client.get(reverse("order", args=[order.number]))


def test_the_confirmation_is_a_pdf(client: Client, wang: Person, make_orders: OrderMaker) -> None:
    order = make_orders(1).get()

    answer = of(client, wang).get(reverse("order-confirmation", args=[order.number]))

    assert answer.content.startswith(b"%PDF")
