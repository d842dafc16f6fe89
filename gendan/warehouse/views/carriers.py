"""The pages of carriers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from gendan.journal.queries import timeline
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.importing import import_view
from gendan.ui.listing import list_view
from gendan.warehouse.actions.save_carriers import save_carriers
from gendan.warehouse.carriers import IMPORT, LIST, CarrierForm
from gendan.warehouse.models import Carrier


@allowed("warehouse.manage")
def carriers(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, LIST)


@allowed("warehouse.manage")
def import_carriers(request: HttpRequest) -> HttpResponseBase:
    return import_view(request, IMPORT)


@allowed("warehouse.manage")
def carrier(request: StaffRequest, pk: int | None = None) -> HttpResponseBase:
    """Show the form of a carrier, and save what it says."""
    found = get_object_or_404(Carrier, pk=pk) if pk else None
    form = CarrierForm(request.POST or None, instance=found)
    if found:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        why = request.POST.get("why", "")
        save_carriers([form.cleaned_data], by=request.user, why=why)
        messages.success(request, _("Saved."))
        return redirect("carriers")
    context = {
        "form": form,
        "carrier": Carrier.objects.get(pk=pk) if pk else None,
        "ranges_url": _ranges(found),
        "acts": timeline({"warehouse_carrier": [pk]}) if pk else None,
    }
    status = 422 if form.errors else 200
    return render(request, "warehouse/carrier.html", context, status=status)


def _ranges(carrier: Carrier | None) -> str:
    """The waybill numbers of the carrier, in a room after this one."""
    try:
        return f"{reverse('number-ranges')}?q={carrier.code}" if carrier else ""
    except NoReverseMatch:
        return ""
