"""Damage by hand: whatever a superuser or a broken disk may do, `gendan verify` finds and names.

Each kind is planted past all triggers and foreign keys (and past the constraint that would refuse
it), looked for, and taken back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from django.db import connection, transaction

from gendan.bench.ground import ground
from gendan.bench.report import Row
from gendan.config.verify import verify
from gendan.ui.findings import Finding
from tests.prove.small_house import build

AIM = 60.0
MILLION = 1_000_000


@dataclass(frozen=True)
class Damage:
    """One kind of damage, and what must be said of it.

    `victim` returns the id of a row and what people call it; `plant` breaks the row with that id.
    The finding is of `room`, its number contains the name, and its `what` begins with `said`.
    """

    kind: str
    victim: str
    plant: str
    room: str
    said: str


ORDER_AT = "SELECT id, number FROM orders_order WHERE stage = '{}' ORDER BY id LIMIT 1"
SHIPMENT_AT = "SELECT id, number FROM warehouse_shipment WHERE stage = '{}' ORDER BY id LIMIT 1"
BALANCE = """
SELECT b.id, s.code FROM stock_balance b JOIN catalog_sku s ON s.id = b.sku_id
WHERE b.reserved > 0 ORDER BY b.id LIMIT 1
"""
PROMISE = """
SELECT r.id, o.number FROM stock_reservation r JOIN orders_line l ON l.id = r.line_id
JOIN orders_order o ON o.id = l.order_id WHERE o.stage = 'ALLOCATED' ORDER BY r.id LIMIT 1
"""
FILE = "SELECT id, name FROM channels_incomingfile ORDER BY id LIMIT 1"
IN_A_PARCEL = """
SELECT sl.id, s.number FROM warehouse_shipmentline sl
JOIN warehouse_shipment s ON s.id = sl.shipment_id WHERE s.stage = 'SHIPPED' ORDER BY sl.id LIMIT 1
"""
MOVE = """
SELECT c.id, o.number FROM journal_change c
JOIN journal_subject s ON s.id = c.subject AND s.name = 'orders_order'
JOIN orders_order o ON o.id = c.subject_id AND o.stage = 'ALLOCATED'
WHERE c.after->>'stage' = '{}' ORDER BY c.id LIMIT 1
"""

KINDS = (
    Damage(
        "a balance of stock altered without its ledger",
        BALANCE,
        "UPDATE stock_balance SET on_hand = on_hand + 7 WHERE id = %(id)s",
        "stock",
        "on hand",
    ),
    Damage(
        "a row of the ledger deleted",
        "SELECT g.id, s.code FROM stock_ledger g JOIN catalog_sku s ON s.id = g.sku_id LIMIT 1",
        "DELETE FROM stock_ledger WHERE id = %(id)s",
        "stock",
        "on hand",
    ),
    Damage(
        "more reserved than there is, in balance and ledger",
        BALANCE,
        """
ALTER TABLE stock_balance DROP CONSTRAINT balance_reserved_at_most_on_hand;
INSERT INTO stock_ledger (movement, on_hand_change, reserved_change, document, entry_id, at,
  sku_id, warehouse_id)
SELECT 'ADJUSTED', 1 - on_hand, 0, '', (SELECT max(id) FROM journal_entry), now(), sku_id,
  warehouse_id FROM stock_balance WHERE id = %(id)s;
UPDATE stock_balance SET on_hand = 1 WHERE id = %(id)s""",
        "stock",
        "reserved, at most",
    ),
    Damage(
        "a reservation altered",
        PROMISE,
        "UPDATE stock_reservation SET quantity = quantity + 1 WHERE id = %(id)s",
        "stock",
        "promised at",
    ),
    Damage(
        "a reservation whose order is gone",
        "SELECT id, '#' || line_id FROM stock_reservation ORDER BY id LIMIT 1",
        """
