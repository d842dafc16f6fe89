"""What a child finds when it makes the merchant and two times the same orders."""

from typing import Any

from gendan.bench import merchant
from gendan.bench.platform_files import bought_orders
from gendan.config.verify import verify


def main(number: str) -> dict[str, Any]:
    """Return what must be the same, and whether the merchant's stock adds up."""
    made = merchant.make(int(number))
    first, second = (list(bought_orders(int(number), seed=1)) for _run in range(2))
    goods = [[order.goods for order in orders] for orders in (first, second)]
    buyers = [[order.buyer for order in orders] for orders in (first, second)]
    return {
        "skus": made["skus"],
        "same": goods[0] == goods[1] and buyers[0] == buyers[1],
        "lines": sum(map(len, goods[0])),
        "adds_up": verify() == [],
    }
