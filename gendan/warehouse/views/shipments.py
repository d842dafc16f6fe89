"""The list of shipments, and the page of one."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from gendan.journal.queries import timeline
from gendan.orders.forms.typed import whole
from gendan.people.access import Worker, allowed, refusal
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view
from gendan.warehouse.actions.pack import unpack
from gendan.warehouse.actions.pick import pick, unpick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.recall import recall
from gendan.warehouse.actions.release import release, take_out
from gendan.warehouse.actions.separate import separate
from gendan.warehouse.lists import SHIPMENTS, TONES
from gendan.warehouse.models import Carrier, Regrouping, Shipment
from gendan.warehouse.queries.carriage import next_ones, refused
from gendan.warehouse.queries.packing import packing
from gendan.warehouse.queries.prints import OF_ONE, of_shipment
from gendan.warehouse.queries.ready import IN_THE_HOUSE, ready_to_plan
from gendan.warehouse.stages import BEFORE_PACKING, Stage


class Act(NamedTuple):
    """A button of a shipment's page."""

    label: str | Promise
    permission: str
    run: Callable[..., object]
    stages: tuple[Stage, ...]
    needs_why: bool = False
    tone: str = ""


ACTS: Mapping[str, Act] = {
    "release": Act(
        gettext_lazy("Release into a wave"),
        "warehouse.wave",
        release,
        (Stage.PLANNED,),
        tone="primary",
    ),
    "separate": Act(
        gettext_lazy("Separate orders"),
        "warehouse.wave",
        lambda shipments, by, why: separate(shipments, by=by, why=why, now=timezone.now()),
        (Stage.PLANNED,),
    ),
    "pick": Act(gettext_lazy("Picked"), "warehouse.pack", pick, (Stage.RELEASED,), tone="primary"),
    "take-out": Act(
        gettext_lazy("Take out of the wave"), "warehouse.wave", take_out, (Stage.RELEASED,)
    ),
    "unpick": Act(
        gettext_lazy("Put the goods back"), "warehouse.pack", unpick, (Stage.PICKED,), True
    ),
    "unpack": Act(gettext_lazy("Open again"), "warehouse.pack", unpack, (Stage.PACKED,), True),
    "recall": Act(
        gettext_lazy("Recall"),
        "warehouse.recall",
        lambda shipments, by, why: recall(shipments, by=by, why=why, now=timezone.now()),
        (Stage.PLANNED, Stage.RELEASED, Stage.PICKED, Stage.PACKED),
        True,
        "danger",
    ),
}


@allowed("warehouse.see")
def shipments(request: StaffRequest) -> HttpResponseBase:
    """Show the shipments; how many orders wait to be planned follows, as counting them is dear."""
    if "to-plan" in request.GET:
        waiting = ready_to_plan().visible_to(request.user).count()
        return render(request, "warehouse/_to_plan.html", {"to_plan": waiting})
    return list_view(request, SHIPMENTS, template="warehouse/shipments.html")


@require_POST
@allowed("warehouse.wave")
def plan_ready(request: StaffRequest) -> HttpResponse:
    """Plan everything that is reserved and may be shipped."""
    person = request.user
    try:
        made = plan(ready_to_plan().visible_to(person), by=person).count()
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(
            request,
            ngettext("%(n)d shipment planned", "%(n)d shipments planned", made) % {"n": made},
        )
    return redirect("shipments")


@require_safe
@allowed("warehouse.see")
def shipment(request: StaffRequest, number: str) -> HttpResponse:
    """Show one shipment: where it stands, what is in it, what can be done."""
    person = request.user
    found = one(request, number)
    acts: list[dict[str, Any]] = [
        {"key": key, **act._asdict()}
        for key, act in ACTS.items()
        if found.stage in act.stages and person.may(act.permission)
    ]
    context = {
        "packing": packing(found),
        "tone": TONES.get(Stage(found.stage), "bad"),
        "buttons": acts,
        "shipment": found,
        "printing": of_shipment(found),
        "regrouping": _regrouping(found, person),
        **_forms(found, person),
        "acts": timeline({"warehouse_shipment": [found.pk]}),
    }
    return render(request, "warehouse/shipment.html", context)


def _regrouping(shipment: Shipment, person: Worker) -> dict[str, Any]:
    """What was combined and split by hand, and whether goods can still be moved."""
    acts = Regrouping.objects.standing().filter(parcels__shipment=shipment)
    can_move, found = shipment.stage in BEFORE_PACKING, list(acts.select_related("made_by"))
    may = person.may("warehouse.combine") and (can_move or bool(found))
    return {"may": may, "can_move": can_move, "acts": found}


def _forms(shipment: Shipment, person: Worker) -> dict[str, Any]:
    """What the forms of the page offer, and which of them the person may use now."""
    waves = person.may("warehouse.wave")
    fetched = shipment.stage in (Stage.RELEASED, Stage.PICKED)
    return {
        "carriers": Carrier.objects.filter(is_active=True),
        "papers": [(paper.value, paper.label) for paper in OF_ONE],
        "refusals": refused(shipment.pk),
        "next_ones": next_ones(shipment.pk),
        "may_choose": waves and shipment.stage in IN_THE_HOUSE,
        "may_miss": person.may("warehouse.pack") and fetched,
        "may_print": waves and shipment.wave_id is not None,
    }


@require_POST
@allowed("warehouse.see")
def act(request: StaffRequest, number: str, act: str) -> HttpResponse:
    """Do one of the buttons of the page."""
    if act not in ACTS:
        raise Http404
    chosen, person = ACTS[act], request.user
    if not person.may(chosen.permission):
        raise PermissionDenied(refusal(chosen.permission))
    found, why = one(request, number), request.POST.get("why", "").strip()
    if chosen.needs_why and not why:
        messages.error(request, _("Say why: it stays with the record."))
        return redirect("shipment", number=number)
    try:
        chosen.run(Shipment.objects.filter(pk=found.pk), by=person, why=why)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Done."))
    return redirect("shipment", number=number)


def one(request: StaffRequest, number: str) -> Shipment:
    """The shipment of that number, if the person may see it."""
    seen = Shipment.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("carrier", "shop", "warehouse", "wave", "packed_by"), number=number
    )


def typed(request: StaffRequest, name: str) -> int | None:
    """The whole number that was typed or chosen, or nothing."""
    return whole(request.POST.get(name, ""))
