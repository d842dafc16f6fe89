"""What must be true of a house after everything that was done to it, asked in plain SQL.

`gendan verify` adds the house up by its own lights. This compares it with what the world outside
knows: the files that were handed in, the answers that were received.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg

SHOP = "TB"
"""Whose files are handed in."""

CONTENT = """
SELECT o.platform_order, s.code, sum(l.quantity)
FROM orders_order o JOIN people_shop p ON p.id = o.shop_id AND p.code = %s
LEFT JOIN orders_line l ON l.order_id = o.id LEFT JOIN catalog_sku s ON s.id = l.sku_id
GROUP BY o.id, s.code
"""

PLACED = """
SELECT o.platform_order, o.number FROM orders_order o WHERE o.platform_order LIKE 'clerk-%'
"""

# Each returns the rows that should not be there.
NEVER = {
    "a reservation without an order": """
        SELECT r.id FROM stock_reservation r LEFT JOIN orders_line l ON l.id = r.line_id
        LEFT JOIN orders_order o ON o.id = l.order_id
        WHERE o.stage IS NULL OR o.stage NOT IN ('ALLOCATED', 'COMPLETED')""",
    "a piece in two shipments": """
        SELECT l.id FROM orders_line l JOIN warehouse_shipmentline sl ON sl.line_id = l.id
        JOIN warehouse_shipment s ON s.id = sl.shipment_id AND s.stage <> 'RECALLED'
        GROUP BY l.id HAVING sum(sl.quantity) > l.quantity""",
    "a shipment that left twice": """
        SELECT shipment_id FROM delivery_handover_shipments
        GROUP BY shipment_id HAVING count(*) > 1""",
    "a shipment that left and is on no list": """
        SELECT s.id FROM warehouse_shipment s WHERE s.stage = 'SHIPPED' AND NOT EXISTS (
          SELECT FROM delivery_handover_shipments h WHERE h.shipment_id = s.id)""",
    "goods that left otherwise than once": """
        SELECT l.id FROM orders_line l LEFT JOIN (
          SELECT line_id, -sum(on_hand_change) AS pieces FROM stock_ledger
          WHERE line_id IS NOT NULL GROUP BY line_id) g ON g.line_id = l.id
        WHERE l.shipped <> coalesce(g.pieces, 0)""",
    "a waybill on two parcels": """
        SELECT waybill FROM warehouse_shipment WHERE waybill <> ''
        GROUP BY carrier_id, waybill HAVING count(*) > 1""",
    "a job that nobody does": """
        SELECT id FROM procrastinate_jobs WHERE status IN ('doing', 'failed', 'aborted')
          AND queueing_lock IS NULL""",
    "a file that was not finished": """
        SELECT id FROM channels_incomingfile WHERE state <> 'DONE'""",
    "an order that nobody moves on": """
        SELECT id FROM orders_order
        WHERE stage IN ('DRAFT', 'UNCONFIRMED', 'SCREENING', 'READY') OR stage = 'ALLOCATED'
          AND NOT EXISTS (SELECT FROM orders_line l
            WHERE l.order_id = orders_order.id AND l.shipped = l.quantity)""",
}


def expected(home: Path) -> dict[str, Any]:
    """Return what `tests.prove.merchant` left in a home: the key, the files, their content."""
    facts: dict[str, Any] = json.loads((home / "expected.json").read_text())
    return facts


def faults(
    database: str, *, files: Mapping[str, Mapping[str, int]], placed: Mapping[str, str]
) -> list[str]:
    """Return in words what is other than it must be; nothing if all is well."""
    with psycopg.connect(database) as connection:
        return [
            *_of_files(connection.execute(CONTENT, [SHOP]).fetchall(), files),
            *_of_answers(connection.execute(PLACED).fetchall(), placed),
            *_never(connection),
        ]


def _of_files(rows: list[Any], files: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Compare every order of the files: there once, with all its lines, and no other."""
    found: dict[str, dict[str, int]] = {}
    for order, sku, pieces in rows:
        there = found.setdefault(order, {})
        if sku in there:
            yield f"order {order} is there more than once"
        there[sku] = pieces
    for order in files.keys() | found.keys():
        if files.get(order) != found.get(order):
            yield f"order {order}: the file says {files.get(order)}, here is {found.get(order)}"


def _of_answers(rows: list[Any], placed: Mapping[str, str]) -> Iterator[str]:
    """Compare every order that a clerk placed: there once, under the number that was answered."""
    found: dict[str, str] = {}
    for key, number in rows:
        if key in found:
            yield f"order {key} was placed twice"
        found[key] = number
    for key, number in placed.items():
        if found.get(key) != number:
            yield f"order {key} was answered as {number}, here is {found.get(key)}"


def _never(connection: psycopg.Connection[Any]) -> Iterator[str]:
    for what, query in NEVER.items():
        if rows := connection.execute(query).fetchall():
            yield f"{what}: {len(rows)} times, such as {rows[0][0]}"
