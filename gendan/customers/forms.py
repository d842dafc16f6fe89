"""Forms about customers and where they live."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gendan.customers.addresses import Division, is_known, names, phone, search_divisions
from gendan.customers.addresses.phones import Kind
from gendan.customers.models import Address
from gendan.ui.importing.cells import tags

DIALLABLE = (Kind.EMPTY, Kind.MOBILE, Kind.LANDLINE)


def _diallable(text: str) -> str:
    number = phone(text)
    if number.kind not in DIALLABLE:
        raise ValidationError(_("This number cannot be dialled. Count its digits."))
    return str(number)


class CustomerForm(forms.Form):
    """Contact and remarks; who may not see name, phone and mail does not change them."""

    name = forms.CharField(label=_("Customer's name"), max_length=80)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    mail = forms.EmailField(label=_("Mail"), required=False)
    company = forms.CharField(label=_("Company"), required=False, max_length=120)
    level = forms.CharField(label=_("Class"), required=False, max_length=20)
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=400, help_text=_("Parted by commas.")
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, masked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if masked:
            del self.fields["name"], self.fields["phone"], self.fields["mail"]

    def clean_phone(self) -> str:
        return _diallable(self.cleaned_data["phone"])

    def clean_tags(self) -> list[str]:
        return tags(self.cleaned_data["tags"])


class NewCustomerForm(CustomerForm):
    phone = forms.CharField(label=_("Phone"), max_length=40)


class AddressForm(forms.Form):
    """A receiver and their place; the divisions are chosen one below the other."""

    receiver_name = forms.CharField(label=_("Receiver"), max_length=80)
    receiver_phone = forms.CharField(label=_("Phone"), max_length=40)
    division = forms.CharField(widget=forms.HiddenInput, max_length=12)
    street = forms.CharField(label=_("Street, town"), required=False, max_length=60)
    address = forms.CharField(label=_("Address"), max_length=300)
    zip = forms.CharField(label=_("Postcode"), required=False, max_length=10)
    is_default = forms.BooleanField(label=_("Default"), required=False)

    def clean_receiver_phone(self) -> str:
        return _diallable(self.cleaned_data["receiver_phone"])

    def clean_division(self) -> str:
        code: str = self.cleaned_data["division"]
        if not is_known(code) or (search_divisions(parent=code) and len(code) < 6):
            raise ValidationError(_("Choose province, city and district to the end."))
        return code

    def levels(self) -> list[tuple[str, Sequence[Division]]]:
        """Return what to choose from, one list below the other, with the code chosen in each."""
        code = str(self["division"].value() or "")
        chain = [""] if not is_known(code) else _chain(code)
        return [(chosen, search_divisions(parent=above)) for above, chosen in _pairs(chain)]

    def filled(self, address: Address) -> Address:
        """Write what was said into an address."""
        said = {**self.cleaned_data}
        place = names(said["division"])
        said["street"] = said["street"] or place.street
        for name, value in said.items():
            setattr(address, name, value)
        address.province, address.city, address.district = place[:3]
        return address


def _chain(code: str) -> list[str]:
    """The codes from the top down to this one, as they are offered, with one more to choose."""
    steps = [code[:length] for length in (2, 4, 6) if length <= len(code)]
    chain = [""]
    for step in steps:
        if any(offer.code == step for offer in search_divisions(parent=chain[-1])):
            chain.append(step)
    return chain


def _pairs(chain: list[str]) -> list[tuple[str, str]]:
    pairs = list(zip(chain, [*chain[1:], ""], strict=True))
    return [pair for pair in pairs if len(pair[0]) < 6]
