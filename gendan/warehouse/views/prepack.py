"""Pre-packed goods: how many boxes there are, and sending them by their label."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gendan.catalog.models import Sku
from gendan.journal.queries import timeline
from gendan.orders.forms.typed import whole
from gendan.orders.queries import sku_meant
from gendan.people.access import Worker, allowed, refusal
from gendan.people.models import Warehouse
from gendan.people.queries import warehouses_of
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view
from gendan.warehouse.actions.prepack import prepack, send_by_label, take_apart
from gendan.warehouse.models import Prepack, Shipment
from gendan.warehouse.prepacks import LIST
from gendan.warehouse.queries.packing import scanned_shipment
from gendan.warehouse.views.table import DONE, WRONG


class BoxForm(forms.Form):
    warehouse = forms.ModelChoiceField(
        Warehouse.objects.none(), label=_("Warehouse"), empty_label=None
    )
    sku = forms.CharField(label=_("SKU code or barcode"), max_length=60)
    pieces = forms.IntegerField(label=_("Pieces in a box"), min_value=1, max_value=100, initial=1)
    boxes = forms.IntegerField(label=_("Boxes packed"), min_value=1, max_value=100_000)

    def __init__(self, worker: Worker, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = [warehouse.pk for warehouse in warehouses_of(worker)]
        field = self.fields["warehouse"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Warehouse.objects.filter(pk__in=theirs).order_by("rank", "pk")

    def clean_sku(self) -> Sku:
        found = sku_meant(self.cleaned_data["sku"])
        if found is None:
            raise forms.ValidationError(_now("There are no goods with this code."))
        return Sku.objects.get(pk=found.pk)


@allowed("warehouse.see")
def prepacks(request: HttpRequest) -> HttpResponseBase:
    """Show which goods are packed before they are ordered."""
    return list_view(request, LIST)


@allowed("warehouse.pack")
def pack_boxes(request: StaffRequest) -> HttpResponse:
    """Note that boxes were packed."""
    posted = request.POST if request.method == "POST" else None
    form = BoxForm(request.user, posted)
    if posted and form.is_valid():
        said = form.cleaned_data
        made = prepack(
            said["warehouse"],
            said["sku"],
            pieces=said["pieces"],
            boxes=said["boxes"],
            by=request.user,
        )
        left = ngettext("%(boxes)s box is left.", "%(boxes)s boxes are left.", made.left)
        messages.success(request, left % {"boxes": made.left})
        return redirect("prepacks")
    status = 422 if posted else 200
    return render(request, "warehouse/prepack_new.html", {"form": form}, status=status)


@allowed("warehouse.see")
def boxes(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the boxes of one article; open some that nobody bought."""
    seen = Prepack.objects.visible_to(request.user).select_related("sku", "warehouse")
    found = get_object_or_404(seen, pk=pk)
    complaint = ""
    if request.method == "POST":
        if not request.user.may("warehouse.pack"):
            raise PermissionDenied(refusal("warehouse.pack"))
        try:
            take_apart(
                found,
                whole(request.POST.get("boxes", "")) or 0,
                by=request.user,
                why=request.POST.get("why", "").strip(),
            )
            return redirect("prepack", pk)
        except Refused as refused:
            complaint = refused.sentence
    acts = timeline({"warehouse_prepack": [pk]})
    shown = {"prepack": found, "acts": acts, "complaint": complaint}
    return render(request, "warehouse/prepack.html", shown, status=422 if complaint else 200)


@require_safe
@allowed("warehouse.pack")
def label_page(request: HttpRequest) -> HttpResponse:
    """Show the table at which pre-packed boxes get their labels."""
    return render(request, "warehouse/labels.html")


@require_POST
@allowed("warehouse.pack")
def label(request: StaffRequest) -> HttpResponse:
    """Close the parcel whose label was scanned."""
    code = request.POST.get("code", "").strip()
    found = scanned_shipment(code, request.user) if code else None
    if found is None:
        return _said(request, WRONG, _now("No parcel has the number “%s”.") % code)
    try:
        send_by_label(Shipment.objects.numbered([found.pk]), by=request.user)
    except Refused as refused:
        return _said(request, WRONG, refused.sentence)
    return _said(request, DONE, _now("%s is packed. Scan the next one.") % found.number)


def _said(request: HttpRequest, sound: str, said: str) -> HttpResponse:
    return render(request, "warehouse/_labels.html", {"sound": sound, "said": said})
