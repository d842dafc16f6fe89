"""When a parcel was delivered."""

from psycopg import sql

DELIVERED_AT = sql.SQL("""
  coalesce(s.delivered_at,
    (SELECT max(last_moved_at) FROM delivery_subscription WHERE shipment_id = s.id), now())
""")
"""What the carrier says of a shipment (`s`) that is moved, else now."""
