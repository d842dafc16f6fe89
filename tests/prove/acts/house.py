"""A house in which acts are tried one after the other, and what must be true after each of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, ClassVar

from django.db import connection, transaction
from django.db.models import QuerySet
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition

from gendan.config.verify import verify
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import Stage as OrderStage
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.stages import Stage
from tests.prove.cast import Cast
from tests.prove.racing import Tally

# Which of the rows there are, counted around in a circle.
few = st.lists(st.integers(0, 11), min_size=1, max_size=3)
# Three times out of four the rows are at a stage that fits; else anything goes.
fits = st.integers(0, 3).map(bool)
who = st.integers(0, 3)
once_ordered = precondition(lambda self: self.grown("orders_order"))
once_planned = precondition(lambda self: self.grown("warehouse_shipment"))

TABLES = """
SELECT quote_ident(relname) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
ONE_TABLE = (
    "SELECT '{0}', count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {0} t"
)

# What `gendan verify` does not ask, since a moment's difference would be no damage to it.
NEVER = {
    "a shipment in the house holds goods of an order that is not allocated": """
SELECT s.number, o.number, o.stage FROM warehouse_shipment s
JOIN warehouse_shipmentline sl ON sl.shipment_id = s.id JOIN orders_order o ON o.id = sl.order_id
WHERE s.stage IN ('PLANNED', 'RELEASED', 'PICKED', 'PACKED') AND o.stage <> 'ALLOCATED'
""",
    "an allocated order lacks a promise": """
SELECT o.number, l.position, l.quantity, l.shipped, coalesce(sum(r.quantity), 0)
FROM orders_order o JOIN orders_line l ON l.order_id = o.id
LEFT JOIN stock_reservation r ON r.line_id = l.id
WHERE o.stage = 'ALLOCATED' AND NOT l.is_cancelled AND l.refund_state = 'NONE'
GROUP BY o.id, l.id HAVING coalesce(sum(r.quantity), 0) + l.shipped <> l.quantity
""",
    "a shipment in a wave has no place in it, or one that waits has": """
SELECT number, stage, wave_id FROM warehouse_shipment
WHERE (stage = 'RELEASED' AND wave_id IS NULL) OR (stage = 'PLANNED' AND wave_id IS NOT NULL)
""",
    "an order of ours went on without its money": """
SELECT number, stage, paid_fen, total_fen FROM orders_order
WHERE stage NOT IN ('DRAFT', 'UNPAID', 'CANCELLED') AND NOT is_cod AND source <> 'FILE'
  AND paid_fen < total_fen
""",
    "a short order has no work item": """
SELECT o.number FROM orders_order o WHERE o.stage = 'SHORT' AND NOT EXISTS (
  SELECT FROM worklist_item i WHERE i.kind = 'SHORT' AND i.subject = 'order'
    AND i.subject_id = o.id AND i.done_at IS NULL)
""",
    "a held order has no work item": """
SELECT o.number FROM orders_order o WHERE o.stage = 'HELD' AND NOT EXISTS (
  SELECT FROM worklist_item i WHERE i.kind = 'HELD' AND i.subject = 'order'
    AND i.subject_id = o.id AND i.done_at IS NULL)
""",
}


class House(RuleBasedStateMachine):
    """One example: a transaction that is rolled back when it is over."""

    cast: ClassVar[Cast]
    tally: ClassVar[Tally] = Tally()

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.seen = fingerprint()
        self.began = self.seen

    def grown(self, table: str) -> bool:
        """Say whether something has come into a table in this example."""
        return self.seen[table][0] > self.began[table][0]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def person(self, number: int) -> Person:
        return self.cast.people[number % len(self.cast.people)]

    def orders(self, few: Sequence[int], fits: bool = False, *at: OrderStage) -> OrderQuerySet:
        """Return some of the orders, at one of the stages if they are to fit."""
        fitting = among(Order.objects.filter(stage__in=at), few) if fits else []
        return Order.objects.numbered(fitting or among(Order.objects.all(), few))

    def shipments(self, few: Sequence[int], fits: bool = False, *at: Stage) -> ShipmentQuerySet:
        """Return some of the shipments, at one of the stages if they are to fit."""
        fitting = among(Shipment.objects.filter(stage__in=at), few) if fits else []
        return Shipment.objects.numbered(fitting or among(Shipment.objects.all(), few))

    def do(self, verb: str, act: Callable[[], Any], *, job: bool = False) -> bool:
        """Do it as one act of this verb; a job may find nothing to do. Return whether it was done.

        A refused act changes nothing; an accepted one opens one entry, and everything adds up.
        """
        try:
            with _entries() as opened:
                act()
        except Refused as refusal:
            self.tally.refused[f"{verb}: {type(refusal).__name__}"] += 1
            assert fingerprint() == self.seen, f"{verb} was refused and changed something"
            return False
        self.tally.done[verb] += 1
        assert opened == [verb] or (job and not opened), f"{verb} opened {opened}"
        self.look(verb)
        return True

    def do_any(self, verbs: Sequence[str], act: Callable[[], Any]) -> None:
        """Do what is no act of one person: it opens as many entries of these verbs as it needs."""
        try:
            with _entries() as opened:
                act()
        except Refused as refusal:
            self.tally.refused[f"{verbs[0]}: {type(refusal).__name__}"] += 1
            assert fingerprint() == self.seen, f"{verbs[0]} was refused and changed something"
            return
        self.tally.done[verbs[0]] += 1
        assert set(opened) <= set(verbs), f"{verbs[0]} opened {opened}"
        self.look(verbs[0])

    def look(self, verb: str) -> None:
        """Add everything up."""
        self.seen = fingerprint()
        found = [str(finding) for finding in verify()]
        with connection.cursor() as cursor:
            for sentence, query in NEVER.items():
                cursor.execute(query)
                found += [f"{sentence}: {row}" for row in cursor.fetchall()]
        assert not found, f"after {verb}: {found}"


def among(rows: "QuerySet[Any]", few: Sequence[int]) -> list[int]:
    """Return the ids of some of the rows, in the order in which they were drawn."""
    ids = sorted(rows.values_list("pk", flat=True))
    return list(dict.fromkeys(ids[number % len(ids)] for number in few)) if ids else []


def fingerprint() -> dict[str, tuple[int, int]]:
    """Return for each table how many rows it has, and a sum over what they say."""
    with connection.cursor() as cursor:
        cursor.execute(_everything())
        return {table: (rows, said) for table, rows, said in cursor.fetchall()}


@cache
def _everything() -> str:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return " UNION ALL ".join(ONE_TABLE.format(row[0]) for row in cursor.fetchall())


@contextmanager
def _entries() -> Iterator[list[str]]:
    """Listen for the verbs of the entries that are opened, without those inside others."""
    opened: list[str] = []
    heard: list[tuple[int, str]] = []

    def listen(execute: Any, statement: Any, values: Any, many: bool, context: Any) -> Any:
        if "journal_open(" in str(statement):
            heard.append((len(connection.savepoint_ids), values[0]))
            outermost = min(depth for depth, _verb in heard)
            opened[:] = [verb for depth, verb in heard if depth == outermost]
        return execute(statement, values, many, context)

    with connection.execute_wrapper(listen):
        yield opened
