"""What a gift rule's page asks for."""

import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Product, Sku
from gendan.orders.actions.save_gift_rule import ONLY_FOR_EVERY, CannotGive, NewTier
from gendan.orders.models import GiftRule, Measure, Reach
from gendan.ui.forms import ModelForm
from gendan.ui.wording import fen_number

AT = "%Y-%m-%dT%H:%M"
LONG = timedelta(days=30)


class TypedTier(NamedTuple):
    """A row of the form as it was typed: yuan or pieces, a SKU's code, a number."""

    mark: str = ""
    code: str = ""
    quantity: str = "1"


class GiftRuleForm(ModelForm[GiftRule]):
    counts = forms.CharField(
        label=_("Goods that count"),
        required=False,
        help_text=_("Codes of SKUs or styles, side by side; none: all goods of the order count."),
    )

    class Meta:
        model = GiftRule
        fields = (
            *("name", "name_en", "measure", "counts", "reach", "most_times", "scope"),
            *("from_at", "until_at", "limit", "when_out", "position", "is_exclusive", "is_on"),
        )
        widgets = {
            name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format=AT)
            for name in ("from_at", "until_at")
        }

    def __init__(self, *args: Any, expression: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expression = expression
        self.initial["counts"] = " ".join(self.instance.counts or [])
        for name in ("from_at", "until_at"):
            field = self.fields[name]
            if isinstance(field, forms.DateTimeField):
                field.input_formats = [AT, "%Y-%m-%dT%H:%M:%S"]

    def clean_counts(self) -> list[str]:
        words = list(filter(None, re.split(r"[\s,，、;；]+", self.cleaned_data["counts"])))
        known = set(Sku.objects.filter(code__in=words).values_list("code", flat=True))
        known |= set(Product.objects.filter(style__in=words).values_list("style", flat=True))
        unknown = [word for word in words if word not in known]
        if unknown:
            raise forms.ValidationError(
                gettext("We have neither a SKU nor a style %(code)s."), params={"code": unknown[0]}
            )
        return list(dict.fromkeys(words))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("most_times") is not None and said.get("reach") != Reach.EVERY:
            self.add_error("most_times", ONLY_FOR_EVERY)
        return said

    def rule(self) -> GiftRule:
        """Return the rule as it was filled in, not yet saved."""
        rule = self.save(commit=False)
        rule.expression = self.expression
        rule.counts = self.cleaned_data["counts"]
        return rule


def fresh_rule() -> GiftRule:
    """Return a rule to fill in: from now on, for thirty days."""
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    return GiftRule(measure=Measure.AMOUNT, counts=[], from_at=now, until_at=now + LONG)


def written_tiers(rule: GiftRule) -> list[TypedTier]:
    """Return the tiers of a rule as they are typed."""
    if not rule.pk:
        return []
    money = rule.measure == Measure.AMOUNT
    return [
        TypedTier(fen_number(t.mark) if money else str(t.mark), t.sku.code, str(t.quantity))
        for t in rule.tiers.select_related("sku")
    ]


def typed_tiers(data: QueryDict) -> list[TypedTier]:
    """Return the rows of the form in which anything was typed."""
    columns = (data.getlist(name) for name in ("mark", "sku", "quantity"))
    rows = [TypedTier(*(word.strip() for word in row)) for row in zip(*columns, strict=False)]
    return [row for row in rows if row.mark or row.code]


def read_tiers(rows: Sequence[TypedTier], measure: str) -> list[NewTier]:
    """Return what the rows say.

    :raises CannotGive: naming the first that can't be read, and why
    """
    found = Sku.objects.filter(code__any=[row.code for row in rows])
    skus = dict(found.values_list("code", "pk"))
    tiers = []
    for row in rows:
        if row.code not in skus:
            raise CannotGive(
                gettext("We have no SKU %(code)s. Choose it from the list.") % {"code": row.code}
            )
        mark, quantity = _number(row.mark or "0"), _number(row.quantity)
        if mark is None or quantity is None or quantity < 1 or quantity % 1 or mark < 0:
            raise CannotGive(
                gettext("Say from what on, and how many pieces of %(code)s.") % {"code": row.code}
            )
        mark = mark * 100 if measure == Measure.AMOUNT else mark
        tiers.append(NewTier(int(mark), skus[row.code], int(quantity)))
    return tiers


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace("¥", "").replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**7 else None
