"""Saying evidence the way people read it: the field's label and its value."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from gendan.screening.fields import screening_finder
from gendan.screening.models import Hold
from gendan.ui.finding import Field
from gendan.ui.wording import NOTHING, masked_address, masked_name, masked_phone, yuan

HIDDEN = {
    "customer": masked_name,
    "receiver": masked_name,
    "phone": masked_phone,
    "address": masked_address,
}
NAMED = {"why": gettext_lazy("Reason"), "by": gettext_lazy("by whom")}
QUIET = ("upto", "noticed")  # the house itself looks at these
ORDERS = ("duplicate", "combinable")  # these show other orders, by their numbers


@dataclass(frozen=True)
class Said:
    """One field of the evidence; `orders` are numbers of other orders to look at."""

    label: str
    text: str
    orders: tuple[str, ...] = ()


def said(hold: Hold) -> list[Said]:
    """Return the evidence of a hold, in the language of the reader."""
    return told(hold.evidence)


def told(evidence: dict[str, Any]) -> list[Said]:
    """Return evidence in the language of the reader."""
    return list(_said(evidence))


def _said(evidence: dict[str, Any]) -> Iterator[Said]:
    for name, value in evidence.items():
        field = screening_finder.vocabulary.get(name)
        if name in QUIET:
            continue
        if name == "changed":
            yield Said(_("Changed since"), "、".join(_changed(one) for one in value))
        elif field is None:
            yield Said(str(NAMED.get(name, name)), str(value))
        elif name in ORDERS:
            yield Said(_first_large(field), "", tuple(value))
        elif value not in ([], None, ""):
            yield Said(_first_large(field), shown(field, value))


def masked(evidence: dict[str, Any]) -> dict[str, Any]:
    """Return evidence as programs read it, with persons masked."""
    return {
        name: HIDDEN[name](value) if name in HIDDEN and isinstance(value, str) else value
        for name, value in evidence.items()
    }


def shown(field: Field, value: Any) -> str:
    """Return a value of a field as text."""
    if isinstance(value, list):
        return "、".join(shown(field, item) for item in value)
    if value is None or value == "":
        return NOTHING
    if field.name in HIDDEN:
        return HIDDEN[field.name](value)
    if field.kind == "money":
        return yuan(value)
    if field.kind == "choice":
        return field.label_of(str(value))
    if field.kind == "instant":
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _changed(name: str) -> str:
    """Return what a field is called, or what stands beside the fields: goods, invoice."""
    if name == "goods":
        return _("Goods")
    if name == "invoice":
        return pgettext("whom it is for", "Invoice")
    field = screening_finder.vocabulary.get(name)
    return _first_large(field) if field else name


def _first_large(field: Field) -> str:
    label = str(field.label)
    return label[:1].upper() + label[1:]
