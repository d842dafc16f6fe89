"""The pages of waybill number ranges."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from gendan.delivery.actions.save_ranges import save_ranges
from gendan.delivery.ranges import LIST, RangeForm
from gendan.journal.queries import timeline
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view


@allowed("warehouse.manage")
def ranges(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, LIST)


@allowed("warehouse.manage")
def number_range(request: StaffRequest, pk: int | None = None) -> HttpResponseBase:
    """Show the form of a range, and save what it says."""
    found = get_object_or_404(LIST.rows(request.user), pk=pk) if pk else None
    form = RangeForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            save_ranges([form.save(commit=False)], by=request.user, why=request.POST.get("why", ""))
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("number-ranges")
    context = {
        "form": form,
        "numbers": found,
        "acts": timeline({"delivery_numberrange": [pk]}) if pk else None,
    }
    status = 422 if form.errors else 200
    return render(request, "delivery/number_range.html", context, status=status)
