"""Which answer about short goods is asked about once more: the one that ends the order."""

from gendan.desk.answers import Sure, asks_again
from gendan.desk.models import Message, Topic
from gendan.journal.actors import Actor
from gendan.orders.sure import sure_to_give_up
from gendan.stock.models import Choice, ShortageCase


@asks_again(Topic.SHORTAGE)
def second(message: Message, code: str, by: Actor) -> Sure | None:
    """Ask again before everything is given back; what is waited for can still be given up."""
    if code != Choice.CANCEL:
        return None
    case = ShortageCase.objects.select_related("order").get(pk=message.facts["case"])
    return sure_to_give_up(case.order)
