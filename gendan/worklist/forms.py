"""Forms about work items and business hours."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from gendan.people.models import Person
from gendan.ui.forms import ModelForm
from gendan.worklist.models import OpenHours, SpecialDay


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(label=_("To whom"), queryset=Person.objects.none())
    why = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, role: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Person.objects.with_role(role).order_by("name")


class DoneForm(forms.Form):
    why = forms.CharField(label=_("How was it settled?"), max_length=200)


class HoursForm(ModelForm[OpenHours]):
    weekday = forms.TypedChoiceField(label=_("Weekday"), choices=list(WEEKDAYS.items()), coerce=int)

    class Meta:
        model = OpenHours
        fields = ["weekday", "opens", "closes"]
        widgets = {
            "opens": forms.TimeInput(attrs={"type": "time"}),
            "closes": forms.TimeInput(attrs={"type": "time"}),
        }


class SpecialDayForm(ModelForm[SpecialDay]):
    works_like = forms.TypedChoiceField(
        label=_("Works like"),
        choices=[("", _("Holiday: nobody works")), *WEEKDAYS.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )

    class Meta:
        model = SpecialDay
        fields = ["on", "name", "works_like"]
        widgets = {"on": forms.DateInput(attrs={"type": "date"})}
