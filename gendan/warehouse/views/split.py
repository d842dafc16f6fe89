"""Splitting a shipment: which pieces go into which parcel, what would come of it, and doing it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gendan.orders.forms.typed import whole
from gendan.people.access import Worker, allowed
from gendan.people.queries import warehouses_of
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.warehouse.actions.split import split
from gendan.warehouse.models import Shipment
from gendan.warehouse.queries.foreseen import Foreseen, foresee, parcels_seen
from gendan.warehouse.queries.splitting import DEFAULT_LIMIT_G, Parts, Way, parts_by
from gendan.warehouse.stages import BEFORE_PACKING
from gendan.warehouse.views.shipments import one

MOST_PARCELS = 12


@allowed("warehouse.combine")
def split_page(request: StaffRequest, number: str) -> HttpResponse:
    """Show lines and parcels as a grid, filled in the way that was asked for."""
    shipment = one(request, number)
    said = request.POST if request.method == "POST" else request.GET
    limit_g = whole(said.get("limit_g", "")) or DEFAULT_LIMIT_G
    parts = _parts(shipment, said, limit_g)
    houses = _houses(shipment, said, len(parts), request.user)
    context = {
        "shipment": shipment,
        "is_late": shipment.stage not in BEFORE_PACKING,
        "ways": [(way.value, way.label) for way in Way if way != Way.WEIGHT],
        "limit_g": limit_g,
        "way": said.get("way", ""),
        **_grid(shipment, parts),
        "houses": [houses.get((shipment.pk, n), 0) for n in range(1, len(parts))],
        "warehouses": warehouses_of(request.user),
        "foreseen": _foreseen(shipment, parts, houses, request.user) if any(parts[1:]) else None,
    }
    fragment = request.method == "POST"
    template = "warehouse/regroup/_split.html" if fragment else "warehouse/regroup/split.html"
    return render(request, template, context)


@require_POST
@allowed("warehouse.combine")
def split_now(request: StaffRequest, number: str) -> HttpResponse:
    """Split the shipment as the grid says."""
    shipment, why = one(request, number), request.POST.get("why", "").strip()
    parts = _typed(shipment, request.POST)
    try:
        houses = _houses(shipment, request.POST, len(parts), request.user)
        parcels = split(
            {shipment.pk: parts}, by=request.user, now=timezone.now(), why=why, houses=houses
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("shipment-split", number=number)
    number_now = parcels.count()
    said = ngettext("There is %(n)s parcel now.", "There are %(n)s parcels now.", number_now)
    messages.success(request, said % {"n": number_now})
    return redirect("shipment", number=number)


def _foreseen(
    shipment: Shipment, parts: Parts, houses: Mapping[tuple[int, int], int], person: Worker
) -> Foreseen:
    asked = {shipment.pk: parts}
    return foresee(
        lambda: split(asked, by=person, now=timezone.now(), houses=houses), [shipment.pk]
    )


def _parts(shipment: Shipment, said: Mapping[str, Any], limit_g: int) -> Parts:
    """What goes into each parcel: by a way, or as it was typed, with room for one more."""
    if (way := said.get("way", "")) in Way.values:
        found = parts_by(way, Shipment.objects.filter(pk=shipment.pk), limit_g=limit_g)
        return _few(found.get(shipment.pk, [{}]))
    parts = _typed(shipment, said)
    return [*parts, {}] if "more" in said and len(parts) < MOST_PARCELS else parts


def _few(parts: Parts) -> Parts:
    """Return no more parcels than the grid has room for; the first has what is left."""
    first: Counter[int] = Counter(parts[0])
    for part in parts[MOST_PARCELS:]:
        first.update(part)
    return [dict(first), *parts[1:MOST_PARCELS]]


def _typed(shipment: Shipment, said: Mapping[str, Any]) -> Parts:
    """Read the quantities of the second parcel and the following; the first has what is left."""
    number = min(MOST_PARCELS, max(2, whole(said.get("parcels", "")) or 2))
    parts: Parts = [{} for _parcel in range(number)]
    for line, held in shipment.lines.order_by("pk").values_list("line", "quantity"):
        left = held
        for parcel in range(1, number):
            wanted = min(left, whole(said.get(f"q-{line}-{parcel}", "")) or 0)
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
