"""Offers for a platform's orders: a colleague changes the price on the platform, and says so.

No platform lets us do it from here. What is to be done there is a work item; what was done, or why
it could not be, is kept with the offer; the platform's next file brings the price itself.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import ChaseOffer, OfferState, Order
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.ui.wording import yuan
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Kind


class NotThere(Refused):
    """Nothing is to be done on the platform about this offer any more."""


def changed_there(found: ChaseOffer, *, by: Actor, now: datetime, why: str = "") -> ChaseOffer:
    """Note that the price was changed on the platform.

    :raises NotThere: if that was noted already, or the offer is over
    """
    with entry("chase.price_changed", by=by, why=why, to=yuan(found.to_fen)):
        waiting = _waiting(found)
        person = by if isinstance(by, Person) else None
        if not waiting.update(changed_at=now, changed_by=person):
            raise _over()
        _done([found.pk], _("Changed on the platform"), by, now)
    found.refresh_from_db()
    return found


def impossible_there(found: ChaseOffer, *, by: Actor, now: datetime, why: str) -> ChaseOffer:
    """Note that the platform does not let us change the price, and why; the offer ends.

    :raises NotThere: without a reason, if it was changed, or the offer is over
    """
    if not why.strip():
        raise NotThere(_("Say what the platform answered: the customer will ask."))
    with entry("chase.price_impossible", by=by, why=why, to=yuan(found.to_fen)):
        if not _waiting(found).update(state=OfferState.IMPOSSIBLE, ended_at=now):
            raise _over()
        _done([found.pk], why, by, now)
    found.refresh_from_db()
    return found


def restored_there(found: ChaseOffer, *, by: Actor, now: datetime, why: str = "") -> ChaseOffer:
    """Note that the platform shows the old price again.

    :raises NotThere: if that was noted already, or the offer is not over
    """
    with entry("chase.price_restored", by=by, why=why, to=yuan(found.was_fen or 0)):
        over = ChaseOffer.objects.filter(pk=found.pk, changed_at__isnull=False, restored_at=None)
        lapsed = over.filter(state__in=(OfferState.EXPIRED, OfferState.WITHDRAWN))
        if not lapsed.update(restored_at=now):
            raise _over()
        _done([found.pk], _("Set back on the platform"), by, now)
    found.refresh_from_db()
    return found


def ask_there(offers: Iterable[ChaseOffer], *, by: Actor, now: datetime) -> None:
    """Let a colleague change the prices of given offers on their platforms."""
    open_items([_item(one, yuan(one.to_fen)) for one in offers], by=by, now=now)


def undo_there(offers: Sequence[ChaseOffer], *, by: Actor, now: datetime) -> None:
    """Offers that are over wait no longer; what was changed on the platform is to be set back."""
    if not offers:
        return
    _done([one.pk for one in offers], _("The offer is over"), by, now)
    back = [_item(one, yuan(one.was_fen or 0)) for one in offers if one.changed_at]
    open_items(back, by=by, now=now)


def _waiting(found: ChaseOffer) -> "QuerySet[ChaseOffer]":
    """Lock the order, and return the offer if its price is still to be changed there."""
    order = Order.objects.numbered([found.chase.order_id]).select_for_update(no_key=True)
    unpaid = [row.pk for row in order if row.stage == Stage.UNPAID]
    return ChaseOffer.objects.filter(
        pk=found.pk,
        is_there=True,
        state=OfferState.GIVEN,
        changed_at=None,
        chase__order__any=unpaid,
    )


def _done(ids: Sequence[int], why: str, by: Actor, now: datetime) -> None:
    close_items([Kind.TELL_PLATFORM], "offer", ids, by=by, now=now, why=why)


def _item(found: ChaseOffer, to: str) -> NewItem:
    order = found.chase.order
    facts = {
        "number": order.number,
        "platform": order.shop.get_platform_display(),
        "order": order.platform_order,
        "to": to,
    }
    return NewItem(Kind.TELL_PLATFORM, "offer", found.pk, facts=facts, shop_id=order.shop_id)


def _over() -> NotThere:
    return NotThere(_("This is settled already. Load the page again."))
