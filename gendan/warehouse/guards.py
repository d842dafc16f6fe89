"""What keeps a shipment in the house: the platform's word, refunds, cancellations and holds."""

from collections.abc import Iterable

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gendan.orders.stages import MUST_NOT_SHIP, SHIPPED_ON_PLATFORM
from gendan.orders.stages import Stage as OrderStage
from gendan.ui.errors import Refused

# Looked up row by row (OFFSET keeps it so), since a join may read all the orders of the house.
FIRST_BLOCKED = """
SELECT (SELECT number FROM warehouse_shipment WHERE id = sl.shipment_id), o.number,
  o.platform_state, o.stage, l.refund_state, l.is_cancelled, l.title, h.why
FROM unnest(%(ids)s::bigint[]) AS chosen (id)
CROSS JOIN LATERAL (
  SELECT * FROM warehouse_shipmentline WHERE shipment_id = chosen.id OFFSET 0) sl
CROSS JOIN LATERAL (SELECT * FROM orders_order WHERE id = sl.order_id OFFSET 0) o
CROSS JOIN LATERAL (SELECT * FROM orders_line WHERE id = sl.line_id OFFSET 0) l
LEFT JOIN LATERAL (
  SELECT CASE WHEN %(english)s AND r.name_en <> '' THEN r.name_en ELSE r.name END AS why
  FROM screening_hold h JOIN screening_rule r ON r.id = h.rule_id
  WHERE h.order_id = sl.order_id AND h.cleared_at IS NULL AND h.severity <> 'NOTE' LIMIT 1
) h ON true
WHERE (h.why IS NOT NULL OR o.platform_state = ANY(%(forbidden)s) OR o.stage = %(cancelled)s
  OR l.refund_state <> 'NONE' OR l.is_cancelled
  OR (o.platform_state = ANY(%(shipped)s) AND NOT EXISTS (
    SELECT FROM orders_line x WHERE x.order_id = o.id AND x.shipped > 0)))
ORDER BY sl.shipment_id, sl.id LIMIT 1
"""


class MustNotShip(Refused):
    """Goods of a shipment may not leave the house now."""


def refuse_blocked(ids: Iterable[int]) -> None:
    """Let nothing happen to shipments of which something may not leave the house.

    :raises MustNotShip: naming the first of them and what stands against it
    """
    with connection.cursor() as cursor:
        cursor.execute(
            FIRST_BLOCKED,
            {
                "ids": list(ids),
                "forbidden": [*MUST_NOT_SHIP],
                "shipped": [*SHIPPED_ON_PLATFORM],
                "cancelled": OrderStage.CANCELLED,
                "english": not (get_language() or "").startswith("zh"),
            },
        )
        if found := cursor.fetchone():
            raise MustNotShip(_sentence(*found))


def _sentence(
    shipment: str,
    order: str,
    platform: str,
    stage: str,
    refund: str,
    cancelled: bool,
    title: str,
    held: str | None,
) -> str:
    names = {"shipment": shipment, "order": order, "title": title, "rule": held}
    if stage == OrderStage.CANCELLED:
        said = _("Order %(order)s is cancelled.")
    elif platform == "FORBIDDEN":
        said = _("The platform does not let order %(order)s be shipped yet.")
    elif platform == "REFUNDING" or refund == "REQUESTED":
        said = _("The buyer of order %(order)s asks for a refund.")
    elif platform == "CLOSED":
        said = _("The platform has closed order %(order)s.")
    elif platform in SHIPPED_ON_PLATFORM:
        said = _("The platform says that order %(order)s is shipped already.")
    elif held and refund == "NONE" and not cancelled:
        said = _("Order %(order)s is held: %(rule)s. A reviewer looks at it.")
    else:
        said = _("“%(title)s” of order %(order)s is cancelled or refunded.")
    return said % names + " " + _("Put shipment %(shipment)s aside; it must not leave.") % names
