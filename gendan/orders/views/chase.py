"""Chasing payment: the queue, one order after the other, offers, plans, and what it brings."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from gendan.desk import links
from gendan.journal.queries import timeline
from gendan.orders.actions import chase as acts
from gendan.orders.chase_listing import chase_listing
from gendan.orders.chasing import rules, terms
from gendan.orders.finding import order_finder
from gendan.orders.forms.chase import (
    OfferForm,
    OutcomeForm,
    PlanForm,
    RulesForm,
    SayForm,
    StepForms,
)
from gendan.orders.models import Chase, ChaseOffer, ChasePlan, ChaseTouch, OfferState, Order
from gendan.orders.queries.chase_gain import ENOUGH, gains
from gendan.orders.queries.chasing import Talk, next_in_turn, talk, waiting_now
from gendan.orders.stages import Source
from gendan.orders.views.chase_chart import chart
from gendan.orders.views.request import order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.finding import FindingError
from gendan.ui.listing import list_view
from gendan.worklist.actions import claim
from gendan.worklist.models import Item

WEEKS = 12
LATEST = 20  # a clerk promises no later than eight in the evening


@allowed("orders.chase")
def queue(request: StaffRequest) -> HttpResponseBase:
    """Show the list, with what is due now."""
    context = {
        "waiting": waiting_now(request.user),
        "is_set_up": rules() is not None,
        "may_plan": request.user.may("orders.plan_chasing"),
    }
    return list_view(request, chase_listing, template="orders/chase/list.html", context=context)


@allowed("orders.chase")
@require_POST
def go_on(request: StaffRequest) -> HttpResponseBase:
    """Take the next order of the queue, and go to it."""
    skipped = [number for number in request.POST.get("skipped", "").split(",") if number][-200:]
    now = timezone.now()
    found = next_in_turn(request.user, now=now, skipped=skipped)
    if found is None:
        messages.success(request, _("Nobody else is due for a word now."))
        return redirect("chasing")
    try:
        claim(Item.objects.filter(pk=found.item_id), by=request.user)
    except Refused:  # a colleague was faster: take the one after it
        messages.error(request, _("A colleague was faster. Take the next one."))
        return redirect("chasing")
    tail = f"?skipped={','.join(skipped)}" if skipped else ""
    return redirect(reverse("chase", args=[found.number]) + tail)


@allowed("orders.chase")
def chase(request: StaffRequest, number: str) -> HttpResponseBase:
    """Show what to say about an order, and note what was said."""
    order = order_of(request, number)
    if request.method != "POST":
        return _talk(request, order)
    form = SayForm(request.POST)
    if not form.is_valid():
        return _talk(request, order, form)
    try:
        acts.say([_said(order, form.cleaned_data)], by=request.user, now=timezone.now())
    except Refused as refused:
        return _talk(request, order, form, refused.sentence)
    messages.success(request, _("Noted."))
    return go_on(request) if "next" in request.POST else redirect("chase", number)


@allowed("orders.chase")
def outcome(request: StaffRequest, pk: int) -> HttpResponse:
    """Note later what came of a word."""
    seen = Order.objects.visible_to(request.user)
    touch = get_object_or_404(
        ChaseTouch.objects.select_related("chase__order"), pk=pk, chase__order__in=seen
    )
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    complaint = ""
    if form.is_valid():
        said = form.cleaned_data
        try:
            acts.note_outcome(touch, by=request.user, now=timezone.now(), **said)
            messages.success(request, _("Noted."))
            return _back(request, touch.chase.order.number)
        except Refused as refused:
            complaint = refused.sentence
    return _dialog(request, touch.chase.order, _("What came of it"), form, complaint)


@allowed("orders.chase")
def offer(request: StaffRequest, number: str) -> HttpResponse:
    """Offer a lower price."""
    order = order_of(request, number)
    found = get_object_or_404(Chase, order=order)
    form, complaint = OfferForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = acts.offer(
                found,
                said["off"],
                by=request.user,
                now=timezone.now(),
                why=said["why"],
                until_at=said["until_at"],
            )
            messages.success(request, _came_of(made))
            return _back(request, number)
        except Refused as refused:
            complaint = refused.sentence
    return _dialog(request, order, _("Offer a lower price"), form, complaint)


@allowed("orders.chase")
@require_POST
def withdraw_offer(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an offer back."""
    found = _offer(request, pk)
    why = request.POST.get("why", "").strip()
    return _decide(request, found, lambda: acts.withdraw_offer(found, **_by(request), why=why))


