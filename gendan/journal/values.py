"""Showing a journaled value the way people write it: labels, money, times; people hidden."""

from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, Field, ForeignKey, Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.ui.masking import masked_text
from gendan.ui.wording import masked_address, masked_name, masked_phone, yuan

EMPTY = "—"
HIDDEN = {
    "receiver": masked_name,
    "receiver_name": masked_name,
    "customer": masked_name,
    "receiver_phone": masked_phone,
    "phone": masked_phone,
    "address": masked_address,
    "raw_address": masked_address,
}
TEXTS = {("desk_message", "text")}  # letters that name persons
# Columns that explain nothing to a reader: keys of our own, times that the act itself has, and what
# an amendment keeps of its order, which has a page of its own.
QUIET = {
    *("stage_since", "content_hash", "place_key", "pinyin", "signed_in_at", "search"),
    *("wanted", "before", "after", "consequences"),
    *("digest", "sheet", "content", "to", "facts", "choices"),
    *("customer_key", "hash", "key", "salt", "source_id", "subject", "subject_id"),
}

# What columns are called that have no words of their own in their models.
CALLED = {
    "by": gettext_lazy("by"),
    "asked_by": gettext_lazy("asked by"),
    "changed_by": gettext_lazy("changed by"),
    "cleared_by": gettext_lazy("cleared by"),
    "declared_by": gettext_lazy("declared by"),
    "displaced_numbers": gettext_lazy("displaced orders"),
    "done_by": gettext_lazy("done by"),
    "file": gettext_lazy("file"),
    "found_by": gettext_lazy("found by"),
    "handed_by": gettext_lazy("handed over by"),
    "instead": gettext_lazy("instead"),
    "is_retired": gettext_lazy("no longer used"),
    "judged_by": gettext_lazy("judged by"),
    "kind": gettext_lazy("kind"),
    "made_by": gettext_lazy("made by"),
    "part": gettext_lazy("part"),
    "said_by": gettext_lazy("said by"),
    "scope": gettext_lazy("scope"),
    "value": gettext_lazy("value"),
}


@cache
def _model(table: str) -> type[Model] | None:
    return next((m for m in apps.get_models() if m._meta.db_table == table), None)


@cache
def _field(table: str, column: str) -> "Field[Any, Any] | None":
    model = _model(table)
    fields = model._meta.concrete_fields if model else ()
    return next((field for field in fields if field.column == column), None)


def label_of(table: str, column: str = "") -> str:
    """Return what a table or a column is called; nothing for a column that is not shown."""
    if not column:
        model = _model(table)
        return str(model._meta.verbose_name) if model else table
    field = _field(table, column)
    if field is None or column in QUIET:
        return ""
    return _called(field)


def _called(field: "Field[Any, Any]") -> str:
    """Its own words, or those for its name; a row of another table is called what that is."""
    if isinstance(field.verbose_name, Promise):
        return str(field.verbose_name)
    if field.name in CALLED:
        return str(CALLED[field.name])
    if isinstance(field, ForeignKey):
        return str(field.related_model._meta.verbose_name)
    return str(field.verbose_name)


def shown(table: str, column: str, value: Any) -> str:
    """Return a value as text; what concerns a customer's person is masked."""
    field = _field(table, column)
    if value is None or value == "" or field is None:
        return EMPTY
    if (table, column) in TEXTS:
        return masked_text(str(value))
    if column in HIDDEN and isinstance(value, str):
        return value if value.startswith("#") else _hidden(column, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.endswith("_fen"):
        return str(yuan(value))
    if field.choices:
        return _choice(field, value)
    if isinstance(field, ForeignKey):
        return _named(field, value)
    if isinstance(field, DateTimeField):
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return "、".join(str(item) for item in value) or EMPTY
    if isinstance(value, dict):
        return "、".join(f"{key} {_hidden(key, item)}" for key, item in value.items()) or EMPTY
    return str(value)


def _hidden(name: str, value: Any) -> str:
    mask = HIDDEN.get(name)
    return str(mask(value)) if mask and isinstance(value, str) else str(value)


def _choice(field: "Field[Any, Any]", value: Any) -> str:
    return str(dict(field.flatchoices).get(value, value))


def _named(field: "ForeignKey[Any, Any]", value: Any) -> str:
    found = field.related_model._base_manager.filter(pk=value).first()
    return str(found) if found else f"#{value}"
