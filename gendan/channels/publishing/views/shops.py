"""What the shops show, the outbox, and the files for platforms without an API."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from gendan.channels.publishing import actions
from gendan.channels.publishing.files import UPLOADS, upload_file
from gendan.channels.publishing.imports import ITEMS
from gendan.channels.publishing.listings import OFFERS, OUTBOX
from gendan.channels.publishing.queries import being_counted, in_file, queues
from gendan.people.access import allowed, at_shops
from gendan.people.models import Shop
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.importing import import_view
from gendan.ui.listing import list_view

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allowed("stock.publish")
def offers(request: StaffRequest) -> HttpResponseBase:
    """Show each listing, and by shop what waits."""
    context = {"queues": queues(request.user), "counting": being_counted()}
    return list_view(request, OFFERS, template="channels/publishing/offers.html", context=context)


@require_GET
@allowed("stock.publish")
def counting(request: StaffRequest) -> HttpResponse:
    """Say whether large shops are still being looked at; load the page when they have been."""
    if being_counted():
        return render(request, "channels/publishing/_counting.html")
    return HttpResponseClientRefresh()


@allowed("stock.publish")
def outbox(request: StaffRequest) -> HttpResponseBase:
    return list_view(request, OUTBOX)


@allowed("stock.publish")
def items(request: StaffRequest) -> HttpResponseBase:
    return import_view(request, ITEMS)


@require_POST
@allowed("stock.publish")
def look_now(request: StaffRequest) -> HttpResponseBase:
    """Take a full picture of the shops that the person sees."""
    shops = list(Shop.objects.filter(at_shops(request.user, "pk")).values_list("pk", flat=True))
    looked = actions.capture_soon(shops, by=request.user)
    if looked:
        said = ngettext(
            "%(seen)s listing looked at, %(different)s to tell.",
            "%(seen)s listings looked at, %(different)s to tell.",
            looked[0],
        )
        messages.success(request, said % {"seen": looked[0], "different": looked[1]})
    return redirect("publishing")


@require_POST
@allowed("stock.publish")
def take_file(request: StaffRequest, code: str) -> HttpResponseBase:
    """Put what a shop has not been told into a file."""
    shop, now = _shop(request, code), timezone.now()
    name = f"{shop.code}-stock-{timezone.localtime(now):%Y%m%d-%H%M%S}.xlsx"
    try:
        actions.export(shop, name, by=request.user, now=now)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("publishing")


@require_GET
@allowed("stock.publish")
def file(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """Give the file, as often as somebody wants it."""
    shop = _shop(request, code)
    rows = in_file(shop, name)
    if not rows.exists():
        raise Http404
    answer = HttpResponse(upload_file(rows, shop.platform), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@allowed("stock.publish")
def confirm_file(request: StaffRequest, code: str, name: str) -> HttpResponseBase:
    """Say that the platform has taken the file."""
    try:
        number = actions.confirm(_shop(request, code), name, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        said = ngettext("%(n)d listing is told", "%(n)d listings are told", number)
        messages.success(request, said % {"n": number})
    return redirect("publishing")


@require_POST
@allowed("stock.publish")
def take_file_back(request: StaffRequest, code: str, name: str) -> HttpResponseBase:
    """Say that the file was not uploaded."""
    try:
        actions.take_back(_shop(request, code), name, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("What stood in the file waits again."))
    return redirect("publishing")


def _shop(request: StaffRequest, code: str) -> Shop:
    shop = get_object_or_404(Shop.objects.filter(at_shops(request.user, "pk")), code=code)
    if shop.platform not in UPLOADS:
        raise Http404
    return shop
