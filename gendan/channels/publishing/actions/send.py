"""Sends what waits for the shops whose platforms have an API, as fast as each allows."""

import time
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.channels.models import Publication
from gendan.channels.publishing import outbox
from gendan.channels.publishing.contract import Account, Contract, account_of, contract_of
from gendan.channels.publishing.refusal import Refusal
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Shop

PATIENCE = 5.0  # seconds that a run waits for the platform's next allowance
STEP = 0.2

Clock = Callable[[], datetime]


def send(shop: Shop, *, by: Actor, clock: Clock = timezone.now, patience: float = PATIENCE) -> int:
    """Send everything of a shop that is due; return how many listings were told.

    The clock is asked again and again, since a platform takes its time.
    """
    account = account_of(shop)
    if account is None:
        return 0
    outbox.recover(shop.pk, now=clock())
    outbox.name_nameless(shop.pk, _("The platform's item number is missing. Enter or import it."))
    told = 0
    with contract_of(account) as contract:
        while outbox.is_due(shop.pk, now=clock()) and _may_call(account, shop, clock, patience):
            told += _send_one(contract, shop, clock)
        _turn(contract, account, shop, clock, patience)
    if told:
        with entry("publishing.sent", by=by, shop=shop.name, count=told):
            pass
    return told


def try_again(publications: "list[Publication]", *, by: Actor, now: datetime) -> int:
    """Let what waits for its next try be sent at once; return how many."""
    with entry("publishing.tried_again", by=by, count=len(publications)):
        outbox.beside_others()
        ids = [each.pk for each in publications]
        waiting = Publication.objects.filter(pk__any=ids, state="WAITING")
        return waiting.update(due_at=now, tries=0, trouble="")


def _send_one(contract: Contract, shop: Shop, clock: Clock) -> int:
    """Tell the platform what is due of one item."""
    letters = outbox.claim(shop.pk, most=contract.most, now=clock())
    if not letters:
        return 0
    ids = [letter.pk for letter in letters]
    try:
        told = {letter.code: letter.quantity for letter in letters}
        contract.set_quantities(letters[0].item, told)
    except Refusal as refusal:
        outbox.failed(ids, refusal.sentence, again=refusal.again, now=clock())
        return 0
    return outbox.done(ids, now=clock())


def _turn(contract: Contract, account: Account, shop: Shop, clock: Clock, patience: float) -> None:
    """Delist the items of which nothing is left, and list those again that have come back."""
    for item, number in outbox.to_turn(shop.pk, now=clock()):
        if not _may_call(account, shop, clock, patience):
            return
        try:
            if number:
                contract.put_on_sale(item, number)
            else:
                contract.take_off_sale(item)
        except Refusal as refusal:  # what is sold out shows nought anyway
            outbox.not_turned(shop.pk, item, refusal.sentence, now=clock())
            continue
        outbox.turned(shop.pk, item, is_listed=bool(number))


def _may_call(account: Account, shop: Shop, clock: Clock, patience: float) -> bool:
    """Wait for the next call that the platform allows; no longer than that is worth."""
    until = time.monotonic() + patience
    while not outbox.may_call(shop.pk, rate=account.rate, burst=account.burst, now=clock()):
        if time.monotonic() >= until:
            return False
        time.sleep(STEP)
    return True
