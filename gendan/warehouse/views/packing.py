"""The packing table: a scanner that types, a phone, no mouse. Each scan is one small request."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.warehouse.actions.pack import WeightDiffers, pack
from gendan.warehouse.actions.verify import start_again, tick, verify
from gendan.warehouse.guards import refuse_blocked
from gendan.warehouse.models import Shipment
from gendan.warehouse.queries.packing import packing, scanned_shipment
from gendan.warehouse.queries.put_back import scanned_recalled, why_recalled
from gendan.warehouse.queries.regrouped import gone_into
from gendan.warehouse.stages import Stage
from gendan.warehouse.views.shipments import one, typed
from gendan.warehouse.views.table import DONE, OK, WRONG, scanned, tried, up_next


@require_safe
@allowed("warehouse.pack")
def pack_page(request: StaffRequest) -> HttpResponse:
    """Show the packing table, empty or with the parcel that the address names."""
    number = request.GET.get("shipment", "")
    found = one(request, number) if number else None
    return _table(request, found, page=True)


@require_safe
@allowed("warehouse.pack")
def next_to_pack(request: StaffRequest) -> HttpResponse:
    """Show what to pack next; the page asks for it beside the scanning."""
    return up_next(
        request,
        Stage.PICKED,
        coming=Stage.RELEASED,
        url=reverse("pack-next"),
        title=_("Next to pack"),
        nothing=_("Nothing waits: what is picked comes here."),
    )


@require_POST
@allowed("warehouse.pack")
def scan(request: StaffRequest) -> HttpResponse:
    """Take what was scanned: a waybill or note puts a parcel on the table, goods go into it."""
    code, current = scanned(request)
    if not code:
        return _table(request, current)
    other = scanned_shipment(code, request.user)
    if other and other != current:
        return _put_on_table(request, other)
    if gone := scanned_recalled(code, request.user):
        return _table(request, None, WRONG, _recalled(gone))
    if current is None:
        return _table(request, None, WRONG, _("No parcel has the number “%s”.") % code)
    return _count(request, current, code)


def _put_on_table(request: StaffRequest, shipment: Shipment) -> HttpResponse:
    try:
        refuse_blocked([shipment.pk])
    except Refused as refused:
        return _table(request, None, WRONG, refused.sentence)
    if shipment.stage == Stage.PICKED:
        return _table(request, shipment, OK, _("Now scan the goods."))
    if shipment.stage == Stage.RELEASED:
        said = _("The wave of %(number)s is not picked yet. Confirm it on the wave's page first.")
    else:
        said = _("%(number)s is at “%(stage)s”: there is nothing to pack.")
    names = {"number": shipment.number, "stage": shipment.get_stage_display()}
    return _table(request, None, WRONG, said % names)


def _count(request: StaffRequest, shipment: Shipment, code: str) -> HttpResponse:
    if shipment.stage == Stage.RECALLED:
        return _table(request, None, WRONG, _recalled(shipment))
    counted = partial(verify, shipment, [code], by=request.user)
    return tried(request, shipment, counted, _table)


def _recalled(shipment: Shipment) -> str:
    if others := ", ".join(gone_into(shipment).values_list("number", flat=True)):
        said = _(
            "The goods of %(number)s go with %(others)s. Destroy this paper and scan that one."
        )
        return said % {"number": shipment.number, "others": others}
    said = _("%(number)s was recalled: %(why)s. Don't pack it; put its goods back.")
    why = why_recalled(shipment) or _("it is not sent")
    return said % {"number": shipment.number, "why": why}


@require_POST
@allowed("warehouse.pack")
def tick_instruction(request: StaffRequest, number: str) -> HttpResponse:
    """Say that a special instruction was followed."""
    shipment, chosen = one(request, number), typed(request, "instruction")
    ids = [] if chosen is None else [chosen]
    parcels = Shipment.objects.filter(pk=shipment.pk)
    return tried(request, shipment, partial(tick, parcels, ids, by=request.user), _table)


@require_POST
@allowed("warehouse.pack")
def close(request: StaffRequest, number: str) -> HttpResponse:
    """Pack the parcel; the table is free for the next one."""
    shipment, grams = one(request, number), typed(request, "weight")
    said = request.POST.get("weight", "").strip()
    if said and grams is None:
        return _table(request, shipment, WRONG, _("Type the weight in grams, such as 620."))
    try:
        pack(
            Shipment.objects.filter(pk=shipment.pk),
            by=request.user,
            weights={} if grams is None else {shipment.pk: grams},
            weight_why=request.POST.get("why", ""),
        )
    except WeightDiffers as refused:
        return _table(request, shipment, WRONG, refused.sentence, weight=said)
    except Refused as refused:
        return _table(request, shipment, WRONG, refused.sentence)
    table = _table(request, None, DONE, _("%s is packed. Scan the next one.") % shipment.number)
    table["HX-Trigger"] = "parcel-done"  # the queue beside it asks anew
    return table


@require_POST
@allowed("warehouse.pack")
def again(request: StaffRequest, number: str) -> HttpResponse:
    """Forget what was scanned into the parcel."""
    shipment = one(request, number)
    parcels = Shipment.objects.filter(pk=shipment.pk)
    anew = partial(start_again, parcels, by=request.user)
    return tried(request, shipment, anew, _table, _("Now scan the goods."))


def _table(
    request: StaffRequest,
    shipment: Shipment | None,
    sound: str = "",
    said: str = "",
    *,
    page: bool = False,
    weight: str = "",
) -> HttpResponse:
    context = {
        "packing": packing(shipment) if shipment else None,
        "sound": sound,
        "said": said,
        "weight": weight,
    }
    template = "warehouse/pack.html" if page else "warehouse/_packing.html"
    return render(request, template, context)
