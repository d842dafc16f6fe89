"""The forms about urgency and promises."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.delivery.models import Penalty, Reckoning
from gendan.desk.models import Channel
from gendan.orders.forms.typed import YuanField
from gendan.orders.models import LaneRules
from gendan.ui.forms import ModelForm


class LaneRulesForm(ModelForm[LaneRules]):
    class Meta:
        model = LaneRules
        fields = [
            "a_day",
            "screening_minutes",
            "stock_minutes",
            "wave_minutes",
            "packing_minutes",
            "hand_over_minutes",
        ]


class DateForm(forms.Form):
    """Another date, and why."""

    at = forms.DateTimeField(
        label=_("The other date"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    why = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at <= timezone.now():
            raise forms.ValidationError(_("This date has passed. Choose a later one."))
        return at


class OfferForm(DateForm):
    """Another date that the customer is asked to agree to."""

    channel = forms.ChoiceField(
        label=_("How to tell the customer"),
        choices=[c for c in Channel.choices if c[0] in (Channel.CHAT, Channel.MAIL, Channel.PHONE)],
        initial=Channel.CHAT,
    )


class PenaltyForm(ModelForm[Penalty]):
    least_fen = YuanField(label=_("at least"), initial=0)
    most_fen = YuanField(label=_("at most"), required=False)

    class Meta:
        model = Penalty
        fields = ["platform", "permille", "least_fen", "most_fen"]


class ReckoningForm(ModelForm[Reckoning]):
    class Meta:
        model = Reckoning
        exclude = ["id"]


class LeadTimeForm(forms.Form):
    sku = forms.CharField(label="SKU", max_length=60)
    days = forms.IntegerField(label=_("days to make it"), min_value=0, max_value=365)

    def clean_sku(self) -> Sku:
        found = Sku.objects.filter(code__iexact=self.cleaned_data["sku"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("Nobody knows this SKU. Look it up by its code or name."))
        return found
