"""An order as it was when an act was done: its rows of today, with what was done later undone."""

from typing import Any, TypeVar

from django.db.models import Model

from gendan.journal.models import Change, Operation
from gendan.orders.models import Instruction, Line, Order
from gendan.orders.paper.sheets import Sheet, sheet

Row = TypeVar("Row", bound=Model)


def act_of(row: Model) -> int:
    """Return the journal's entry in which a row was added."""
    added = Change.objects.filter(subject__name=row._meta.db_table, subject_row=row.pk)
    found: int = added.filter(operation=Operation.INSERTED).values_list("entry_id", flat=True)[0]
    return found


def sheet_as_of(order: Order, act: int) -> Sheet:
    """Return what a document of the order would have said in an act (by the journal's entry)."""
    (then,) = _undone([Order.objects.select_related("shop").get(pk=order.pk)], act)
    lines = _undone(list(Line.objects.filter(order=order).select_related("sku__product")), act)
    shown = [line for line in lines if not line.is_cancelled and line.part_of_id is None]
    wishes = _undone(list(Instruction.objects.filter(order=order)), act)
    return sheet(then, sorted(shown, key=lambda line: (line.position, line.pk)), wishes)


def _undone(rows: list[Row], act: int) -> list[Row]:
    """Take back, newest first, what was changed in the rows after the act.

    Rows that were added since are left out; those that were removed since do not come back.
    """
    if not rows:
        return rows
    found = {row.pk: row for row in rows}
    changes = Change.objects.filter(
        subject__name=rows[0]._meta.db_table, subject_row__in=list(found), entry_id__gt=act
    )
    for change in changes.order_by("-pk"):
        if change.operation == Operation.INSERTED:
            found.pop(change.subject_row, None)
        elif change.subject_row in found:
            _take_back(found[change.subject_row], change)
    return list(found.values())


def _take_back(row: Model, change: Change) -> None:
    before, after = change.before or {}, change.after or {}
    for field in row._meta.concrete_fields:
        if field.column in before or field.column in after:
            setattr(row, field.attname, _value(field, before.get(field.column)))


def _value(field: Any, told: Any) -> Any:
    """Return what stood in a column; what the journal leaves out was empty."""
    if told is None:
        return None if field.null else field.get_default()
    return field.to_python(told)
