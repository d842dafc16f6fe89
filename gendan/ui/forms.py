"""What every form of the house has in common."""

from typing import TYPE_CHECKING, Generic, TypeVar

from django import forms
from django.db.models import Model

M = TypeVar("M", bound=Model)

if TYPE_CHECKING:
    ModelForm = forms.ModelForm
else:

    class ModelForm(forms.ModelForm, Generic[M]):
        """Django's, which is generic to the type checker but not when it runs."""
