"""A lower price for an order that waits to be paid: within the clerk's authority, for a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.chase.there import ask_there, undo_there
from gendan.orders.models import Chase, ChaseOffer, Line, OfferState, Order
from gendan.orders.money import NewLine, Priced, Sums
from gendan.orders.newcomers import Seller, beyond_authority
from gendan.orders.stages import Source, Stage
from gendan.people.access import Worker
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.ui.wording import yuan
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Kind

VALID = timedelta(hours=24)
TAKE_OFF = """
UPDATE orders_order o SET discount_fen = o.discount_fen + n.off, total_fen = o.total_fen - n.off
FROM unnest(%s::bigint[], %s::bigint[]) AS n (id, off) WHERE o.id = n.id
"""
OPEN = (OfferState.ASKED, OfferState.GIVEN)


class NotOffered(Refused):
    """The price cannot be offered, or the offer is over."""


def offer(
    chase: Chase,
    off_fen: int,
    *,
    by: Seller,
    now: datetime,
    why: str = "",
    until_at: datetime | None = None,
) -> ChaseOffer:
    """Offer so much less; beyond the clerk's authority a supervisor is asked first.

    The price of a platform's order is changed there: a colleague is asked to.

    :raises NotOffered: if the order is not being chased, or has an offer already
    """
    with entry("chase.offered", by=by, why=why, off=yuan(off_fen)):
        order = _locked([chase.order_id])[chase.order_id]
        _refuse(order, chase, off_fen)
        is_there = order.source == Source.FILE
        made = ChaseOffer(
            chase=chase,
            off_fen=off_fen,
            until_at=until_at or now + VALID,
            asked_at=now,
            asked_by=by if isinstance(by, Person) else None,
            asked_name=by.actor_name[:150],
            why=why[:300],
            is_there=is_there,
            was_fen=order.total_fen if is_there else None,
        )
        beyond = _beyond_limit(order, off_fen, by)
        made.state = OfferState.ASKED if beyond else OfferState.GIVEN
        made.given_at = None if beyond else now
        made.save()
        if beyond:
            open_items([_question(made, order, beyond, by)], by=by, now=now)
        else:
            _give(made, order, by, now)
    return made


def allow_offer(found: ChaseOffer, *, by: Worker, now: datetime, why: str = "") -> ChaseOffer:
    """Give the offer that a clerk may not give.

    :raises NotOffered: if `by` may not sell below the floor, or the offer or the order is over
    """
    with entry("chase.offer_allowed", by=by, why=why, off=yuan(found.off_fen)):
        order = _decided(found, by)
        if order.total_fen - order.paid_fen <= found.off_fen:
            raise NotOffered(_("Nothing would be left to pay. Refuse it, and look at the order."))
        ChaseOffer.objects.filter(pk=found.pk).update(state=OfferState.GIVEN, given_at=now)
        _give(found, order, by, now)
        close_items([Kind.APPROVAL], "offer", [found.pk], by=by, now=now, why=why)
    found.refresh_from_db()
    return found


def refuse_offer(found: ChaseOffer, *, by: Worker, now: datetime, why: str) -> ChaseOffer:
    """Refuse what a clerk wanted to offer.

    :raises NotOffered: if `by` may not decide it, or it is decided
    """
    with entry("chase.offer_refused", by=by, why=why, off=yuan(found.off_fen)):
        _decided(found, by)
        ChaseOffer.objects.filter(pk=found.pk).update(state=OfferState.REFUSED, ended_at=now)
        close_items([Kind.APPROVAL], "offer", [found.pk], by=by, now=now, why=why)
    found.refresh_from_db()
    return found


def withdraw_offer(found: ChaseOffer, *, by: Actor, now: datetime, why: str = "") -> ChaseOffer:
    """Take an offer back; the order costs what it did before.

    :raises NotOffered: if it is over
    """
    with entry("chase.offer_withdrawn", by=by, why=why, off=yuan(found.off_fen)):
        if not _end([found.pk], OfferState.WITHDRAWN, by, now):
            raise NotOffered(_("This offer is over already. Load the page again."))
        close_items([Kind.APPROVAL], "offer", [found.pk], by=by, now=now, why=why)
    found.refresh_from_db()
    return found


def expire_offers(*, by: Actor, now: datetime) -> int:
    """Let offers whose time is over lapse; the orders cost what they did before; return how many.

    Who pays in this very moment pays the offered price.
    """
    lapsed = ChaseOffer.objects.filter(state__in=OPEN, until_at__lte=now)
    ids = list(lapsed.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return 0
    with entry("chase.offers_expired", by=by, count=len(ids)):
        ended = _end(ids, OfferState.EXPIRED, by, now)
        why = _("The offer has expired")
        close_items([Kind.APPROVAL], "offer", ids, by=by, now=now, why=why)
    return ended


def _beyond_limit(order: Order, off_fen: int, by: Seller) -> str:
    """Return where so much less leaves the authority of the clerk; nothing if nowhere."""
    lines = Line.objects.filter(order=order, is_cancelled=False, is_gift=False, part_of=None)
    priced = [
        Priced(
            NewLine(line.sku_id or 0, line.quantity, line.price_fen, line.discount_fen),
            line.sku,
            line.price_fen,
        )
        for line in lines.select_related("sku")
        if line.sku
    ]
    of_lines = sum(one.line.discount_fen for one in priced)
    sums = Sums(priced, max(order.discount_fen - of_lines, 0) + off_fen, order.postage_fen)
    return " ".join(dict.fromkeys(wrong.sentence for wrong in beyond_authority(sums, by)))


def _give(made: ChaseOffer, order: Order, by: Actor, now: datetime) -> None:
    if made.is_there:
        made.chase.order = order
        ask_there([made], by=by, now=now)
    else:
        _take_off([(order.pk, made.off_fen)])


def _locked(ids: Sequence[int]) -> dict[int, Order]:
    rows = Order.objects.numbered(ids).order_by("pk").select_for_update(no_key=True, of=("self",))
    return {order.pk: order for order in rows.select_related("shop")}


def _refuse(order: Order, chase: Chase, off_fen: int) -> None:
    number = {"number": order.number}
    if order.stage != Stage.UNPAID or chase.is_held_out:
        raise NotOffered(_("Order %(number)s is not being chased: offer nothing.") % number)
    if not 0 < off_fen < order.total_fen - order.paid_fen:
        raise NotOffered(
            _("Offer more than nothing, and less than the %(left)s that are still to be paid.")
            % {"left": yuan(order.total_fen - order.paid_fen)}
        )
    if ChaseOffer.objects.filter(chase=chase, state__in=OPEN).exists():
        raise NotOffered(_("There is an offer already. Take it back before you make another."))


def _question(made: ChaseOffer, order: Order, beyond: str, by: Actor) -> NewItem:
    facts = {
        "number": order.number,
        "asked_by": by.actor_name,
        "why": beyond,
        "off": yuan(made.off_fen),
    }
    return NewItem(Kind.APPROVAL, "offer", made.pk, facts=facts, shop_id=order.shop_id)


def _decided(found: ChaseOffer, by: Worker) -> Order:
    if not by.may("orders.below_floor"):
        raise NotOffered(_("Only a supervisor may decide on these prices."))
    order = _locked([found.chase.order_id])[found.chase.order_id]
    asked = ChaseOffer.objects.filter(pk=found.pk, state=OfferState.ASKED)
    if order.stage != Stage.UNPAID or not asked.exists():
        raise NotOffered(_("This offer is over already. Load the page again."))
    return order


def _end(ids: Sequence[int], state: OfferState, by: Actor, now: datetime) -> int:
    """End offers that are still open, and give the orders their old price; return how many."""
    rows = ChaseOffer.objects.filter(pk__any=list(ids)).values_list("chase__order_id", flat=True)
    unpaid = [pk for pk, order in _locked(list(rows)).items() if order.stage == Stage.UNPAID]
    still = ChaseOffer.objects.filter(pk__any=list(ids), state__in=OPEN, chase__order__any=unpaid)
    ending = list(still.select_related("chase__order__shop"))
    given = [one for one in ending if one.state == OfferState.GIVEN]
    _take_off([(one.chase.order_id, -one.off_fen) for one in given if not one.is_there])
    undo_there([one for one in given if one.is_there], by=by, now=now)
    ended = ChaseOffer.objects.filter(pk__any=[one.pk for one in ending])
    return ended.update(state=state, ended_at=now)


def _take_off(offers: Sequence[tuple[int, int]]) -> None:
    """Lower what orders cost by so much; one order has one offer at a time."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_OFF, [list(column) for column in zip(*offers, strict=True)] or [[], []])
