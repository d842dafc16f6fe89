"""Real processes that put orders together and give away the same gifts in the same moment."""

import pytest

from conftest import TESTER, GiftRuleMaker, OrderMaker
from gendan.catalog.models import Sku
from gendan.orders import verify as orders
from gendan.orders.actions.save_gift_rule import NewTier
from gendan.orders.models import GiftLine, Order, Scope
from gendan.people.models import Warehouse
from gendan.stock import verify as stock
from gendan.stock.actions import Goods, receive
from gendan.stock.models import Balance
from gendan.stock.tests.test_race import WORKERS, at_once
from gendan.warehouse import verify as warehouse
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.models import Shipment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PAIRS = 24


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
