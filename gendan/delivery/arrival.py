"""When a parcel was delivered."""

from collections.abc import Sequence

from django.db import connection

SET_DELIVERED_AT = """
UPDATE warehouse_shipment s SET delivered_at = coalesce(
  (SELECT max(last_moved_at) FROM delivery_subscription WHERE shipment_id = s.id), now())
WHERE s.id = ANY(%s) AND s.delivered_at IS NULL
"""


def set_delivered_at(ids: Sequence[int]) -> None:
    """Write when the parcels were delivered, as the carrier says, else now."""
    with connection.cursor() as cursor:
        cursor.execute(SET_DELIVERED_AT, [list(ids)])
