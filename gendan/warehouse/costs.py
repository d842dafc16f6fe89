"""What parcels cost that hold other goods than when their carrier was chosen."""

from collections.abc import Iterable
from datetime import datetime

from gendan.warehouse.models import Carriage
from gendan.warehouse.queries.carriage import options


def reckon_anew(shipments: Iterable[int], *, now: datetime) -> None:
    """Note what shipments cost that hold other goods now, as a part of the act that moves those.

    Who carries them stays as it was chosen.
    """
    rows = list(Carriage.objects.filter(shipment__any=list(shipments)).order_by("pk"))
    if not rows:
        return
    found = options([row.shipment_id for row in rows], now=now)
    own = {(pk, each.carrier_id): each for pk, some in found.items() for each in some}
    for row in rows:
        if option := own.get((row.shipment_id, row.carrier_id)):
            row.fee_fen, row.charged_g = option.fee_fen, option.grams
            row.percent = option.percent
    Carriage.objects.bulk_update(rows, ["fee_fen", "charged_g", "percent"])
