"""The floor: what the same database does for an order in hand-written SQL, and not a line more.

Order, lines, conditional reservation, ledger and one row of journal: one order a transaction as a
careful hand would write it (statement by statement, and all in one statement), and 10,000 orders
as a set. Plain psycopg; nothing of Gendan is imported here but the tables' text.
"""

import json
import multiprocessing
import random
import time
from importlib.resources import files
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

import psycopg

from gendan.bench.measuring import median, percentiles, seeded

CLIENTS = (1, 8, 16)
SKUS = 10_000
SET = 10_000

ADDRESS = ("林一诺", "13900000001", "浙江省", "杭州市", "西湖区", "文二西路 12 号 3 幢 502 室")

NUMBER = "SELECT nextval('floor.number')"
ORDER = """
INSERT INTO floor.orders (number, shop_id, platform_order, stage, customer_id, receiver, phone,
  province, city, district, address, goods_fen, postage_fen, total_fen, placed_at, updated_at)
VALUES (%s, 1, %s, 'PLACED', %s, %s, %s, %s, %s, %s, %s, %s, 0, %s, now(), now()) RETURNING id
"""
LINE = """
INSERT INTO floor.lines (order_id, position, sku_id, title, quantity, price_fen, total_fen, stage,
  warehouse) VALUES (%s, %s, %s, %s, %s, %s, %s, 'RESERVED', 1)
"""
RESERVE = """
UPDATE floor.stock SET reserved = reserved + %s, version = version + 1, updated_at = now()
WHERE sku_id = %s AND warehouse = 1 AND on_hand - reserved >= %s
"""
LEDGER = """
INSERT INTO floor.ledger (sku_id, warehouse, order_id, position, movement, change)
VALUES (%s, 1, %s, %s, 'RESERVE', %s)
"""
JOURNAL = """
INSERT INTO floor.journal (order_id, verb, actor, facts) VALUES (%s, 'order.placed', %s, %s)
"""

SET_RESERVE = """
WITH need AS (
  SELECT k.id AS sku_id, sum(s.quantity) AS quantity
  FROM floor.staged_line s JOIN floor.sku k USING (code) GROUP BY 1
), locked AS MATERIALIZED (
  SELECT t.sku_id FROM floor.stock t JOIN need USING (sku_id)
  WHERE t.warehouse = 1 ORDER BY t.sku_id FOR UPDATE OF t
)
UPDATE floor.stock t
SET reserved = reserved + need.quantity, version = version + 1, updated_at = now()
FROM need JOIN locked USING (sku_id)
WHERE t.sku_id = need.sku_id AND t.warehouse = 1 AND t.on_hand - t.reserved >= need.quantity
"""
SET_ORDERS = """
CREATE TEMP TABLE made ON COMMIT DROP AS
WITH inserted AS (
  INSERT INTO floor.orders (number, shop_id, platform_order, stage, customer_id, receiver, phone,
    province, city, district, address, goods_fen, postage_fen, total_fen, placed_at, updated_at)
  SELECT 'SO' || lpad(nextval('floor.number')::text, 10, '0'), 2, ref, 'PLACED', customer_id,
    receiver, phone, province, city, district, address, goods_fen, postage_fen, total_fen,
    now(), now()
  FROM floor.staged_order RETURNING id, platform_order
) SELECT id, platform_order AS ref FROM inserted
"""
SET_LINES = """
INSERT INTO floor.lines (order_id, position, sku_id, title, quantity, price_fen, total_fen, stage,
  warehouse)
SELECT m.id, s.position, k.id, 'Product ' || k.id, s.quantity, s.price_fen,
  s.quantity * s.price_fen, 'RESERVED', 1
FROM floor.staged_line s JOIN made m USING (ref) JOIN floor.sku k USING (code)
"""
SET_LEDGER = """
INSERT INTO floor.ledger (sku_id, warehouse, order_id, position, movement, change)
SELECT k.id, 1, m.id, s.position, 'RESERVE', s.quantity
FROM floor.staged_line s JOIN made m USING (ref) JOIN floor.sku k USING (code)
"""
SET_JOURNAL = """
INSERT INTO floor.journal (order_id, verb, actor, facts)
SELECT m.id, 'order.placed', 'import', jsonb_build_object('ref', m.ref, 'total', o.total_fen,
  'goods', o.goods_fen, 'customer', o.customer_id, 'lines', l.lines)
FROM made m JOIN floor.staged_order o USING (ref) JOIN (
  SELECT ref, jsonb_agg(jsonb_build_object('sku', code, 'quantity', quantity, 'price', price_fen))
    AS lines FROM floor.staged_line GROUP BY ref
) l USING (ref)
"""


