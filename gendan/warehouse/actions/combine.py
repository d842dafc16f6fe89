"""Puts shipments of one receiver into one parcel, by hand, before they are packed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import Stage as OrderStage
from gendan.stock.locking import lock
from gendan.ui.errors import Refused
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.regroup import regroup
from gendan.warehouse.models import CombineRules, RegroupingKind, Shipment, ShipmentQuerySet
from gendan.warehouse.move import refuse_unless
from gendan.warehouse.queries.company import combine_rules
from gendan.warehouse.queries.holding import held_by
from gendan.warehouse.queries.ready import IN_THE_HOUSE
from gendan.warehouse.queries.together import (
    Candidate,
    candidates,
    differences,
    doubts,
    forbidden,
)
from gendan.warehouse.refill import Filling, Group
from gendan.warehouse.stages import BEFORE_PACKING, Stage
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind

SUBJECT = "company"


class CannotCombine(Refused):
    """The shipments may not share a parcel."""


class NotYetThere(Refused):
    """An order is not as far as the warehouse."""


def combine(
    shipments: ShipmentQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> ShipmentQuerySet:
    """Put the shipments together that go to one receiver; return the parcels that stay.

    Each of them must have company among the others. One parcel stays, the oldest that is not
    fetched yet if there is any; the others are left empty and recalled. What only the rules of the
    house speak against needs a reason.

    :raises WrongStage: if any of the shipments is packed already
    :raises CannotCombine: if any of them may not go together with the others
    """
    with entry("shipment.combined", by=by, why=why):
        ids = refuse_unless(shipments, *BEFORE_PACKING)
        groups, rules = _groups(candidates(ids)), combine_rules()
        for group in groups:
            _refuse(group, rules, why)
        held = held_by(ids)
        parcels = [_one_parcel(group, held) for group in groups]
        together = regroup(parcels, RegroupingKind.COMBINE, by=by, now=now, why=why)
        orders = together.values_list("lines__order", flat=True)
        close_items([Kind.COMBINE], SUBJECT, set(orders), by=by, now=now, why=_("Combined."))
    return together


def combine_orders(
    orders: OrderQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> ShipmentQuerySet:
    """Send the orders in one parcel for each receiver; those not planned yet are planned first.

    :raises NotYetThere: if any of the orders is still before the warehouse
    :raises CannotCombine: if they may not go together
    :raises WrongStage: if a parcel of theirs is packed already
    """
    ids = sorted(set(orders.values_list("pk", flat=True)))
    planned = Shipment.objects.filter(lines__order__in=ids, stage__in=IN_THE_HOUSE)
    parcels = Shipment.objects.numbered(set(planned.values_list("pk", flat=True)))
    loose = Order.objects.numbered(ids).exclude(shipment_lines__shipment__in=parcels)
    with entry("order.combined", by=by, why=why, count=len(ids)):
        return send_together(loose, parcels, by=by, now=now, why=why)


def send_together(
    orders: OrderQuerySet, shipments: ShipmentQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> ShipmentQuerySet:
    """Combine shipments with orders that have none yet, as a part of an act.

    :raises NotYetThere: if any of the orders is still before the warehouse
    :raises CannotCombine: if they may not go together
    :raises WrongStage: if any of the shipments is packed already
    """
    ids = set(shipments.values_list("pk", flat=True))
    loose = Order.objects.numbered(list(orders.values_list("pk", flat=True)))
    _refuse_early(loose)
    if loose.exists():
        lock([])  # planning and combining both may give
        ids |= set(plan(loose, by=by, why=why).values_list("pk", flat=True))
    parcels = Shipment.objects.numbered(sorted(ids))
    if len(ids) == 1 and loose.exists():  # planning has put them together already
        return parcels
    return combine(parcels, by=by, now=now, why=why)


def _refuse_early(orders: OrderQuerySet) -> None:
    early = orders.exclude(stage=OrderStage.ALLOCATED).order_by("pk").first()
    if early:
        raise NotYetThere(
            _("Order %(number)s is at “%(stage)s”. Bring it to “%(needed)s” first.")
            % {
                "number": early.number,
                "stage": early.get_stage_display(),
                "needed": OrderStage.ALLOCATED.label,
            }
        )


def _groups(found: Sequence[Candidate]) -> list[list[Candidate]]:
    """Return the shipments by what must be the same.

    :raises CannotCombine: if one of them has no company, naming what differs
    """
    by_key: dict[tuple[Any, ...], list[Candidate]] = defaultdict(list)
    for one in found:
        by_key[one.key].append(one)
    lonely = next((group[0] for group in by_key.values() if len(group) == 1), None)
    if lonely is None and by_key:
        return list(by_key.values())
    if lonely is None or len(found) < 2:
        raise CannotCombine(_("Choose at least two shipments."))
    other = min(
        (one for one in found if one is not lonely), key=lambda one: len(differences([one, lonely]))
    )
    raise CannotCombine(
        _("%(one)s and %(other)s differ in: %(what)s. Make that the same, or choose others.")
        % {
            "one": lonely.name,
            "other": other.name,
            "what": ", ".join(differences([lonely, other])),
        }
    )


def _refuse(group: Sequence[Candidate], rules: CombineRules, why: str) -> None:
    if found := next(forbidden(group), None):
        raise CannotCombine(
            _("%(number)s always goes alone: %(why)s.") % {"number": found[0], "why": found[1]}
        )
    against = doubts(group, rules) if not why.strip() else []
    if against:
        raise CannotCombine(
            " ".join(against) + " " + _("Say why they go together all the same, or leave it.")
        )


def _one_parcel(group: Sequence[Candidate], held: dict[int, dict[int, int]]) -> Group:
    ids = [one.pk for one in group]
    pieces: dict[int, int] = defaultdict(int)
    for pk in ids:
        for line, number in held[pk].items():
            pieces[line] += number
    stays = next((one.pk for one in group if one.stage != Stage.PICKED), ids[0])
    return Group(ids, [Filling(pieces, stays)])
