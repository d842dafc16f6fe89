"""The file of what carriers take: one row for a carrier and a province."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.importing import Import, ImportColumn, ImportRow, Outcome, cells
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import Tariff

VALUES = ("first_g", "first_fen", "step_g", "step_fen")


def _carriers() -> cells.Parse:
    """Return a reader of carriers by code or name, looked up once for a file."""
    known = list(Carrier.objects.values_list("code", "code", "name"))
    offers = [(code, said) for code, *names in known for said in names]
    return cells.choice(lambda: offers)


def _known(keys: Collection[Any]) -> Collection[Any]:
    rows = Tariff.objects.filter(carrier__code__any=[code for code, _province in keys])
    return set(rows.values_list("carrier__code", "province"))


def take_tariffs(rows: Sequence[ImportRow], *, by: Actor, why: str = "") -> Outcome:
    """Save the prices of a file."""
    carriers = dict(Carrier.objects.values_list("code", "pk"))
    wanted = [
        Tariff(
            carrier_id=carriers[row.values["carrier"]],
            province=row.values.get("province") or "",
            **{name: row.values[name] for name in VALUES if row.values.get(name) is not None},
        )
        for row in rows
    ]
    there = set(Tariff.objects.values_list("carrier", "province"))
    new = sum((row.carrier_id, row.province) not in there for row in wanted)
    with entry("carriage.changed", by=by, why=why, count=len(wanted)):
        Tariff.objects.bulk_create(
            wanted,
            update_conflicts=True,
            unique_fields=["carrier", "province"],
            update_fields=VALUES,
        )
    return Outcome(new, len(wanted) - new, 0)


IMPORT = Import(
    name="tariffs",
    title=_("Import tariffs"),
    columns=(
        ImportColumn(
            "carrier",
            _("Carrier"),
            cells.text(40),
            required=True,
            aliases=("快递", "快递公司", "快递编码"),
            examples=("yuantong", "shunfeng"),
            hint=_("Its code or its name."),
            reader=_carriers,
        ),
        ImportColumn(
            "province",
            _("Province"),
            cells.text(40),
            aliases=("省", "省份", "目的地"),
            examples=("浙江省", "西藏自治区"),
            hint=_("Empty: to all provinces that have no price of their own."),
        ),
        ImportColumn(
            "first_g", _("First weight (g)"), cells.whole(1, 100_000), examples=("1000", "1000")
        ),
        ImportColumn(
            "first_fen",
            _("Price of the first weight"),
            cells.money,
            required=True,
            aliases=("首重价格", "首重"),
            examples=("4.50", "22.00"),
        ),
        ImportColumn(
            "step_g", _("Each further (g)"), cells.whole(1, 100_000), examples=("1000", "1000")
        ),
        ImportColumn(
            "step_fen",
            _("Price of each further"),
            cells.money,
            required=True,
            aliases=("续重价格", "续重"),
            examples=("1.20", "16.00"),
        ),
    ),
    key=("carrier", "province"),
    known=_known,
    act=take_tariffs,
    permission="warehouse.source",
    back="sourcing",
)
