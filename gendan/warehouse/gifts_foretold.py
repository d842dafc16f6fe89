"""What this room says of gifts before parcels are combined or split: those that come, and go."""

from collections.abc import Mapping

from django.db import connection
from django.utils import timezone

from gendan.warehouse.foretelling import Foretold, foretell
from gendan.warehouse.models import ShipmentLine
from gendan.warehouse.queries.missed_gifts import missed_gifts

# The act is still open when it is looked at: what it has written stands in the journal.
SHARED = """
SELECT o.number, l.title || ' × ' || g.quantity, g.taken_back_at IS NULL
FROM journal_entry e JOIN journal_change c ON c.entry_id = e.id
JOIN journal_subject s ON s.id = c.subject AND s.name = 'orders_giftline'
JOIN orders_giftline g ON g.id = c.subject_id JOIN orders_line l ON l.id = g.line_id
JOIN orders_order o ON o.id = g.order_id
WHERE e.xid = pg_current_xact_id() AND e.verb = 'order.gifts_together'
ORDER BY o.id, g.id
"""


@foretell
def shared_gifts(parcels: Mapping[int, str]) -> Foretold | None:
    """Name the gifts that orders earn together from now on, those they do no longer, or miss."""
    with connection.cursor() as cursor:
        cursor.execute(SHARED)
        found = cursor.fetchall()
    inside = ShipmentLine.objects.filter(shipment__any=list(parcels))
    missed = missed_gifts(set(inside.values_list("order", flat=True)), now=timezone.now())
    if not found and not missed:
        return None
    come = [(order, gift) for order, gift, stays in found if stays]
    go = [(order, gift) for order, gift, stays in found if not stays]
    return Foretold("warehouse/regroup/_gifts.html", {"come": come, "go": go, "missed": missed})
