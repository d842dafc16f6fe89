from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER, OrderMaker, make_sku
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import Goods, open_stock, receive, reserve_next
from gendan.stock.actions.count import (
    Counted,
    WrongCount,
    WrongMoment,
    preview,
    take_stock,
)
from gendan.stock.counting import STOCKTAKE, take_counts
from gendan.stock.models import Balance, Ledger, Movement
from gendan.stock.tests.conftest import Shelf
from gendan.stock.tests.test_reserve import NOW
from gendan.stock.writing import NotEnoughStock
from gendan.ui.importing import ImportRow

HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now() + timedelta(minutes=1)


def move(sku: Sku, warehouse: Warehouse, pieces: int, at: datetime) -> None:
    """Let pieces have come or left at another moment."""
    with entry("test.setup", by=TESTER) as act, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stock_ledger (sku_id, warehouse_id, movement, on_hand_change,"
            " reserved_change, document, entry_id, at) VALUES (%s, %s, 'ADJUSTED', %s, 0, '', %s,"
            " %s)",
            [sku.pk, warehouse.pk, pieces, act, at],
        )


@pytest.fixture
def sold_since(tea: Sku, hangzhou: Warehouse, now: datetime) -> None:
    """50 came two hours ago, 5 left half an hour ago."""
    move(tea, hangzhou, 50, now - 2 * HOUR)
    move(tea, hangzhou, -5, now - HOUR / 2)


def test_what_was_sold_since_the_count_stays_sold(
    sold_since: None, tea: Sku, hangzhou: Warehouse, chen: Person, now: datetime
) -> None:
    (told,) = take_stock([Counted(tea.pk, 48, now - HOUR)], hangzhou, by=chen, now=now, why="月盘")
    assert (told.then, told.correction, told.since, told.after) == (50, -2, -5, 43)
    assert Balance.objects.get().on_hand == 43
    row = Ledger.objects.latest("pk")
    assert (row.movement, row.on_hand_change) == (Movement.COUNTED, -2)
    said = Entry.objects.get(verb="stock.counted_as_of")
    assert (said.actor_name, said.why, said.facts["warehouse"]) == ("陈大库", "月盘", "杭州仓")


def test_a_moment_ahead_or_before_the_last_count_is_refused(
    sold_since: None, tea: Sku, hangzhou: Warehouse, now: datetime
) -> None:
    with pytest.raises(WrongMoment):
        take_stock([Counted(tea.pk, 48, now + HOUR)], hangzhou, by=TESTER, now=now, why="盘")
    take_stock([Counted(tea.pk, 48, now - HOUR)], hangzhou, by=TESTER, now=now, why="盘")
    with pytest.raises(WrongMoment, match="TEA-01"):
        take_stock([Counted(tea.pk, 47, now - HOUR)], hangzhou, by=TESTER, now=now, why="盘")
    assert Balance.objects.get().on_hand == 43


def test_a_moment_before_the_opening_stock_is_refused(
    tea: Sku, hangzhou: Warehouse, now: datetime
) -> None:
    open_stock([Goods(tea.pk, 50)], hangzhou, by=TESTER, document="期初")
    with pytest.raises(WrongMoment):
        take_stock([Counted(tea.pk, 48, now - HOUR)], hangzhou, by=TESTER, now=now, why="盘")
    assert Balance.objects.get().on_hand == 50


def test_what_cannot_be_counted_so_is_refused_and_changes_nothing(
    sold_since: None, tea: Sku, hangzhou: Warehouse, now: datetime
) -> None:
    at = now - HOUR
    for counts in (
        [],
        [Counted(tea.pk, -1, at)],
        [Counted(tea.pk, 1, at), Counted(tea.pk, 1, now - HOUR / 3)],
    ):
        with pytest.raises(WrongCount):
            take_stock(counts, hangzhou, by=TESTER, now=now, why="盘")
    assert Balance.objects.get().on_hand == 45


def test_what_lies_at_two_places_is_added_up(
    sold_since: None, tea: Sku, hangzhou: Warehouse, now: datetime
) -> None:
    counts = [Counted(tea.pk, 30, now - HOUR), Counted(tea.pk, 20, now - HOUR)]
    (told,) = take_stock(counts, hangzhou, by=TESTER, now=now, why="盘")
    assert (told.counted, told.correction) == (50, 0)


