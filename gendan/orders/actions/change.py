"""Changing what an order asks of us, while it has not passed screening."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Instruction, Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.newcomers import NewInstruction
from gendan.orders.stages import Stage

UNTIL = (Stage.DRAFT, Stage.UNPAID, Stage.UNCONFIRMED, Stage.SCREENING, Stage.HELD)


def change(
    orders: OrderQuerySet,
    *,
    by: Actor,
    why: str = "",
    instructions: Sequence[NewInstruction] | None = None,
    seller_remark: str | None = None,
    warehouse_remark: str | None = None,
) -> OrderQuerySet:
    """Replace remarks and special instructions; what is None stays as it is.

    :raises WrongStage: if any of them has passed screening
    """
    ids = list(orders.values_list("pk", flat=True))
    remarks = {"seller_remark": seller_remark, "warehouse_remark": warehouse_remark}
    with entry("order.changed", by=by, why=why, count=len(ids)):
        chosen = Order.objects.numbered(ids)
        still = chosen.filter(stage__in=UNTIL).order_by("pk").select_for_update(no_key=True)
        if len(still) != len(ids):
            raise WrongStage(
                _("The order has passed screening. Ask the warehouse, or bring it back first.")
            )
        chosen.update(**{name: text for name, text in remarks.items() if text is not None})
        if instructions is not None:
            _replace(ids, instructions)
    return chosen


def _replace(ids: Sequence[int], wanted: Sequence[NewInstruction]) -> None:
    """Only what differs is touched, so that the journal tells what really changed."""
    old = Instruction.objects.filter(order_id__any=list(ids))
    there = {(i.order_id, i.code, i.text, i.on): i.pk for i in old}
    asked = {(pk, i.code, i.text.strip(), i.on) for pk in ids for i in wanted}
    gone = [pk for key, pk in there.items() if key not in asked]
    Instruction.objects.filter(pk__any=gone).delete()
    Instruction.objects.bulk_create(
        Instruction(order_id=pk, code=code, text=text, on=on)
        for pk, code, text, on in sorted(asked - set(there), key=str)
    )
