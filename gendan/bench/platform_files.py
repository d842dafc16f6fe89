"""The orders that are measured, in the pair of files that Taobao exports.

The same number gives the same files: Zipf's law over the goods, 1 to 5 lines an order, buyers who
come back, some with a remark, some whose address cannot be delivered to.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.utils import timezone

from gendan.bench.house import say
from gendan.bench.measuring import seeded
from gendan.bench.merchant import popularity
from gendan.catalog.models import Sku
from gendan.config.demo.buyers import Buyer, buyers
from gendan.config.demo.files import REMARKS, SELLER_REMARKS, Bought, taobao

LINES = ((1, 2, 3, 4, 5), (46, 28, 14, 8, 4))
PIECES = ((1, 2, 3), (85, 11, 4))
REMARKED = 0.05
SELLER_REMARKED = 0.02
BAD_ADDRESS = 0.01
BACK_AGAIN = 0.08
"""Of the orders, those by somebody who ordered before in the same two hours."""


def main(orders: str, folder: str) -> dict[str, Any]:
    """Write the files of so many orders into a folder."""
    return write(int(orders), Path(folder))


def write(orders: int, folder: Path, *, seed: int = 26) -> dict[str, Any]:
    """Write the two files into a folder; return their paths and what is in them."""
    folder.mkdir(parents=True, exist_ok=True)
    say(f"writing {orders:,} orders as Taobao exports them")
    bought = list(bought_orders(orders, seed=seed))
    paths = taobao(bought, folder)
    lines = sum(len(order.goods) for order in bought)
    return {"files": [str(path) for path in paths], "orders": orders, "lines": lines}


def bought_orders(number: int, *, seed: int) -> Iterator[Bought]:
    """Yield orders of the last two hours in the sequence in which they were placed."""
    rnd = seeded(seed)
    skus = list(Sku.objects.order_by("pk"))
    chances = list(accumulate(popularity()))
    end = timezone.now() - timedelta(minutes=5)
    for index, buyer in enumerate(_who_comes(number, rnd)):
        at = end - timedelta(hours=2) * (1 - index / number)
        chosen = rnd.choices(skus, cum_weights=chances, k=_one_of(LINES, rnd))
        goods = [(sku, _one_of(PIECES, rnd)) for sku in dict.fromkeys(chosen)]
        yield _order(f"26{seed:02}{index:014}", buyer, at, goods, rnd)


def _who_comes(number: int, rnd: random.Random) -> Iterator[Buyer]:
    """Yield a buyer an order, now and then one who was there before."""
    known: list[Buyer] = []
    for newcomer in _buyers(number, rnd):
        comes_back = known and rnd.random() < BACK_AGAIN
        known.append(rnd.choice(known) if comes_back else newcomer)
        yield known[-1]


def _order(
    number: str, buyer: Buyer, at: datetime, goods: list[tuple[Sku, int]], rnd: random.Random
) -> Bought:
    return Bought(
        number=number,
        buyer=buyer,
        at=at,
        goods=goods,
        status="PAID",
        remark=rnd.choice(REMARKS) if rnd.random() < REMARKED else "",
        seller_remark=rnd.choice(SELLER_REMARKS) if rnd.random() < SELLER_REMARKED else "",
    )


def _buyers(number: int, rnd: random.Random) -> list[Buyer]:
    """Return buyers with a phone each; a few live where nobody can deliver to."""
    made = []
    for index, buyer in enumerate(buyers(number, rnd)):
        known = buyer._replace(phone=f"139{index:08}", nick=f"{buyer.nick}{index}")
        if rnd.random() < BAD_ADDRESS:
            known = known._replace(province="", city="", district="", detail="老地方")
        made.append(known)
    return made


def _one_of(chances: tuple[tuple[int, ...], tuple[int, ...]], rnd: random.Random) -> int:
    values, weights = chances
    return rnd.choices(values, weights)[0]
