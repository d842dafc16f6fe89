"""What somebody has to decide about an order: with whom it could share a parcel."""

from typing import NamedTuple

from gendan.ui.statements import planned

OPEN = """
SELECT warehouse_id IS NOT NULL, detail, string_to_array(facts ->> 'orders', ', ')
FROM worklist_item WHERE kind = 'COMBINE' AND subject = 'company' AND done_at IS NULL
  AND %s = ANY(string_to_array(facts ->> 'orders', ', '))
ORDER BY warehouse_id, id
"""


class Suggested(NamedTuple):
    """Parcels and orders that could go together (`what`), and all their orders by number."""

    is_planned: bool  # all of them are parcels already
    what: str
    orders: list[str]


def suggested_for(number: str) -> list[Suggested]:
    """Return what is open about an order, that with parcels first."""
    with planned() as cursor:
        cursor.execute(OPEN, [number])
        return [Suggested(*row) for row in cursor.fetchall()]