DELETE FROM orders_line USING stock_reservation r WHERE orders_line.id = r.line_id
  AND r.id = %(id)s""",
        "stock",
        "stage of the order",
    ),
    Damage(
        "a line whose order is gone",
        "SELECT order_id, '#' || id FROM orders_line ORDER BY id LIMIT 1",
        "DELETE FROM orders_order WHERE id = %(id)s",
        "orders",
        "order_id",
    ),
    Damage(
        "an allocated order without its reservation, in ledger and balance, too",
        PROMISE,
        """
INSERT INTO stock_ledger (movement, on_hand_change, reserved_change, document, entry_id, at,
  line_id, sku_id, warehouse_id)
SELECT 'RELEASED', 0, -quantity, '', (SELECT max(id) FROM journal_entry), now(), line_id, sku_id,
  warehouse_id FROM stock_reservation WHERE id = %(id)s;
UPDATE stock_balance b SET reserved = b.reserved - r.quantity FROM stock_reservation r
WHERE r.id = %(id)s AND (b.sku_id, b.warehouse_id) = (r.sku_id, r.warehouse_id);
DELETE FROM stock_reservation WHERE id = %(id)s""",
        "stock",
        "promised and shipped",
    ),
    Damage(
        "a short order that lacks nothing",
        ORDER_AT.format("SHORT"),
        "DELETE FROM stock_shortage WHERE order_id = %(id)s",
        "stock",
        "goods that are short",
    ),
    Damage(
        "an order's payment deleted",
        ORDER_AT.format("ALLOCATED"),
        "DELETE FROM orders_payment WHERE order_id = %(id)s",
        "orders",
        "paid (fen)",
    ),
    Damage(
        "an order's paid amount raised",
        ORDER_AT.format("HELD"),
        "UPDATE orders_order SET paid_fen = paid_fen + 100 WHERE id = %(id)s",
        "orders",
        "paid (fen)",
    ),
    Damage(
        "an order's total that does not follow from its parts",
        ORDER_AT.format("ALLOCATED"),
        """
ALTER TABLE orders_order DROP CONSTRAINT order_money_adds_up;
UPDATE orders_order SET total_fen = total_fen - 1 WHERE id = %(id)s""",
        "orders",
        "to pay (fen)",
    ),
    Damage(
        "an order's goods of another value than its lines",
        ORDER_AT.format("ALLOCATED"),
        """
UPDATE orders_order SET goods_fen = goods_fen + 5, total_fen = total_fen + 5
WHERE id = %(id)s""",
        "orders",
        "value of the goods",
    ),
    Damage(
        "more shipped than ordered",
        ORDER_AT.format("COMPLETED"),
        """
ALTER TABLE orders_line DROP CONSTRAINT line_returned_shipped_ordered;
UPDATE orders_line SET shipped = quantity + 1 WHERE order_id = %(id)s""",
        "orders",
        "shipped, at most",
    ),
    Damage(
        "a line that was shipped, and says that it was not",
        ORDER_AT.format("COMPLETED"),
        "UPDATE orders_line SET shipped = 0 WHERE order_id = %(id)s",
        "warehouse",
        "shipped",
    ),
    Damage(
        "an order's stage set by hand",
        ORDER_AT.format("HELD"),
        "UPDATE orders_order SET stage = 'COMPLETED' WHERE id = %(id)s",
        "orders",
        "changes of its stage in the journal",
    ),
    Damage(
        "a finished order for which a work item is still open",
        ORDER_AT.format("HELD"),
        "UPDATE orders_order SET stage = 'COMPLETED' WHERE id = %(id)s",
        "orders",
        "open work item",
    ),
    Damage(
        "a held order without a reason",
        ORDER_AT.format("HELD"),
        "DELETE FROM screening_hold WHERE order_id = %(id)s",
        "screening",
        "open holds",
    ),
    Damage(
        "an order deleted behind the journal",
        "SELECT id, '#' || id FROM orders_order WHERE stage = 'HELD'",
        "DELETE FROM orders_order WHERE id = %(id)s",
        "orders",
        "as the journal tells it",
    ),
    Damage(
        "an order of which the journal does not know",
        "SELECT id, 'GD-BY-HAND' FROM orders_order WHERE stage = 'HELD'",
        """
