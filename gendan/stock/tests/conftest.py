from collections.abc import Callable

import pytest

from conftest import TESTER
from gendan.catalog.models import Sku
from gendan.people.models import Warehouse
from gendan.stock.actions import Goods, receive

Shelf = Callable[..., None]


@pytest.fixture
def shelf(hangzhou: Warehouse) -> Shelf:
    """Return a way to put pieces on the shelf in Hangzhou."""

    def put(sku: Sku, quantity: int, warehouse: Warehouse = hangzhou) -> None:
        receive([Goods(sku.pk, quantity)], warehouse, by=TESTER)

    return put
