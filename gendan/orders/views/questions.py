"""Questions about orders: noting one that was asked on the phone, and answering."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.desk.models import Channel
from gendan.orders.actions.ask import NewQuestion, Reply, ask, draft_of, reply
from gendan.orders.models import Question
from gendan.orders.views.acts import act_in_dialog
from gendan.orders.views.request import order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused

SPOKEN = (Channel.PHONE, Channel.CHAT, Channel.MAIL)
CAME_BY = [(channel.value, channel.label) for channel in SPOKEN]


class AskForm(forms.Form):
    channel = forms.ChoiceField(label=gettext_lazy("Asked by"), choices=CAME_BY)
    words = forms.CharField(
        label=gettext_lazy("The question, in the customer's words"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReplyForm(forms.Form):
    channel = forms.ChoiceField(label=gettext_lazy("Answered by"), choices=CAME_BY)
    to = forms.CharField(label=gettext_lazy("To"), max_length=254, required=False)
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 8}))


@allowed("orders.confirm")
def asked(request: StaffRequest, number: str) -> HttpResponse:
    """Note a question that came by phone, chat or mail."""
    order = order_of(request, number)
    form = AskForm(request.POST if request.method == "POST" else None)

    def act(said: Any) -> str:
        new = NewQuestion(order.pk, said["words"], said["channel"])
        ask([new], by=request.user, now=timezone.now())
        return _("Noted; a colleague answers within minutes.")

    return act_in_dialog(request, order, _("A question of the customer"), form, act, _("Note it"))


@allowed("desk.write")
def question(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a question beside its order; answer it."""
    rows = Question.objects.visible_to(request.user)
    found = get_object_or_404(
        rows.select_related("order__shop", "order__customer", "answer", "confirmation"), pk=pk
    )
    posted = request.POST if request.method == "POST" else None
    form = ReplyForm(posted, initial=_drafted(request, found))
    complaint = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            new = Reply(found.pk, said["text"], said["channel"], said["to"])
            reply([new], by=request.user, now=timezone.now())
            messages.success(request, _("The question is answered."))
            return HttpResponseRedirect(reverse("order", args=[found.order.number]))
        except Refused as refused:
            complaint = refused.sentence
    context = {"question": found, "order": found.order, "form": form, "complaint": complaint}
    status = 422 if request.method == "POST" else 200
    return render(request, "orders/documents/question.html", context, status=status)


def _drafted(request: StaffRequest, found: Question) -> dict[str, str]:
    """Begin with the script, by mail if there is an address."""
    if found.answered_at:
        return {}
    asked_on = found.confirmation
    known = found.order.customer.mail if found.order.customer else ""
    mail = (asked_on.mail if asked_on else "") or known
    channel = Channel.MAIL if mail else found.channel
    return {"channel": channel, "to": mail, "text": draft_of(found, by=request.user)}
