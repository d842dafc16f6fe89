"""Real processes that put orders together and give away the same gifts in the same moment."""

from contextlib import suppress

import pytest
from django.utils import timezone

from conftest import TESTER, GiftRuleMaker, OrderMaker
from gendan.catalog.models import Sku
from gendan.orders import verify as orders
from gendan.orders.actions.amend import NewAmendment, confirm, request
from gendan.orders.actions.save_gift_rule import NewTier
from gendan.orders.amending.wanted import SetQuantity
from gendan.orders.models import Amendment, GiftLine, GiftRule, Line, Order, Scope
from gendan.people.models import Person, Warehouse
from gendan.screening.rules import install_rules
from gendan.stock import verify as stock
from gendan.stock.actions import Goods, receive
from gendan.stock.models import Balance, Reservation
from gendan.stock.tests.test_race import WORKERS, at_once
from gendan.ui.errors import Refused
from gendan.warehouse import verify as warehouse
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.regroup import undo
from gendan.warehouse.actions.split import split, split_by
from gendan.warehouse.models import Regrouping, Shipment, ShipmentLine
from gendan.warehouse.queries.splitting import Way
from gendan.warehouse.stages import Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PAIRS = 24
NOW = timezone.now()


@pytest.mark.parametrize(("lying", "limit"), [(10, None), (100, 10)])
def test_no_more_is_given_than_there_is(
    make_allocated: OrderMaker,
    make_gift_rule: GiftRuleMaker,
    hangzhou: Warehouse,
    mug: Sku,
    lying: int,
    limit: int | None,
) -> None:
    receive([Goods(mug.pk, lying)], hangzhou, by=TESTER)
    make_gift_rule(NewTier(40000, mug.pk), scope=Scope.PARCEL, limit=limit)
    for pair in range(PAIRS):
        make_allocated(2, buyer=f"b{pair}", place_key=f"place-{pair}")
    ids = list(Order.objects.order_by("pk").values_list("pk", flat=True))

    def work(worker: int) -> None:
        for pair in range(worker, PAIRS, WORKERS):
            plan(Order.objects.numbered(ids[2 * pair : 2 * pair + 2]), by=TESTER)

    at_once(work)
    assert Shipment.objects.count() == PAIRS
    assert GiftLine.objects.count() == 10
    assert Balance.objects.get(sku=mug).reserved == 10
    found = [*orders.differences(), *stock.differences(), *warehouse.differences()]
    assert not [one for one in found if "paid" not in one.what]


def test_houses_and_gifts_change_at_once_without_a_deadlock(
    make_allocated: OrderMaker,
    make_gift_rule: GiftRuleMaker,
    hangzhou: Warehouse,
    foshan: Warehouse,
    tea: Sku,
    mug: Sku,
) -> None:
    """Parcels are taken apart over two houses and put together again, while others are planned."""
    for house in (hangzhou, foshan):
        receive([Goods(tea.pk, 500), Goods(mug.pk, 100)], house, by=TESTER)
    make_gift_rule(NewTier(40000, mug.pk), scope=Scope.PARCEL)
    for pair in range(PAIRS):
        make_allocated(2, buyer=f"b{pair}", place_key=f"place-{pair}")
    ids = list(Order.objects.order_by("pk").values_list("pk", flat=True))

    def work(worker: int) -> None:
        for pair in range(worker, PAIRS, WORKERS):
            parcel = plan(Order.objects.numbered(ids[2 * pair : 2 * pair + 2]), by=TESTER).get()
            split(
                {parcel.pk: _by_order(parcel)},
                by=TESTER,
                now=NOW,
                houses={(parcel.pk, 1): foshan.pk},
            )
            undo(Regrouping.objects.filter(parcels__shipment=parcel), by=TESTER, now=NOW)

    at_once(work)
    assert ShipmentLine.objects.filter(sku=mug, shipment__stage=Stage.PLANNED).count() == PAIRS
    assert Balance.objects.get(sku=mug, warehouse=hangzhou).reserved == PAIRS
    found = [*orders.differences(), *stock.differences(), *warehouse.differences()]
    assert not [one for one in found if "paid" not in one.what]


def test_who_is_amended_while_its_parcel_is_split_keeps_no_gift_of_before(
    make_allocated: OrderMaker,
    make_gift_rule: GiftRuleMaker,
    hangzhou: Warehouse,
    mug: Sku,
    wang: Person,
) -> None:
    """An amendment writes the lines as they are after the split, or the split sees its own."""
    install_rules(by=TESTER)
    receive([Goods(mug.pk, 100)], hangzhou, by=TESTER)
    make_gift_rule(NewTier(40000, mug.pk), scope=Scope.PARCEL)
    parcels, wishes = [], []
    for pair in range(PAIRS):
        chosen = make_allocated(2, buyer=f"b{pair}", place_key=f"place-{pair}")
        parcels.append(plan(chosen, by=TESTER).get().pk)
        has = GiftLine.objects.latest("pk").order_id
        new = NewAmendment(has, [SetQuantity(line=1, quantity=1)])
        wishes.append(request([new], by=wang, now=NOW).get().pk)

    def work(worker: int) -> None:
        for parcel, wish in zip(parcels, wishes, strict=True):
            with suppress(Refused):
                if worker % 2:
                    confirm(Amendment.objects.numbered([wish]), by=wang, now=NOW)
                else:
                    split_by(Way.ORDER, Shipment.objects.numbered([parcel]), by=TESTER, now=NOW)

    at_once(work)
    assert GiftRule.objects.get().given == 0
    assert not Line.objects.filter(is_gift=True, is_cancelled=False).exists()
    assert not Reservation.objects.filter(sku=mug).exists()
    found = [*orders.differences(), *stock.differences(), *warehouse.differences()]
    assert not [one for one in found if "paid" not in one.what]


def _by_order(parcel: Shipment) -> list[dict[int, int]]:
    """What each order has in the parcel; its gifts stay with the first."""
    parts: dict[int, dict[int, int]] = {}
    rows = parcel.lines.order_by("order", "line")
    for order, line, quantity in rows.values_list("order", "line", "quantity"):
        parts.setdefault(order, {})[line] = quantity
    return list(parts.values())
