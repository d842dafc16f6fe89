"""The page behind the signed link of a message: what we ask, and what the customer chooses."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gendan.desk import links
from gendan.desk.actions import answer
from gendan.desk.answers import how_it_stands, sure_of
from gendan.desk.models import Message
from gendan.journal.actors import Customer
from gendan.people.access import public
from gendan.people.queries import merchant
from gendan.ui.errors import Refused
from gendan.ui.limits import limited


@require_http_methods(["GET", "HEAD", "POST"])
@public
@never_cache
@limited("say", 60, per=600)
def say(request: HttpRequest, token: str) -> HttpResponse:
    """Show a message to its customer, and take their choice; some are asked about once more."""
    try:
        message = links.message_of(token)
    except Refused as refused:
        return _page(request, {"refusal": refused.sentence}, status=404)
    if request.method == "POST":
        return _answer(request, message, token)
    return _page(request, _shown(message))


def _answer(request: HttpRequest, message: Message, token: str) -> HttpResponse:
    known = message.customer
    customer = Customer(known.name if known else message.number, known.pk if known else None)
    words = request.POST.get("words", "").strip()[:1000]
    chosen = Message.objects.filter(pk=message.pk)
    code, now = request.POST.get("answer", "")[:40], timezone.now()
    sure = sure_of(message, code, by=customer, now=now)
    if sure and "sure" not in request.POST:
        return _page(request, {"message": message, "sure": sure, "code": code, "words": words})
    try:
        answer(chosen, code, by=customer, now=now, words=words)
    except Refused as refused:
        message.refresh_from_db()
        return _page(request, _shown(message) | {"complaint": refused.sentence}, status=422)
    return HttpResponseRedirect(reverse("say", args=[token]))


def _shown(message: Message) -> dict[str, object]:
    return {
        "message": message,
        "waits": message.is_asked(timezone.now()),
        "stands": how_it_stands(message),
    }


def _page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    house = merchant()
    whole = {**context, "merchant": house, "merchant_name": house.name}
    return render(request, "portal/say.html", whole, status=status)
