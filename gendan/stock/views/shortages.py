"""Short goods: the lists, and the page of one customer's case."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.desk import links
from gendan.desk.actions import answer
from gendan.desk.models import Channel, Message, Topic
from gendan.journal.queries import timeline
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.stock import actions
from gendan.stock.actions import Chosen
from gendan.stock.models import LIVE, CaseState, Rest, Shortage, ShortageCase
from gendan.stock.queries.offers import offers
from gendan.stock.queries.short import missing
from gendan.stock.shortages import CASES, SHORT_GOODS
from gendan.stock.tones import TONES
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view

CHANNELS = (Channel.MAIL, Channel.CHAT, Channel.PHONE)


@allowed("stock.see")
def shortages(request: StaffRequest) -> HttpResponseBase:
    return list_view(request, CASES)


@allowed("stock.see")
def short_goods(request: StaffRequest) -> HttpResponseBase:
    return list_view(request, SHORT_GOODS)


@allowed("stock.see")
def shortage(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what is missing, what can be offered, what was said, and what was chosen."""
    case = get_object_or_404(_cases(request), pk=pk)
    return render(request, "stock/shortage.html", _shown(request, case))


@allowed("stock.settle")
@require_POST
def shortage_ask(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Ask the customer, by mail or with the script."""

    def act(case: ShortageCase) -> str:
        channel = request.POST.get("channel", "")
        if channel not in CHANNELS:
            raise Refused(_("Choose how you reach the customer."))
        actions.ask(_one(case), channel, by=request.user, now=timezone.now())
        if channel == Channel.MAIL:
            return _("The mail is on its way.")
        return _("Say it in these words, and note what the customer chooses.")

    return _act(request, pk, act)


@allowed("stock.settle")
@require_POST
def shortage_choose(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Note what the customer chose, and carry it out."""

    def act(case: ShortageCase) -> str:
        code = request.POST.get("choice", "")[:40]
        words = request.POST.get("words", "").strip()[:1000]
        asked = _question(case)
        if not code:
            raise Refused(_("Choose one of the answers."))
        if asked and code in [each["code"] for each in asked.choices]:
            chosen = Message.objects.filter(pk=asked.pk)
            answer(chosen, code, by=request.user, now=timezone.now(), words=words)
        else:
            actions.choose({case.pk: Chosen(code)}, by=request.user, now=timezone.now(), why=words)
        return _("Done: it is carried out.")

    return _act(request, pk, act)


@allowed("stock.settle")
@require_POST
def shortage_take_back(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Take the question back."""

    def act(case: ShortageCase) -> str:
        if case.state not in LIVE:
            raise Refused(_("This is settled by now: the goods have come, or it is over."))
        why = request.POST.get("why", "").strip() or _("asked by mistake")
        actions.take_back_question([case.order_id], by=request.user, now=timezone.now(), why=why)
        return _("The question is taken back.")

    return _act(request, pk, act)


@allowed("stock.adjust")
@require_POST
def shortage_missed(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Say what became of goods that were missed on their shelf."""

    def act(case: ShortageCase) -> str:
        why = request.POST.get("why", "").strip()
        if request.POST.get("there"):
            actions.found_after_all(_one(case), by=request.user, now=timezone.now(), why=why)
            return _("They are picked again.")
        if not why:
            raise Refused(_("Say where you looked: the loss stands in the ledger."))
        actions.write_off(_one(case), by=request.user, now=timezone.now(), why=why)
        return _("They are out of stock. Now ask the customer.")

    return _act(request, pk, act)


def _cases(request: StaffRequest) -> Any:
    seen = ShortageCase.objects.visible_to(request.user)
    return seen.select_related("order__shop", "order__customer")


def _one(case: ShortageCase) -> Any:
    return ShortageCase.objects.filter(pk=case.pk)


def _act(request: StaffRequest, pk: int, act: Callable[[ShortageCase], str]) -> HttpResponseBase:
    case = get_object_or_404(_cases(request), pk=pk)
    try:
        messages.success(request, act(case))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("shortage", pk)


def _question(case: ShortageCase) -> Message | None:
    asked = Message.objects.about("order", case.order_id).filter(
        topic=Topic.SHORTAGE, state__in=("SENDING", "SENT"), facts__case=case.pk
    )
    return asked.order_by("-pk").first()


def _shown(request: StaffRequest, case: ShortageCase) -> dict[str, Any]:
    live, lacking = case.state in LIVE, missing(case)
    question = _question(case)
    said = Message.objects.about("order", case.order_id).filter(
        topic=Topic.SHORTAGE, facts__case=case.pk
    )
    return {
        "case": case,
        "order": case.order,
        "tone": TONES[CaseState(case.state)],
        "live": live,
        "missing": lacking,
        "missed": any(each.missed for each in lacking),
        "offers": offers(_one(case), now=timezone.now())[case.pk] if live else [],
        "question": question,
        "link": links.address(question) if question else "",
        "said": said.order_by("-pk"),
        "channels": [(code.value, code.label) for code in CHANNELS],
        "mail": case.order.customer.mail if case.order.customer else "",
        "may_settle": request.user.may("stock.settle"),
        "may_adjust": request.user.may("stock.adjust"),
        "acts": timeline(
            {
                "stock_shortagecase": [case.pk],
                "stock_shortage": list(
                    Shortage.objects.filter(order=case.order).values_list("pk", flat=True)
                ),
                "stock_rest": list(
                    Rest.objects.filter(order=case.order).values_list("pk", flat=True)
                ),
            }
        ),
    }
