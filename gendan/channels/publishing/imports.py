"""The platforms' item numbers from a file."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.channels.models import Offer
from gendan.channels.publishing.actions import set_items
from gendan.channels.publishing.listings import shops
from gendan.people.access import Worker, at_shops
from gendan.people.models import Shop
from gendan.ui.importing import Import, ImportColumn, ImportRow, Mistake, Outcome, cells


def _shops() -> list[tuple[Any, str]]:
    codes = list(Shop.objects.order_by("code").values_list("pk", "code"))
    return codes + shops()


def _known(keys: Collection[Any]) -> Collection[Any]:
    there = Offer.objects.filter(code__code__in=[code for _shop, code in keys])
    return set(there.values_list("shop", "code__code"))


def take_items(rows: Sequence[ImportRow], *, by: Worker, why: str = "") -> Outcome:
    """Enter the item numbers of listings that are told of the stock."""
    seen = Offer.objects.filter(at_shops(by), code__code__in=[row.values["code"] for row in rows])
    found = {(shop, code): pk for pk, shop, code in seen.values_list("code", "shop", "code__code")}
    good = {found[_key(row)]: row.values["item"] for row in rows if _key(row) in found}
    changed = set_items(good, by=by, why=why) if good else 0
    unknown = [_unknown(row) for row in rows if _key(row) not in found]
    return Outcome(0, changed, len(good) - changed, unknown)


def _key(row: ImportRow) -> tuple[int, str]:
    return row.values["shop"], row.values["code"]


def _unknown(row: ImportRow) -> Mistake:
    return Mistake(
        row.number,
        "code",
        row.values["code"],
        _("This shop is told nothing under this code."),
        _("Map the shop's code to a SKU, and see that a rule covers it."),
    )


ITEMS = Import(
    name="publish-items",
    title=gettext_lazy("Item numbers"),
    lead=gettext_lazy(
        "By which number a platform knows the item that a shop's code belongs to. Its API can't be"
        " told of stock without it."
    ),
    columns=(
        ImportColumn(
            "shop",
            gettext_lazy("Shop"),
            cells.choice(_shops),
            required=True,
            aliases=("店铺", "店铺编码"),
            examples=("TB", "TB"),
        ),
        ImportColumn(
            "code",
            gettext_lazy("Shop's code"),
            cells.code(200),
            required=True,
            aliases=("商家编码", "规格编码", "SKU编码", "货号"),
            examples=("LJ-125", "KB-MOLV-M"),
        ),
        ImportColumn(
            "item",
            gettext_lazy("Platform item"),
            cells.code(40),
            required=True,
            aliases=("商品ID", "宝贝ID", "商品编号", "num_iid", "goods_id"),
            examples=("610000000001", "610000000002"),
        ),
    ),
    key=("shop", "code"),
    known=_known,
    act=take_items,
    permission="stock.publish",
    back="publishing",
)
