"""Holding released orders again that have changed since, before anybody packs them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.complete_goods import complete_goods
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.screening.changed import Changed, changed_since_last_time, evidence_of
from gendan.screening.models import Rule
from gendan.screening.onward import hold_back, waiting
from gendan.screening.rules import CHANGED, install_rules

STAGES = (Stage.READY, Stage.SHORT, Stage.ALLOCATED)
PUT = """
INSERT INTO screening_hold AS h (order_id, rule_id, severity, evidence, placed_at, cleared_why)
SELECT n.order_id, %(rule)s, %(severity)s, n.evidence, %(now)s, ''
FROM unnest(%(orders)s::bigint[], %(evidence)s::jsonb[]) AS n (order_id, evidence)
ON CONFLICT (order_id, rule_id) WHERE cleared_at IS NULL DO UPDATE SET
  placed_at = excluded.placed_at, evidence = excluded.evidence || jsonb_build_object('changed', (
    SELECT jsonb_agg(DISTINCT said) FROM jsonb_array_elements(
      h.evidence->'changed' || (excluded.evidence->'changed')) said))
"""


def stop_changed(*, by: Actor, now: datetime) -> int:
    """Hold released orders whose remark, address or goods changed since; return how many.

    What is in the warehouse stays there, but nobody can pack it until the hold is cleared.
    """
    install_rules(by=by)
    with transaction.atomic():
        found = changed_since_last_time()
        rule = Rule.objects.get(code=CHANGED)
        if not found or not rule.is_on:
            return 0
        with entry("order.changed_after_release", by=by, count=len(found)):
            return _stop(found, rule, by=by, now=now)


def _stop(found: Sequence[Changed], rule: Rule, *, by: Actor, now: datetime) -> int:
    rows = Order.objects.numbered(one.order_id for one in found).filter(stage__in=STAGES)
    rows = rows.order_by("pk").select_for_update(no_key=True)
    stages = dict(rows.values_list("pk", "stage"))
    chosen = [one for one in found if one.order_id in stages]
    _put(chosen, rule, now)
    back = [pk for pk, stage in stages.items() if stage != Stage.ALLOCATED]
    complete_goods(back, by=by, now=now)
    hold_back(waiting(stages), by=by, now=now)
    return len(chosen)


def _put(chosen: Sequence[Changed], rule: Rule, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            PUT,
            {
                "rule": rule.pk,
                "severity": rule.severity,
                "now": now,
                "orders": [one.order_id for one in chosen],
                "evidence": [Jsonb(evidence_of(one, now)) for one in chosen],
            },
        )
