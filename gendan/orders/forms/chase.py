"""What is filled in while payment is chased: the word itself, an offer, a plan, the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gendan.desk.models import Channel
from gendan.orders.actions.chase import NewStep, Term
from gendan.orders.forms.typed import YuanField
from gendan.orders.models import (
    ChaseAnchor,
    ChaseOutcome,
    ChasePlan,
    ChaseReason,
    ChaseRules,
)
from gendan.people.models import Platform
from gendan.ui.forms import ModelForm

WAYS = (Channel.CHAT, Channel.PHONE, Channel.MAIL)
AT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
LINES = 2  # empty steps that stand ready on a plan's page


class SayForm(forms.Form):
    """What was said, and what came of it."""

    reason = forms.ChoiceField(
        choices=[("", _("Plain reminder")), *ChaseReason.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What to say"), max_length=2000, required=False, widget=forms.Textarea({"rows": 6})
    )
    channel = forms.ChoiceField(label=_("Way"), choices=[(way.value, way.label) for way in WAYS])
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[("", _("Nothing yet")), *ChaseOutcome.choices],
        required=False,
    )
    will_pay_at = forms.DateTimeField(label=_("Will pay at"), required=False, widget=AT)
    words = forms.CharField(label=_("The customer's words"), max_length=500, required=False)
    times = forms.IntegerField(widget=forms.HiddenInput)


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What came of it"), choices=ChaseOutcome.choices)
    will_pay_at = forms.DateTimeField(label=_("Will pay at"), required=False, widget=AT)
    words = forms.CharField(label=_("The customer's words"), max_length=500, required=False)


class OfferForm(forms.Form):
    off = YuanField(label=_("Less by"))
    until_at = forms.DateTimeField(label=_("Valid until"), required=False, widget=AT)
    why = forms.CharField(label=_("Why"), max_length=300, required=False)


class PlanForm(ModelForm[ChasePlan]):
    class Meta:
        model = ChasePlan
        fields = ("name", "name_en", "position", "holdout_percent", "is_on")


class StepForm(forms.Form):
    """One line of a plan; without minutes it is none."""

    minutes = forms.IntegerField(label=_("minutes"), required=False, min_value=1, max_value=20_000)
    anchor = forms.ChoiceField(label=_("counted"), choices=ChaseAnchor.choices)
    channel = forms.ChoiceField(label=_("Way"), choices=[(way.value, way.label) for way in WAYS])
    reason = forms.ChoiceField(
        label=_("Script"),
        choices=[("", _("Plain reminder")), *ChaseReason.choices],
        required=False,
    )
    is_automatic = forms.BooleanField(label=_("goes out by itself"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("minutes", "anchor", "channel", "reason"):  # they stand in a table
            self.fields[name].widget.attrs["class"] = "input"

    def step(self) -> NewStep | None:
        """Return the step that was written down, if one was."""
        said = self.cleaned_data
        if not said.get("minutes"):
            return None
        return NewStep(**{name: said[name] for name in self.fields})


StepForms = forms.formset_factory(StepForm, extra=LINES)


class RulesForm(ModelForm[ChaseRules]):
    class Meta:
        model = ChaseRules
        fields = ("quiet_from", "quiet_until", "daily_most", "gap_minutes", "is_on")
        widgets = {"quiet_from": CLOCK, "quiet_until": CLOCK}

    def __init__(self, *args: Any, terms: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in Platform.choices:
            if code != Platform.OWN:
                self.fields[f"hours_{code}"] = forms.IntegerField(
                    label=_("%(platform)s closes after (hours)") % {"platform": label},
                    min_value=1,
                    max_value=2_000,
                    initial=terms.get(code),
                )

    def terms(self) -> list[Term]:
        """Return when the platforms close what nobody paid."""
        said = self.cleaned_data
        return [
            Term(name.removeprefix("hours_"), hours)
            for name, hours in said.items()
            if name.startswith("hours_")
        ]
