"""Which room carries out what customers answer: each says so for its topics.

    @answered(Topic.SHORTAGE)
    def carry_out(messages, *, by, now): ...

It runs in the transaction of the answer: if it refuses, nothing is answered. An answer that can't
be taken back is asked once more before it is carried out (`asks_again`); what became of the matter
meanwhile stands on the customer's page (`says_how_it_stands`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gendan.desk.models import Message, Topic
from gendan.journal.actors import Actor


class CarriesOut(Protocol):
    def __call__(self, messages: Sequence[Message], *, by: Actor, now: datetime) -> None: ...


@dataclass(frozen=True)
class Sure:
    """The second question before an answer that can't be taken back, in the reader's language."""

    question: str
    follows: Sequence[str]  # what will happen, sentence by sentence
    yes: str  # on the button that does it


AsksAgain = Callable[[Message, str, Actor], Sure | None]
SaysHow = Callable[[Message], str]
HANDS: dict[str, CarriesOut] = {}
SECOND: dict[str, AsksAgain] = {}
STANDING: dict[str, SaysHow] = {}


def answered(topic: Topic) -> Callable[[CarriesOut], CarriesOut]:
    """Let the function carry out the answers to messages of a topic; use it as a decorator."""

    def remember(hand: CarriesOut) -> CarriesOut:
        HANDS[topic] = hand
        return hand

    return remember


def asks_again(topic: Topic) -> Callable[[AsksAgain], AsksAgain]:
    """Let the function say which answers (codes) of a topic are asked about once more, and how."""

    def remember(second: AsksAgain) -> AsksAgain:
        SECOND[topic] = second
        return second

    return remember


def says_how_it_stands(topic: Topic) -> Callable[[SaysHow], SaysHow]:
    """Let the function tell customers how the matter of a message stands by now."""

    def remember(told: SaysHow) -> SaysHow:
        STANDING[topic] = told
        return told

    return remember


def sure_of(message: Message, code: str, *, by: Actor, now: datetime) -> Sure | None:
    """Return the second question; none for most answers, nor where none can be given any more."""
    second = SECOND.get(message.topic)
    return second(message, code, by) if second and message.is_asked(now) else None


def how_it_stands(message: Message) -> str:
    """Return how the matter stands, in the reader's language; nothing if that is plain."""
    told = STANDING.get(message.topic)
    return told(message) if told else ""