def test_promised_pieces_are_not_counted_away(
    shelf: Shelf, make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse, now: datetime
) -> None:
    shelf(tea, 6)
    make_orders(1, stage=Stage.READY)
    reserve_next(by=TESTER, now=NOW)
    with pytest.raises(NotEnoughStock, match="TEA-01"):
        take_stock([Counted(tea.pk, 1, now)], hangzhou, by=TESTER, now=now, why="盘")
    assert Balance.objects.get().on_hand == 6


def test_a_preview_leaves_nothing(
    sold_since: None, tea: Sku, hangzhou: Warehouse, now: datetime
) -> None:
    (told,) = preview([Counted(tea.pk, 48, now - HOUR)], hangzhou, by=TESTER, now=now)
    assert told.after == 43
    assert Balance.objects.get().on_hand == 45
    assert not Entry.objects.filter(verb="stock.counted_as_of").exists()


def test_a_file_of_counts_is_taken_over(
    sold_since: None, tea: Sku, hangzhou: Warehouse, chen: Person, now: datetime
) -> None:
    values: dict[str, Any] = {"warehouse": hangzhou.pk, "counted": 48, "at": now - HOUR}
    rows = [
        ImportRow(2, {"code": "TEA-01", **values}),
        ImportRow(3, {"code": "NOBODY", **values}),
    ]
    outcome = take_counts(rows, by=chen, why="")
    assert (outcome.changed, len(outcome.mistakes)) == (1, 1)
    assert Balance.objects.get().on_hand == 43
    read = STOCKTAKE.by_key["at"].parse("2026-11-22 10:00")
    assert timezone.localtime(read).hour == 10


def test_a_file_counts_nothing_in_the_warehouses_of_others(
    sold_since: None, tea: Sku, hangzhou: Warehouse, foshan: Warehouse, chen: Person, now: datetime
) -> None:
    chen.warehouse_ids = [foshan.pk]
    values = {"code": "TEA-01", "warehouse": hangzhou.pk, "counted": 48, "at": now - HOUR}
    outcome = take_counts([ImportRow(2, values)], by=chen, why="")
    assert [(wrong.number, wrong.field, wrong.value) for wrong in outcome.mistakes] == [
        (2, "warehouse", "HZ")
    ]
    assert Balance.objects.get().on_hand == 45


def test_the_arithmetic_of_no_warehouse_is_none(
    client: Client, sold_since: None, tea: Sku, chen: Person
) -> None:
    client.force_login(chen)
    form = {"warehouse": "0", "at": "2026-11-22T10:00", "sku": tea.pk, "quantity": 48}
    answer = client.post(reverse("stocktake"), form, headers={"HX-Request": "true"})
    assert answer.status_code == 200


def test_the_page_shows_the_arithmetic_and_takes_it_over(
    client: Client, sold_since: None, tea: Sku, hangzhou: Warehouse, chen: Person, wang: Person
) -> None:
    at = timezone.localtime(timezone.now() - timedelta(minutes=45))
    form = {
        "warehouse": hangzhou.pk,
        "at": f"{at:%Y-%m-%dT%H:%M}",
        "why": "月盘",
        "sku": tea.pk,
        "quantity": 48,
    }
    client.force_login(wang)
    assert client.post(reverse("stocktake"), form).status_code == 403
    client.force_login(chen)
    assert client.get(reverse("stocktake")).status_code == 200
    shown = client.post(reverse("stocktake"), form, headers={"HX-Request": "true"})
    assert "<b>43</b>" in shown.content.decode()
    assert Balance.objects.get().on_hand == 45
    assert client.post(reverse("stocktake"), form).status_code == 302
    assert Balance.objects.get().on_hand == 43


def test_it_costs_the_same_for_many(hangzhou: Warehouse, now: datetime) -> None:
    counts = []
    for number in (1, 300):
        skus = [make_sku(f"N{number}-{n}", "茶", barcode=f"{number}-{n}") for n in range(number)]
        receive([Goods(sku.pk, 3) for sku in skus], hangzhou, by=TESTER)
        with CaptureQueriesContext(connection) as queries:
            told = [Counted(sku.pk, 2, now) for sku in skus]
            take_stock(told, hangzhou, by=TESTER, now=now, why="盘")
        counts.append(len(queries))
    assert counts[0] == counts[1]
