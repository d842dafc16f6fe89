"""What is filled in about mistakes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gendan.insight.actions import Verdict
from gendan.insight.models import Because, FoundAt, What
from gendan.orders.forms.typed import YuanField
from gendan.people.models import Person
from gendan.people.permissions import Role

TEXT = forms.Textarea(attrs={"rows": 2})


class CauseForm(forms.Form):
    """Why one or many happened, whose they were, and what each cost."""

    because = forms.ChoiceField(label=_("Cause"), choices=Because.choices, widget=forms.RadioSelect)
    team = forms.ChoiceField(label=_("Team"), choices=[("", "—"), *Role.choices], required=False)
    owner = forms.ModelChoiceField(
        Person.objects.none(), label=_("Colleague"), required=False, empty_label="—"
    )
    cost = YuanField(
        label=_("What it cost"), required=False, help_text=_("Empty: as it is estimated.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = Person.objects.filter(is_active=True).order_by("name")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("team") and not said.get("owner"):
            self.add_error("team", _("Say whose it was: a colleague, or a team."))
        return said

    def verdict(self) -> Verdict:
        """Return what was said."""
        return verdict_of(self.cleaned_data)


def verdict_of(said: Mapping[str, Any]) -> Verdict:
    """Return the verdict that a form brought; without a word on what, that stays as it is."""
    return Verdict(
        said["because"],
        said["owner"].pk if said["owner"] else None,
        said["team"],
        said.get("what", ""),
        said["cost"],
    )


class VerdictForm(CauseForm):
    """What it was after all, why it happened, whose it was, and what it cost."""

    what = forms.ChoiceField(label=_("What went wrong"), choices=What.choices)
    field_order = ("what", "because", "team", "owner", "cost")


class RecordForm(VerdictForm):
    """A mistake that a colleague found."""

    where = forms.ChoiceField(label=_("Found where"), choices=FoundAt.choices)
    words = forms.CharField(label=_("What happened"), max_length=1000, required=False, widget=TEXT)
    done = forms.CharField(
        label=_("What was done"),
        max_length=1000,
        required=False,
        widget=TEXT,
        help_text=_("Empty: it is still to be dealt with."),
    )


class DoneForm(forms.Form):
    done = forms.CharField(label=_("What was done"), max_length=1000, widget=TEXT)
