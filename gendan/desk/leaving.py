"""Which room looks over messages of its topics before they leave, whoever sends them.

    @before_sending(Topic.CHASE)
    def look_over(messages, *, by, now): ...

It runs in the transaction of the sending, and may refuse it; the messages are locked.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from gendan.desk.models import Message, Topic
from gendan.journal.actors import Actor


class LooksOver(Protocol):
    def __call__(self, messages: Sequence[Message], *, by: Actor, now: datetime) -> None: ...


EYES: dict[str, LooksOver] = {}


def before_sending(topic: Topic) -> Callable[[LooksOver], LooksOver]:
    """Let the function look over the messages of a topic; use it as a decorator."""

    def remember(eyes: LooksOver) -> LooksOver:
        EYES[topic] = eyes
        return eyes

    return remember
