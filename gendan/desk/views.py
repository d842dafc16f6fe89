"""The desk's pages: scripts, messages, one of each."""

from typing import Any

from django.contrib import messages as toasts
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.desk import actions, links
from gendan.desk.answers import how_it_stands, sure_of
from gendan.desk.forms import MessageForm, ScriptForm
from gendan.desk.lists import MESSAGES, SCRIPTS, TONES
from gendan.desk.masking import masked_text, masked_to
from gendan.desk.models import Message, Script, State
from gendan.desk.scripts import install_scripts
from gendan.journal.actors import Job
from gendan.journal.queries import timeline
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view


@allowed("desk.see")
def scripts(request: StaffRequest) -> HttpResponseBase:
    """Show what colleagues say on each occasion."""
    install_scripts(by=Job("desk"))
    return list_view(request, SCRIPTS)


@allowed("desk.scripts")
def script(request: StaffRequest, pk: int = 0) -> HttpResponse:
    """Show a script or a new one; save it."""
    found = get_object_or_404(Script, pk=pk) if pk else Script()
    posted = request.POST if request.method == "POST" else None
    form = ScriptForm(posted, instance=found)
    if posted and form.is_valid():
        saved = actions.save_script(_named(form.save(commit=False)), by=request.user)
        toasts.success(request, _("Saved."))
        return redirect("script", saved.pk)
    acts = timeline({"desk_script": [found.pk]}) if found.pk else []
    shown = {"script": found, "form": form, "acts": acts}
    return render(request, "desk/script.html", shown, status=422 if posted else 200)


def _named(script: Script) -> Script:
    """Give a new script a code nobody else has."""
    if not script.code:
        script.code = f"{script.topic}_{timezone.now():%y%m%d%H%M%S%f}"
    return script


@allowed("desk.see")
def messages(request: StaffRequest) -> HttpResponseBase:
    return list_view(request, MESSAGES)


@allowed("desk.see")
def message(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what was said or is to be said, and what came of it."""
    return _page(request, _message(request, pk))


@allowed("desk.write")
@require_POST
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """Send it, with the words as the colleague has changed them."""
    found = _message(request, pk)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    said = form.cleaned_data
    try:
        if (found.text, found.to) != (said["text"], said["to"]):
            actions.rewrite(found, said["text"], to=said["to"], by=request.user)
        if "send" in request.POST:
            actions.send(_only(found), by=request.user, now=timezone.now())
    except Refused as refused:
        return _page(request, found, form, refused.sentence, status=422)
    return redirect("message", pk)


@allowed("desk.write")
@require_POST
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Note what the customer said; it is carried out at once."""
    found = _message(request, pk)
    code, words = request.POST.get("answer", ""), request.POST.get("words", "").strip()[:1000]
    now = timezone.now()
    sure = sure_of(found, code, by=request.user, now=now)
    if sure and "sure" not in request.POST:
        return _page(request, found, sure={"sure": sure, "code": code, "words": words})
    try:
        actions.answer(_only(found), code, by=request.user, now=now, words=words)
    except Refused as refused:
        return _page(request, found, complaint=refused.sentence, status=422)
    toasts.success(request, _("Noted, and carried out."))
    return redirect("message", pk)


@allowed("desk.write")
@require_POST
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the question back."""
    found = _message(request, pk)
    why = request.POST.get("why", "").strip()
    if not why:
        return _page(request, found, complaint=_("Say why it is taken back."), status=422)
    actions.withdraw(_only(found), by=request.user, why=why)
    return redirect("message", pk)


@allowed("customers.unmask")
@require_POST
def unmask(request: StaffRequest, pk: int) -> HttpResponse:
    """Show once, in full, whom it went to and what it says."""
    found = _message(request, pk)
    actions.unmask(_only(found), by=request.user)
    return _page(request, found, in_full=True)


def _message(request: StaffRequest, pk: int) -> Message:
    rows = Message.objects.visible_to(request.user).select_related("shop", "customer", "sent_by")
    found: Message = get_object_or_404(rows, pk=pk)
    return found


def _only(message: Message) -> Any:
    return Message.objects.filter(pk=message.pk)


def _page(
    request: StaffRequest,
    found: Message,
    form: MessageForm | None = None,
    complaint: str = "",
    *,
    status: int = 200,
    in_full: bool = False,
    sure: dict[str, Any] | None = None,
) -> HttpResponse:
    shown = {
        "message": found,
        "to": found.to if in_full else masked_to(found.to),
        "text": found.text if in_full else masked_text(found.text),
        "is_masked": not in_full,
        "may_unmask": request.user.may("customers.unmask"),
        "tone": TONES[State(found.state)],
        "form": form or MessageForm(initial={"to": found.to, "text": found.text}),
        "complaint": complaint,
        "to_send": found.state in (State.DRAFT, State.FAILED),
        "asked": found.state in (State.SENDING, State.SENT) and found.choices,
        "link": links.address(found) if found.choices else "",
        "acts": timeline({"desk_message": [found.pk]}),
        "stands": how_it_stands(found),
        **(sure or {}),
    }
    return render(request, "desk/message.html", shown, status=status)
