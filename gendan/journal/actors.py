"""Those who act and are no person: jobs, channels, customers."""

from dataclasses import dataclass
from typing import Protocol

from gendan.journal.models import ActorKind


class Actor(Protocol):
    """Whoever can stand in the journal: a person, an API key, or one of the below."""

    @property
    def actor_kind(self) -> str: ...

    @property
    def actor_id(self) -> int | None: ...

    @property
    def actor_name(self) -> str: ...


@dataclass(frozen=True)
class Job:
    """A step that the house takes by itself."""

    actor_name: str
    actor_kind: str = ActorKind.JOB
    actor_id: int | None = None


@dataclass(frozen=True)
class Channel:
    """A platform, a courier or another system outside that told us something."""

    actor_name: str
    actor_id: int | None = None
    actor_kind: str = ActorKind.CHANNEL


@dataclass(frozen=True)
class Customer:
    """A customer on their own page."""

    actor_name: str
    actor_id: int | None = None
    actor_kind: str = ActorKind.CUSTOMER
