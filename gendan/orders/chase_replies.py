"""What customers can answer to a word about payment, with one tap."""

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from gendan.journal.actors import Actor, Customer
from gendan.orders.models import Order
from gendan.orders.stages import Source, Stage
from gendan.people.models import ApiKey, Person


class Reply(TextChoices):
    """What a customer can answer with one tap."""

    PAID = "PAID", gettext_lazy("I have paid already")
    HELP = "HELP", gettext_lazy("I need help with paying")
    CHANGE = "CHANGE", gettext_lazy("I want something changed first")
    LATER = "LATER", gettext_lazy("I pay later today")
    NO = "NO", gettext_lazy("I don't want it any more")


def choices(order: Order) -> list[dict[str, str | bool]]:
    """Return what the customer of an unpaid order may answer, as scripts are written."""
    with override(settings.LANGUAGE_CODE):
        notes = {
            Reply.CHANGE: _("Write above what it is, before you tap: a colleague will see to it."),
            Reply.NO: _("We ask once more, then cancel the order, if nothing was paid.")
            if is_ours(order)
            else _("A colleague helps you to close it on the platform."),
        }
        return [
            {
                "code": reply.value,
                "label": str(reply.label),
                "note": str(notes.get(reply, "")),
                "is_last_word": reply == Reply.NO,
            }
            for reply in Reply
        ]


def is_ours(order: Order) -> bool:
    """Say whether it is up to us to close the order; a platform closes its own."""
    return order.source != Source.FILE


def may_end(by: Actor) -> bool:
    """Customers may cancel what they have not paid; whoever notes their answer, with the right."""
    return isinstance(by, Customer) or (isinstance(by, Person | ApiKey) and by.may("orders.cancel"))


def ends_by_a_word(order: Order) -> bool:
    """Say whether "I don't want it any more" cancels the order: ours, of which nothing is paid."""
    return order.stage == Stage.UNPAID and is_ours(order) and not order.paid_fen
