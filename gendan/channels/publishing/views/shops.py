"""What the shops show, the outbox, and the files for platforms without an API."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gendan.channels.publishing import actions
from gendan.channels.publishing.files import UPLOADS, upload_file
from gendan.channels.publishing.imports import ITEMS
from gendan.channels.publishing.listings import OFFERS, OUTBOX
from gendan.channels.publishing.queries import in_file, queues
from gendan.people.access import Worker, allowed, at_shops
from gendan.people.models import Shop
from gendan.ui.errors import Refused
from gendan.ui.importing import import_view
from gendan.ui.listing import list_view

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allowed("stock.publish")
def offers(request: HttpRequest) -> HttpResponseBase:
    """Show each listing, and by shop what waits."""
    context = {"queues": queues(_worker(request))}
    return list_view(request, OFFERS, template="channels/publishing/offers.html", context=context)


@allowed("stock.publish")
def outbox(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, OUTBOX)


@allowed("stock.publish")
def items(request: HttpRequest) -> HttpResponseBase:
    return import_view(request, ITEMS)


@require_POST
@allowed("stock.publish")
def look_now(request: HttpRequest) -> HttpResponseBase:
    """Take a full picture of the shops that the person sees."""
    worker = _worker(request)
    shops = list(Shop.objects.filter(at_shops(worker, "pk")).values_list("pk", flat=True))
    seen, different = actions.capture(by=worker, shop_ids=shops)
    messages.success(
        request,
        _("%(seen)s listings looked at, %(different)s to tell.")
        % {"seen": seen, "different": different},
    )
    return redirect("publishing")


@require_POST
@allowed("stock.publish")
def take_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """Put what a shop has not been told into a file."""
    shop, now = _shop(request, code), timezone.now()
    name = f"{shop.code}-stock-{timezone.localtime(now):%Y%m%d-%H%M%S}.xlsx"
    try:
        actions.export(shop, name, by=_worker(request), now=now)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("publishing")


@require_GET
@allowed("stock.publish")
def file(request: HttpRequest, code: str, name: str) -> HttpResponse:
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
def confirm_file(request: HttpRequest, code: str, name: str) -> HttpResponseBase:
    """Say that the platform has taken the file."""
    try:
        number = actions.confirm(
            _shop(request, code), name, by=_worker(request), now=timezone.now()
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        said = ngettext("%(n)d listing is told", "%(n)d listings are told", number)
        messages.success(request, said % {"n": number})
    return redirect("publishing")


@require_POST
@allowed("stock.publish")
def take_file_back(request: HttpRequest, code: str, name: str) -> HttpResponseBase:
    """Say that the file was not uploaded."""
    try:
        actions.take_back(_shop(request, code), name, by=_worker(request), now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("What stood in the file waits again."))
    return redirect("publishing")


def _shop(request: HttpRequest, code: str) -> Shop:
    shop = get_object_or_404(Shop.objects.filter(at_shops(_worker(request), "pk")), code=code)
    if shop.platform not in UPLOADS:
        raise Http404
    return shop


def _worker(request: HttpRequest) -> Worker:
    return request.user  # type: ignore[return-value]
