"""What messages are about is locked before they are, as everybody does who acts on it.

The room of the subject says how:

    @locks("order")
    def lock_orders(ids): ...

Else a customer who answers and somebody who acts on the order would wait for each other.
"""

from collections import defaultdict
from collections.abc import Callable, Collection

from gendan.desk.models import MessageQuerySet

Lock = Callable[[Collection[int]], None]
LOCKS: dict[str, Lock] = {}


def locks(subject: str) -> Callable[[Lock], Lock]:
    """Let the function lock subjects (by id) of a kind, in key order; use it as a decorator."""

    def remember(lock: Lock) -> Lock:
        LOCKS[subject] = lock
        return lock

    return remember


def lock_subjects(messages: MessageQuerySet) -> None:
    """Lock what the messages are about, as a part of the act that is open."""
    about: dict[str, set[int]] = defaultdict(set)
    for subject, pk in messages.values_list("subject", "subject_id"):
        about[subject].add(pk)
    for subject in sorted(about.keys() & LOCKS.keys()):
        LOCKS[subject](about[subject])
