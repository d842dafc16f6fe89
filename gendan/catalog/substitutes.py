"""Substitutes: the list of them, and a table of them from a file."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from gendan.catalog.actions.substitute import remove_substitutes, substitute
from gendan.catalog.models import Sku, Substitute
from gendan.journal.actors import Actor
from gendan.people.access import Worker
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.importing import Import, ImportColumn, ImportRow, Mistake, Outcome, cells
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Tab


def _remove(rows: "QuerySet[Substitute]", *, by: Actor, why: str, data: Any) -> str:
    n = remove_substitutes(rows, by=by, why=why)
    return ngettext("%(n)d substitute removed", "%(n)d substitutes removed", n) % {"n": n}


SUBSTITUTES = Listing(
    name="substitutes",
    title=_("Substitutes"),
    lead=_(
        "What is offered to customers whose goods are short. "
        "Other colours and sizes of a product are offered by themselves."
    ),
    icon="refresh",
    rows=lambda person: Substitute.objects.select_related("sku", "instead"),
    finder=Finder(
        Substitute,
        (
            Field("sku", "SKU", lookup="sku__code", aliases=("编码",)),
            Field("title", _("product title"), lookup="sku__title", aliases=("商品",)),
            Field("instead", _("substitute"), lookup="instead__code"),
            Field("rank", _("rank"), "number"),
            Field("keeps_price", _("at the price of the goods ordered"), "yesno"),
        ),
        quick=contains("sku__code", "sku__title", "instead__code", "instead__title"),
    ),
    columns=(
        Column("sku", _("Goods"), value="sku.title", note="sku.specification", mobile=1),
        Column("code", "SKU", value="sku.code", kind="code", sort="sku__code"),
        Column("instead", _("Instead"), value="instead.title", note="instead.specification"),
        Column("instead_code", _("Substitute"), value="instead.code", kind="code"),
        Column("price", _("Price"), value="sku.price_fen", kind="money"),
        Column("instead_price", _("Its price"), value="instead.price_fen", kind="money"),
        Column("rank", _("Rank"), kind="number", sort="rank"),
        Column("keeps_price", _("Keeps the price"), kind="yesno"),
    ),
    sort="code",
    tabs=(
        Tab("all", _("All")),
        Tab("off", _("Off sale"), Q(instead__is_active=False), counted=False),
    ),
    actions=(
        BatchAction(
            "remove",
            _("Remove"),
            "catalog.manage",
            _remove,
            confirm=ngettext_lazy(
                "Offer %(n)s substitute no longer?", "Offer %(n)s substitutes no longer?", "n"
            ),
            tone="danger",
            icon="trash",
        ),
    ),
    links=(Link(_("Import"), reverse_lazy("substitutes-import"), "catalog.manage", "upload"),),
    url=lambda row: reverse("sku", args=[row.sku_id]) + "#substitutes",
    permission="catalog.see",
    may_export="catalog.see",
    placeholder=_("Code or name"),
    empty=Empty(
        _("No substitutes yet"),
        _("Say on the page of a SKU what may stand in for it, or import a table."),
        "refresh",
    ),
)


def _known(keys: Collection[Any]) -> Collection[Any]:
    there = Substitute.objects.filter(sku__code__any=[code for code, _instead in keys])
    return set(there.values_list("sku__code", "instead__code"))


def take_substitutes(rows: Sequence[ImportRow], *, by: Worker, why: str = "") -> Outcome:
    """Take over a table of substitutes."""
    codes = [row.values[name] for row in rows for name in ("code", "instead")]
    skus = dict(Sku.objects.filter(code__any=codes).values_list("code", "pk"))
    mistakes = [mistake for row in rows if (mistake := _wrong(row, skus))]
    bad = {mistake.number for mistake in mistakes}
    done = substitute([_values(row, skus) for row in rows if row.number not in bad], by=by, why=why)
    return Outcome(len(done.new), len(done.changed), len(done.unchanged), mistakes)


def _wrong(row: ImportRow, skus: dict[str, int]) -> Mistake | None:
    for name in ("code", "instead"):
        if row.values[name] not in skus:
            return Mistake(
                row.number,
                name,
                row.values[name],
                _now("There is no SKU with this code."),
                _now("Correct the code, or import the goods first."),
            )
    if row.values["code"] == row.values["instead"]:
        return Mistake(
            row.number,
            "instead",
            row.values["instead"],
            _now("Goods can't stand in for themselves. Choose others."),
            _now("Correct the code, or leave the row out."),
        )
    return None


def _values(row: ImportRow, skus: dict[str, int]) -> dict[str, Any]:
    return {
        "sku_id": skus[row.values["code"]],
        "instead_id": skus[row.values["instead"]],
        "rank": row.values.get("rank") or 1,
        "keeps_price": bool(row.values.get("keeps_price")),
    }


IMPORT = Import(
    name="substitutes",
    title=_("Import substitutes"),
    lead=_("What may be offered where goods are short, the smallest rank first."),
    columns=(
        ImportColumn(
            "code",
            _("SKU code"),
            cells.code(60),
            required=True,
            aliases=("SKU", "SKU编码", "编码", "缺货商品"),
            examples=("LJ-125", "KB-MOLV-M"),
        ),
        ImportColumn(
            "instead",
            _("Substitute"),
            cells.code(60),
            required=True,
            aliases=("替代", "替代品", "替代SKU", "代替"),
            examples=("BLC-125", "KB-JIUHONG-M"),
        ),
        ImportColumn(
            "rank", _("Rank"), cells.whole(1, 99), aliases=("顺序", "优先级"), examples=("1", "2")
        ),
        ImportColumn(
            "keeps_price",
            _("Keeps the price"),
            cells.yes_or_no,
            aliases=("保持原价", "不补差价"),
            examples=("否", "是"),
            hint=_("Yes: the customer pays what the goods ordered cost."),
        ),
    ),
    key=("code", "instead"),
    known=_known,
    act=take_substitutes,
    permission="catalog.manage",
    back="substitutes",
)
