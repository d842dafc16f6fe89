"""The weekly sample of what was sent: the list, one document beside its order, the figures."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.orders.actions.sample import Found, judge, judge_again, save_sampling
from gendan.orders.models import Fault, Sample, SampleQuerySet, Sampling
from gendan.orders.models.sampling import monday_of
from gendan.orders.paper.comparing import compared
from gendan.orders.queries.as_of import act_of, sheet_as_of
from gendan.orders.queries.faults import faults_by_clerk
from gendan.orders.sampled import SAMPLES
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.forms import ModelForm
from gendan.ui.listing import list_view

WEEKS = 12
_ASKS_WHAT = gettext_lazy("Open what is wrong, and write what was found.")
_ASKS_WHICH = gettext_lazy("You have written what is wrong. Note the faults, or clear them first.")


class SamplingForm(ModelForm[Sampling]):
    class Meta:
        model = Sampling
        fields = ("percent", "at_least")


class FaultForm(forms.Form):
    """A note for each kind of fault; of what has none nothing was found."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in Fault:
            words = forms.Textarea(attrs={"rows": 2})
            self.fields[kind.value] = forms.CharField(
                label=kind.label, max_length=500, required=False, widget=words
            )

    def found(self) -> list[Found]:
        """Return the faults that were noted."""
        return [Found(kind, words) for kind, words in self.cleaned_data.items() if words]


@allowed("orders.sample")
def samples(request: StaffRequest) -> HttpResponseBase:
    """Show what was drawn, and who made how many faults; change how many are drawn."""
    rule = Sampling.objects.first() or Sampling()
    if "percent" in request.POST:
        form = SamplingForm(request.POST, instance=rule)
        if form.is_valid():
            save_sampling(form.save(commit=False), by=request.user)
            messages.success(request, _("Saved."))
            return redirect("samples")
    since = monday_of(timezone.localdate()) - timedelta(weeks=WEEKS)
    shown = {
        "records": faults_by_clerk(request.user, since),
        "weeks": WEEKS,
        "form": SamplingForm(instance=rule),
    }
    return list_view(request, SAMPLES, template="orders/samples/samples.html", context=shown)


@allowed("orders.sample")
def sample(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a document beside its order as it was then; judge it, or take the judgement back."""
    found = _sample(request, pk)
    if request.method != "POST":
        return _page(request, found, FaultForm())
    form = FaultForm(request.POST)
    chosen, now = Sample.objects.filter(pk=pk), timezone.now()
    try:
        if "again" in request.POST:
            judge_again(chosen, by=request.user, now=now)
            return redirect("sample", pk)
        if form.is_valid():
            is_right, faults = "right" in request.POST, form.found()
            if is_right == bool(faults):
                complaint = _ASKS_WHICH if is_right else _ASKS_WHAT
                return _page(request, found, form, str(complaint), status=422)
            judge(chosen, faults, by=request.user, now=now)
            return _next(request, found)
    except Refused as refused:
        return _page(request, found, form, refused.sentence, status=422)
    return _page(request, found, form, status=422)


def _sample(request: StaffRequest, pk: int) -> Sample:
    rows: SampleQuerySet = Sample.objects.visible_to(request.user).prefetch_related("faults")
    rows = rows.select_related("confirmation__order__shop", "confirmation__made_by", "judged_by")
    found: Sample = get_object_or_404(rows, pk=pk)
    return found


def _next(request: StaffRequest, found: Sample) -> HttpResponse:
    """Go on with the next document of the week; back to the list after the last one."""
    still = Sample.objects.visible_to(request.user).filter(week=found.week, judged_at=None)
    following = still.order_by("pk").first()
    if following:
        return redirect("sample", following.pk)
    messages.success(request, _("All documents of this week are checked."))
    return HttpResponseRedirect(reverse("samples"))


def _page(
    request: StaffRequest, found: Sample, form: FaultForm, complaint: str = "", *, status: int = 200
) -> HttpResponse:
    asked = found.confirmation
    then = sheet_as_of(asked.order, act_of(asked))
    of_week = Sample.objects.visible_to(request.user).filter(week=found.week)
    shown: dict[str, Any] = {
        "sample": found,
        "asked": asked,
        "order": asked.order,
        "lines": compared(asked.sheet or {}, then),
        "then": then,
        "form": form,
        "done": of_week.exclude(judged_at=None).count(),
        "total": of_week.count(),
        "complaint": complaint,
    }
    return render(request, "orders/samples/sample.html", shown, status=status)
