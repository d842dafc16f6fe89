"""Shops and warehouses from a file."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Platform, Shop, ShopKind, Warehouse
from gendan.ui.importing import Import, ImportColumn, ImportRow, Outcome, cells, upsert


def known_codes(model: type[Model]) -> Any:
    """Return a question: which of the codes are there."""

    def known(keys: Collection[Any]) -> Collection[Any]:
        there = model._default_manager.filter(code__any=[code for (code,) in keys])
        return {(code,) for code in there.values_list("code", flat=True)}

    return known


def take_shops(rows: Sequence[ImportRow], *, by: Actor, why: str = "") -> Outcome:
    """Add shops and change those whose code is there."""
    with entry("shop.imported", by=by, why=why, count=len(rows)):
        done = upsert(Shop, ("code",), [row.values for row in rows])
    return Outcome(len(done.new), len(done.changed), len(done.unchanged))


def take_warehouses(rows: Sequence[ImportRow], *, by: Actor, why: str = "") -> Outcome:
    """Add warehouses and change those whose code is there."""
    with entry("warehouse.imported", by=by, why=why, count=len(rows)):
        done = upsert(Warehouse, ("code",), [row.values for row in rows])
    return Outcome(len(done.new), len(done.changed), len(done.unchanged))


CODE = _("Code")
NAME = _("Name")
ACTIVE = ImportColumn(
    "is_active", _("Active"), cells.yes_or_no, aliases=("启用",), examples=("是", "是")
)

SHOPS = Import(
    name="shops",
    title=_("Import shops"),
    columns=(
        ImportColumn(
            "code",
            CODE,
            cells.code(40, capitals=True),
            required=True,
            aliases=("编码", "代码", "店铺编码", "店铺代码"),
            examples=("TB1", "ST1"),
        ),
        ImportColumn(
            "name",
            NAME,
            cells.text(80),
            required=True,
            aliases=("店铺", "店铺名称"),
            examples=("山茶记淘宝店", "西湖门店"),
        ),
        ImportColumn(
            "platform",
            _("Platform"),
            cells.choice(lambda: Platform.choices),
            required=True,
            aliases=("平台",),
            examples=("TAOBAO", "OWN"),
        ),
        ImportColumn(
            "kind",
            _("Kind"),
            cells.choice(lambda: ShopKind.choices),
            required=True,
            aliases=("类型", "渠道类型"),
            examples=("WEB", "STORE"),
        ),
        ImportColumn(
            "ship_hours",
            _("Hours to ship"),
            cells.whole(1, 2000),
            aliases=("发货时限",),
            examples=("48", "24"),
        ),
        ImportColumn(
            "uses_safety_stock",
            _("May sell the safety stock"),
            cells.yes_or_no,
            examples=("否", "是"),
        ),
        ACTIVE,
    ),
    key=("code",),
    known=known_codes(Shop),
    act=take_shops,
    permission="people.manage",
    back="shops",
)

WAREHOUSES = Import(
    name="warehouses",
    title=_("Import warehouses"),
    columns=(
        ImportColumn(
            "code",
            CODE,
            cells.code(20, capitals=True),
            required=True,
            aliases=("编码", "代码", "仓库编码", "仓库代码"),
            examples=("HZ", "FS"),
        ),
        ImportColumn(
            "name",
            NAME,
            cells.text(80),
            required=True,
            aliases=("仓库", "仓库名称"),
            examples=("杭州仓", "佛山仓"),
        ),
        ImportColumn(
            "contact", _("Contact"), cells.text(60), aliases=("联系人",), examples=("陈大库", "")
        ),
        ImportColumn(
            "phone", _("Phone"), cells.code(30), aliases=("电话",), examples=("13900000003", "")
        ),
        ImportColumn(
            "address",
            _("Address"),
            cells.text(200),
            aliases=("地址",),
            examples=("浙江省杭州市余杭区示例路8号", ""),
        ),
        ImportColumn(
            "rank",
            _("Order of preference"),
            cells.whole(1, 1000),
            aliases=("优先级",),
            examples=("1", "2"),
        ),
        ACTIVE,
    ),
    key=("code",),
    known=known_codes(Warehouse),
    act=take_warehouses,
    permission="people.manage",
    back="warehouses",
)
