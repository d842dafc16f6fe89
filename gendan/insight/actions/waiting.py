"""Lets proposals wait for a cause and an owner: a few each for itself, very many as one."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from gendan.insight.models import Mistake, MistakeState, What
from gendan.journal.actors import Actor
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Item, Kind

ONE, MANY_AT_ONCE = "mistake", "mistakes"
MOST = 200  # that wait one by one; nobody reads more, the list does it


class Proposal(NamedTuple):
    pk: int
    number: str  # of its order
    shop_id: int
    what: str


def let_wait(proposals: Sequence[Proposal], *, by: Actor, now: datetime) -> None:
    """Open an item for each while there are few, and one for all that are too many."""
    there = Item.objects.open().filter(kind=Kind.MISTAKE, subject=ONE)[:MOST].count()
    room = MOST - there
    with override(settings.LANGUAGE_CODE):  # as colleagues read it, whatever language the job has
        items = [_one(proposal) for proposal in proposals[:room]]
        items += [_rest(len(proposals) - room)] if len(proposals) > room else []
    open_items(items, by=by, now=now)


def settle(mistakes: Sequence[int], *, by: Actor, now: datetime, why: str) -> None:
    """Close what waited for them; and what waited for all, when no proposal is left."""
    close_items([Kind.MISTAKE], ONE, mistakes, by=by, now=now, why=why)
    many = Item.objects.open().filter(kind=Kind.MISTAKE, subject=MANY_AT_ONCE)
    if many.exists() and not Mistake.objects.filter(state=MistakeState.PROPOSED).exists():
        close_items([Kind.MISTAKE], MANY_AT_ONCE, [0], by=by, now=now, why=why)


def _one(proposal: Proposal) -> NewItem:
    facts = {"number": proposal.number, "what": str(What(proposal.what).label)}
    return NewItem(Kind.MISTAKE, ONE, proposal.pk, facts=facts, shop_id=proposal.shop_id)


def _rest(number: int) -> NewItem:
    said = _("%(n)s and more at once: judge them together in the list") % {"n": number}
    return NewItem(Kind.MISTAKE, MANY_AT_ONCE, 0, facts={"what": said})
