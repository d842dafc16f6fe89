"""What a customer is asked once more before they give up a whole order."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from gendan.desk.answers import Sure
from gendan.orders.models import Order
from gendan.ui.wording import yuan


def sure_to_give_up(order: Order) -> Sure:
    """Return the second question: one tap on a phone shall not end an order."""
    question = _("Cancel order %(number)s? It can't be brought back.") % {"number": order.number}
    return Sure(question, list(_follows(order)), _("Yes, cancel the order"))


def _follows(order: Order) -> Iterator[str]:
    yield _("What has not left us yet is not sent any more.")
    if paid := order.paid_fen - order.refunded_fen:
        yield _("You get %(money)s back, the way it was paid.") % {"money": yuan(paid)}
