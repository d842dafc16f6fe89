"""The dialogs of an order's page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gendan.orders.forms.typed import YuanField
from gendan.orders.models import InstructionCode, Method, Order
from gendan.orders.newcomers import NewInstruction


class PayForm(forms.Form):
    method = forms.ChoiceField(label=_("Method"), choices=Method.choices)
    amount = YuanField(label=_("Amount"))
    reference = forms.CharField(
        label=_("Reference"),
        max_length=80,
        required=False,
        help_text=_("Number of the slip or of the payment; it is recorded only once."),
    )

    def clean_amount(self) -> int:
        fen: int = self.cleaned_data["amount"]
        if fen <= 0:
            raise forms.ValidationError(_("Write an amount above zero."))
        return fen


class WhyForm(forms.Form):
    why = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("The customer says"),
        choices=[("yes", _("All right")), ("no", _("Something is wrong"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    words = forms.CharField(
        label=_("The customer's words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ChangeForm(forms.Form):
    """Remarks and special instructions."""

    seller_remark = forms.CharField(
        label=_("Seller's remark"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    warehouse_remark = forms.CharField(
        label=_("Remark for the warehouse"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    instructions = forms.MultipleChoiceField(
        label=_("Special instructions"),
        choices=InstructionCode.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    card = forms.CharField(label=_("Text of the card"), max_length=300, required=False)
    other = forms.CharField(label=_("Other instruction"), max_length=300, required=False)
    day = forms.DateField(
        label=_("Day of delivery"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @classmethod
    def about(cls, order: Order) -> "ChangeForm":
        """Return the form with what the order says now."""
        wishes = {wish.code: wish for wish in order.instructions.all()}
        card, other = wishes.get("CARD"), wishes.get("OTHER")
        day = wishes.get("DELIVER_ON")
        return cls(
            initial={
                "seller_remark": order.seller_remark,
                "warehouse_remark": order.warehouse_remark,
                "instructions": list(wishes),
                "card": card.text if card else "",
                "other": other.text if other else "",
                "day": day.on if day else order.wish_on,
            }
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        needs = {"CARD": "card", "OTHER": "other", "DELIVER_ON": "day"}
        for code in said.get("instructions", ()):
            if code in needs and not said.get(needs[code]):
                self.add_error(needs[code], _("This instruction needs it."))
        return said

    def wanted(self) -> list[NewInstruction]:
        """Return the instructions that were chosen."""
        said = self.cleaned_data
        texts = {"CARD": said["card"], "OTHER": said["other"]}
        return [
            NewInstruction(code, texts.get(code, ""), said["day"] if code == "DELIVER_ON" else None)
            for code in said["instructions"]
        ]
