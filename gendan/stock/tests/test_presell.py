"""Presales: a pool that cannot be oversold, and orders that wait for their day."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.people.models import Person, Shop, Warehouse
from gendan.stock.actions import (
    CannotPresell,
    NewPresale,
    change_presale,
    claim_presales,
    give_back_presales,
    presell,
    reserve,
    reserve_next,
)
from gendan.stock.hands import serve_all
from gendan.stock.models import Presale, PresaleClaim
from gendan.stock.tests.conftest import Shelf
from gendan.stock.tests.test_race import at_once
from gendan.stock.verify import differences

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def opened(sku: Sku, pool: int, *, days: int = 9, shop: Shop | None = None) -> Presale:
    return presell(
        NewPresale(
            sku.pk,
            NOW - timedelta(days=1),
            NOW + timedelta(days=2),
            pool,
            TODAY + timedelta(days=days),
            shop.pk if shop else None,
        ),
        by=TESTER,
    )


def test_presold_orders_are_not_short_but_wait_for_their_day(
    make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse
) -> None:
    presale = opened(tea, 10)
    orders = make_orders(3, stage=Stage.READY)
    assert claim_presales(by=TESTER, now=NOW) == 3
    assert reserve_next(by=TESTER, now=NOW) == (0, 0)
    presale.refresh_from_db()
    assert presale.taken == 6
    assert set(orders.values_list("stage", flat=True)) == {Stage.READY}
    assert {timezone.localdate(at) for at in orders.values_list("promise_at", flat=True)} == {
        TODAY + timedelta(days=10)
    }
    assert not list(differences())


def test_they_wait_even_where_the_goods_lie_there_already(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf
) -> None:
    shelf(tea, 90)
    opened(tea, 10)
    orders = make_orders(2, stage=Stage.READY)
    assert serve_all(by=TESTER) == 0  # nobody has claimed yet: they are left alone all the same
    claim_presales(by=TESTER, now=NOW)
    assert serve_all(by=TESTER) == 0
    assert set(orders.values_list("stage", flat=True)) == {Stage.READY}


def test_who_comes_after_the_pool_is_empty_is_short(
    make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse
) -> None:
    opened(tea, 5)
    late = make_orders(1, stage=Stage.READY, paid_at=NOW)
    make_orders(2, stage=Stage.READY, paid_at=NOW - timedelta(hours=2))
    assert claim_presales(by=TESTER, now=NOW) == 2
    assert reserve_next(by=TESTER, now=NOW) == (0, 1)
    assert late.get().stage == Stage.SHORT


def test_on_their_day_they_are_served(make_orders: OrderMaker, tea: Sku, shelf: Shelf) -> None:
    opened(tea, 10)
    orders = make_orders(1, stage=Stage.READY)
    claim_presales(by=TESTER, now=NOW)
    shelf(tea, 90)
    with entry("test.setup", by=TESTER):
        PresaleClaim.objects.update(waits_until=NOW - timedelta(minutes=1))
    reserve_next(by=TESTER, now=NOW)
    assert orders.get().stage == Stage.ALLOCATED


def test_what_is_cancelled_goes_back_into_the_pool(
    make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse
) -> None:
    presale = opened(tea, 10)
    orders = make_orders(1, stage=Stage.READY)
    claim_presales(by=TESTER, now=NOW)
    with entry("test.setup", by=TESTER):
        orders.update(stage=Stage.CANCELLED)
    assert give_back_presales(by=TESTER) == 1
    presale.refresh_from_db()
    assert presale.taken == 0
    assert not list(differences())


def test_another_shop_has_nothing_of_it(
    make_orders: OrderMaker, tea: Sku, store: Shop, hangzhou: Warehouse
) -> None:
    opened(tea, 10, shop=store)
    make_orders(1, stage=Stage.READY)
    assert claim_presales(by=TESTER, now=NOW) == 0


def test_the_pool_is_never_smaller_than_what_is_sold(
    make_orders: OrderMaker, tea: Sku, zhao: Person, hangzhou: Warehouse
) -> None:
    presale = opened(tea, 10)
    make_orders(3, stage=Stage.READY)
    claim_presales(by=TESTER, now=NOW)
    said = Entry.objects.count()
    with pytest.raises(CannotPresell, match="超过"):
        change_presale(
            presale, pool=5, ends_at=presale.ends_at, ships_on=presale.ships_on, by=zhao, why=""
        )
    assert Entry.objects.count() == said
    assert Presale.objects.get().pool == 10


def test_the_day_of_sending_is_not_before_the_end(tea: Sku) -> None:
    with pytest.raises(CannotPresell):
        opened(tea, 10, days=0)


def test_two_presales_of_one_time_are_refused(tea: Sku) -> None:
    opened(tea, 10)
    with pytest.raises(CannotPresell, match="已有预售"):
        opened(tea, 10)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_pool_is_never_oversold_by_many_at_once(
    make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse
) -> None:
    opened(tea, 21)
    make_orders(40, stage=Stage.READY)

    def claim(_worker: int) -> None:
        claim_presales(by=TESTER, now=NOW)

    at_once(claim)
    assert Presale.objects.get().taken == 20
    assert Order.objects.filter(presale_claims__isnull=False).count() == 10
    assert not list(differences())


def test_by_hand_they_are_not_served_before_their_day_either(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf, zhao: Person
) -> None:
    shelf(tea, 90)
    opened(tea, 10)
    orders = make_orders(1, stage=Stage.READY)
    claim_presales(by=TESTER, now=NOW)
    with pytest.raises(WrongStage, match="预售"):
        reserve(orders, by=zhao, now=NOW)
    assert orders.get().stage == Stage.READY


def test_its_page_names_the_orders_of_the_persons_own_shops_alone(
    client: Client, make_orders: OrderMaker, tea: Sku, zhao: Person, stranger: Person
) -> None:
    presale = opened(tea, 10)
    number = make_orders(1, stage=Stage.READY).get().number
    claim_presales(by=TESTER, now=NOW)
    for who, is_named in ((zhao, True), (stranger, False)):
        client.force_login(who)
        page = client.get(reverse("presale", args=[presale.pk])).content.decode()
        assert (number in page) == is_named


def test_nothing_filled_in_opens_no_presale(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    assert client.post(reverse("presale-new")).status_code == 422
    assert not Presale.objects.exists()
