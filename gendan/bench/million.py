"""Half a year of orders, filled in by set: what pages, journal and checks are measured on.

Every row is the same each time, and is what the house itself would have written: balances follow
their ledger, payments their orders, and each change of a stage stands in the journal. What is
handled (`handling.sql`) is there in the numbers of a merchant who handles much of it.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from gendan.bench import handling, merchant
from gendan.bench.house import say
from gendan.catalog.models import Sku
from gendan.customers.addresses.divisions import names as names_of
from gendan.customers.addresses.divisions import places
from gendan.insight.keeping import count_next, mark_changed

SQL = Path(__file__).with_name("million_sql")
TABLES = (
    "journal_change", "orders_line", "warehouse_shipmentline", "stock_ledger", "orders_order",
    "warehouse_shipment", "delivery_trace", "journal_entry", "orders_payment",
    "delivery_subscription", "customers_identity", "customers_address", "customers_customer",
    "screening_hold", "worklist_item", "orders_instruction", "stock_reservation",
    "warehouse_wave", "stock_shortage",
)  # fmt: skip
BESIDES = ("stock_balance", "catalog_product", "catalog_sku", "catalog_shopcode")
"""What is written with them, or was written just before: their statistics are wanted, too."""
FIRST, THEN = (
    ("orders", "shipments"),
    ("lines", "traces", "stock", "journal", "customers", "troubles", "handling"),
)
"""What other fills read is filled first."""

SESSION = """
SET session_replication_role = replica;
SET synchronous_commit = off;
SET work_mem = '256MB';
SET maintenance_work_mem = '512MB';
SET max_parallel_maintenance_workers = 1;
SET client_min_messages = warning;
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid = ANY(%s::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY pg_relation_size(i.indrelid) DESC
"""
SEQUENCE = "SELECT setval(pg_get_serial_sequence({name}, 'id'), max(id)) FROM {table}"
NUMBERS = ("orders_number_seq", "warehouse_shipment_number_seq", "warehouse_wave_number_seq")
SUBJECTS = """
CREATE FUNCTION bench.subject(target text) RETURNS smallint LANGUAGE sql IMMUTABLE
RETURN (SELECT id FROM journal_subject WHERE name = target)
"""


def main(orders: str) -> dict[str, Any]:
    """Fill the house of the environment with so many orders."""
    return fill(int(orders))


def fill(orders: int) -> dict[str, Any]:
    """Fill a house that has no orders yet; make its merchant first if it has none."""
    if not Sku.objects.exists():
        merchant.make(orders)
        handling.settle()
    began = monotonic()
    with _session() as house:
        say(f"planning {orders:,} orders")
        _plan(house, orders)
        indexes = _drop_indexes(house)
    _fill_all(FIRST)
    _fill_all(THEN)
    _together([definition for _name, definition in indexes], "indexes")
    with _session() as house:
        _finish(house, orders)
    _together([f"VACUUM (ANALYZE) {table}" for table in (*TABLES, *BESIDES)], "statistics")
    _keep_figures()
    say("handling")
    handling.carry_on()
    _tell("VACUUM (ANALYZE)")
    return {"orders": orders, "seconds": round(monotonic() - began, 1)}


@contextmanager
def _session() -> Iterator[psycopg.Connection[Any]]:
    """A connection on which no trigger fires."""
    connection.ensure_connection()
    with psycopg.connect(**_settings(), autocommit=True) as house:
        house.execute(SESSION)
        yield house


def _settings() -> dict[str, Any]:
    known = connection.get_connection_params()
    return {
        name: known[name]
        for name in ("dbname", "host", "port", "user", "password")
        if name in known
    }


def _plan(house: psycopg.Connection[Any], orders: int) -> None:
    _run(house, "0_dice")
    with house.cursor().copy("COPY bench.place FROM STDIN") as copy:
        for number, row in enumerate(_districts()):
            copy.write_row([number, *row])
    house.execute(SUBJECTS)
    _run(house, "1_plan", orders)
    house.execute("ANALYZE bench.orders, bench.lines, bench.sums, bench.acts, bench.customer")


def _districts() -> Iterator[tuple[str, str, str, str]]:
    for code in places():
        if len(code) == 6:
            named = names_of(code)
            yield named.province, named.city, named.district, code


def _run(house: psycopg.Connection[Any], name: str, orders: int = 0) -> None:
    text = (SQL / f"{name}.sql").read_text("utf-8").replace(":orders", str(orders))
    for statement in filter(str.strip, text.split(";\n")):
        began = monotonic()
        house.execute(statement)
        if (took := monotonic() - began) > 5:
            say(f"  {name}: {statement.strip().splitlines()[0][:60]} {took:.0f} s")


def _drop_indexes(house: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    """Drop the indexes of the large tables, but those of constraints; return what makes them."""
    indexes = house.execute(INDEXES, [list(TABLES)]).fetchall()
    for name, _definition in indexes:
        house.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return indexes


def _fill_all(names: tuple[str, ...]) -> None:
    say(f"filling {', '.join(names)}")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_fill, names))


def _fill(name: str) -> None:
    with _session() as house:
        _run(house, name)


def _together(statements: list[str], what: str) -> None:
    """Run statements that do not depend on each other, two at a time."""
    say(f"making {what}")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_tell, statements))


def _tell(statement: str) -> None:
    with _session() as house:
        house.execute(statement)


def _finish(house: psycopg.Connection[Any], orders: int) -> None:
    for table in TABLES:
        names = {"name": sql.Literal(table), "table": sql.Identifier(table)}
        house.execute(sql.SQL(SEQUENCE).format(**names))
    for sequence in NUMBERS:
        house.execute("SELECT setval(%s, %s)", [sequence, orders])
    house.execute("DROP SCHEMA bench CASCADE")


def _keep_figures() -> None:
    """Count the days as the worker's job does, two at a time."""
    say("counting days")
    mark_changed()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _hand: _count_days(), range(2)))
    _tell("VACUUM (ANALYZE) insight_day")


def _count_days() -> None:
    while count_next():
        pass
    connection.close()
