"""What is filled in about stock."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.people.access import Worker
from gendan.people.models import Warehouse
from gendan.people.queries import warehouses_of
from gendan.stock.actions import Goods
from gendan.stock.models import ComesFrom, PartingRules, Presale
from gendan.ui.forms import ModelForm

MOST = 10**6
MINUTE = "%Y-%m-%dT%H:%M"


class GoodsForm(forms.Form):
    """The head of a list of goods: where, and on what ground."""

    warehouse = forms.ModelChoiceField(
        Warehouse.objects.none(), label=_("Warehouse"), empty_label=None
    )
    document = forms.CharField(
        label=_("Document"),
        max_length=60,
        required=False,
        help_text=_("Number of the delivery note or purchase order."),
    )
    why = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, worker: Worker, *args: Any, asks_why: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = [warehouse.pk for warehouse in warehouses_of(worker)]
        field = self.fields["warehouse"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Warehouse.objects.filter(pk__in=theirs).order_by("rank", "pk")
        del self.fields["document" if asks_why else "why"]


class ExpectForm(forms.Form):
    """The head of a list of goods that are to come: where, when, under which number."""

    warehouse = forms.ModelChoiceField(
        Warehouse.objects.none(), label=_("Warehouse"), empty_label=None
    )
    due_on = forms.DateField(
        label=_("Expected on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reference = forms.CharField(
        label=_("Delivery number"),
        max_length=60,
        help_text=_("Number of the purchase or work order: by it the goods are known again."),
    )
    comes_from = forms.ChoiceField(label=_("Comes from"), choices=ComesFrom.choices)

    def __init__(self, worker: Worker, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = [warehouse.pk for warehouse in warehouses_of(worker)]
        field = self.fields["warehouse"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Warehouse.objects.filter(pk__in=theirs).order_by("rank", "pk")


class PresaleForm(ModelForm[Presale]):
    """A presale; what is sold, where and from when on stays as it is once it is opened."""

    class Meta:
        model = Presale
        fields = ("shop", "begins_at", "ends_at", "pool", "ships_on")
        widgets = {
            "begins_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE),
            "ends_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE),
            "ships_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["shop"], self.fields["begins_at"]
        else:
            shop = self.fields["shop"]
            assert isinstance(shop, forms.ModelChoiceField)
            shop.empty_label = str(_("All shops"))


class PartingForm(ModelForm[PartingRules]):
    """What may leave before the rest of its order."""

    ready_first = forms.TypedChoiceField(
        label=_("Ready goods beside presold ones"),
        choices=((True, _("What is ready leaves first")), (False, _("Everything together"))),
        coerce=lambda said: said == "True",
        widget=forms.RadioSelect,
        help_text=_("Counts for whoever gets pieces of a presale from now on."),
    )
    sets_part = forms.TypedChoiceField(
        label=_("Sets of which parts are short"),
        choices=((False, _("Only whole sets leave")), (True, _("What is there of a set leaves"))),
        coerce=lambda said: said == "True",
        widget=forms.RadioSelect,
        help_text=_("Only whole sets are refunded: a part has no price of its own."),
    )

    class Meta:
        model = PartingRules
        fields = ("ready_first", "sets_part")


class LocationForm(forms.Form):
    location = forms.CharField(label=_("Location"), max_length=30)


def goods_of(posted: QueryDict) -> list[Goods]:
    """Return the goods that were listed: known SKUs with whole numbers, each SKU once."""
    total: dict[int, int] = {}
    pairs = zip(posted.getlist("sku"), posted.getlist("quantity"), strict=False)
    for sku, quantity in pairs:
        if sku.isdecimal() and (number := whole(quantity)) is not None:
            total[int(sku)] = total.get(int(sku), 0) + number
    known = Sku.objects.filter(pk__in=total).values_list("pk", flat=True)
    return [Goods(sku, total[sku]) for sku in sorted(known)]


def whole(text: str) -> int | None:
    """Return a whole number, with or without a sign; None if it is none."""
    try:
        number = int(text.strip())
    except ValueError:
        return None
    return number if abs(number) <= MOST else None
