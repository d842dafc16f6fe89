"""Mapping a shop's code from the list of shop codes: waiting orders get their goods at once."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from gendan.catalog.models import Sku
from gendan.catalog.queries import shop_codes_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.screening.actions.mend import map_codes
from gendan.ui.errors import Refused


@require_POST
@allowed("intake.map")
def map_code(request: StaffRequest, pk: int) -> HttpResponse:
    """Map one code to the SKU with the given id or code; answer with the cell of the list."""
    codes = shop_codes_of(request.user)
    code = get_object_or_404(codes, pk=pk)
    try:
        sku = _meant(request)
        waiting = map_codes({code.pk: sku}, by=request.user, now=timezone.now())
        told = {"kind": "success", "text": _told(waiting)}
    except Refused as refused:
        told = {"kind": "error", "text": refused.sentence}
    answer = render(request, "catalog/_map.html", {"row": codes.get(pk=pk)})
    return trigger_client_event(answer, "toast", told)


def _meant(request: StaffRequest) -> int:
    said = request.POST.get("sku", "")
    if said.isascii() and said.isdecimal() and len(said) < 18:
        return int(said)
    found: Any = Sku.objects.filter(code=request.POST.get("code", "")).first()
    return found.pk if found else 0


def _told(waiting: int) -> str:
    return ngettext(
        "Mapped; %(n)d waiting order got its goods.",
        "Mapped; %(n)d waiting orders got their goods.",
        waiting,
    ) % {"n": waiting}
