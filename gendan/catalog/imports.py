"""Goods and shop codes from a file."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.catalog.actions import save_codes, save_goods, save_sets
from gendan.catalog.models import ShopCode, Sku
from gendan.catalog.queries import barcode_clashes
from gendan.catalog.sets import read_parts, written_parts
from gendan.people.access import Worker
from gendan.people.models import Shop
from gendan.ui.errors import Refused
from gendan.ui.importing import Import, ImportColumn, ImportRow, Mistake, Outcome, cells

IN_MM = gettext_lazy("In millimetres; 24cm is understood too. As packed.")
PRODUCT = {"style", "title", "category", "unit", "care"}
SKU_CODE = ImportColumn(
    "code",
    gettext_lazy("SKU code"),
    cells.code(60),
    required=True,
    aliases=("SKU", "SKU编码", "编码", "商品编码", "商家编码", "规格编码"),
    examples=("LJ-125", "KB-MOLV-M"),
    hint=gettext_lazy("Tells a SKU apart. Ours, not the shop's."),
)


def _known_skus(keys: Collection[Any]) -> Collection[Any]:
    codes = [code for (code,) in keys]
    return {(code,) for code in Sku.objects.filter(code__any=codes).values_list("code", flat=True)}


def take_goods(rows: Sequence[ImportRow], *, by: Worker, why: str = "") -> Outcome:
    """Save products and SKUs; a row without a style is a product of its own."""
    styles = _styles(rows)
    good, mistakes = _agreeing(rows, styles)
    clashes = barcode_clashes([row.values for row in good])
    for row in good:
        if other := clashes.get(row.values["code"]):
            mistakes.append(_barcode_taken(row, other))
    good = [row for row in good if row.values["code"] not in clashes]
    products: dict[str, dict[str, Any]] = {}
    for row in reversed(good):  # where two rows of a style differ, the first one counts
        products.setdefault(styles[row.values["code"]], {}).update(_of_product(row, styles))
    skus = [_of_sku(row, styles) for row in good]
    saved, done = save_goods(list(products.values()), skus, by=by, why=why)
    mistakes += _take_sets(good, by=by, why=why)
    moved = {product.pk for product in saved.changed}
    changed = len(done.changed) + sum(sku.product_id in moved for sku in done.unchanged)
    return Outcome(len(done.new), changed, len(good) - len(done.new) - changed, mistakes)


def _take_sets(rows: Sequence[ImportRow], *, by: Worker, why: str) -> list[Mistake]:
    """Save what sets are made of, one by one: a wrong one spoils no other."""
    said = {row.values["code"]: row for row in rows if "parts" in row.values}
    codes = {*said, *(code for row in said.values() for code in row.values["parts"])}
    known = dict(Sku.objects.filter(code__any=list(codes)).values_list("code", "pk"))
    mistakes = []
    for code, row in said.items():
        parts = row.values["parts"]
        if unknown := next((part for part in parts if part not in known), None):
            sentence = _("We have no SKU with this code.")
            remedy = _("Correct the code, or import the goods first.")
            mistakes.append(Mistake(row.number, "parts", unknown, sentence, remedy))
            continue
        try:
            made = {known[part]: number for part, number in parts.items()}
            save_sets({known[code]: made}, by=by, why=why)
        except Refused as refused:
            text = written_parts(parts)
            mistakes.append(Mistake(row.number, "parts", text, refused.sentence, ""))
    return mistakes


def _styles(rows: Sequence[ImportRow]) -> Mapping[str, str]:
    """The style of each row's SKU: as it says, as it is, or its own code."""
    codes = [row.values["code"] for row in rows]
    there = Sku.objects.filter(code__any=codes).values_list("code", "product__style")
    known = dict(there)
    return {
        row.values["code"]: row.values.get("style")
        or known.get(row.values["code"], row.values["code"])
        for row in rows
    }


def _agreeing(
    rows: Sequence[ImportRow], styles: Mapping[str, str]
) -> tuple[list[ImportRow], list[Mistake]]:
    """Part the rows whose product is called otherwise in an earlier row."""
    titles: dict[str, str] = {}
    good, mistakes = [], []
    for row in rows:
        title = row.values.get("title")
        first = titles.setdefault(styles[row.values["code"]], title) if title else title
        if first == title:
            good.append(row)
            continue
        mistakes.append(
            Mistake(
                row.number,
                "title",
                str(title),
                _("An earlier row of this style is called “%(title)s”.") % {"title": first},
                _("Give all rows of a style the same title, or this one another style number."),
            )
        )
    return good, mistakes


