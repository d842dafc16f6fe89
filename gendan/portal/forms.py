"""The two forms of the customer's page."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from gendan.portal.problems import Problem


class AskForm(forms.Form):
    number = forms.CharField(
        label=_("Order number"),
        max_length=60,
        help_text=_("From your confirmation, or the number on the platform where you bought."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    digits = forms.CharField(
        label=_("Last four digits of your phone number"),
        min_length=4,
        max_length=4,
        validators=[RegexValidator(r"^[0-9]{4}$", _("Four digits, such as 0123."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class ProblemForm(forms.Form):
    problem = forms.ChoiceField(
        label=_("What is wrong?"), choices=Problem.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your words"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What happened, and what would help you."),
    )
