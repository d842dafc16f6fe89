"""Looking at what is hidden of a message: the journal keeps who did, and why."""

from gendan.desk.models import MessageQuerySet
from gendan.journal.actors import Actor
from gendan.journal.writing import entry


def unmask(messages: MessageQuerySet, *, by: Actor, why: str = "") -> MessageQuerySet:
    """Note that somebody looks at whom messages went to, and their words in full."""
    ids = list(messages.values_list("pk", flat=True))
    with entry("message.unmasked", by=by, why=why, count=len(ids), messages=ids[:50]):
        return messages.filter(pk__in=ids)