def _barcode_taken(row: ImportRow, other: str) -> Mistake:
    return Mistake(
        row.number,
        "barcode",
        row.values["barcode"],
        _("The SKU %(other)s has this barcode.") % {"other": other},
        _("Scan the goods again, or leave the cell empty."),
    )


def _of_product(row: ImportRow, styles: Mapping[str, str]) -> dict[str, Any]:
    said = {key: value for key, value in row.values.items() if key in PRODUCT}
    return {**said, "style": styles[row.values["code"]]}


def _of_sku(row: ImportRow, styles: Mapping[str, str]) -> dict[str, Any]:
    said = {key: value for key, value in row.values.items() if key not in PRODUCT | {"parts"}}
    return {**said, "style": styles[row.values["code"]]}


GOODS = Import(
    name="skus",
    title=gettext_lazy("Import goods"),
    lead=gettext_lazy("One row for each SKU; rows with the same style number are one product."),
    columns=(
        SKU_CODE,
        ImportColumn(
            "title",
            gettext_lazy("Title"),
            cells.text(200),
            required=True,
            aliases=("商品名称", "品名", "名称", "商品标题"),
            examples=("明前龙井", "手缝牛皮卡包"),
        ),
        ImportColumn(
            "style",
            gettext_lazy("Style number"),
            cells.code(60),
            aliases=("款号", "货号", "款式编码"),
            examples=("LJ", "KB"),
            hint=gettext_lazy("Left out: the SKU is a product of its own."),
        ),
        ImportColumn(
            "specification",
            gettext_lazy("Specification"),
            cells.text(120),
            aliases=("规格", "颜色规格", "属性"),
            examples=("净含量：125克", "颜色：墨绿；尺码：M"),
            hint=gettext_lazy("Options parted by semicolons: 颜色：墨绿；尺码：M"),
        ),
        ImportColumn(
            "price_fen",
            gettext_lazy("Price"),
            cells.money,
            required=True,
            aliases=("售价", "单价", "销售价"),
            examples=("128.00", "399"),
            hint=gettext_lazy("In yuan."),
        ),
        ImportColumn(
            "floor_fen",
            gettext_lazy("Floor price"),
            cells.money,
            aliases=("底价", "最低价", "最低售价"),
            examples=("108.00", "339"),
        ),
        ImportColumn(
            "barcode",
            gettext_lazy("Barcode"),
            cells.code(60),
            aliases=("条码", "商品条码", "国标码", "69码", "EAN"),
            examples=("6901234500011", "6901234500028"),
            hint=gettext_lazy("Set the column to Text, or Excel rounds it."),
        ),
        ImportColumn(
            "weight_g",
            gettext_lazy("Weight"),
            cells.weight,
            aliases=("克重", "重量(克)", "毛重"),
            examples=("180", "0.25kg"),
            hint=gettext_lazy("In grams; 0.25kg is understood too."),
        ),
        *(
            ImportColumn(key, label, cells.length, aliases=aliases, examples=examples, hint=IN_MM)
            for key, label, aliases, examples in (
                ("length_mm", gettext_lazy("Length"), ("长", "长度"), ("240", "12cm")),
                ("width_mm", gettext_lazy("Width"), ("宽", "宽度"), ("160", "9cm")),
                ("height_mm", gettext_lazy("Height"), ("高", "高度"), ("90", "2.5cm")),
            )
        ),
        ImportColumn(
            "safety_stock",
            gettext_lazy("Safety stock"),
            cells.whole(0, 100_000),
            aliases=("安全库存",),
            examples=("3", "5"),
        ),
        ImportColumn(
            "category",
            gettext_lazy("Category"),
            cells.text(60),
            aliases=("类目", "分类", "品类"),
            examples=("茶叶", "皮具"),
        ),
        ImportColumn("unit", gettext_lazy("Unit"), cells.text(10), examples=("罐", "个")),
        ImportColumn(
            "care",
            gettext_lazy("Care instructions"),
            cells.text(2000),
            aliases=("保养说明", "护理说明"),
            examples=("密封避光冷藏", ""),
        ),
        ImportColumn(
            "is_fragile",
            gettext_lazy("Fragile"),
            cells.yes_or_no,
            aliases=("易碎",),
            examples=("否", "否"),
        ),
        ImportColumn(
            "parts",
            gettext_lazy("Parts of the set"),
            read_parts,
            aliases=("套装明细", "组合明细", "套装"),
            examples=("", ""),
            hint=gettext_lazy("Only for sets: codes with their pieces, such as TEA-01*2; CUP-01"),
        ),
        ImportColumn(
            "is_active",
            gettext_lazy("On sale"),
            cells.yes_or_no,
            aliases=("在售", "上架"),
            examples=("是", "是"),
        ),
    ),
    key=("code",),
    known=_known_skus,
    act=take_goods,
    permission="catalog.manage",
    back="skus",
)


