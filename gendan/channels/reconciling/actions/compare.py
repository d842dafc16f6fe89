"""Compares a day with our own papers, a carrier's files or a platform's file; notes what differs.

A comparison may be made again at any time: what is known is found again, what is found no more is
gone, and what was settled stays so while both sides say the same. Two at once follow one another.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from gendan.channels.models import Against, BillRow, Reckoning
from gendan.channels.reconciling.days import bounds
from gendan.channels.reconciling.items import tend
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Shop
from gendan.warehouse.models import Carrier
from gendan.warehouse.queries.carriage import PRICE, VOLUME

SCRIPTS = Path(__file__).parents[1] / "sql"
TABLES = "difference left_house part owed theirs weighed charge there here"
PRICE_OF_PARCEL = PRICE.format(
    carrier="s.carrier_id",
    province="s.province",
    grams="coalesce(n.ours_g, t.weight_g)",
    on="%(day)s",
)
VOLUME_OF_PARCEL = VOLUME.format(shipment="s.id")

ALONE = "SELECT pg_advisory_xact_lock(hashtext('gendan.reconciling.' || %s), hashtext(%s))"
BEGIN = """
CREATE TEMP TABLE difference (kind text, key text, shop_id bigint, warehouse_id bigint,
  order_id bigint, shipment_id bigint, waybill text DEFAULT '', ours text, theirs text)
ON COMMIT DROP
"""
CHECKED = {
    Against.HOUSE: "SELECT count(*) FROM left_house",
    Against.CARRIER: "SELECT count(*) FROM theirs",
    Against.PLATFORM: "SELECT count(*) FROM there",
}


def compare_house(day: date, *, by: Actor, now: datetime) -> Reckoning:
    """Compare what left on a day with orders, write-backs and hand-over lists."""
    patience = timedelta(hours=settings.WRITE_BACK_HOURS)
    values = {"late": now - patience, "now": now, "zone": settings.TIME_ZONE}
    return _compare(Against.HOUSE, day, 0, values, name="", by=by, now=now)


def compare_carrier(day: date, carrier: Carrier, *, by: Actor, now: datetime) -> Reckoning:
    """Compare what a carrier got on a day with what its files say."""
    values = {
        "carrier": carrier.pk,
        "tolerance": settings.WEIGHT_TOLERANCE_G,
        "fee_tolerance": settings.FEE_TOLERANCE_FEN,
    }
    return _compare(Against.CARRIER, day, carrier.pk, values, name=carrier.name, by=by, now=now)


def compare_again(day: date, *, by: Actor, now: datetime) -> Reckoning:
    """Compare a day with our own papers, and with what carriers' files have said of it."""
    told = BillRow.objects.filter(on=day).values("file__carrier")
    for carrier in Carrier.objects.filter(pk__in=told).order_by("pk"):
        compare_carrier(day, carrier, by=by, now=now)
    return compare_house(day, by=by, now=now)


def compare_platform(
    day: date, shop: Shop, *, names_waybills: bool, by: Actor, now: datetime
) -> Reckoning:
    """Compare a shop's orders with the file that lies in the tables `told_…`."""
    values = {"shop": shop.pk, "names_waybills": names_waybills}
    return _compare(Against.PLATFORM, day, shop.pk, values, name=shop.name, by=by, now=now)


def _compare(
    against: Against,
    day: date,
    scope: int,
    values: Mapping[str, Any],
    *,
    name: str,
    by: Actor,
    now: datetime,
) -> Reckoning:
    begins, ends = bounds(day)
    where: dict[str, Any] = {
        "against": against,
        "day": day,
        "scope": scope,
        "begins": begins,
        "ends": ends,
    }
    facts = {"day": f"{day}", "with": name}
    with (
        entry("reconciling.compared", by=by, **facts),
        connection.cursor() as cursor,
    ):
        cursor.execute(ALONE, [against, f"{day}/{scope}"])
        cursor.execute("DROP TABLE IF EXISTS " + ", ".join(TABLES.split()))
        cursor.execute(BEGIN)
        cursor.execute(_script(against.lower()), {**where, **values})
        cursor.execute(CHECKED[against])
        checked = cursor.fetchone()[0]
        cursor.execute(_script("note"), where)
        return tend(against, day, scope, checked=checked, by=by, now=now)


def _script(name: str) -> str:
    said = (SCRIPTS / f"{name}.sql").read_text()
    return said.replace("{price}", PRICE_OF_PARCEL).replace("{volume}", VOLUME_OF_PARCEL)
