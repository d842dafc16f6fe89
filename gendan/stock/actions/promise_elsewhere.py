"""Promises pieces of order lines in another warehouse instead."""

from collections.abc import Mapping

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Line
from gendan.stock.locking import lock
from gendan.stock.models import Movement
from gendan.stock.writing import Change, write


def promise_elsewhere(more: Mapping[tuple[int, int], int], *, by: Actor, why: str = "") -> int:
    """Give promises back where there are to be fewer, make them where there are to be more.

    `more` says of order lines and warehouses by how many pieces; a line's numbers add up to 0.
    Return how many movements that were.

    :raises NotEnoughStock: if a warehouse has too few pieces that are free
    """
    if not more:
        return 0
    lines = Line.objects.filter(pk__any=[line for line, _place in more])
    rows = list(lines.values_list("pk", "sku", "order"))
    skus = {line: sku for line, sku, _order in rows}
    changes = sorted(
        Change(skus[line], place, 0, number, line) for (line, place), number in more.items()
    )
    with entry("stock.promised_elsewhere", by=by, why=why) as opened:
        lock({order for _line, _sku, order in rows})  # two statements follow, and their gifts
        fewer = [change for change in changes if change.reserved < 0]
        write(fewer, Movement.RELEASED, entry=opened)
        return len(fewer) + write(
            [change for change in changes if change.reserved > 0], Movement.RESERVED, entry=opened
        )
