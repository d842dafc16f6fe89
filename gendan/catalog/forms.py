"""Forms about products and SKUs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Product, Sku
from gendan.catalog.words import grid
from gendan.ui.fields import YuanField
from gendan.ui.forms import ModelForm

MOST_SKUS = 200


class ProductForm(ModelForm[Product]):
    class Meta:
        model = Product
        fields = ["style", "title", "category", "unit", "care", "is_active"]
        widgets = {"care": forms.Textarea(attrs={"rows": 3})}

    def clean_style(self) -> str:
        style: str = self.cleaned_data["style"]
        return style.strip()


class GridForm(forms.Form):
    """The options of a new product: every combination becomes a SKU."""

    first_name = forms.CharField(label=_("First option"), required=False, max_length=20)
    first_values = forms.CharField(
        label=_("Its values"),
        required=False,
        help_text=_("Parted by commas or blanks: 墨绿, 酒红, black"),
    )
    second_name = forms.CharField(label=_("Second option"), required=False, max_length=20)
    second_values = forms.CharField(label=_("Its values"), required=False)
    price_fen = YuanField(label=_("Price"))
    floor_fen = YuanField(label=_("Floor price"), required=False)
    weight_g = forms.IntegerField(
        label=_("Weight (g)"), required=False, min_value=0, max_value=1_000_000
    )
    safety_stock = forms.IntegerField(label=_("Safety stock"), min_value=0, max_value=100_000)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        _need_name(self, "first_name", cleaned.get("first_name"), cleaned.get("first_values"))
        _need_name(self, "second_name", cleaned.get("second_name"), cleaned.get("second_values"))
        if len(self.options(cleaned)) > MOST_SKUS:
            self.add_error(
                "second_values",
                _("More than %(n)s SKUs at once. Import them from Excel.") % {"n": MOST_SKUS},
            )
        _floor_below_price(self, cleaned)
        return cleaned

    def options(self, cleaned: dict[str, Any]) -> list[dict[str, str]]:
        """Return the options of every SKU to make."""
        axes = {
            cleaned.get("first_name", ""): _values(cleaned.get("first_values", "")),
            cleaned.get("second_name", ""): _values(cleaned.get("second_values", "")),
        }
        return grid(axes)


class SkuForm(ModelForm[Sku]):
    price_fen = YuanField(label=_("Price"))
    floor_fen = YuanField(
        label=_("Floor price"), help_text=_("Below it, a supervisor must agree. 0: no floor.")
    )

    class Meta:
        model = Sku
        fields = [
            "code",
            "barcode",
            "specification",
            "price_fen",
            "floor_fen",
            "weight_g",
            "length_mm",
            "width_mm",
            "height_mm",
            "safety_stock",
            "is_fragile",
            "is_active",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        _floor_below_price(self, cleaned)
        return cleaned


def _floor_below_price(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    price, floor = cleaned.get("price_fen"), cleaned.get("floor_fen")
    if price is not None and floor is not None and floor > price:
        form.add_error(
            "floor_fen", _("The floor is above the price. Lower one or raise the other.")
        )


def _need_name(form: forms.Form, field: str, name: str | None, values: str | None) -> None:
    if values and not name:
        form.add_error(field, _("Say what these values are: colour, size, …"))


def _values(text: str) -> list[str]:
    for mark in "，、,;；\t\n":
        text = text.replace(mark, " ")
    return list(dict.fromkeys(text.split()))
