from collections.abc import Callable

import pytest

from conftest import TESTER, make_sku
from gendan.catalog.actions.save_set import save_sets
from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.orders.models import Line, OrderQuerySet
from gendan.people.models import Warehouse
from gendan.stock.actions import Goods, receive

Shelf = Callable[..., None]


@pytest.fixture
def shelf(hangzhou: Warehouse) -> Shelf:
    """Return a way to put pieces on the shelf in Hangzhou."""

    def put(sku: Sku, quantity: int, warehouse: Warehouse = hangzhou) -> None:
        receive([Goods(sku.pk, quantity)], warehouse, by=TESTER)

    return put


@pytest.fixture
def box(tea: Sku, bag: Sku) -> Sku:
    """A box of two tins of tea and a bag."""
    box = make_sku("BOX-01", "茶礼盒", 49900, safety_stock=0)
    save_sets({box.pk: {tea.pk: 2, bag.pk: 1}}, by=TESTER)
    return box


def beside(orders: OrderQuerySet, sku: Sku, **more: object) -> None:
    """Put a piece of something else into the orders."""
    with entry("test.setup", by=TESTER):
        Line.objects.bulk_create(
            Line(
                **{
                    "order": order,
                    "position": 2,
                    "sub_order": f"{order.platform_order}-2",
                    "sku": sku,
                    "title": sku.title,
                    "quantity": 1,
                    "price_fen": sku.price_fen,
                    "total_fen": sku.price_fen,
                    **more,
                }
            )
            for order in orders
        )
