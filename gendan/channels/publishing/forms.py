"""What is filled in about publishing."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Product, Sku
from gendan.channels.models import PublishRule
from gendan.people.access import Worker, at_shops
from gendan.people.models import Platform, Shop, Warehouse
from gendan.ui.forms import ModelForm


class RuleForm(ModelForm[PublishRule]):
    """For which shop and goods, how many, and from where."""

    category = forms.ChoiceField(label=_("Category"), required=False)
    sku = forms.CharField(
        label=_("SKU code"), max_length=60, required=False, help_text=_("Empty: all goods.")
    )
    warehouses = forms.ModelMultipleChoiceField(
        Warehouse.objects.none(),
        label=_("Warehouses"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every active one."),
    )

    class Meta:
        model = PublishRule
        fields = (
            "shop",
            "category",
            "sku",
            "percent",
            "plus",
            "minus",
            "least",
            "most",
            "warehouses",
            "less_reserved",
            "less_waiting",
            "less_safety",
            "arriving_percent",
            "arriving_days",
            "is_on",
        )

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shop, places = self.fields["shop"], self.fields["warehouses"]
        assert isinstance(shop, forms.ModelChoiceField)
        assert isinstance(places, forms.ModelMultipleChoiceField)
        theirs = Shop.objects.filter(at_shops(worker, "pk")).exclude(platform=Platform.OWN)
        shop.queryset = theirs.order_by("code")
        shop.empty_label = str(_("Every web shop"))
        shop.required = worker.shop_ids is not None
        places.queryset = Warehouse.objects.filter(is_active=True).order_by("rank", "pk")
        words = Product.objects.exclude(category="").values_list("category", flat=True)
        names = sorted(set(words) | {self.instance.category} - {""})
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = [("", _("All goods")), *((name, name) for name in names)]
        self.initial["sku"] = self.instance.sku.code if self.instance.sku else ""
        self.initial["warehouses"] = self.instance.warehouse_ids or []

    def clean_sku(self) -> Sku | None:
        code = self.cleaned_data["sku"].strip()
        if not code:
            return None
        found = Sku.objects.filter(Q(code__iexact=code) | Q(barcode=code)).first()
        if found is None:
            raise forms.ValidationError(_("There is no SKU with this code."))
        return found

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("sku") and said.get("category"):
            self.add_error("category", _("A SKU says it already: leave the category empty."))
        return said

    def rule(self) -> PublishRule:
        """Return the rule as it was filled in, not yet saved."""
        rule = self.save(commit=False)
        places = [place.pk for place in self.cleaned_data["warehouses"]]
        rule.warehouse_ids = places or None
        return rule
