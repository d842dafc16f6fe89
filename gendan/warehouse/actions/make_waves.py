"""Making waves without anybody asking, on big days: what goes fastest comes first."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from gendan.journal.actors import Actor
from gendan.orders.models.surge import BigDay
from gendan.warehouse.actions.release import release
from gendan.warehouse.models import Shipment
from gendan.warehouse.queries.prepack import fitting
from gendan.warehouse.queries.ready import ready_for_wave

BATCH = 2000


def make_waves(day: BigDay, *, by: Actor, now: datetime, limit: int = BATCH) -> int:
    """Put what is planned into waves: pre-packed goods, then single pieces, then the others.

    Return how many shipments that were. Waves of one kind of work are worked through faster, and
    single pieces lie in the order of their goods, so that one walk serves many parcels.
    """
    waiting = ready_for_wave().order_by("-priority", "promise_at", "pk")[:limit]
    rows = list(waiting.values_list("pk", "pieces"))
    made = 0
    for ids in _sorted(rows):
        release(Shipment.objects.numbered(ids), by=by, why=day.name, limit=day.wave_limit)
        made += len(ids)
    return made


def _sorted(rows: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    boxed = fitting([pk for pk, _pieces in rows])
    single = [pk for pk, pieces in rows if pieces == 1 and pk not in boxed]
    others = [pk for pk, pieces in rows if pieces != 1 and pk not in boxed]
    yield from (ids for ids in (sorted(boxed), single, others) if ids)
