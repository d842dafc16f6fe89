"""The page behind the signed link of a confirmation: all right, what is wrong, or a question."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gendan.desk.models import Channel
from gendan.journal.actors import Customer
from gendan.orders import links
from gendan.orders.actions import confirm as agree
from gendan.orders.actions import object_to, send_confirmation
from gendan.orders.actions.ask import NewQuestion, ask
from gendan.orders.actions.confirm import ASKED_AT
from gendan.orders.actions.send_confirmation import Way
from gendan.orders.answering import Heard
from gendan.orders.models import Answer, Confirmation, Order, OrderQuerySet
from gendan.orders.paper.sheets import sheets_of
from gendan.orders.stages import OVER
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
        return _post(request, asked, token)
    return _page(request, _shown(asked))


def _post(request: HttpRequest, asked: Confirmation, token: str) -> HttpResponse:
    """Take what the customer says; a second tap on the same answer changes nothing."""
    try:
        newer = _act(request, asked)
    except Refused as refused:
        asked.refresh_from_db()
        if asked.answer in (Answer.CONFIRMED, Answer.OBJECTED):
            return HttpResponseRedirect(reverse("confirm", args=[token]))
        return _page(request, _shown(asked) | {"complaint": refused.sentence}, status=422)
    return HttpResponseRedirect(reverse("confirm", args=[newer or token]))


def _act(request: HttpRequest, asked: Confirmation) -> str:
    """Do it; return the link's token of another document, if it goes on with that one."""
    order = Order.objects.numbered([asked.order_id])
    by = Customer(asked.order.receiver_name, asked.order.customer_id)
    words, now = request.POST.get("words", "").strip()[:1000], timezone.now()
    heard = Heard(asked.channel, [asked.pk])
    match request.POST.get("answer"):
        case "newest":
            return _newest(order, by)
        case "question":
            ask([NewQuestion(asked.order_id, words, Channel.CHAT, asked.pk)], by=by, now=now)
        case "wrong":
            object_to(order, by=by, now=now, words=words, heard=heard)
        case "right":
            agree(order, by=by, now=now, words=words, heard=heard)
        case _:
            raise Refused(_("Choose one of the answers."))
    return ""


def _newest(order: OrderQuerySet, by: Customer) -> str:
    """Make the document of what the order says now, for who has an older one before them."""
    now = timezone.now()
    made = send_confirmation(order, by=by, now=now, way=Way(Channel.CHAT)).get()
    return links.token(made.confirmations.order_by("-pk")[0])


def _shown(asked: Confirmation) -> dict[str, object]:
    order = asked.order
    waiting = asked.answer == Answer.WAITING and order.stage in ASKED_AT
    is_current = Confirmation.objects.current().filter(pk=asked.pk).exists()
    open_ended = asked.answer in (Answer.WAITING, Answer.REPLACED) and order.stage in ASKED_AT
    return {
        "order": order,
        "sheet": asked.sheet or sheets_of([order])[order.pk],
        "asked": asked,
        "waits": waiting and is_current,
        "outdated": open_ended and not (waiting and is_current),
        "may_ask": order.stage not in OVER,
        "questions": asked.questions.select_related("answer").order_by("pk"),
    }


def _page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    house = merchant()
    whole = {**context, "merchant": house, "merchant_name": house.name}
    return render(request, "portal/confirm.html", whole, status=status)
