"""What reviewers and rule makers fill in."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gendan.customers.addresses import Address, sentence, split
from gendan.customers.addresses import phone as read_phone
from gendan.customers.addresses.phones import Kind
from gendan.screening.fields import screening_finder
from gendan.screening.models import Rule
from gendan.ui.finding import FindingError
from gendan.ui.forms import ModelForm


class WhyForm(forms.Form):
    why = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class AddressForm(forms.Form):
    address = forms.CharField(
        label=_("Address"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In one line, from the province to the house number; it is split by itself."),
    )
    why = forms.CharField(label=_("Who said so"), max_length=200, required=False)

    def clean_address(self) -> Address:
        address = split(self.cleaned_data["address"])
        if not address.complete:
            raise forms.ValidationError([str(sentence(problem)) for problem in address.problems])
        return address


class PhoneForm(forms.Form):
    phone = forms.CharField(label=_("Phone"), max_length=40)
    why = forms.CharField(label=_("Who said so"), max_length=200, required=False)

    def clean_phone(self) -> str:
        number = read_phone(self.cleaned_data["phone"])
        if number.kind not in (Kind.MOBILE, Kind.LANDLINE):
            raise forms.ValidationError(_("This is no number that can be called."))
        return str(number)


class RuleForm(ModelForm[Rule]):
    evidence = forms.CharField(
        label=_("Fields shown as evidence"),
        required=False,
        help_text=_("Names of fields, side by side; none: those that the condition asks about."),
    )

    class Meta:
        model = Rule
        fields = (
            *("name", "name_en", "severity", "remedy", "review", "evidence", "position"),
            *("long_after_h", "rests_on_big_days", "is_on"),
        )

    def __init__(self, *args: Any, expression: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expression = expression
        for name in ("review", "long_after_h"):  # as they are, unless somebody says otherwise
            self.fields[name].required = False
        names = self.instance.evidence or []
        fields = [screening_finder.vocabulary.get(name) for name in names]
        self.initial["evidence"] = " ".join(f.written_name() for f in fields if f)

    def clean_review(self) -> str:
        return self.cleaned_data["review"] or self.instance.review

    def clean_long_after_h(self) -> int:
        return self.cleaned_data["long_after_h"] or self.instance.long_after_h

    def clean_evidence(self) -> list[str]:
        words = re.split(r"[\s,，、]+", self.cleaned_data["evidence"].strip())
        fields = [(word, screening_finder.vocabulary.get(word)) for word in words if word]
        unknown = [word for word, field in fields if field is None]
        if unknown:
            raise forms.ValidationError(
                _("There is no field “%(name)s”."), params={"name": unknown[0]}
            )
        return [field.name for _word, field in fields if field] or self._mentioned()

    def _mentioned(self) -> list[str]:
        try:
            return [field.name for field in screening_finder.mentions(self.expression)]
        except FindingError:
            return []

    def rule(self) -> Rule:
        """Return the rule as it was filled in, not yet saved."""
        rule = self.save(commit=False)
        rule.expression = self.expression
        rule.evidence = self.cleaned_data["evidence"]
        return rule