def _known_codes(keys: Collection[Any]) -> Collection[Any]:
    there = ShopCode.objects.filter(
        shop_id__any=list({shop for shop, _code in keys}), code__any=[code for _s, code in keys]
    )
    return set(there.values_list("shop_id", "code")) & set(keys)


def take_codes(rows: Sequence[ImportRow], *, by: Worker, why: str = "") -> Outcome:
    """Map shop codes to SKUs by the SKUs' codes."""
    wanted = {row.values["sku"] for row in rows if "sku" in row.values}
    skus = dict(Sku.objects.filter(code__any=list(wanted)).values_list("code", "pk"))
    mistakes = [mistake for row in rows if (mistake := _wrong_code(row, skus, by))]
    bad = {mistake.number for mistake in mistakes}
    values = [_code_values(row, skus) for row in rows if row.number not in bad]
    done = save_codes(values, by=by, now=timezone.now(), why=why)
    return Outcome(len(done.new), len(done.changed), len(done.unchanged), mistakes)


def _wrong_code(row: ImportRow, skus: Mapping[str, int], by: Worker) -> Mistake | None:
    if by.shop_ids is not None and row.values["shop"] not in by.shop_ids:
        shop = str(row.values["shop"])
        sentence = _("You do not see this shop.")
        return Mistake(row.number, "shop", shop, sentence, _("Ask a colleague who does."))
    if row.values.get("sku") in (None, *skus):
        return None
    return Mistake(
        row.number,
        "sku",
        row.values["sku"],
        _("We have no SKU with this code."),
        _("Correct the code, or import the goods first."),
    )


def _code_values(row: ImportRow, skus: Mapping[str, int]) -> dict[str, Any]:
    values = {k: v for k, v in row.values.items() if k not in ("shop", "sku")}
    values["shop_id"] = row.values["shop"]
    if "sku" in row.values:
        values["sku_id"] = skus[row.values["sku"]]
    return values


SHOP_CODES = Import(
    name="shop-codes",
    title=gettext_lazy("Import shop codes"),
    lead=gettext_lazy("Which SKU of ours each shop means by its own code."),
    columns=(
        ImportColumn(
            "shop",
            gettext_lazy("Shop"),
            required=True,
            aliases=("店铺", "店铺代码"),
            examples=("TB1", "JD1"),
            hint=gettext_lazy("Its code or its name."),
            reader=cells.coded(lambda: Shop.objects.values_list("pk", "code", "name")),
        ),
        ImportColumn(
            "code",
            gettext_lazy("Shop's code"),
            cells.code(200),
            required=True,
            aliases=("店铺编码", "平台编码", "商家编码", "平台SKU"),
            examples=("T-250", "100012345678"),
        ),
        ImportColumn(
            "sku",
            gettext_lazy("SKU code"),
            cells.code(60),
            required=True,
            aliases=("SKU", "SKU编码", "系统编码", "我方编码"),
            examples=("LJ-125", "KB-MOLV-M"),
        ),
        ImportColumn(
            "seen_title",
            gettext_lazy("Title in the shop"),
            cells.text(300),
            aliases=("平台标题", "店铺标题"),
            examples=("【新茶】明前龙井 125g", ""),
        ),
        ImportColumn(
            "seen_specification",
            gettext_lazy("Specification in the shop"),
            cells.text(300),
            aliases=("平台规格",),
            examples=("125g 铁罐", ""),
        ),
    ),
    key=("shop", "code"),
    known=_known_codes,
    act=take_codes,
    permission="intake.map",
    back="shop-codes",
)
