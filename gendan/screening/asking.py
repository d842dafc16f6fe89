"""Asking all rules about a set of orders in one statement."""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Func, Q, Value

from gendan.orders.models import Order
from gendan.screening.evidence import evidence
from gendan.screening.fields import screening_finder
from gendan.screening.models import Rule
from gendan.ui.finding import FindingError

log = logging.getLogger(__name__)

# The orders are sent once, however many rules ask about them.
FOUND = """
WITH asked AS MATERIALIZED (SELECT unnest(%s::bigint[]) AS id),
found (order_id, rule_id, severity, evidence) AS MATERIALIZED ({found})
"""

# Holds that no longer hold, and those that are new or say something else by now. What a person
# has cleared is not put again while the evidence is the same.
GONE = """
FROM screening_hold h WHERE h.order_id = ANY(ARRAY(SELECT id FROM asked))
  AND h.rule_id = ANY(%s) AND h.cleared_at IS NULL
  AND NOT EXISTS (SELECT FROM found f WHERE f.order_id = h.order_id AND f.rule_id = h.rule_id)
"""
FRESH = """
FROM found f WHERE NOT EXISTS (
  SELECT FROM screening_hold h WHERE h.order_id = f.order_id AND h.rule_id = f.rule_id
    AND h.evidence = f.evidence AND (h.cleared_at IS NULL OR h.cleared_by_id IS NOT NULL
      OR EXISTS (SELECT FROM screening_force WHERE order_id = h.order_id AND at = h.cleared_at)))
"""

DIFFERS = f"{FOUND} SELECT EXISTS (SELECT {GONE}) OR EXISTS (SELECT {FRESH})"

PUT = f"""
{FOUND}, gone AS (
  UPDATE screening_hold SET cleared_at = %s, cleared_why = %s WHERE id IN (SELECT h.id {GONE})
)
INSERT INTO screening_hold (order_id, rule_id, severity, evidence, placed_at, cleared_why)
SELECT f.order_id, f.rule_id, f.severity, f.evidence, %s::timestamptz, '' {FRESH}
ON CONFLICT (order_id, rule_id) WHERE cleared_at IS NULL
DO UPDATE SET evidence = excluded.evidence, severity = excluded.severity
"""  # noqa: S608 (texts from above)


class Asked(NamedTuple):
    """What a rule asks, as SQL."""

    sql: str
    params: tuple[Any, ...]


class Question:
    """All rules that can be read, asked about some orders (by id)."""

    def __init__(self, rules: Iterable[Rule], ids: Sequence[int], now: datetime) -> None:
        self.ids, self.now = list(ids), now
        asked = [(rule, said) for rule in rules if (said := _asked(rule, now)) is not None]
        self.rule_ids = [rule.pk for rule, _said in asked]
        parts = [said for rule, said in asked if rule.is_on]
        self.found = " UNION ALL ".join(f"({part.sql})" for part in parts) or NOTHING
        self.params: list[Any] = [self.ids, *(param for part in parts for param in part.params)]

    def differs(self) -> bool:
        """Whether any hold would be put, changed or taken away."""
        sql = DIFFERS.replace("{found}", self.found)
        with connection.cursor() as cursor:
            cursor.execute(sql, [*self.params, self.rule_ids])
            return bool(cursor.fetchone()[0])

    def put(self, why: str) -> None:
        """Bring the holds to what the rules say; `why` is said of those that no longer hold."""
        sql = PUT.replace("{found}", self.found)
        more: list[Any] = [self.now, why, self.rule_ids, self.now]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*self.params, *more])


NOTHING = "SELECT NULL::bigint, NULL::bigint, NULL::text, NULL::jsonb WHERE false"

_known: dict[tuple[object, ...], Asked] = {}
KNOWN = 200
"""So many rules are remembered, with all their older selves, until they are forgotten at once."""


def _asked(rule: Rule, now: datetime) -> Asked | None:
    """Return what the rule asks, made anew only where the words do not settle it."""
    key = (rule.pk, rule.expression, rule.severity, *rule.evidence)
    if key in _known:
        return _known[key]
    looks: list[str] = []
    with connection.execute_wrapper(_noting(looks)):
        asked = _select(rule, now)
    if asked and not looks and not any(isinstance(param, date) for param in asked.params):
        if len(_known) >= KNOWN:
            _known.clear()
        _known[key] = asked
    return asked


def _noting(looks: list[str]) -> Any:
    """Note that the database is asked: what it says of a word today, it may not say tomorrow."""

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        looks.append(sql)
        return execute(sql, params, many, context)

    return note


def _select(rule: Rule, now: datetime) -> Asked | None:
    """Return what the rule asks; nothing if it can't be read any more, as the rules page says."""
    try:
        condition = screening_finder.q(rule.expression, now=now)
    except FindingError as error:
        log.error("The rule %s cannot be read: %s", rule.code, error.message)
        return None
    try:
        return Asked(*_rows(rule, condition).query.sql_with_params())
    except EmptyResultSet:  # no order can meet it, as things are
        return Asked(NOTHING, ())


def _rows(rule: Rule, condition: Q) -> Any:
    asked = Func(template="ARRAY(SELECT id FROM asked)", output_field=ArrayField(BigIntegerField()))
    return (
        Order.objects.filter(condition, pk__any=asked)
        .order_by()
        .annotate(
            said_rule=Value(rule.pk),
            said_severity=Value(rule.severity),
            said=evidence(rule.evidence),
        )
        .values_list("pk", "said_rule", "said_severity", "said")
    )
