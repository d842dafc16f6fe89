"""Estimating what mistakes cost, until a person says it or their money moves no more."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from gendan.insight.models import Mistake, MistakeState
from gendan.insight.queries.costs import costs
from gendan.journal.actors import Actor
from gendan.journal.writing import entry

MONEY_MOVES = timedelta(days=60)  # after that nobody refunds or sends again

TAKE = """
UPDATE insight_mistake m SET cost_fen = n.fen, is_estimate = true
FROM unnest(%s::bigint[], %s::bigint[]) AS n (id, fen)
WHERE m.id = n.id AND (m.is_estimate OR (m.state = 'PROPOSED' AND m.cost_fen = 0))
"""


def estimate(*, by: Actor, now: datetime) -> int:
    """Count anew what mistakes have cost, where nobody has said it; return how many changed."""
    unsaid = Mistake.objects.filter(
        Q(is_estimate=True) | Q(state=MistakeState.PROPOSED, cost_fen=0),
        found_at__gte=now - MONEY_MOVES,
    )
    was = dict(unsaid.exclude(state=MistakeState.DISMISSED).values_list("pk", "cost_fen"))
    new = {pk: cost.fen for pk, cost in costs(was).items() if cost.fen != was[pk]} if was else {}
    if not new:
        return 0
    with entry("mistake.estimated", by=by, count=len(new)), connection.cursor() as cursor:
        rows = Mistake.objects.filter(pk__any=list(new)).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
        cursor.execute(TAKE, [list(new), list(new.values())])
    return len(new)