def lay(url: str) -> None:
    """Make the floor's tables and goods in a schema of their own."""
    text = (files("gendan.bench") / "floor.sql").read_text("utf-8")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(text)
        connection.execute("VACUUM ANALYZE floor.stock, floor.sku")


def as_set(url: str, *, runs: int = 5) -> dict[str, float]:
    """Place and reserve 10,000 orders in one transaction; return the median of several runs."""
    lay(url)
    with psycopg.connect(url) as connection:
        seconds = [_set(connection, run) for run in range(runs + 1)][1:]
    return {"orders": SET, "seconds": median(seconds), "orders_per_s": SET / median(seconds)}


def one_by_one(url: str, clients: int, *, seconds: float) -> dict[str, float]:
    """Place and reserve orders, each in its own transaction, by so many clients at once."""
    context = multiprocessing.get_context("spawn")
    start, told = context.Barrier(clients), context.Queue()
    workers = [
        context.Process(target=_client, args=(url, number, seconds, start, told), daemon=True)
        for number in range(clients)
    ]
    for worker in workers:
        worker.start()
    taken = [second for _worker in workers for second in told.get(timeout=seconds + 60)]
    for worker in workers:
        worker.join()
    return {"orders_per_s": len(taken) / seconds, **percentiles(taken)}


def _set(connection: psycopg.Connection, run: int) -> float:
    orders, lines = _staged(run)
    began = time.perf_counter()
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE floor.staged_order, floor.staged_line")
        for table, text in (("staged_order", orders), ("staged_line", lines)):
            with cursor.copy(f"COPY floor.{table} FROM STDIN") as copy:
                copy.write(text)
        cursor.execute("ANALYZE floor.staged_order, floor.staged_line")
        cursor.execute(SET_RESERVE)
        cursor.execute(SET_ORDERS)
        cursor.execute("ANALYZE made")
        for statement in (SET_LINES, SET_LEDGER, SET_JOURNAL):
            cursor.execute(statement)
    return time.perf_counter() - began


def _staged(run: int) -> tuple[str, str]:
    """Return 10,000 orders of two lines in the form that COPY reads."""
    rnd = seeded(run)
    orders, lines = [], []
    for index in range(SET):
        ref = f"{run}-{index}"
        address = "\t".join(ADDRESS)
        orders.append(f"{ref}\t{rnd.randrange(100_000)}\t{address}\t4500\t0\t4500\n")
        for position, sku in enumerate(rnd.sample(range(1, SKUS + 1), 2), 1):
            lines.append(f"{ref}\t{position}\tSKU-{sku:06}\t{rnd.randint(1, 3)}\t1500\n")
    return "".join(orders), "".join(lines)


def _client(url: str, number: int, seconds: float, start: Barrier, told: "Queue[Any]") -> None:
    rnd = seeded(number)
    taken = []
    with psycopg.connect(url, prepare_threshold=1) as connection:
        _place(connection, rnd)
        start.wait()
        end = time.perf_counter() + seconds
        while (began := time.perf_counter()) < end:
            _place(connection, rnd)
            taken.append(time.perf_counter() - began)
    told.put(taken)


def _place(connection: psycopg.Connection, rnd: random.Random) -> None:
    """Place one order of two lines; what needs no answer is sent without waiting for one."""
    customer = rnd.randrange(100_000)
    goods = [(sku, rnd.randint(1, 3)) for sku in sorted(rnd.sample(range(1, SKUS + 1), 2))]
    total = sum(quantity * 1500 for _sku, quantity in goods)
    with connection.transaction(), connection.cursor() as cursor:
        number = _value(cursor.execute(NUMBER))
        ref = (f"SO{number:010}", f"EXT-{number}", customer, *ADDRESS, total, total)
        order = _value(cursor.execute(ORDER, ref))
        for position, (sku, quantity) in enumerate(goods, 1):
            line = (order, position, sku, f"Product {sku}", quantity, 1500, quantity * 1500)
            cursor.execute(LINE, line)
            cursor.execute(RESERVE, (quantity, sku, quantity))
            cursor.execute(LEDGER, (sku, order, position, quantity))
        facts = {"number": number, "total": total, "customer": customer, "lines": goods}
        cursor.execute(JOURNAL, (order, "api-key/shop-1", json.dumps(facts)))


def _value(cursor: psycopg.Cursor) -> int:
    row = cursor.fetchone()
    if row is None:
        raise LookupError("The floor's statement returned no row.")
    return int(row[0])
