"""Conditions that people write for rules about orders: they can be read, or are not kept."""

from django.utils.translation import gettext as _

from gendan.orders.finding import order_finder
from gendan.ui.errors import Refused
from gendan.ui.finding import FindingError


class CannotRead(Refused):
    """The condition is none, or says nothing that can be asked of an order."""


def readable(expression: str) -> None:
    """Refuse a condition that can't be asked of orders.

    :raises CannotRead: naming what is wrong with it
    """
    if not expression.strip():
        raise CannotRead(_("Write a condition, such as: province = 广东省."))
    try:
        order_finder.check(expression)
    except FindingError as error:
        raise CannotRead(f"{error.message} {error.remedy}".strip()) from error
