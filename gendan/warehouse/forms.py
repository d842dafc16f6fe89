"""What is filled in about choosing warehouses and carriers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gendan.stock.models.sourcing import WarehouseRule
from gendan.ui.fields import YuanField
from gendan.ui.forms import ModelForm
from gendan.warehouse.models.carriage import CarrierRule, Discount, Standard, Tariff, Unserved

EXPRESSION = _("In the language of the search box, such as: province = 西藏自治区.")


class WarehouseRuleForm(ModelForm[WarehouseRule]):
    class Meta:
        model = WarehouseRule
        fields = ("name", "expression", "warehouse", "is_only", "position", "is_on")
        help_texts = {"expression": EXPRESSION}
        widgets = {"expression": forms.Textarea(attrs={"rows": 2})}


class CarrierRuleForm(ModelForm[CarrierRule]):
    class Meta:
        model = CarrierRule
        fields = ("name", "expression", "carrier", "position", "is_on")
        help_texts = {"expression": EXPRESSION}
        widgets = {"expression": forms.Textarea(attrs={"rows": 2})}


class TariffForm(ModelForm[Tariff]):
    first_fen = YuanField(label=_("price of the first weight"))
    step_fen = YuanField(label=_("price of each further"))

    class Meta:
        model = Tariff
        fields = ("carrier", "province", "first_g", "first_fen", "step_g", "step_fen")
        help_texts = {"province": _("Empty: to all provinces that have no price of their own.")}


class DiscountForm(ModelForm[Discount]):
    class Meta:
        model = Discount
        fields = ("carrier", "province", "percent", "from_on")
        help_texts = {
            "province": _("Empty: everywhere where no other discount is agreed."),
            "percent": _("10: a parcel of ¥10 costs ¥9. 0: the discount before it has ended."),
        }
        widgets = {"from_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class UnservedForm(ModelForm[Unserved]):
    class Meta:
        model = Unserved
        fields = ("carrier", "province", "city", "district", "why")
        help_texts = {"city": _("Empty: the whole province."), "district": _("Empty: all of it.")}


class StandardForm(ModelForm[Standard]):
    class Meta:
        model = Standard
        fields = ("province", "carrier", "pickup_hours", "arrive_hours")
        help_texts = {
            "province": _("Empty: wherever no other standard is set."),
            "carrier": _("Empty: of all that have no standard of their own there."),
            "arrive_hours": _("Who takes longer becomes a work item."),
        }
