"""Which room carries out what customers answer: each says so for its topics.

    @answered(Topic.SHORTAGE)
    def carry_out(messages, *, by, now): ...

It runs in the transaction of the answer: if it refuses, nothing is answered.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from gendan.desk.models import Message, Topic
from gendan.journal.actors import Actor


class CarriesOut(Protocol):
    def __call__(self, messages: Sequence[Message], *, by: Actor, now: datetime) -> None: ...


HANDS: dict[str, CarriesOut] = {}


def answered(topic: Topic) -> Callable[[CarriesOut], CarriesOut]:
    """Let the function carry out the answers to messages of a topic; use it as a decorator."""

    def remember(hand: CarriesOut) -> CarriesOut:
        HANDS[topic] = hand
        return hand

    return remember
