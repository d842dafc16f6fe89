"""The lists of this room: shipments, waves, and everything printed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from gendan.journal.actors import Actor
from gendan.people.access import at_warehouses
from gendan.people.models import Shop, Warehouse
from gendan.ui.finding import Field, Finder
from gendan.ui.listing import BatchAction, Column, Empty, Listing, Of, Tab
from gendan.ui.wording import masked_name
from gendan.warehouse.actions.choose_carrier import choose_carrier
from gendan.warehouse.actions.combine import combine
from gendan.warehouse.actions.recall import recall
from gendan.warehouse.actions.release import release, take_out
from gendan.warehouse.actions.separate import separate
from gendan.warehouse.actions.split import split_by
from gendan.warehouse.models import (
    Carrier,
    Paper,
    PrintPage,
    Shipment,
    ShipmentLine,
    ShipmentQuerySet,
    Wave,
    WaveKind,
)
from gendan.warehouse.queries.ready import blocked, combined
from gendan.warehouse.queries.splitting import DEFAULT_LIMIT_G, Way
from gendan.warehouse.queries.waves import with_counts
from gendan.warehouse.stages import Stage

TONES = {
    Stage.PLANNED: "muted",
    Stage.RELEASED: "info",
    Stage.PICKED: "info",
    Stage.PACKED: "good",
    Stage.SHIPPED: "good",
    Stage.DELIVERED: "good",
}


class WaveSize(forms.Form):
    limit = forms.IntegerField(
        label=_("Shipments in a wave at most"), min_value=1, max_value=1000, initial=100
    )


class CarrierChoice(forms.Form):
    carrier = forms.ModelChoiceField(
        Carrier.objects.filter(is_active=True), label=_("Carrier"), empty_label=None
    )


class Reason(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=200,
        help_text=_("Needed where a rule of the house speaks against it."),
    )


class SplitChoice(forms.Form):
    way = forms.ChoiceField(label=_("How"), choices=Way.choices)
    limit_g = forms.IntegerField(
        label=_("Grams in a parcel at most"),
        min_value=200,
        max_value=100_000,
        initial=DEFAULT_LIMIT_G,
        help_text=_("Where it is split by weight."),
    )
    reason = forms.CharField(label=_("Why"), required=False, max_length=200)


def warehouses() -> list[tuple[Any, str]]:
    return list(Warehouse.objects.values_list("pk", "name"))


def carriers() -> list[tuple[Any, str]]:
    return list(Carrier.objects.values_list("pk", "name"))


def of_order(operator: str, value: Any) -> Q:
    """Return the condition for shipments with lines of an order, by one of its numbers."""
    values = value if isinstance(value, list) else [value]
    lines = ShipmentLine.objects.filter(shipment=OuterRef("pk"))
    named = Q(order__number__in=values) | Q(order__platform_order__in=values)
    return Q(Exists(lines.filter(named)))


def of_goods(operator: str, value: Any) -> Q:
    """Return the condition for shipments that hold goods, by code or part of the title."""
    values = value if isinstance(value, list) else [value]
    wanted = Q()
    for text in values:
        wanted |= Q(sku__code__iexact=text) | Q(sku__title__icontains=text)
    return Q(Exists(ShipmentLine.objects.filter(wanted, shipment=OuterRef("pk"))))


def quick(text: str) -> Q:
    """Return what bare words mean: a number, a waybill, an order, a receiver or their phone."""
    return (
        Q(number__iexact=text)
        | Q(waybill__iexact=text)
        | Q(receiver_phone=text)
        | Q(receiver_name__startswith=text)
        | of_order("=", text)
    )


def release_chosen(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Mapping[str, Any]) -> str:
    waves = release(rows, by=by, why=why, limit=data["limit"]).count()
    return ngettext("%(n)d wave made", "%(n)d waves made", waves) % {"n": waves}


def take_out_chosen(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Mapping[str, Any]) -> str:
    return _moved(take_out(rows, by=by, why=why))


def separate_chosen(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Mapping[str, Any]) -> str:
    return _moved(separate(rows, by=by, now=timezone.now(), why=why))


def combine_chosen(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Mapping[str, Any]) -> str:
    return _moved(combine(rows, by=by, now=timezone.now(), why=data["reason"]))


def split_chosen(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Mapping[str, Any]) -> str:
    now, why, limit_g = timezone.now(), data["reason"], data["limit_g"]
    return _moved(split_by(data["way"], rows, by=by, now=now, why=why, limit_g=limit_g))


def carrier_chosen(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Mapping[str, Any]) -> str:
    return _moved(choose_carrier(rows, data["carrier"], by=by, why=why))


def recall_chosen(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Mapping[str, Any]) -> str:
    return _moved(recall(rows, by=by, why=why, now=timezone.now()))


def _moved(shipments: ShipmentQuerySet) -> str:
    number = shipments.count()
    return ngettext("%(n)d shipment changed", "%(n)d shipments changed", number) % {"n": number}


SHIPMENTS = Listing(
    name="shipments",
    title=_("Shipments"),
    rows=lambda person: Shipment.objects.visible_to(person).select_related(
        "shop", "warehouse", "carrier", "wave"
    ),
    finder=Finder(
        Shipment,
        (
            Field("number", _("Shipment"), aliases=("发货单号",)),
            Field("stage", _("Stage"), "choice", choices=Stage.choices),
            Field("waybill", _("Waybill")),
            Field("order", _("Order number"), lookup=of_order),
            Field("goods", _("Goods"), lookup=of_goods),
            Field("wave", _("Wave"), lookup="wave__number"),
            Field("carrier", _("Carrier"), "choice", lookup="carrier_id", choices=carriers),
            Field("warehouse", _("Warehouse"), "choice", lookup="warehouse_id", choices=warehouses),
            Field(
                "shop",
                _("Shop"),
                "choice",
                lookup="shop_id",
                choices=lambda: list(Shop.objects.values_list("pk", "name")),
            ),
            Field("province", _("Province")),
            Field("city", _("City")),
            Field("pieces", _("Pieces"), "number"),
            Field("weight", _("Weight"), "weight", lookup="weight_g"),
            Field("hides_prices", _("No price in the parcel"), "yesno"),
            Field("made_at", _("Made"), "instant"),
            Field("shipped_at", _("Shipped"), "instant"),
            Field("packed_at", _("Packed"), "instant"),
            Field("promise_at", _("Promised for"), "instant"),
            Field("since", _("At this stage since"), "instant", lookup="stage_since"),
        ),
        quick=quick,
    ),
    columns=(
        Column("number", _("Shipment"), kind="code", sort="number", mobile=1),
        Column(
            "stage",
            _("Stage"),
            value="get_stage_display",
            tone=lambda shipment: TONES.get(shipment.stage, "bad"),
        ),
        Column(
            "receiver",
            _("Receiver"),
            value=Of(masked_name, "receiver_name"),
            note=Of("{} {}".format, "province", "city"),
        ),
        Column("pieces", _("Pieces"), kind="number", sort="pieces"),
        Column("carrier", _("Carrier"), value="carrier.name", note="waybill"),
        Column("wave", _("Wave"), value="wave.number", kind="code", sort="wave__number"),
        Column("shop", _("Shop"), value="shop.name", mobile=3),
        Column("warehouse", _("Warehouse"), value="warehouse.name", mobile=3),
        Column("promise_at", _("Promised"), kind="instant", sort="promise_at"),
        Column("made_at", _("Made"), kind="instant", sort="pk", mobile=3),
    ),
    sort="-made_at",
    tabs=(
        Tab("planned", _("To release"), Q(stage=Stage.PLANNED)),
        Tab("released", _("In a wave"), Q(stage=Stage.RELEASED)),
        Tab("picked", _("To pack"), Q(stage=Stage.PICKED)),
        Tab("packed", _("To hand over"), Q(stage=Stage.PACKED)),
        Tab(
            "combined",
            _("Combined"),
            lambda person: Q(stage=Stage.PLANNED) & combined(),
            counted_later=True,
        ),
        Tab(
            "blocked",
            _("Must not ship"),
            lambda person: Q(pk__in=blocked().values("pk")),
            counted_later=True,
        ),
        Tab("all", _("All"), counted=False),
    ),
    actions=(
        BatchAction(
            "release",
            _("Make waves"),
            "warehouse.wave",
            release_chosen,
            form=WaveSize,
            confirm=ngettext_lazy(
                "Put %(n)s shipment into a wave?", "Put %(n)s shipments into waves?", "n"
            ),
            tone="primary",
            icon="wave",
        ),
        BatchAction("take-out", _("Take out of the wave"), "warehouse.wave", take_out_chosen),
        BatchAction(
            "combine",
            _("Combine"),
            "warehouse.combine",
            combine_chosen,
            form=Reason,
            confirm=_(
                "Make one parcel for each receiver of the %(n)s shipments? Those in a wave step "
                "back; waybills are given up."
            ),
            icon="combine",
        ),
        BatchAction(
            "split",
            _("Split"),
            "warehouse.combine",
            split_chosen,
            form=SplitChoice,
            confirm=ngettext_lazy(
                "Split %(n)s shipment into several parcels?",
                "Split %(n)s shipments into several parcels each?",
                "n",
            ),
            icon="split",
        ),
        BatchAction("separate", _("Separate orders"), "warehouse.wave", separate_chosen),
        BatchAction(
            "carrier",
            _("Choose the carrier"),
            "warehouse.wave",
            carrier_chosen,
            form=CarrierChoice,
            confirm=ngettext_lazy(
                "Give %(n)s shipment to a carrier? The waybill of another one is given up.",
                "Give %(n)s shipments to a carrier? Waybills of another one are given up.",
                "n",
            ),
            icon="truck",
        ),
        BatchAction(
            "recall",
            _("Recall"),
            "warehouse.recall",
            recall_chosen,
            needs_why=True,
            confirm=ngettext_lazy("Recall %(n)s shipment?", "Recall %(n)s shipments?", "n"),
            tone="danger",
            icon="undo",
        ),
    ),
    url=lambda shipment: reverse("shipment", args=[shipment.number]),
    row_class=lambda shipment: (
        "is-late"
        if shipment.promise_at and not shipment.shipped_at and shipment.promise_at < timezone.now()
        else ""
    ),
    permission="warehouse.see",
    may_export="orders.export",
    placeholder=_("Shipment, waybill, order, receiver or phone"),
    empty=Empty(
        _("No shipments here"),
        _("Shipments are planned from orders whose goods are reserved."),
        "box",
    ),
)

WAVES = Listing(
    name="waves",
    title=_("Waves"),
    rows=lambda person: with_counts(
        Wave.objects.visible_to(person).select_related("warehouse", "carrier", "picker")
    ),
    finder=Finder(
        Wave,
        (
            Field("number", _("Wave"), aliases=("波次号",)),
            Field("kind", _("Kind"), "choice", choices=WaveKind.choices),
            Field("carrier", _("Carrier"), "choice", lookup="carrier_id", choices=carriers),
            Field("warehouse", _("Warehouse"), "choice", lookup="warehouse_id", choices=warehouses),
            Field("made_at", _("Made"), "instant"),
            Field("picked_at", _("Picked"), "instant"),
        ),
        quick=lambda text: Q(number__iexact=text) | Q(shipments__waybill=text),
    ),
    columns=(
        Column("number", _("Wave"), kind="code", sort="number", mobile=1),
        Column(
            "kind",
            _("Kind"),
            value="get_kind_display",
            tone=lambda wave: "bad" if wave.kind == WaveKind.URGENT else "muted",
        ),
        Column("carrier", _("Carrier"), value="carrier.name"),
        Column("warehouse", _("Warehouse"), value="warehouse.name"),
        Column("total", _("Shipments"), kind="number"),
        Column("packed", _("Packed"), kind="number"),
        Column("shipped", _("Shipped"), kind="number"),
        Column("picker", _("Picker"), value="picker.name", mobile=3),
        Column("picked_at", _("Picked"), kind="instant", sort="picked_at", mobile=3),
        Column("made_at", _("Made"), kind="instant", sort="made_at"),
    ),
    sort="-made_at",
    tabs=(
        Tab("open", _("To pick"), Q(picked_at=None), counted=False),
        Tab("all", _("All"), counted=False),
    ),
    url=lambda wave: reverse("wave", args=[wave.number]),
    permission="warehouse.see",
    empty=Empty(_("No waves here"), _("Choose planned shipments and put them into waves."), "wave"),
)

PRINTS = Listing(
    name="prints",
    title=_("Print ledger"),
    rows=lambda person: PrintPage.objects.filter(
        at_warehouses(person, "job__wave__warehouse", or_none=True)
    ).select_related("job__wave", "job__asked_by", "shipment"),
    finder=Finder(
        PrintPage,
        (
            Field("shipment", _("Shipment"), lookup="shipment__number"),
            Field("wave", _("Wave"), lookup="job__wave__number"),
            Field("paper", _("Paper"), "choice", choices=Paper.choices),
            Field("copy", _("Copy number"), "number"),
            Field("at", _("Printed"), "instant"),
        ),
        quick=lambda text: (
            Q(shipment__number__iexact=text)
            | Q(shipment__waybill=text)
            | Q(job__wave__number__iexact=text)
        ),
    ),
    columns=(
        Column("paper", _("Paper"), value="get_paper_display", mobile=1),
        Column("shipment", _("Shipment"), value="shipment.number", kind="code"),
        Column("wave", _("Wave"), value="job.wave.number", kind="code"),
        Column("job", _("Print job"), value="job_id", kind="number", sort="job"),
        Column("page", _("Page"), kind="number"),
        Column("copy", _("Copy number"), kind="number", sort="copy"),
        Column("why", _("Why again")),
        Column("printer", _("Printer"), value="job.printer"),
        Column("by", _("Printed by"), value="job.asked_by.name"),
        Column("at", _("Printed"), kind="instant", sort="at"),
        Column("acknowledged_at", _("Came out"), value="job.acknowledged_at", kind="instant"),
    ),
    sort="-at",
    tabs=(
        Tab("all", _("All"), counted=False),
        Tab("again", _("Reprints"), Q(copy__gt=1), counted=False),
    ),
    url=lambda page: reverse("wave", args=[page.job.wave.number]),
    permission="warehouse.see",
    empty=Empty(_("Nothing printed yet"), _("Print the papers of a wave."), "print"),
)
