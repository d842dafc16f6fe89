"""The files of others about a day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gendan.people.access import Worker, at_shops
from gendan.people.models import Platform, Shop
from gendan.warehouse.models import Carrier


class Chosen(forms.Select):
    """Stands alone beside its button, so it brings its look and its name along."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.attrs |= {"class": "input", "aria-label": _("Whose file it is")}


class PlatformFileForm(forms.Form):
    of = forms.ModelChoiceField(
        Shop.objects.none(), label=_("Shop"), empty_label=None, widget=Chosen
    )
    file = forms.FileField(label=_("File"))

    def __init__(self, *args: Any, worker: Worker, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["of"]
        assert isinstance(field, forms.ModelChoiceField)
        theirs = Shop.objects.filter(at_shops(worker, "pk"), is_active=True)
        field.queryset = theirs.exclude(platform=Platform.OWN).order_by("code")


class CarrierFileForm(forms.Form):
    of = forms.ModelChoiceField(
        Carrier.objects.filter(is_active=True),
        label=_("Carrier"),
        empty_label=None,
        widget=Chosen,
    )
    file = forms.FileField(label=_("File"))
