"""What is filled in at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gendan.desk.models import Script
from gendan.ui.forms import ModelForm


class ScriptForm(ModelForm[Script]):
    class Meta:
        model = Script
        fields = ("topic", "name", "name_en", "text", "position", "is_on")
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}


class MessageForm(forms.Form):
    to = forms.CharField(label=_("To"), max_length=254, required=False)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 7}))
