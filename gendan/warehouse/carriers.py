"""What can be said of carriers: their list, their form, their file."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gendan.journal.actors import Actor
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.forms import ModelForm
from gendan.ui.importing import Import, ImportColumn, ImportRow, Outcome, cells
from gendan.ui.listing import Column, Empty, Link, Listing
from gendan.warehouse.actions.save_carriers import save_carriers
from gendan.warehouse.models import Carrier

LIST = Listing(
    name="carriers",
    title=_("Carriers"),
    icon="truck",
    rows=lambda person: Carrier.objects.all(),
    finder=Finder(
        Carrier,
        (
            Field("code", _("code")),
            Field("name", _("name")),
            Field("active", _("active"), "yesno", lookup="is_active"),
        ),
        quick=contains("code", "name", "name_en"),
    ),
    columns=(
        Column("name", _("Name"), sort="name", note="name_en", mobile=1),
        Column("code", _("Code"), kind="code", sort="code"),
        Column("pattern", _("Waybill pattern"), kind="code"),
        Column("needs_phone", _("Tracking needs the phone"), kind="yesno"),
        Column("pickup_hours", _("Picked up within (h)"), kind="number"),
        Column("movement_hours", _("Moves within (h)"), kind="number"),
        Column("sign_hours", _("Signed within (h)"), kind="number"),
        Column("rank", _("Order of preference"), kind="number", sort="rank"),
        Column("is_active", _("Active"), kind="yesno"),
    ),
    sort="rank",
    url=lambda carrier: reverse("carrier", args=[carrier.pk]),
    permission="warehouse.manage",
    may_export="warehouse.manage",
    links=(
        Link(_("Add a carrier"), reverse_lazy("carrier-new"), "warehouse.manage"),
        Link(_("Import"), reverse_lazy("carriers-import"), "warehouse.manage", "upload"),
    ),
    empty=Empty(_("No carriers yet"), _("Add the ones that fetch your parcels."), "truck"),
)


def checked_pattern(pattern: str) -> str:
    """Return a waybill pattern.

    :raises ValueError: if it is no regular expression
    """
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(pattern) from error
    return pattern


class CarrierForm(ModelForm[Carrier]):
    class Meta:
        model = Carrier
        fields = [
            "code",
            "name",
            "name_en",
            "pattern",
            "needs_phone",
            "rank",
            "pickup_hours",
            "movement_hours",
            "sign_hours",
            "volume_divisor",
            "is_active",
        ]
        help_texts = {
            "code": _("As Kuaidi100 calls it, such as yuantong."),
            "pattern": _("A regular expression, such as YT[0-9]{13}."),
            "rank": _("The smallest number is asked first."),
            "volume_divisor": _(
                "Such as 6000: length × width × height in cm, divided by it, are the kilograms "
                "charged if they are more. Empty: by weight alone."
            ),
        }

    def clean_pattern(self) -> str:
        try:
            return checked_pattern(self.cleaned_data["pattern"])
        except ValueError as error:
            raise ValidationError(
                _("This pattern cannot be read. Leave it empty if you are not sure.")
            ) from error


def _pattern_cell(cell: str) -> str:
    try:
        return checked_pattern(str(cells.text(120)(cell)))
    except ValueError as error:
        raise cells.BadCell(
            _now("This pattern cannot be read."), _now("Leave it empty if you are not sure.")
        ) from error


def _known(keys: Collection[Any]) -> Collection[Any]:
    there = Carrier.objects.filter(code__any=[code for (code,) in keys])
    return {(code,) for code in there.values_list("code", flat=True)}


def take_carriers(rows: Sequence[ImportRow], *, by: Actor, why: str = "") -> Outcome:
    """Save the carriers of a file."""
    done = save_carriers([row.values for row in rows], by=by, why=why)
    return Outcome(len(done.new), len(done.changed), len(done.unchanged))


IMPORT = Import(
    name="carriers",
    title=_("Import carriers"),
    columns=(
        ImportColumn(
            "code",
            _("Code"),
            cells.code(20),
            required=True,
            aliases=("编码", "代码", "快递编码"),
            examples=("yuantong", "shunfeng"),
            hint=_("As Kuaidi100 calls it."),
        ),
        ImportColumn(
            "name",
            _("Name"),
            cells.text(40),
            required=True,
            aliases=("名称", "快递公司", "物流公司"),
            examples=("圆通速递", "顺丰速运"),
        ),
        ImportColumn(
            "name_en", _("Name in English"), cells.text(40), examples=("YTO Express", "SF Express")
        ),
        ImportColumn(
            "pattern",
            _("Waybill pattern"),
            _pattern_cell,
            aliases=("单号规则",),
            examples=("YT[0-9]{13}", "SF[0-9]{13}"),
        ),
        ImportColumn(
            "needs_phone",
            _("Tracking needs the phone"),
            cells.yes_or_no,
            examples=("否", "是"),
        ),
        ImportColumn(
            "rank",
            _("Order of preference"),
            cells.whole(1, 1000),
            aliases=("优先级",),
            examples=("1", "2"),
        ),
        ImportColumn(
            "pickup_hours", _("Picked up within (h)"), cells.whole(1, 2000), examples=("24", "12")
        ),
        ImportColumn(
            "movement_hours", _("Moves within (h)"), cells.whole(1, 2000), examples=("48", "24")
        ),
        ImportColumn(
            "sign_hours", _("Signed within (h)"), cells.whole(1, 2000), examples=("168", "96")
        ),
        ImportColumn(
            "volume_divisor",
            _("Volume divisor"),
            cells.whole(1, 100_000),
            aliases=("抛比", "泡比", "体积系数"),
            examples=("8000", "6000"),
        ),
        ImportColumn("is_active", _("Active"), cells.yes_or_no, examples=("是", "是")),
    ),
    key=("code",),
    known=_known,
    act=take_carriers,
    permission="warehouse.manage",
    back="carriers",
)
