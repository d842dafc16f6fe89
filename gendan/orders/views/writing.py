"""Writing to a customer from an order's page: a script, filled with the order's own values."""

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

from gendan.desk.actions import write as write_down
from gendan.desk.filling import UnknownBlank, fill
from gendan.desk.models import Channel, Message, Script, Topic
from gendan.desk.scripts import install_scripts
from gendan.orders.chasing import HELD_OUT
from gendan.orders.models import Order
from gendan.orders.telling import message_about, values_of
from gendan.orders.views.request import order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest


class WriteForm(forms.Form):
    script = forms.ModelChoiceField(
        Script.objects.none(), label=gettext_lazy("Script"), required=False
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=Channel.choices, initial=Channel.CHAT
    )


@allowed("desk.write")
def write(request: StaffRequest, number: str) -> HttpResponse | HttpResponseRedirectBase:
    """Choose what to say and how; the words are read over on the message's page, and sent there."""
    order = order_of(request, number)
    install_scripts(by=request.user)
    form = WriteForm(request.POST if request.method == "POST" else None)
    _offer_scripts(form, order)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = _written(request, order, said["script"], said["channel"])
        page = reverse("message", args=[made.pk])
        htmx = request.headers.get("HX-Request") == "true"
        return HttpResponseClientRedirect(page) if htmx else redirect(page)
    context = {
        "order": order,
        "form": form,
        "title": _("Write to the customer"),
        "label": _("Go on to the words"),
    }
    htmx = request.headers.get("HX-Request") == "true"
    template = "orders/_dialog.html" if htmx else "orders/dialog.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _offer_scripts(form: WriteForm, order: Order) -> None:
    """Nobody writes about payment to who is held out: what chasing brings is measured by them."""
    scripts = Script.objects.filter(is_on=True)
    if Order.objects.filter(HELD_OUT, pk=order.pk).exists():
        scripts = scripts.exclude(topic=Topic.CHASE)
    field = form.fields["script"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = scripts


def _written(request: StaffRequest, order: Order, script: Script | None, channel: str) -> Message:
    topic = script.topic if script else Topic.OTHER
    script_id = script.pk if script else None
    new = message_about(order, topic, channel, _text(order, script), script_id=script_id)
    return write_down([new], by=request.user, now=timezone.now()).get()


def _text(order: Order, script: Script | None) -> str:
    """Return the script with the order's values; what only later rooms know stays in braces."""
    values = values_of([order])[order.pk]
    greeting = _("Dear %(name)s,") % {"name": values["receiver"]}
    try:
        return fill(script.text, values) if script else greeting
    except UnknownBlank:
        return script.text if script else greeting
