"""Which answer about a later date is asked about once more: the one that ends the order."""

from gendan.delivery.actions.promise import REFUND
from gendan.desk.answers import Sure, asks_again
from gendan.desk.models import Message, Topic
from gendan.journal.actors import Actor
from gendan.orders.models import Order
from gendan.orders.sure import sure_to_give_up


@asks_again(Topic.DELAY)
def second(message: Message, code: str, by: Actor) -> Sure | None:
    """Ask again before an order is given up because it comes late."""
    if code != REFUND:
        return None
    return sure_to_give_up(Order.objects.get(pk=message.subject_id))
