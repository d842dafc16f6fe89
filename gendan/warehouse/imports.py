"""The files of what carriers take, and of how fast they have to be: a row for a province each."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from gendan.journal.actors import Actor
from gendan.ui.errors import Refused
from gendan.ui.importing import Import, ImportColumn, ImportRow, Outcome, cells
from gendan.warehouse.actions.source import save_grounds
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import Standard, Tariff
from gendan.warehouse.places import official


def _province(cell: str) -> str:
    """Return a province under its official name."""
    try:
        return official(cells.text(40)(cell))[0]
    except Refused as refused:
        raise cells.BadCell(refused.sentence, "") from refused


def _carrier(*, required: bool, hint: Any) -> ImportColumn:
    return ImportColumn(
        "carrier",
        _("Carrier"),
        cells.text(40),
        required=required,
        aliases=("快递", "快递公司", "快递编码"),
        examples=("yuantong", "shunfeng"),
        hint=hint,
        reader=cells.coded(lambda: Carrier.objects.values_list("pk", "code", "name")),
        may_be_empty=not required,
    )


def _of_province(hint: Any) -> ImportColumn:
    return ImportColumn(
        "province",
        _("Province"),
        _province,
        aliases=("省", "省份", "目的地"),
        examples=("浙江省", "西藏自治区"),
        hint=hint,
        may_be_empty=True,
    )


def _known(table: type[Model]) -> Callable[[Collection[Any]], Collection[Any]]:
    def there(keys: Collection[Any]) -> Collection[Any]:
        rows = table._default_manager.values_list("carrier_id", "province")
        return {(carrier, province or None) for carrier, province in rows} & set(keys)

    return there


def take(table: type[Model], rows: Sequence[ImportRow], *, by: Actor, why: str = "") -> Outcome:
    """Save the rows of a file; what a row does not mention stays as it is."""
    said = [_by_id(row.values) for row in rows]
    done = save_grounds(table, said, by=by, why=why)
    return Outcome(len(done.new), len(done.changed), len(done.unchanged))


def _by_id(values: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in values.items() if name != "carrier"}
    return {**said, "carrier_id": values.get("carrier")}


TARIFFS = Import(
    name="tariffs",
    title=_("Import tariffs"),
    columns=(
        _carrier(required=True, hint=_("Its code or its name.")),
        _of_province(_("Empty: to all provinces that have no price of their own.")),
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
    known=_known(Tariff),
    act=partial(take, Tariff),
    permission="warehouse.source",
    back="sourcing",
)
STANDARDS = Import(
    name="standards",
    title=_("Import standards"),
    columns=(
        _carrier(required=False, hint=_("Empty: of all that have no standard of their own there.")),
        _of_province(_("Empty: wherever no other standard is set.")),
        ImportColumn(
            "pickup_hours",
            _("Picked up within (h)"),
            cells.whole(1, 2000),
            aliases=("揽收时效", "揽收小时"),
            examples=("24", "12"),
        ),
        ImportColumn(
            "arrive_hours",
            _("Arrives within (h)"),
            cells.whole(1, 2000),
            required=True,
            aliases=("送达时效", "签收时效", "时效"),
            examples=("72", "168"),
        ),
    ),
    key=("carrier", "province"),
    known=_known(Standard),
    act=partial(take, Standard),
    permission="warehouse.source",
    back="sourcing",
)
