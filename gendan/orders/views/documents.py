"""Sending the order back: the document beside the order, the ways it goes, all that were sent."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.desk.models import Channel
from gendan.orders import links
from gendan.orders.actions import send_confirmation
from gendan.orders.actions.send_confirmation import SENT_AT, Way
from gendan.orders.confirmed import CONFIRMATIONS, shown_as
from gendan.orders.models import Answer, Confirmation, Order
from gendan.orders.paper import document_pdf
from gendan.orders.paper.comparing import compared
from gendan.orders.paper.sheets import sheets_of
from gendan.orders.queries.documents import editions
from gendan.orders.views.request import only, order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view

WAYS = (Channel.MAIL, Channel.CHAT, Channel.PRINT, Channel.FAX)


@allowed("orders.see")
def confirmations(request: StaffRequest) -> HttpResponseBase:
    return list_view(request, CONFIRMATIONS)


@allowed("orders.confirm")
def document(request: StaffRequest, number: str) -> HttpResponse:
    """Show what would be sent beside what was sent before; send it the chosen way."""
    order = order_of(request, number)
    if request.method != "POST":
        return _page(request, order)
    way = _way(request, order)
    try:
        send_confirmation(only(order), by=request.user, now=timezone.now(), way=way)
    except Refused as refused:
        return _page(request, order, refused.sentence, status=422)
    return _sent(request, order, way)


@allowed("orders.confirm")
def pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand out a document as it was made, with its link; a fax with its cover."""
    rows = Confirmation.objects.visible_to(request.user).select_related("order__shop")
    found = get_object_or_404(rows, pk=pk)
    if found.sheet is None:
        raise Http404
    content = document_pdf(found, links.address(found), cover=found.channel == Channel.FAX)
    answer = HttpResponse(content, content_type="application/pdf")
    name = f"{found.order.number}-{found.version}.pdf"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _way(request: StaffRequest, order: Order) -> Way:
    chosen = request.POST.get("channel", "")
    channel = chosen if chosen in WAYS else Channel.MAIL
    to = request.POST.get(f"to_{channel}", "").strip()
    return Way(channel, {order.pk: to}, {order.pk: request.POST.get("digest", "")})


def _sent(request: StaffRequest, order: Order, way: Way) -> HttpResponse:
    page = reverse("order-document", args=[order.number])
    newest = order.confirmations.order_by("-pk")[0]
    if way.channel in (Channel.PRINT, Channel.FAX):
        return HttpResponseRedirect(reverse("confirmation-pdf", args=[newest.pk]))
    if way.channel == Channel.CHAT:
        messages.success(request, _("The link is made. Copy it below into the chat."))
        return HttpResponseRedirect(f"{page}?link={newest.pk}")
    messages.success(request, _("The confirmation is on its way."))
    return HttpResponseRedirect(page)


def _page(
    request: StaffRequest, order: Order, complaint: str = "", *, status: int = 200
) -> HttpResponse:
    made = list(order.confirmations.select_related("made_by").order_by("-pk"))
    sent = [each for each in made if each.sheet]
    sheet, edition = sheets_of([order])[order.pk], editions([order.pk])[order.pk]
    shown: dict[str, Any] = {
        "order": order,
        "sheet": sheet,
        "edition": edition,
        "changed": _changed(sent, sheet, edition.digest),
        "documents": [(each, *shown_as(each, edition.digest)) for each in made],
        "link": _link(request, sent),
        "mail": order.customer.mail if order.customer else "",
        "may_send": order.stage in SENT_AT,
        "complaint": complaint,
    }
    return render(request, "orders/documents/document.html", shown, status=status)


def _changed(sent: list[Confirmation], sheet: dict[str, Any], digest: str) -> Any:
    """Return what is different from the document that was sent last, if anything is."""
    if not sent or sent[0].digest == digest:
        return []
    return [line for line in compared(sent[0].sheet or {}, sheet) if line.differs]


def _link(request: StaffRequest, sent: list[Confirmation]) -> str:
    wanted = request.GET.get("link", "")
    waiting = [each for each in sent if each.answer == Answer.WAITING and str(each.pk) == wanted]
    return links.address(waiting[0]) if waiting else ""
