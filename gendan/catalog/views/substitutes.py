"""What may stand in for goods that are short: the list, a file, and the part of a SKU's page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.catalog.actions.substitute import NoSubstitute, remove_substitutes, substitute
from gendan.catalog.models import Sku, Substitute
from gendan.catalog.substitutes import IMPORT, SUBSTITUTES
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.importing import import_view
from gendan.ui.listing import list_view


@allowed("catalog.see")
def substitutes(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, SUBSTITUTES)


@allowed("catalog.manage")
def import_substitutes(request: HttpRequest) -> HttpResponseBase:
    return import_view(request, IMPORT)


@allowed("catalog.manage")
@require_POST
def sku_substitutes(request: StaffRequest, pk: int) -> HttpResponse:
    """Add a substitute of a SKU, or take one away."""
    sku = get_object_or_404(Sku, pk=pk)
    try:
        if gone := request.POST.get("remove", ""):
            rows = Substitute.objects.filter(sku=sku, pk=gone if gone.isdecimal() else 0)
            remove_substitutes(rows, by=request.user)
        else:
            substitute([_named(request, sku)], by=request.user)
        messages.success(request, _("Saved."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("sku", pk)


def _named(request: StaffRequest, sku: Sku) -> dict[str, object]:
    code, rank = request.POST.get("sku", "").strip(), request.POST.get("rank", "")
    instead = Sku.objects.filter(code=code).first()
    if instead is None:
        raise NoSubstitute(_("We have no SKU %(code)s. Choose it from the list.") % {"code": code})
    return {
        "sku_id": sku.pk,
        "instead_id": instead.pk,
        "rank": int(rank) if rank.isdecimal() and 0 < int(rank) < 100 else 1,
        "keeps_price": bool(request.POST.get("keeps_price")),
    }