@allowed("orders.chase")
@require_POST
def changed_there(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that the price was changed on the platform."""
    found = _offer(request, pk)
    return _decide(request, found, lambda: acts.changed_there(found, **_by(request)))


@allowed("orders.chase")
@require_POST
def impossible(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that the platform does not let us change the price, and why."""
    found = _offer(request, pk)
    why = request.POST.get("why", "").strip()[:300]
    return _decide(request, found, lambda: acts.impossible_there(found, **_by(request), why=why))


@allowed("orders.chase")
@require_POST
def restored_there(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that the platform shows the old price again."""
    found = _offer(request, pk)
    return _decide(request, found, lambda: acts.restored_there(found, **_by(request)))


@allowed("orders.below_floor")
@require_POST
def allow_offer(request: StaffRequest, pk: int) -> HttpResponse:
    """Give an offer that a clerk may not give."""
    found = _offer(request, pk)
    return _decide(request, found, lambda: acts.allow_offer(found, **_by(request)))


@allowed("orders.below_floor")
@require_POST
def refuse_offer(request: StaffRequest, pk: int) -> HttpResponse:
    """Refuse what a clerk wanted to offer."""
    found = _offer(request, pk)
    why = request.POST.get("why", "").strip()
    return _decide(request, found, lambda: acts.refuse_offer(found, **_by(request), why=why))


@allowed("orders.see")
def offer_numbered(request: StaffRequest, pk: int) -> HttpResponse:
    """Go to the order of an offer, as work items know it."""
    return redirect("order", _offer(request, pk).chase.order.number)


@allowed("orders.chase")
def gain(request: StaffRequest) -> HttpResponse:
    """Show what chasing brings against those who are held out."""
    now = timezone.now()
    brought = gains(request.user, since=now - timedelta(weeks=WEEKS), now=now)
    context = {
        "gains": brought,
        "weeks": WEEKS,
        "enough": ENOUGH,
        "chart": chart(brought.weeks),
        "is_set_up": rules() is not None,
    }
    return render(request, "orders/chase/gain.html", context)


@allowed("orders.plan_chasing")
def plans(request: StaffRequest) -> HttpResponse:
    """Show the plans, and change what binds them all."""
    binding = rules()
    if request.method == "POST" and "install" in request.POST:
        acts.install_chasing(by=request.user, now=timezone.now())
        messages.success(request, _("Set up. What is due becomes work from the next minute on."))
        return redirect("chase-plans")
    form, status = None, 200
    if binding:
        posted = request.POST if request.method == "POST" else None
        form = RulesForm(posted, instance=binding, terms=terms())
        if form.is_valid():
            saved = form.save(commit=False)
            why = request.POST.get("why", "")
            acts.save_chase_rules(saved, form.terms(), by=request.user, why=why)
            messages.success(request, _("Saved."))
            return redirect("chase-plans")
        status = 422 if posted else 200
    all_plans = ChasePlan.objects.prefetch_related("steps")
    context = {"plans": [(each, _explained(each)) for each in all_plans], "form": form}
    return render(request, "orders/chase/plans.html", context, status=status)


@allowed("orders.plan_chasing")
def plan(request: StaffRequest, code: str = "") -> HttpResponse:
    """Show a plan or a new one; save it."""
    found = get_object_or_404(ChasePlan, code=code) if code else ChasePlan(name="", is_on=True)
    posted = request.POST if request.method == "POST" else None
    lines = [_line(step) for step in found.steps.filter(is_retired=False)] if found.pk else []
    form = PlanForm(posted, instance=found)
    steps = StepForms(posted, initial=lines)
    expression = request.POST.get("expression", found.expression).strip()
    complaint = ""
    if posted is not None and form.is_valid() and steps.is_valid():
        try:
            wanted = [step for line in steps if (step := line.step())]
            saved = form.save(commit=False)
            saved.expression = expression
            saved.code = saved.code or f"PLAN_{timezone.now():%y%m%d%H%M%S}"
            acts.save_plan(saved, wanted, by=request.user, why=request.POST.get("why", ""))
            messages.success(request, _("Saved."))
            return redirect("chase-plans")
        except Refused as refused:
            complaint = refused.sentence
    context = {
        "plan": found,
        "form": form,
        "steps": steps,
        "expression": expression,
        "complaint": complaint,
        "acts": timeline({"orders_chaseplan": [found.pk]}) if found.pk else [],
    }
    return render(request, "orders/chase/plan.html", context, status=422 if posted else 200)


def _talk(
    request: StaffRequest, order: Order, form: SayForm | None = None, complaint: str = ""
) -> HttpResponse:
    now = timezone.now()
    known = talk(order, now=now)
    evening = timezone.localtime(now).replace(hour=LATEST, minute=0, second=0, microsecond=0)
    at = evening if evening > now else evening + timedelta(days=1)
    context = {
        "order": order,
        "talk": known,
        "form": form or SayForm(initial=_initial(known)),
        "complaint": complaint,
        "at": at,
        "skipped": request.POST.get("skipped", request.GET.get("skipped", "")),
        "waiting": waiting_now(request.user),
        "may_decide": request.user.may("orders.below_floor"),
        "may_pay": request.user.may("orders.pay"),
        "link": _link(known),
        "speaks": bool(known.chase and order.stage == "UNPAID" and not known.chase.is_held_out),
    }
    return render(request, "orders/chase/talk.html", context, status=422 if form else 200)


def _link(known: Talk) -> str:
    """Return where the customer answers; a platform takes it ill if its buyers are led away."""
    ours = known.order.source != Source.FILE
    return links.address(known.draft) if ours and known.draft and known.draft.choices else ""


def _initial(known: Any) -> dict[str, Any]:
    return {
        "text": known.text,
        "reason": known.reason,
        "channel": known.channel,
        "times": known.times,
    }


def _said(order: Order, form: dict[str, Any]) -> acts.Said:
    return acts.Said(order.pk, **form)


def _by(request: StaffRequest) -> dict[str, Any]:
    return {"by": request.user, "now": timezone.now()}


def _offer(request: StaffRequest, pk: int) -> ChaseOffer:
    seen = Order.objects.visible_to(request.user)
    offers = ChaseOffer.objects.select_related("chase__order")
    found: ChaseOffer = get_object_or_404(offers, pk=pk, chase__order__in=seen)
    return found


def _came_of(made: ChaseOffer) -> str:
    if made.state == OfferState.ASKED:
        return _("A supervisor is asked.")
    if made.waits_there:
        return _("Offered: change the price on the platform now, and say when it is done.")
    return _("Offered: the order costs less now.")


def _decide(request: StaffRequest, found: ChaseOffer, act: Any) -> HttpResponse:
    try:
        act()
        messages.success(request, _("Done."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return _back(request, found.chase.order.number)


def _back(request: StaffRequest, number: str) -> HttpResponse:
    """Go back to where the clerk was: at the talk, or on the order's page."""
    from_talk = f"/chasing/{number}/" in request.headers.get("Referer", "")
    page = reverse("chase" if from_talk else "order", args=[number])
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(page)
    return redirect(page)


def _dialog(
    request: StaffRequest, order: Order, title: str, form: Any, complaint: str
) -> HttpResponse:
    context = {
        "order": order,
        "form": form,
        "title": title,
        "label": _("Save"),
        "complaint": complaint,
    }
    dialog = request.headers.get("HX-Request") == "true"
    template = "orders/_dialog.html" if dialog else "orders/dialog.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _line(step: Any) -> dict[str, Any]:
    return {
        name: getattr(step, name)
        for name in ("minutes", "anchor", "channel", "reason", "is_automatic")
    }


def _explained(found: ChasePlan) -> str:
    try:
        return order_finder.explain(found.expression)
    except FindingError as error:
        return str(_("Can't be read: %(why)s") % {"why": error.message})