CREATE TEMP TABLE by_hand ON COMMIT DROP AS SELECT * FROM orders_order WHERE id = %(id)s;
UPDATE by_hand SET id = 99999999, number = 'GD-BY-HAND', platform_order = '';
INSERT INTO orders_order SELECT * FROM by_hand""",
        "orders",
        "how it came, in the journal",
    ),
    Damage(
        "a first change deleted from the journal",
        MOVE.format("SCREENING"),
        "DELETE FROM journal_change WHERE id = %(id)s",
        "orders",
        "changes of its stage in the journal",
    ),
    Damage(
        "a change in the middle deleted from the journal",
        MOVE.format("READY"),
        "DELETE FROM journal_change WHERE id = %(id)s",
        "orders",
        "changes of its stage in the journal",
    ),
    Damage(
        "a change altered in the journal",
        MOVE.format("ALLOCATED"),
        """
UPDATE journal_change SET after = after || '{"stage": "CANCELLED"}' WHERE id = %(id)s""",
        "orders",
        "changes of its stage in the journal",
    ),
    Damage(
        "an entry deleted from the journal",
        "SELECT e.id, '#' || e.id FROM journal_entry e WHERE verb = 'stock.reserved'",
        "DELETE FROM journal_entry WHERE id = %(id)s",
        "journal",
        "the act of its changes",
    ),
    Damage(
        "a shipment's line that points to another order's line",
        IN_A_PARCEL,
        """
UPDATE warehouse_shipmentline sl SET line_id = l.id FROM orders_line l, orders_order o
WHERE sl.id = %(id)s AND l.sku_id = sl.sku_id AND l.order_id = o.id AND o.stage = 'COMPLETED'""",
        "warehouse",
        "order of line",
    ),
    Damage(
        "a shipment with goods that nobody ordered",
        IN_A_PARCEL,
        """
UPDATE warehouse_shipmentline SET sku_id = (
  SELECT id FROM catalog_sku WHERE code = 'FLASH-2') WHERE id = %(id)s""",
        "warehouse",
        "SKU of line",
    ),
    Damage(
        "a packed shipment that nobody verified",
        SHIPMENT_AT.format("PACKED"),
        "UPDATE warehouse_shipmentline SET verified = 0 WHERE shipment_id = %(id)s",
        "warehouse",
        "verified",
    ),
    Damage(
        "a shipment's pieces miscounted",
        SHIPMENT_AT.format("RELEASED"),
        "UPDATE warehouse_shipment SET pieces = pieces + 1 WHERE id = %(id)s",
        "warehouse",
        "pieces",
    ),
    Damage(
        "a shipment without lines",
        SHIPMENT_AT.format("RELEASED"),
        "DELETE FROM warehouse_shipmentline WHERE shipment_id = %(id)s",
        "warehouse",
        "lines",
    ),
    Damage(
        "a waybill used twice",
        SHIPMENT_AT.format("SHIPPED"),
        """
DROP INDEX shipment_waybill_once;
UPDATE warehouse_shipment SET waybill = (
  SELECT waybill FROM warehouse_shipment WHERE id = %(id)s)
WHERE id = (SELECT id FROM warehouse_shipment WHERE stage = 'PACKED' ORDER BY id LIMIT 1)""",
        "warehouse",
        "parcels with waybill",
    ),
    Damage(
        "an order whose stage contradicts its shipment",
        """
SELECT o.id, o.number FROM orders_order o JOIN warehouse_shipmentline sl ON sl.order_id = o.id
JOIN warehouse_shipment s ON s.id = sl.shipment_id WHERE s.stage = 'SHIPPED' ORDER BY o.id LIMIT 1
""",
        "UPDATE orders_order SET stage = 'READY' WHERE id = %(id)s",
        "warehouse",
        "stage, with shipment",
    ),
    Damage(
        "a shipment that left twice",
        SHIPMENT_AT.format("SHIPPED"),
        """
