"""What people fill in at intake."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gendan.channels.formats.mapped import FIELDS
from gendan.people.access import Worker
from gendan.people.models import Shop


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class UploadForm(forms.Form):
    """Some files and the shop they belong to: one of ours, or the code of a new one."""

    shop = forms.CharField(
        label=_("Shop"),
        max_length=40,
        help_text=_("A code not known yet opens a new shop of the platform of the files."),
        widget=forms.TextInput(attrs={"list": "shop-codes", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, worker: Worker, **more: Any) -> None:
        super().__init__(*args, **more)
        self._worker = worker

    def clean_shop(self) -> str:
        """Refuse a shop that the worker does not see; only who sees all may open one."""
        code = str(self.cleaned_data["shop"]).strip()
        seen = self._worker.shop_ids
        if seen is not None and not Shop.objects.filter(pk__in=seen, code=code).exists():
            raise forms.ValidationError(_("Choose one of your shops."))
        return code


class MappingForm(forms.Form):
    """A name, and for each of our fields the header under which it stands."""

    name = forms.SlugField(label=_("Name"), max_length=40, allow_unicode=True)
    cancels_with = forms.CharField(
        label=_("Cancellations begin with"),
        max_length=8,
        required=False,
        help_text=_("An order number that begins so is a cancellation, such as C536379."),
    )

    def __init__(self, *args: Any, headers: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", "—"), *((name, name) for name in headers if name)]
        for field, label in FIELDS.items():
            self.fields[f"of_{field}"] = forms.ChoiceField(
                label=str(label),
                choices=choices,
                required=False,
                initial=_guess(str(label), headers),
            )

    @property
    def chosen(self) -> dict[str, str]:
        """Return which of our fields stands under which header."""
        return {
            field: self.cleaned_data[f"of_{field}"]
            for field in FIELDS
            if self.cleaned_data.get(f"of_{field}")
        }


def _guess(label: str, headers: list[str]) -> str:
    return next((name for name in headers if name.strip().lower() == label.lower()), "")
