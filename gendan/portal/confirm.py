"""The page behind the signed link of a confirmation: all right, or what is wrong."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gendan.journal.actors import Customer
from gendan.orders import links
from gendan.orders.actions import confirm as agree
from gendan.orders.actions import object_to
from gendan.orders.actions.confirm import ASKED_AT
from gendan.orders.models import Answer, Confirmation, Order
from gendan.people.access import public
from gendan.people.queries import merchant
from gendan.ui.errors import Refused
from gendan.ui.limits import limited


@require_http_methods(["GET", "HEAD", "POST"])
@public
@never_cache
@limited("confirm", 60, per=600)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the order to its customer, and take their answer."""
    try:
        asked = links.confirmation_of(token)
    except Refused as refused:
        return _page(request, {"refusal": refused.sentence}, status=404)
    if request.method == "POST":
        return _answer(request, asked, token)
    return _page(request, _shown(asked))


def _answer(request: HttpRequest, asked: Confirmation, token: str) -> HttpResponse:
    order = Order.objects.numbered([asked.order_id])
    customer = Customer(asked.order.receiver_name, asked.order.customer_id)
    words, now = request.POST.get("words", "").strip()[:1000], timezone.now()
    if asked.answer == Answer.WAITING:
        try:
            if request.POST.get("answer") == "wrong":
                object_to(order, by=customer, now=now, words=words)
            else:
                agree(order, by=customer, now=now, words=words)
        except Refused as refused:
            return _page(request, _shown(asked) | {"complaint": refused.sentence}, status=422)
    return HttpResponseRedirect(reverse("confirm", args=[token]))


def _shown(asked: Confirmation) -> dict[str, object]:
    order = asked.order
    return {
        "order": order,
        "lines": order.lines.filter(is_cancelled=False, part_of=None),
        "wishes": order.instructions.order_by("pk"),
        "asked": asked,
        "waits": asked.answer == Answer.WAITING and order.stage in ASKED_AT,
    }


def _page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    house = merchant()
    whole = {**context, "merchant": house, "merchant_name": house.name}
    return render(request, "portal/confirm.html", whole, status=status)
