"""What a set is made of, on the page of its SKU; and completion for whoever names goods."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.catalog.actions.save_set import NoSet, save_sets
from gendan.catalog.models import Sku
from gendan.catalog.queries import complete_sku
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused


@allowed("catalog.see")
def options(request: StaffRequest) -> HttpResponse:
    """Offer SKUs for what was typed into a box named `sku`."""
    found = complete_sku(request.GET.get("sku", ""))
    return render(request, "catalog/_sku_options.html", {"skus": found})


@allowed("catalog.manage")
@require_POST
def parts(request: StaffRequest, pk: int) -> HttpResponse:
    """Save what a set is made of; without any part it is plain goods."""
    sku = get_object_or_404(Sku, pk=pk)
    try:
        save_sets({sku.pk: _named(request)}, by=request.user, why=request.POST.get("why", ""))
        messages.success(request, _("Saved. Orders that are screened from now on are sent so."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("sku", pk)


def _named(request: StaffRequest) -> dict[int, int]:
    """Return the pieces of each part by its SKU.

    :raises NoSet: if a code is none of ours, or a number is none
    """
    said = [(code, number) for code, number in _typed(request) if code]
    known = dict(
        Sku.objects.filter(code__any=[code for code, _number in said]).values_list("code", "pk")
    )
    parts: dict[int, int] = {}
    for code, number in said:
        if code not in known:
            raise NoSet(_("We have no SKU %(code)s. Choose it from the list.") % {"code": code})
        if not number.isdecimal() or not 0 < int(number) < 10_000 or known[code] in parts:
            raise NoSet(_("Say once of %(code)s how many pieces a set has.") % {"code": code})
        parts[known[code]] = int(number)
    return parts


def _typed(request: StaffRequest) -> Iterator[tuple[str, str]]:
    codes, numbers = request.POST.getlist("sku"), request.POST.getlist("quantity")
    for code, number in zip(codes, numbers, strict=False):
        yield code.strip(), number.strip()
