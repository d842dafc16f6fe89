"""What is shown to explain a hold: the fields a rule names, with what the order says there."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, TextField, Value
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, NullIf

from gendan.orders.models import Instruction, Line
from gendan.screening.fields import nowhere_in_stock, screening_finder, wanted
from gendan.screening.others import alike, going_the_same_way
from gendan.ui.finding import Field

Said = Expression | Combinable


def _list(rows: "QuerySet[Any]", said: Any) -> ArraySubquery:
    return ArraySubquery(rows.order_by("pk").annotate(said=said).values("said"))


def _lines(said: Any) -> ArraySubquery:
    return _list(Line.objects.filter(order=OuterRef("pk"), is_cancelled=False), said)


def _text(*parts: Any) -> Concat:
    return Concat(*parts, output_field=TextField())


NAMED = Coalesce(NullIf(F("shop_code"), Value("")), F("title"), output_field=TextField())
MANY = (Value(" ×"), Cast("quantity", TextField()))
# Fields that are asked for with a condition of their own have no column to show: this is shown.
INSTEAD: Mapping[str, Said] = {
    "unmapped": _list(wanted().filter(sku=None), NAMED),
    "below_floor": _list(
        wanted().filter(
            is_gift=False, part_of=None, total_fen__lt=F("sku__floor_fen") * F("quantity")
        ),
        F("sku__code"),
    ),
    "stock_missing": _list(nowhere_in_stock(), _text(F("sku__code"), *MANY)),
    "refund": _list(
        Line.objects.filter(order=OuterRef("pk")).exclude(refund_state="NONE"),
        _text(F("title"), *MANY),
    ),
    "duplicate": _list(alike(), F("number")),
    "combinable": _list(going_the_same_way(), F("number")),
    "instruction": _list(Instruction.objects.filter(order=OuterRef("pk")), F("code")),
    "blacklisted": F("customer__blacklist_reason"),
    "sku": _lines(F("sku__code")),
    "title": _lines(F("title")),
    "specification": _lines(F("specification")),
    "shop_code": _lines(F("shop_code")),
}


def value_of(field: Field) -> Said | None:
    """Return what an order says in a field; nothing where that can't be shown."""
    if field.name in INSTEAD:
        return INSTEAD[field.name]
    if field.expression is not None:
        return field.expression
    return None if callable(field.lookup) else F(field.lookup or field.name)


def evidence(names: list[str]) -> JSONObject:
    """Return the fields of these names with what an order says there, as one JSON object."""
    fields = [field for name in names if (field := screening_finder.vocabulary.get(name))]
    return JSONObject(**{f.name: said for f in fields if (said := value_of(f)) is not None})
