"""Forms about colleagues and places."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gendan.people.models import Merchant, Person, Shop, Warehouse
from gendan.people.permissions import PERMISSIONS, Role
from gendan.ui.forms import ModelForm


class SignInForm(forms.Form):
    username = forms.CharField(label=_("User name"))
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput)


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("Present password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters, and none of your last five passwords."),
    )
    again = forms.CharField(
        label=_("New password once more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("new") != cleaned.get("again"):
            self.add_error("again", _("The two new passwords differ. Type both again."))
        return cleaned


class _PlacesForm(forms.Form):
    """Which shops and warehouses somebody sees; none ticked means all of them."""

    shop_ids = forms.TypedMultipleChoiceField(
        label=_("Shops"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every shop."),
    )
    warehouse_ids = forms.TypedMultipleChoiceField(
        label=_("Warehouses"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every warehouse."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("shop_ids", Shop), ("warehouse_ids", Warehouse)):
            field = self.fields[name]
            if isinstance(field, forms.TypedMultipleChoiceField):
                field.choices = [(row.pk, str(row)) for row in model.objects.order_by("code")]

    def clean_shop_ids(self) -> list[int] | None:
        return self.cleaned_data["shop_ids"] or None

    def clean_warehouse_ids(self) -> list[int] | None:
        return self.cleaned_data["warehouse_ids"] or None


class PersonForm(_PlacesForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    discount_limit = forms.IntegerField(label=_("Discount limit (%)"), min_value=0, max_value=100)
    mail = forms.EmailField(label=_("Mail"), required=False)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=30)
    is_active = forms.BooleanField(label=_("Works here"), required=False)
    field_order = ["username", "password", "name", "roles", "discount_limit", "mail", "phone"]

    @staticmethod
    def values_of(person: Person) -> dict[str, Any]:
        names = ("name", "roles", "discount_limit", "mail", "phone", "is_active")
        return {
            **{name: getattr(person, name) for name in names},
            "shop_ids": person.shop_ids or [],
            "warehouse_ids": person.warehouse_ids or [],
        }


class NewPersonForm(PersonForm):
    username = forms.SlugField(label=_("User name"), max_length=60)
    password = forms.CharField(
        label=_("First password"),
        help_text=_("The colleague must choose another one at the first sign-in."),
    )

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if Person.objects.filter(username=username).exists():
            raise forms.ValidationError(_("This user name is taken. Choose another."))
        return username


class KeyForm(_PlacesForm):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Which program uses it."))
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=list(PERMISSIONS.items()), widget=forms.CheckboxSelectMultiple
    )
    expires_at = forms.DateTimeField(
        label=_("Expires"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    field_order = ["name", "expires_at", "scopes"]


class ShopForm(ModelForm[Shop]):
    class Meta:
        model = Shop
        fields = [
            "code",
            "name",
            "platform",
            "kind",
            "ship_hours",
            "uses_safety_stock",
            "is_active",
        ]


class WarehouseForm(ModelForm[Warehouse]):
    class Meta:
        model = Warehouse
        fields = ["code", "name", "contact", "phone", "address", "rank", "is_active"]


class MerchantForm(ModelForm[Merchant]):
    class Meta:
        model = Merchant
        fields = ["name", "phone", "mail", "address", "returns"]
