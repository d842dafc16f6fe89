"""Presold and ready goods of one order: what is ready leaves first, or all of it waits."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER, OrderMaker, make_sku
from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.people.models import Person, Platform, Shop, Warehouse
from gendan.stock.actions import (
    claim_presales,
    follow_amended,
    give_back_presales,
    reserve,
    reserve_next,
    save_parting_rules,
    serve_rests,
)
from gendan.stock.hands import serve_all
from gendan.stock.models import PartingRules, Presale, PresaleClaim, Reservation, Rest, Shortage
from gendan.stock.tests.conftest import Shelf, beside
from gendan.stock.tests.test_pages import signed_in
from gendan.stock.tests.test_presell import opened
from gendan.stock.tests.test_race import at_once
from gendan.stock.verify import differences

NOW = timezone.now()
Mixed = Callable[..., OrderQuerySet]


@pytest.fixture
def mixed(make_orders: OrderMaker, bag: Sku) -> Mixed:
    """Return a maker of orders of two tins of tea (ready) and a bag (to be presold)."""

    def make(number: int = 1, **more: object) -> OrderQuerySet:
        orders = make_orders(number, stage=Stage.READY, **more)
        beside(orders, bag)
        return orders

    return make


def its_day() -> None:
    with entry("test.setup", by=TESTER):
        PresaleClaim.objects.update(waits_until=NOW - timedelta(minutes=1))


def all_together() -> None:
    save_parting_rules(PartingRules(ready_first=False), by=TESTER)


def codes() -> dict[str, int]:
    return dict(Reservation.objects.values_list("sku__code", "quantity"))


def test_what_is_ready_is_promised_and_the_rest_follows_on_its_day(
    mixed: Mixed, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 90)
    shelf(bag, 90)
    opened(bag, 10)
    orders = mixed()
    claim_presales(by=TESTER, now=NOW)
    assert serve_all(by=TESTER) == 1
    assert orders.get().stage == Stage.ALLOCATED
    assert codes() == {"TEA-01": 2}
    assert Rest.objects.get().sku == bag
    assert serve_rests(by=TESTER, now=NOW) == 0  # though it lies there: it has a day
    assert not list(differences())
    its_day()
    assert serve_rests(by=TESTER, now=NOW) == 1
    assert codes() == {"TEA-01": 2, "BAG-01": 1}
    assert not Rest.objects.exists()
    assert not list(differences())


def test_the_house_may_send_everything_together(
    mixed: Mixed, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    all_together()
    shelf(tea, 90)
    opened(bag, 10)
    orders = mixed()
    claim_presales(by=TESTER, now=NOW)
    assert serve_all(by=TESTER) == 0
    with pytest.raises(WrongStage, match="预售"):
        reserve(orders, by=TESTER, now=NOW)
    assert orders.get().stage == Stage.READY
    shelf(bag, 9)
    its_day()
    serve_all(by=TESTER)
    assert codes() == {"TEA-01": 2, "BAG-01": 1}


def test_who_has_claimed_keeps_what_was_chosen_then(
    mixed: Mixed, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 90)
    opened(bag, 10)
    mixed()
    claim_presales(by=TESTER, now=NOW)
    all_together()
    assert serve_all(by=TESTER) == 1


@pytest.mark.parametrize("platform", [Platform.PINDUODUO, Platform.JD])
def test_it_waits_whole_where_the_platform_takes_one_waybill(
    mixed: Mixed, tea: Sku, bag: Sku, shop: Shop, shelf: Shelf, platform: str
) -> None:
    with entry("test.setup", by=TESTER):
        Shop.objects.update(platform=platform)
    shelf(tea, 90)
    opened(bag, 10)
    orders = mixed()
    claim_presales(by=TESTER, now=NOW)
    assert serve_all(by=TESTER) == 0
    assert orders.get().stage == Stage.READY


def test_an_order_of_our_own_parts_on_every_platform(
    mixed: Mixed, tea: Sku, bag: Sku, shop: Shop, shelf: Shelf
) -> None:
    with entry("test.setup", by=TESTER):
        Shop.objects.update(platform=Platform.JD)
    shelf(tea, 90)
    opened(bag, 10)
    mixed(platform_order="")
    claim_presales(by=TESTER, now=NOW)
    assert serve_all(by=TESTER) == 1


def test_a_gift_does_not_go_alone(
    make_orders: OrderMaker, tea: Sku, mug: Sku, shelf: Shelf
) -> None:
    shelf(mug, 90)
    opened(tea, 10)
    orders = make_orders(1, stage=Stage.READY)
    beside(orders, mug, is_gift=True, price_fen=0, total_fen=0)
    claim_presales(by=TESTER, now=NOW)
    assert serve_all(by=TESTER) == 0
    assert orders.get().stage == Stage.READY


def test_a_set_never_parts(make_orders: OrderMaker, tea: Sku, bag: Sku, shelf: Shelf) -> None:
    box = make_sku("BOX-09", "礼盒")
    shelf(tea, 90)
    opened(bag, 10)
    orders = make_orders(1, stage=Stage.READY, sku=box, quantity=1)
    with entry("test.setup", by=TESTER):
        Line.objects.update(is_set=True)
    bearer = Line.objects.get()
    for position, sku in ((2, tea), (3, bag)):
        beside(
            orders, sku, position=position, sub_order="", price_fen=0, total_fen=0, part_of=bearer
        )
    claim_presales(by=TESTER, now=NOW)
    assert serve_all(by=TESTER) == 0
    assert orders.get().stage == Stage.READY


def test_only_what_is_ready_is_short(mixed: Mixed, tea: Sku, bag: Sku, shelf: Shelf) -> None:
    opened(bag, 10)
    orders = mixed()
    claim_presales(by=TESTER, now=NOW)
    assert reserve_next(by=TESTER, now=NOW) == (0, 1)
    assert [short.sku for short in Shortage.objects.select_related("sku")] == [tea]
    shelf(tea, 90)
    assert serve_all(by=TESTER) == 1
    assert orders.get().stage == Stage.ALLOCATED
    assert Rest.objects.get().sku == bag
    assert not list(differences())


def test_it_takes_its_turn_with_everybody(
    mixed: Mixed, make_orders: OrderMaker, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 5)  # 2 are free
    opened(bag, 10)
    later = mixed(paid_at=NOW)
    first = make_orders(1, stage=Stage.READY, paid_at=NOW - timedelta(hours=1))
    claim_presales(by=TESTER, now=NOW)
    serve_all(by=TESTER)
    assert (first.get().stage, later.get().stage) == (Stage.ALLOCATED, Stage.SHORT)


def test_a_changed_quantity_changes_what_is_taken(mixed: Mixed, bag: Sku) -> None:
    opened(bag, 4)
    mixed(2)
    claim_presales(by=TESTER, now=NOW)
    one, other = Line.objects.filter(sku=bag).order_by("pk")
    for line, pieces in ((one, 3), (other, 2)):
        with entry("test.setup", by=TESTER):
            Line.objects.filter(pk=line.pk).update(
                quantity=pieces, total_fen=pieces * line.price_fen
            )
    follow_amended(by=TESTER, now=NOW)
    assert dict(PresaleClaim.objects.values_list("line", "quantity")) == {one.pk: 3, other.pk: 1}
    assert Presale.objects.get().taken == 4
    assert follow_amended(by=TESTER, now=NOW) == 0  # there is nothing left to take
    assert not list(differences())


def test_a_line_of_other_goods_has_nothing_of_the_presale(mixed: Mixed, tea: Sku, bag: Sku) -> None:
    opened(bag, 4)
    mixed()
    claim_presales(by=TESTER, now=NOW)
    with entry("test.setup", by=TESTER):
        Line.objects.filter(sku=bag).update(sku=tea)
    assert give_back_presales(by=TESTER) == 1
    assert Presale.objects.get().taken == 0


@pytest.mark.parametrize("number", [1, 300])
def test_it_costs_the_same_for_one_and_for_300(
    mixed: Mixed, tea: Sku, bag: Sku, shelf: Shelf, number: int
) -> None:
    shelf(tea, 2000)
    opened(bag, 1000)
    mixed(number)
    with CaptureQueriesContext(connection) as claimed:
        assert claim_presales(by=TESTER, now=NOW) == number
    with CaptureQueriesContext(connection) as reserved:
        assert reserve_next(by=TESTER, now=NOW) == (number, 0)
    assert (len(claimed), len(reserved)) == (14, 20)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_presale_that_opens_meanwhile_never_claims_what_is_promised(
    mixed: Mixed, tea: Sku, bag: Sku, shelf: Shelf, hangzhou: Warehouse
) -> None:
    shelf(tea, 200)
    shelf(bag, 200)
    mixed(40)
    opened(bag, 30)

    def act(worker: int) -> None:
        if worker == 0:
            claim_presales(by=TESTER, now=NOW)
            return
        waiting = Order.objects.order_by("pk").values_list("pk", flat=True)
        for pk in list(waiting)[worker - 1 :: 3]:
            reserve(Order.objects.filter(pk=pk, stage=Stage.READY), by=TESTER, now=NOW)

    at_once(act)
    promised = Reservation.objects.filter(sku=bag).values("line")
    assert not PresaleClaim.objects.filter(line__in=promised).exists()
    assert not list(differences())


def test_the_orders_page_says_what_follows(
    mixed: Mixed, bag: Sku, tea: Sku, shelf: Shelf, wang: Person
) -> None:
    shelf(tea, 90)
    opened(bag, 10)
    order = mixed().get()
    claim_presales(by=TESTER, now=NOW)
    serve_all(by=TESTER)
    page = signed_in(wang).get(reverse("order", args=[order.number])).content.decode()
    assert "后补 1" in page
    assert "有现货的先发" in page
