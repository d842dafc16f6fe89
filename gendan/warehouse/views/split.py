"""Splitting a shipment: which pieces go into which parcel, what would come of it, and doing it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.people.access import Worker, allowed
from gendan.people.queries import warehouses_of
from gendan.ui.errors import Refused
from gendan.warehouse.actions.split import split
from gendan.warehouse.models import Shipment
from gendan.warehouse.queries.foreseen import foresee, parcels_seen
from gendan.warehouse.queries.splitting import DEFAULT_LIMIT_G, Parts, Way, parts_by
from gendan.warehouse.stages import BEFORE_PICKING
from gendan.warehouse.views.shipments import one, worker

MOST_PARCELS = 12


@allowed("warehouse.combine")
def split_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show lines and parcels as a grid, filled in the way that was asked for."""
    shipment = one(request, number)
    said = request.POST if request.method == "POST" else request.GET
    limit_g = _whole(said.get("limit_g", ""), DEFAULT_LIMIT_G)
    parts = _parts(shipment, said, limit_g)
    houses = _houses(shipment, said, len(parts), worker(request))
    context = {
        "shipment": shipment,
        "is_late": shipment.stage not in BEFORE_PICKING,
        "ways": [(way.value, way.label) for way in Way if way != Way.WEIGHT],
        "limit_g": limit_g,
        "way": said.get("way", ""),
        **_grid(shipment, parts),
        "houses": [houses.get((shipment.pk, n), 0) for n in range(1, len(parts))],
        "warehouses": warehouses_of(worker(request)),
        "foreseen": foresee(
            lambda: split({shipment.pk: parts}, by=worker(request), houses=houses), [shipment.pk]
        )
        if len(_filled(parts)) > 1
        else None,
    }
    fragment = request.method == "POST"
    template = "warehouse/regroup/_split.html" if fragment else "warehouse/regroup/split.html"
    return render(request, template, context)


@require_POST
@allowed("warehouse.combine")
def split_now(request: HttpRequest, number: str) -> HttpResponse:
    """Split the shipment as the grid says."""
    shipment, why = one(request, number), request.POST.get("why", "").strip()
    parts = _typed(shipment, request.POST)
    try:
        houses = _houses(shipment, request.POST, len(parts), worker(request))
        parcels = split({shipment.pk: parts}, by=worker(request), why=why, houses=houses)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("shipment-split", number=number)
    messages.success(request, _("There are %(n)s parcels now.") % {"n": parcels.count()})
    return redirect("shipment", number=number)


def _parts(shipment: Shipment, said: Mapping[str, Any], limit_g: int) -> Parts:
    """What goes into each parcel: by a way, or as it was typed, with room for one more."""
    if (way := said.get("way", "")) in Way.values:
        found = parts_by(way, Shipment.objects.filter(pk=shipment.pk), limit_g=limit_g)
        return found.get(shipment.pk, [{}])[:MOST_PARCELS]
    parts = _typed(shipment, said)
    return [*parts, {}] if "more" in said and len(parts) < MOST_PARCELS else parts


def _typed(shipment: Shipment, said: Mapping[str, Any]) -> Parts:
    """Read the quantities of the second parcel and the following; the first has what is left."""
    number = min(MOST_PARCELS, max(2, _whole(said.get("parcels", ""), 2)))
    parts: Parts = [{} for _parcel in range(number)]
    for line, held in shipment.lines.order_by("pk").values_list("line", "quantity"):
        left = held
        for parcel in range(1, number):
            wanted = min(left, _whole(said.get(f"q-{line}-{parcel}", ""), 0))
            left -= wanted
            if wanted:
                parts[parcel][line] = wanted
        if left:
            parts[0][line] = left
    return parts


def _houses(
    shipment: Shipment, said: Mapping[str, Any], number: int, person: Worker
) -> dict[tuple[int, int], int]:
    """Read from which other warehouse a parcel is to leave; the first stays where it is."""
    seen = {str(house.pk): house.pk for house in warehouses_of(person)}
    named = ((n, seen.get(said.get(f"house-{n}", ""))) for n in range(1, number))
    return {
        (shipment.pk, n): pk for n, pk in named if pk is not None and pk != shipment.warehouse_id
    }


def _filled(parts: Parts) -> Parts:
    return [part for part in parts if part]


def _grid(shipment: Shipment, parts: Parts) -> dict[str, Any]:
    """What the grid shows: each line with its pieces in each parcel."""
    (seen,) = parcels_seen([shipment.pk])
    rows = [
        {
            "line": line,
            "first": parts[0].get(line.line_id, 0),
            "others": _others(line.line_id, parts),
        }
        for line in seen.lines
    ]
    return {"rows": rows, "numbers": range(2, len(parts) + 1), "parcels": len(parts)}


def _others(line: int, parts: Parts) -> list[tuple[str, int]]:
    return [(f"q-{line}-{n}", part.get(line, 0)) for n, part in enumerate(parts[1:], 1)]


def _whole(text: str, default: int) -> int:
    """The whole number that was typed, below a million; else the default."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else default
