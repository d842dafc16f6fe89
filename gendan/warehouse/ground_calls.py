"""The tables on which carriers are chosen, over the API: read, added to, and replaced whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from gendan.people.api import key_of, needs
from gendan.ui.api import Problem, Wrong
from gendan.ui.importing import Upserted
from gendan.warehouse.actions.source import replace_grounds, save_grounds
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import Discount, Standard, Tariff, Unserved
from gendan.warehouse.queries.grounds import version_of
from gendan.warehouse.rule_calls import SCOPE, takes

MOST = 5_000  # rows of one call
ELSEWHERE = "Empty: all that have no row of their own."
Row = TypeVar("Row")


class TariffIO(Schema):
    carrier: str = Field(description="Its code.")
    province: str = Field("", description=ELSEWHERE)
    first_g: int = Field(1000, gt=0, le=1_000_000)
    first_fen: int = Field(ge=0)
    step_g: int = Field(1000, gt=0, le=1_000_000)
    step_fen: int = Field(ge=0)


class DiscountIO(Schema):
    carrier: str = Field(description="Its code.")
    province: str = Field("", description=ELSEWHERE)
    percent: int = Field(ge=0, le=100, description="Off its prices; 0 ends the one before.")
    from_on: date = Field(description="The latest that has begun counts.")


class StandardIO(Schema):
    carrier: str | None = Field(None, description="Its code; null: all without one of their own.")
    province: str = Field("", description=ELSEWHERE)
    pickup_hours: int = Field(24, gt=0, le=2_000)
    arrive_hours: int = Field(72, gt=0, le=2_000)


class PlaceIO(Schema):
    carrier: str = Field(description="The code of the one that does not go there.")
    province: str = Field(min_length=1)
    city: str = Field("", description="Empty: the whole province.")
    district: str = Field("", description="Empty: the whole city.")
    why: str = Field("", max_length=200)


class Table(Schema, Generic[Row]):
    version: str = Field(description="Changes with every change of the table.")
    rows: list[Row]


class More(Schema, Generic[Row]):
    rows: list[Row] = Field(min_length=1, max_length=MOST)
    why: str = ""


class Whole(Schema, Generic[Row]):
    version: str = Field(description="As it was read; 409 if somebody has changed it since.")
    rows: list[Row] = Field(max_length=MOST)
    why: str = ""


class Written(Schema):
    new: int
    changed: int
    unchanged: int
    dropped: int
    version: str


@dataclass(frozen=True)
class Ground:
    """A table: its address, and what its calls tell and take."""

    path: str
    title: str
    model: type[Model]
    table: type[Schema]
    more: type[Schema]
    whole: type[Schema]


GROUNDS = (
    Ground(
        path="tariffs",
        title="Prices by carrier, province and weight",
        model=Tariff,
        table=Table[TariffIO],
        more=More[TariffIO],
        whole=Whole[TariffIO],
    ),
    Ground(
        path="discounts",
        title="What contracts take off the prices",
        model=Discount,
        table=Table[DiscountIO],
        more=More[DiscountIO],
        whole=Whole[DiscountIO],
    ),
    Ground(
        path="standards",
        title="Hours within which parcels are picked up and arrive",
        model=Standard,
        table=Table[StandardIO],
        more=More[StandardIO],
        whole=Whole[StandardIO],
    ),
    Ground(
        path="places-not-served",
        title="Places to which carriers do not go",
        model=Unserved,
        table=Table[PlaceIO],
        more=More[PlaceIO],
        whole=Whole[PlaceIO],
    ),
)


def offer_tables(router: Router) -> None:
    """Give the router the three calls of each table."""
    for ground in GROUNDS:
        _offer(router, ground)


def _offer(router: Router, ground: Ground) -> None:
    place, model = f"/{ground.path}", ground.model
    known = f"sourcing_{ground.path.replace('-', '_')}"

    @router.get(place, response=ground.table, summary=ground.title, operation_id=f"{known}_read")
    @needs(SCOPE)
    def read(request: HttpRequest, carrier: str = "") -> Any:
        """Read all, or those of a carrier by its code, with the version of the whole table."""
        rows = model._default_manager.select_related("carrier").order_by("pk")
        found = rows.filter(carrier__code=carrier) if carrier else rows
        return {"version": version_of(model), "rows": [_told(row) for row in found]}

    @router.post(
        place,
        response=Written,
        summary=f"{ground.title}: add and change",
        operation_id=f"{known}_save",
    )
    @needs(SCOPE)
    @takes(ground.more)
    def save(request: HttpRequest, said: Any) -> Any:
        """A row of a carrier and place that is there changes it; what it leaves out stays."""
        written = save_grounds(model, _rows(said.rows), by=key_of(request), why=said.why)
        return _counted(ground, written, 0)

    @router.put(
        place,
        response=Written,
        summary=f"{ground.title}: these and no others",
        operation_id=f"{known}_replace",
    )
    @needs(SCOPE)
    @takes(ground.whole)
    def replace(request: HttpRequest, said: Any) -> Any:
        """What is not among the rows goes, unless somebody has changed the table since."""
        by, rows = key_of(request), _rows(said.rows, whole=True)
        done = replace_grounds(model, rows, version=said.version, by=by, why=said.why)
        return _counted(ground, *done)


def _rows(said: Sequence[Schema], *, whole: bool = False) -> list[dict[str, Any]]:
    """Return the rows with their carriers' ids.

    :raises Problem: if a carrier is not known
    """
    carriers: dict[str | None, int | None] = {None: None}
    carriers |= dict(Carrier.objects.values_list("code", "pk"))
    rows = [row.model_dump(exclude_unset=not whole) for row in said]
    wrongs = [
        Wrong(
            _("There is no carrier %(code)s.") % {"code": row["carrier"]},
            pointer=f"/rows/{number}/carrier",
        )
        for number, row in enumerate(rows)
        if row.get("carrier") not in carriers
    ]
    if wrongs:
        raise Problem(422, _("A carrier is not known."), wrongs)
    ids = [carriers[row.pop("carrier", None)] for row in rows]
    return [{**row, "carrier_id": pk} for row, pk in zip(rows, ids, strict=True)]


def _told(row: Any) -> dict[str, Any]:
    return {**vars(row), "carrier": row.carrier.code if row.carrier else None}


def _counted(ground: Ground, written: Upserted, dropped: int) -> dict[str, Any]:
    return {
        "new": len(written.new),
        "changed": len(written.changed),
        "unchanged": len(written.unchanged),
        "dropped": dropped,
        "version": version_of(ground.model),
    }