INSERT INTO delivery_handover (number, at, carrier_id, warehouse_id)
SELECT 'BY-HAND', at, carrier_id, warehouse_id FROM delivery_handover LIMIT 1;
INSERT INTO delivery_handover_shipments (handover_id, shipment_id)
SELECT id, %(id)s FROM delivery_handover WHERE number = 'BY-HAND'""",
        "delivery",
        "lists of what was handed over",
    ),
    Damage(
        "a shipment on a list that never left",
        SHIPMENT_AT.format("PACKED"),
        """
INSERT INTO delivery_handover_shipments (handover_id, shipment_id)
SELECT min(id), %(id)s FROM delivery_handover""",
        "delivery",
        "lists of what was handed over",
    ),
    Damage(
        "rows of a file that were read and are lost",
        FILE,
        """
DELETE FROM channels_rawrow r USING channels_incomingfile f
WHERE r.file_id = f.id AND f.id = %(id)s AND r.row = f.rows_read""",
        "channels",
        "rows kept",
    ),
    Damage(
        "a file's count of rejected orders altered",
        FILE,
        "UPDATE channels_incomingfile SET rejected = rejected + 1 WHERE id = %(id)s",
        "channels",
        "orders rejected",
    ),
    Damage(
        "a finished file with an order that waits",
        FILE,
        """
INSERT INTO channels_stagedorder SELECT (jsonb_populate_record(NULL::channels_stagedorder,
  jsonb_object_agg(a.attname, CASE format_type(a.atttypid, NULL)
    WHEN 'boolean' THEN to_jsonb(false) WHEN 'bigint' THEN to_jsonb(%(id)s::bigint)
    WHEN 'integer' THEN to_jsonb(1) WHEN 'smallint' THEN to_jsonb(0)
    WHEN 'timestamp with time zone' THEN 'null' ELSE '"66"' END))).*
FROM pg_attribute a WHERE a.attrelid = 'channels_stagedorder'::regclass AND a.attnum > 0
  AND NOT a.attisdropped""",
        "channels",
        "orders of it that wait",
    ),
)


@contextmanager
def planted(damage: Damage) -> Iterator[str]:
    """Break something and yield what people call it; afterwards it is whole again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(damage.victim)
        victim = cursor.fetchone()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(damage.plant, {"id": victim[0]})
        cursor.execute("SET LOCAL session_replication_role = origin")
        yield victim[1]
        transaction.set_rollback(True)


def found(damage: Damage) -> list[Finding]:
    """Plant it; return the findings that name it."""
    with planted(damage) as name:
        return [
            finding
            for finding in verify()
            if (finding.room, name in finding.number) == (damage.room, True)
            and finding.what.startswith(damage.said)
        ]


def prove() -> list[Row]:
    """Plant every kind in a small house, and add up a house of a million orders."""
    build()
    clean = verify()
    missed = [damage.kind for damage in KINDS if not found(damage)]
    seen = len(KINDS) - len(missed)
    return [
        Row(
            f"Damage: {len(KINDS)} kinds planted by hand",
            f"{seen} found and named" + "".join(f"; missed: {kind}" for kind in missed),
            aim="all found, none in a whole house",
            met=not missed and not clean,
        ),
        _row_of_a_million(),
    ]


def add_up() -> dict[str, float]:
    """Verify the house of the environment; return how long it took and how much was found."""
    began = perf_counter()
    findings = verify()
    return {"seconds": perf_counter() - began, "findings": len(findings)}


main = add_up  # python -m gendan.bench.house tests.prove.damage


def _row_of_a_million() -> Row:
    """Add up the million that the bench has kept, or fill a house with one for now."""
    where, name = ground(), f"pages_{MILLION}"
    with where.database(name, keep=where.has(name)) as site:
        if site.is_new:
            site.run("gendan.bench.million", str(MILLION))
        facts = site.run("tests.prove.damage")
    return Row(
        "gendan verify of a million orders",
        f"{facts['seconds']:.1f} s, {facts['findings']:,} findings",
        aim=f"≤ {AIM:.0f} s, none",
        met=facts["seconds"] <= AIM and not facts["findings"],
    )
