"""The board: every number is that of the list it leads to."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gendan.delivery.listings import LIST as PARCELS
from gendan.insight.queries.board import Board, board, seen_by
from gendan.insight.tests.conftest import browse
from gendan.orders.listing import orders_listing
from gendan.people.models import Person, Shop
from gendan.warehouse.lists import SHIPMENTS

LISTS = {"orders": orders_listing, "shipments": SHIPMENTS, "parcels": PARCELS}


def behind(url: str, person: Person) -> int:
    """Return how many rows the list shows that an address leads to."""
    parts = urlsplit(url)
    name = next(name for name in LISTS if parts.path == reverse(name))
    query = parse_qs(parts.query)
    return LISTS[name].found(person, query["tab"][0], query["q"][0], timezone.now()).count()


def figures(now: Board) -> list[tuple[str, int, str]]:
    """Return each number of the board with its name and its link."""
    found = []
    for one in (*now.before, *now.inside, *now.outside):
        found += [(one.code, one.count, one.url), (f"{one.code} slow", one.slow, one.slow_url)]
        if one.code != "SHIPPED":
            found += [(f"{one.code} late", one.late, one.late_url)]
            found += [(f"{one.code} soon", one.soon, one.soon_url)]
    found += [(flow.code, flow.count, flow.url) for flow in now.flows]
    found += [(hold.name, hold.orders, hold.url) for hold in now.holds]
    found += [(str(short.sku), short.orders, short.url) for short in now.shorts.worst]
    sold, links = now.sales, now.sales.links
    found += [("placed", sold.today.placed.orders, links["placed"])]
    found += [("paid", sold.today.paid.orders, links["paid"])]
    found += [("month placed", sold.month_placed.orders, links["month_placed"])]
    found += [("month paid", sold.month_paid.orders, links["month_paid"])]
    return found + [(shop.name, shop.today.orders, shop.url) for shop in sold.shops]


@pytest.mark.usefixtures("busy")
def test_every_number_leads_to_exactly_its_rows(zhao: Person) -> None:
    now = board(zhao, now=timezone.now())
    wrong = {
        name: (number, rows)
        for name, number, url in figures(now)
        if number != (rows := behind(url, zhao))
    }
    assert wrong == {}
    assert now.late_count > 0
    assert now.soon_count > 0
    assert now.holds[0].orders == 4


@pytest.mark.usefixtures("busy")
def test_it_counts_only_what_the_person_sees(zhao: Person, stranger: Person, store: Shop) -> None:
    zhao.shop_ids = [store.pk]
    seen = board(zhao, now=timezone.now())
    assert {one.count for one in seen.before} == {1}
    assert all(number == behind(url, zhao) for _name, number, url in figures(seen))
    nothing = board(stranger, now=timezone.now())
    assert sum(number for _name, number, _url in figures(nothing)) == 0


@pytest.mark.usefixtures("busy")
def test_money_is_for_those_who_may_see_it(zhao: Person, wang: Person) -> None:
    assert "¥" in browse(zhao).get("/board/").content.decode()
    assert "¥" not in browse(wang).get("/board/").content.decode()


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_holds_the_fragment_that_renews_itself(zhao: Person, language: str) -> None:
    browser = browse(zhao, language)
    page = browser.get("/board/").content.decode()
    part = browser.get("/board/", headers={"hx-request": "true"}).content.decode()
    assert 'id="board"' in page
    assert part.lstrip().startswith('<div id="board"')
    assert "<html" not in part


@pytest.mark.usefixtures("busy")
def test_it_asks_as_often_for_much_as_for_little(zhao: Person, make_orders: Any) -> None:
    def queries() -> int:
        """Count the second of two looks: what waits to be planned is shared for seconds."""
        cache.clear()
        now = timezone.now()
        board(zhao, now=now)
        with CaptureQueriesContext(connection) as counted:
            board(zhao, now=now)
        return len(counted)

    before = queries()
    make_orders(50)
    assert queries() == before <= 12


@pytest.mark.usefixtures("busy")
def test_who_sees_the_same_shares_the_figures_for_a_moment(
    zhao: Person, stranger: Person, django_assert_num_queries: Any
) -> None:
    counted = seen_by(zhao)

    with django_assert_num_queries(0):
        assert seen_by(zhao).at == counted.at
    assert sum(station.count for station in counted.before)
    assert not sum(station.count for station in seen_by(stranger).before)


def test_an_empty_house_has_a_board_too(zhao: Person) -> None:
    assert browse(zhao).get("/board/").status_code == 200
