"""How many orders the list has under each of its tabs.

They are counted stage by stage, each to 10,000. A stage that has more keeps them for a while: it is
looked at again a minute later, not with every page of everybody.
"""

from collections.abc import Iterable

from django.core.cache import cache

from gendan.orders.stages import OVER, Stage
from gendan.people.access import Worker
from gendan.ui.listing.counting import MOST_COUNTED
from gendan.ui.statements import planned

KEEP = 60  # seconds
MORE = MOST_COUNTED + 1

COUNTED = """
SELECT wanted.stage, (
  SELECT count(*) FROM (
    SELECT FROM orders_order o WHERE o.stage = wanted.stage {mine} LIMIT {more}) counted)
FROM unnest(%(stages)s::text[]) AS wanted (stage)
"""
ALL = COUNTED.format(more=MORE, mine="")
OF_SHOPS = COUNTED.format(more=MORE, mine="AND o.shop_id = ANY(%(shops)s)")


def tab_counts(worker: Worker) -> dict[str, int]:
    """Return how many orders the worker sees under each tab; one more than 10,000 means more."""
    counts = stage_counts(worker)
    under_way = sum(number for stage, number in counts.items() if stage not in OVER)
    return {"open": under_way, **{stage.lower(): number for stage, number in counts.items()}}


def stage_counts(worker: Worker) -> dict[str, int]:
    """Return how many orders the worker sees at each stage; one more than 10,000 means more."""
    key = f"orders-plenty:{worker.shop_ids}"
    plenty: frozenset[str] = cache.get(key, frozenset())
    counts = _counted([stage for stage in Stage.values if stage not in plenty], worker)
    if more := {stage for stage, number in counts.items() if number == MORE}:
        cache.set(key, plenty | more, KEEP)
    return {**counts, **dict.fromkeys(plenty, MORE)}


def _counted(stages: Iterable[str], worker: Worker) -> dict[str, int]:
    shops = worker.shop_ids
    with planned() as cursor:
        cursor.execute(ALL if shops is None else OF_SHOPS, {"stages": list(stages), "shops": shops})
        return dict(cursor.fetchall())
