"""What is filled in about big days."""

from django.utils.translation import gettext_lazy as _

from gendan.orders.models.surge import BigDay
from gendan.ui.forms import ModelForm


class BigDayForm(ModelForm[BigDay]):
    class Meta:
        model = BigDay
        fields = ("name", "starts_above", "ends_below", "makes_waves", "wave_limit")
        help_texts = {
            "starts_above": _("It begins by itself when more come in; empty: only by hand."),
            "ends_below": _("It ends by itself when fewer come in; empty: only by hand."),
            "makes_waves": _("Pre-packed goods first, then single pieces, then the others."),
        }
