"""What can be said of waybill number ranges: their list and their form."""

from typing import Any

from django.db.models import F, Q
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from gendan.delivery.models import NumberRange
from gendan.people.access import at_warehouses
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.forms import ModelForm
from gendan.ui.listing import Column, Empty, Link, Listing, Tab

FEW = 200


def left(numbers: NumberRange) -> int:
    """Return how many numbers are left."""
    return numbers.last - numbers.next + 1


def _tone(numbers: NumberRange) -> str:
    if left(numbers) <= 0:
        return "muted"
    return "warn" if left(numbers) < FEW else "neutral"


LIST = Listing(
    name="number-ranges",
    title=_("Waybill numbers"),
    icon="tag",
    lead=_("Numbers that carriers gave us. Waves take them from the oldest range first."),
    rows=lambda person: NumberRange.objects.filter(
        at_warehouses(person, or_none=True)
    ).select_related("carrier", "warehouse"),
    finder=Finder(
        NumberRange,
        (
            Field("carrier", _("carrier"), lookup="carrier__code"),
            Field("name", _("name"), lookup="carrier__name"),
            Field("prefix", _("prefix")),
        ),
        quick=contains("carrier__code", "carrier__name", "prefix"),
    ),
    columns=(
        Column("carrier", _("Carrier"), value="carrier.name", sort="carrier__name", mobile=1),
        Column(
            "warehouse",
            _("Warehouse"),
            value=lambda row: row.warehouse.name if row.warehouse else _("All"),
        ),
        Column("prefix", _("Prefix"), kind="code"),
        Column("next", _("Next number"), kind="code", value=lambda row: row.written(row.next)),
        Column("last", _("Last number"), kind="code", value=lambda row: row.written(row.last)),
        Column("left", _("Numbers left"), kind="number", value=left, tone=_tone),
    ),
    sort="carrier",
    tabs=(
        Tab("open", _("In use"), Q(next__lte=F("last"))),
        Tab("all", _("All")),
    ),
    url=lambda numbers: reverse("number-range", args=[numbers.pk]),
    permission="warehouse.manage",
    links=(Link(_("Enter numbers"), reverse_lazy("number-range-new"), "warehouse.manage"),),
    empty=Empty(
        _("No numbers here"),
        _("Enter the range a carrier gave you; until then, numbers are typed one by one."),
        "tag",
    ),
)


class RangeForm(ModelForm[NumberRange]):
    class Meta:
        model = NumberRange
        fields = ["carrier", "warehouse", "prefix", "digits", "next", "last"]
        labels = {"carrier": _("Carrier"), "warehouse": _("Warehouse")}
        help_texts = {
            "warehouse": _("None: every warehouse that has no numbers of its own."),
            "digits": _("Zeros in front fill the number up to so many digits."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].required = False
        if self.instance.pk:
            self.fields["carrier"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("next"), cleaned.get("last")
        if first is not None and last is not None and not 0 <= first <= last + 1:
            self.add_error("last", _("The last number lies before the next one."))
        if last is not None and len(str(last)) > (cleaned.get("digits") or 0):
            self.add_error("digits", _("The last number has more digits."))
        return cleaned
