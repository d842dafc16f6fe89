"""What each stage allows, and where a changed order goes on."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from gendan.orders.amending.following import Change, refuse
from gendan.orders.amending.sheet import CannotAmend
from gendan.orders.amending.wanted import Touch
from gendan.orders.models import Order
from gendan.orders.newcomers import Seller, Wrong, beyond_authority
from gendan.orders.stages import OVER, Stage
from gendan.people.models import Platform

# Past screening: what anybody but the office sees of the order has to be screened again.
PASSED = (Stage.READY, Stage.SHORT, Stage.IN_PRODUCTION, Stage.ALLOCATED)
# Of an order that has left only this may still change.
AFTER_LEAVING = frozenset({Touch.PLACE, Touch.RECORD, Touch.WAY})
SCREENED_AGAIN = frozenset({Touch.GOODS, Touch.PLACE, Touch.WISHES})


class BeyondAuthority(CannotAmend):
    """Prices are lower than who confirms may give; a supervisor may."""


def refuse_over(orders: Iterable[Order]) -> None:
    """Refuse changes of orders that have ended.

    :raises CannotAmend: naming the first of them
    """
    for order in orders:
        if order.stage in OVER:
            raise CannotAmend(
                _("Order %(order)s is at “%(stage)s”: nothing of it can be changed any more.")
                % {"order": order.number, "stage": order.get_stage_display()}
            )


def refuse_too_late(change: Change) -> None:
    """Refuse what can't be done where the order's goods are.

    :raises CannotAmend: if goods have left and more than their way is to change, or the reverse
    """
    if change.has_left and not change.touches <= AFTER_LEAVING:
        raise refuse(
            change.order,
            _(
                "its goods have left. Only receiver, address, invoice and the seller's remark can "
                "still be changed, or the parcel be stopped."
            ),
        )
    if Touch.WAY in change.touches and not change.has_left:
        raise refuse(change.order, _("nothing has left yet. Cancel the order instead."))


def is_told_by_platform(order: Order) -> bool:
    """Say whether a platform takes the money for the order, and knows what was ordered."""
    return order.platform_order != "" and order.shop.platform != Platform.OWN


def goes_on(change: Change) -> Stage | None:
    """Return the stage at which a changed order goes on; None: where it is."""
    if change.has_left or change.was == Stage.DRAFT:
        return None
    if waits_for_money(change):
        return None if change.was == Stage.UNPAID else Stage.UNPAID
    if change.was in PASSED and change.touches & SCREENED_AGAIN:
        return Stage.SCREENING
    return None


def waits_for_money(change: Change) -> bool:
    """Say whether the customer pays us more before the order goes on."""
    order = change.order
    if order.is_cod or is_told_by_platform(order):
        return False
    return change.owed_fen > 0 and (change.difference_fen > 0 or change.was == Stage.UNPAID)


def beyond(change: Change, by: Seller) -> list[Wrong]:
    """Return where prices that this change sets leave the authority of who confirms them."""
    sheet = change.sheet
    asked = {number for number, line in enumerate(sheet.sold) if line.position in sheet.repriced}
    return [
        wrong
        for wrong in beyond_authority(sheet.sums(), by)
        if (sheet.discounted if wrong.line is None else wrong.line in asked or sheet.discounted)
    ]


def refuse_beyond(change: Change, by: Seller) -> None:
    """Refuse prices beyond the authority of who confirms.

    :raises BeyondAuthority: naming the floor, or the limit
    """
    if found := beyond(change, by):
        said = " ".join(dict.fromkeys(wrong.sentence for wrong in found))
        raise BeyondAuthority(said + " " + _("A supervisor has to confirm it."))
