"""Changes sets of real orders with the journal and without, in turn, and takes everything back.

Each act runs in a transaction that is rolled back, and what it leaves is vacuumed away, so that
every run finds the tables as fresh as the first one did.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from gendan.bench.house import say
from gendan.bench.measuring import median
from gendan.journal.actors import Job
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order
from gendan.orders.move import move
from gendan.orders.stages import PlatformState, Source, Stage
from gendan.people.models import Platform, Shop, ShopKind

RUNS = 7
LINES = 2
BY = Job("bench")

THIRTEEN = """
CREATE TABLE bench_thirteen AS
SELECT id, number, shop_id, stage, stage_since, buyer, receiver_name, receiver_phone, address,
  total_fen, paid_fen, placed_at, made_at FROM orders_order;
ALTER TABLE bench_thirteen ADD PRIMARY KEY (id);
CREATE INDEX ON bench_thirteen (stage, id);
SELECT journal_attach('bench_thirteen');
"""
UPDATE = "UPDATE {} SET stage = 'HELD', stage_since = now() WHERE id = ANY(%s)"
UPDATE_SEVEN = """
UPDATE orders_order SET stage = 'READY', stage_since = now(), released_at = now(), flag = 3,
  priority = 2, seller_remark = '尽快发货', carrier_wish = 'shunfeng' WHERE id = ANY(%s)
"""
DELETE_LINES = "DELETE FROM orders_line WHERE order_id = ANY(%s)"


@dataclass(frozen=True)
class Act:
    """What happens to the orders with these ids, and the table that it changes."""

    table: str
    do: Callable[[list[int]], None]


def main(orders: str) -> dict[str, Any]:
    """Measure every act on so many orders."""
    ids = _make(int(orders))
    said = _statements()
    bare = {"moved": said["updated"]} | said
    acts = {
        name: _compared(name, act, bare[name], ids)
        for name, act in ({"moved": Act("orders_order", _move)} | said).items()
    }
    return {"orders": len(ids), "times_bare": acts["moved"]["times_bare"], "acts": acts}


def _statements() -> dict[str, Act]:
    return {
        "updated": _said("orders_order", UPDATE.format("orders_order")),
        "seven_columns": _said("orders_order", UPDATE_SEVEN),
        "inserted": _said("orders_order", _copy(Order, "id", platform_order="''")),
        "inserted_lines": _said(
            "orders_line", _copy(Line, "order_id", position="position + 100", sub_order="''")
        ),
        "deleted_lines": _said("orders_line", DELETE_LINES),
        "thirteen_columns": _said("bench_thirteen", UPDATE.format("bench_thirteen")),
    }


def _said(table: str, statement: str) -> Act:
    def do(ids: list[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [ids])

    return Act(table, do)


def _copy(model: type[Model], key: str, **instead: str) -> str:
    """Return the statement that enters rows again, with other values in some columns."""
    given = [str(field.column) for field in model._meta.concrete_fields]
    columns = [column for column in given if column not in ("id", "number")]
    values = [instead.get(column, column) for column in columns]
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608 (names of our own)
        f"SELECT {', '.join(values)} FROM {table} WHERE {key} = ANY(%s)"
    )


def _move(ids: list[int]) -> None:
    with entry("order.held", by=BY, why="measured"):
        move(Order.objects.numbered(ids), Stage.HELD)


def _compared(name: str, journaled: Act, bare: Act, ids: list[int]) -> dict[str, float]:
    """Return the medians of both, one after the other so that they meet the same weather."""
    say(f"the journal of {len(ids):,} orders: {name}")
    pairs = [(_bare(bare, ids), _journaled(journaled, ids)) for _run in range(RUNS + 1)][1:]
    without, with_it = (median(seconds) for seconds in zip(*pairs, strict=True))
    return {"bare_s": without, "journaled_s": with_it, "times_bare": with_it / without}


def _bare(act: Act, ids: list[int]) -> float:
    return _taken_back(act, ids, f"ALTER TABLE {act.table} DISABLE TRIGGER USER")


def _journaled(act: Act, ids: list[int]) -> float:
    return _taken_back(act, ids, "SELECT journal_open('bench.measured')")


def _taken_back(act: Act, ids: list[int], first: str) -> float:
    """Return how long the act takes, in seconds; leave no trace of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(first)
        began = time.perf_counter()
        act.do(ids)
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {act.table}, journal_change, journal_entry")
    return seconds


def _make(number: int) -> list[int]:
    """Make orders and their lines, and the narrow table beside them; return the orders' ids."""
    with entry("order.imported", by=BY):
        shop = Shop.objects.create(
            code="BENCH", name="测量店", platform=Platform.TAOBAO, kind=ShopKind.WEB
        )
        orders = Order.objects.bulk_create(_order(shop, n) for n in range(number))
        Line.objects.bulk_create(
            _line(order, position) for order in orders for position in range(1, LINES + 1)
        )
    with connection.cursor() as cursor:
        cursor.execute(THIRTEEN)
        cursor.execute("VACUUM ANALYZE orders_order, orders_line, bench_thirteen")
    return [order.pk for order in orders]


def _order(shop: Shop, number: int) -> Order:
    now = timezone.now()
    return Order(
        shop=shop,
        source=Source.FILE,
        stage=Stage.SCREENING,
        platform_order=f"J{number:010}",
        platform_state=PlatformState.PAID,
        goods_fen=LINES * 1500,
        total_fen=LINES * 1500,
        paid_fen=LINES * 1500,
        buyer=f"buyer{number}",
        receiver_name="林一诺",
        receiver_phone=f"139{number:08}",
        province="浙江省",
        city="杭州市",
        district="西湖区",
        address=f"文二西路 {number} 号 3 幢 502 室",
        division="330106",
        place_key=f"place{number}",
        placed_at=now,
        paid_at=now,
    )


def _line(order: Order, position: int) -> Line:
    return Line(
        order=order,
        position=position,
        sub_order=f"{order.platform_order}-{position}",
        title="明前龙井 铁罐装",
        specification="净含量：125克",
        quantity=1,
        price_fen=1500,
        total_fen=1500,
    )
