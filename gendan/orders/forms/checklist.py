"""What is filled in about the checklist and the rules for checking."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gendan.orders.models import CheckItem, CheckRule
from gendan.ui.forms import ModelForm

HINT = _("In the language of the search box, such as total > 5000 and cod = yes.")


class CheckItemForm(ModelForm[CheckItem]):
    class Meta:
        model = CheckItem
        fields = ("name", "name_en", "content", "say", "expression", "position", "is_on")
        widgets = {
            "content": forms.Textarea(attrs={"rows": 2}),
            "say": forms.Textarea(attrs={"rows": 3}),
            "expression": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {"expression": _("Empty: asked of every order.")}


class CheckRuleForm(ModelForm[CheckRule]):
    class Meta:
        model = CheckRule
        fields = ("name", "name_en", "expression", "rounds", "is_on")
        widgets = {"expression": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"expression": HINT}
