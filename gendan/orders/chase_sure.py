"""What is asked once more before an unpaid order is cancelled, and how an order stands by now."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from gendan.desk.answers import Sure, asks_again, says_how_it_stands
from gendan.desk.models import Message, Topic
from gendan.journal.actors import Actor
from gendan.orders.chase_replies import Reply, ends_by_a_word, may_end
from gendan.orders.models import ChaseOffer, OfferState, Order
from gendan.orders.stages import Stage
from gendan.ui.wording import yuan


def sure_to_cancel(order: Order) -> Sure | None:
    """Return what is asked before a word ends the order; nothing where it does not."""
    if not ends_by_a_word(order):
        return None
    question = _("Cancel order %(number)s? It can't be brought back.") % {"number": order.number}
    return Sure(question, list(_follows(order)), _("Yes, cancel the order"))


@asks_again(Topic.CHASE)
def second(message: Message, code: str, by: Actor) -> Sure | None:
    """Ask again about the answer that ends the order; the others can all be made good."""
    return sure_to_cancel(_order(message)) if code == Reply.NO and may_end(by) else None


@says_how_it_stands(Topic.CHASE)
def standing(message: Message) -> str:
    """Say it where an order waits for its payment no longer."""
    order = _order(message)
    number = {"number": order.number}
    if order.stage == Stage.UNPAID:
        return ""
    if order.stage == Stage.CANCELLED:
        return _("Order %(number)s is cancelled. Whoever wants the goods needs a new one.") % number
    return (
        _("Order %(number)s is paid: no answer cancels it. What is told here reaches a colleague.")
        % number
    )


def _order(message: Message) -> Order:
    found: Order = Order.objects.get(pk=message.subject_id)
    return found


def _follows(order: Order) -> Iterator[str]:
    yield _(
        "The order over %(total)s ends at once; nothing was paid, so nothing is given back."
    ) % {"total": yuan(order.total_fen)}
    if ChaseOffer.objects.filter(chase__order=order, state=OfferState.GIVEN).exists():
        yield _("The lower price that we offered ends with it.")
    yield _("Whoever wants the goods after all places a new order, at the price of that day.")
