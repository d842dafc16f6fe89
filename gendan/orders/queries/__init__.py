"""Questions about orders, and about what a clerk needs while taking one."""

from gendan.orders.queries.lookups import (
    CustomerFound,
    SkuFound,
    caller,
    customers_like,
    free_of,
    sku_meant,
    skus_like,
)
from gendan.orders.queries.progress import Standing, progress, standing
from gendan.orders.queries.waiting import unmasked_until

__all__ = [
    "CustomerFound",
    "SkuFound",
    "Standing",
    "caller",
    "customers_like",
    "free_of",
    "progress",
    "sku_meant",
    "skus_like",
    "standing",
    "unmasked_until",
]
