"""Turning entries and changes into sentences, in the reader's language.

Each room says its verbs in `verbs.py`: `say({"order.released": _("%(who)s released the order")})`.
One that names a number has two forms: `ngettext_lazy(one, many, "count")`, by the fact it names.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gendan.journal.models import ActorKind, Entry
from gendan.ui.wording import counted

VERBS: dict[str, Promise | str] = {}


def say(verbs: Mapping[str, Promise | str]) -> None:
    """Give verbs their sentences; `%(who)s` and the entry's facts may be named in them."""
    VERBS.update(verbs)


class _Unknown(int):
    """A number that nobody told: written as a dash, counted like several."""

    def __str__(self) -> str:
        return "—"


class _Facts(dict[str, Any]):
    """Facts an old entry does not have are shown as a dash, never as an error."""

    def __missing__(self, key: str) -> _Unknown:
        return _Unknown(2)


def sentence(entry: Entry) -> str:
    """Return what happened as one sentence."""
    template = VERBS.get(entry.verb)
    who = _actor(entry)
    if template is None:
        return f"{who}: {entry.verb}"
    return counted(template, _Facts(entry.facts, who=who))


def verb_label(verb: str) -> str:
    """Return what was done in a few words, without who: for counts and filters."""
    template = VERBS.get(verb)
    if template is None:
        return verb
    words = counted(template, _Facts(who=""))
    return words.strip(" :：，,").replace(" —", "").replace("—", "")


def _actor(entry: Entry) -> str:
    if entry.actor_kind == ActorKind.JOB:
        return _("The system")
    if entry.actor_kind == ActorKind.CUSTOMER:
        return _("The customer")
    return entry.actor_name
