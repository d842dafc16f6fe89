"""The list of what is packed before it is ordered."""

from django.db.models import F, Q
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from gendan.people.models import Warehouse
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.listing import Column, Empty, Link, Listing, Tab
from gendan.warehouse.models import Prepack

LIST = Listing(
    name="prepacks",
    title=_("Pre-packed goods"),
    lead=_("Packed before they are ordered: a parcel with just these goods needs only its label."),
    icon="box",
    rows=lambda person: Prepack.objects.visible_to(person).select_related("sku", "warehouse"),
    finder=Finder(
        Prepack,
        (
            Field("sku", "SKU", lookup="sku__code"),
            Field("title", _("title"), lookup="sku__title"),
            Field(
                "warehouse",
                _("warehouse"),
                "choice",
                lookup="warehouse_id",
                choices=lambda: Warehouse.objects.values_list("pk", "name"),
            ),
            Field("left", _("boxes left"), "number", expression=F("boxes") - F("used")),
        ),
        quick=contains("sku__code", "sku__title", "sku__barcode"),
    ),
    columns=(
        Column("sku", _("Goods"), value="sku.title", note="sku.specification", mobile=1),
        Column("code", "SKU", value="sku.code", kind="code", sort="sku__code"),
        Column("warehouse", _("Warehouse"), value="warehouse.name"),
        Column("pieces", _("Pieces in a box"), kind="number"),
        Column("left", _("Boxes left"), value="left", kind="number"),
        Column("used", _("Boxes sent"), kind="number", sort="used"),
    ),
    sort="code",
    tabs=(Tab("left", _("Some are left"), Q(used__lt=F("boxes"))), Tab("all", _("All"))),
    url=lambda row: reverse("prepack", args=[row.pk]),
    permission="warehouse.see",
    links=(
        Link(_("Boxes packed"), reverse_lazy("prepack-new"), "warehouse.pack"),
        Link(_("Ship by label"), reverse_lazy("labels"), "warehouse.pack", "scan"),
    ),
    empty=Empty(
        _("Nothing is pre-packed"),
        _("Before a big day, pack what sells best, and say here how many boxes there are."),
        "box",
    ),
)
