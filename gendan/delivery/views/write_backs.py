"""What the platforms must still be told, and the files for their batch shipping pages."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from gendan.delivery.actions.write_back import put_in_file
from gendan.delivery.models import WriteBack
from gendan.delivery.queries.write_backs import OPEN, UPLOADS, queues, upload_file
from gendan.delivery.sending import WRITE_BACKS
from gendan.people.access import allowed, at_shops
from gendan.people.models import Shop
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allowed("delivery.write_back")
def write_backs(request: StaffRequest) -> HttpResponseBase:
    """Show what waits, by shop."""
    context = {"queues": queues(request.user)}
    return list_view(request, WRITE_BACKS, template="delivery/write_backs.html", context=context)


@require_POST
@allowed("delivery.write_back")
def write_back_file(request: StaffRequest, code: str) -> HttpResponse:
    """Give the file for a shop's platform with everything that is not written back yet."""
    worker = request.user
    shop = get_object_or_404(Shop.objects.filter(at_shops(worker, "pk")), code=code)
    if shop.platform not in UPLOADS:
        raise Http404
    now = timezone.now()
    name = f"{shop.code}-{timezone.localtime(now):%Y%m%d-%H%M%S}.xlsx"
    waiting = WriteBack.objects.filter(shop=shop, state__in=OPEN)
    try:
        exported = put_in_file(waiting, name, by=worker, now=now)
    except Refused as refused:  # somebody has settled some of them meanwhile
        messages.error(request, refused.sentence)
        return redirect("write-backs")
    answer = HttpResponse(upload_file(exported, shop.platform), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
