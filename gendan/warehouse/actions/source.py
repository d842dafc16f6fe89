"""Saying how carriers are chosen: rules, prices, places and standards."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.conditions import readable
from gendan.ui.errors import Refused
from gendan.ui.importing import Upserted, upsert
from gendan.warehouse.models.carriage import CarrierRule, Discount, Standard, Tariff, Unserved
from gendan.warehouse.places import official
from gendan.warehouse.queries.grounds import version_of

Row = TypeVar("Row", bound=Model)
Rows = Sequence[Mapping[str, Any]]
KEYS: Mapping[type[Model], tuple[str, ...]] = {
    Tariff: ("carrier_id", "province"),
    Discount: ("carrier_id", "province", "from_on"),
    Standard: ("carrier_id", "province"),
    Unserved: ("carrier_id", "province", "city", "district"),
}
PLACE = ("province", "city", "district")
ALONE = "LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"  # who only reads goes on reading


class SaidTwice(Refused):
    """Two rows say something of the same carrier and place."""


class ChangedMeanwhile(Refused):
    """Somebody has changed the table since it was read."""


def save_carrier_rule(rule: CarrierRule, *, by: Actor, why: str = "") -> CarrierRule:
    """Add a rule, or change it; parcels follow it from the next planning on.

    :raises CannotRead: if its condition can't be read
    """
    readable(rule.expression)
    with entry("carrier_rule.saved", by=by, why=why, name=rule.name):
        rule.save()
    return rule


def save_ground(row: Row, *, by: Actor, why: str = "") -> Row:
    """Add or change a price, a place that is not served, or a standard.

    :raises NoSuchPlace: if it is of a place that nobody knows
    """
    for name, value in _placed(vars(row)).items():
        setattr(row, name, value)
    with entry("carriage.changed", by=by, why=why):
        row.save()
    return row


def save_grounds(table: type[Model], rows: Rows, *, by: Actor, why: str = "") -> Upserted:
    """Add rows to a table, and change those of the same carrier and place.

    What a row does not mention stays as it is.

    :raises NoSuchPlace: if one is of a place that nobody knows
    :raises SaidTwice: if two are of the same carrier and place
    """
    with entry("carriage.changed", by=by, why=why, count=len(rows)):
        _alone(table)
        return _write(table, rows)


def replace_grounds(
    table: type[Model], rows: Rows, *, version: str, by: Actor, why: str = ""
) -> tuple[Upserted, int]:
    """Let a table say this and nothing else; return what was written, and how many rows went.

    :raises ChangedMeanwhile: if it is not as it was when that version was read
    :raises NoSuchPlace: if a row is of a place that nobody knows
    :raises SaidTwice: if two rows are of the same carrier and place
    """
    with entry("carriage.changed", by=by, why=why, count=len(rows)):
        _alone(table)
        if version_of(table) != version:
            raise ChangedMeanwhile(_("Somebody has changed it since. Read it again, then change."))
        written = _write(table, rows)
        others = table._default_manager.exclude(pk__in=[row.pk for row in written.all])
        return written, others.delete()[0]


def drop_ground(row: Model, *, by: Actor, why: str = "") -> None:
    """Delete a rule, a price, a place that is not served, or a standard."""
    with entry("carriage.changed", by=by, why=why):
        row.delete()


def _alone(table: type[Model]) -> None:
    """Keep other writers out until the act is done."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE.format(table=table._meta.db_table))


def _write(table: type[Model], rows: Rows) -> Upserted:
    key = KEYS[table]
    anywhere = {name: "" for name in PLACE if name in key}
    placed = [{**anywhere, **row, **_placed(row)} for row in rows]
    times = Counter(tuple(row[name] for name in key) for row in placed)
    for row in placed:
        if times[tuple(row[name] for name in key)] > 1:
            place = "".join(row[name] for name in anywhere) or _("all others")
            raise SaidTwice(_("Two rows of one carrier are for %(place)s.") % {"place": place})
    return upsert(table, key, placed)


def _placed(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the row's place under its official name."""
    written = [row.get(name) or "" for name in PLACE]
    return {n: name for n, name in zip(PLACE, official(*written), strict=True) if n in row}
