"""The merchant that is measured: 10,000 SKUs, three warehouses, shops, people and stock.

Everything is made through the real actions, and is the same every time. How much lies on the
shelves follows from how many orders will come, so that about two in a hundred are short.
"""

import math

from django.utils import timezone

from gendan.bench.house import say
from gendan.bench.measuring import seeded
from gendan.catalog.actions import save_codes, save_goods
from gendan.catalog.models import Sku
from gendan.config.demo.goods import ARTICLES, Article
from gendan.config.demo.places import furnish
from gendan.journal.actors import Actor, Job
from gendan.people.actions import save_warehouse
from gendan.people.models import Shop, ShopKind, Warehouse
from gendan.screening.rules import install_rules
from gendan.stock.actions import Goods, open_stock, place_at

SKUS = 10_000
PIECES = 2.4
"""Pieces that an order asks for on average, over all its lines."""

AMPLE = 1.6
"""Stock of a warehouse beside the demand that falls to it."""

SHARES = {"HZ": 0.6, "FS": 0.4, "CD": 0.3}
"""Of the whole demand, what each warehouse could serve if its stock were not ample."""

SCARCE = 0.012
"""Of the demand, what is for goods of which a warehouse has a single piece."""

SERIES = ("春山", "听松", "晚晴", "归舟", "竹里", "云起", "采薇", "望岳", "平湖", "汀兰")


def main(orders: str) -> dict[str, int]:
    """Furnish the house of the environment."""
    return make(int(orders))


def make(orders: int) -> dict[str, int]:
    """Furnish an empty house for so many orders; return what is there."""
    by = Job("bench")
    furnish(by)
    save_warehouse(Warehouse(code="CD", name="成都仓", rank=3), by=by)
    install_rules(by=by)
    say("making 10,000 SKUs")
    skus = _goods(by)
    _codes(skus, by)
    say("filling three warehouses")
    demand = [share * orders * PIECES for share in popularity()]
    for warehouse in Warehouse.objects.order_by("rank"):
        _fill(warehouse, skus, demand, by)
    return {"skus": len(skus), "warehouses": len(SHARES)}


def popularity() -> list[float]:
    """Return each SKU's share of what is bought, by its position: Zipf's law, shuffled."""
    weights = [1 / rank for rank in range(1, SKUS + 1)]
    seeded(7).shuffle(weights)
    whole = sum(weights)
    return [weight / whole for weight in weights]


def _goods(by: Actor) -> list[Sku]:
    products = []
    rows = []
    for number in range(SKUS):
        series, left = divmod(number, sum(len(article.options) for article in ARTICLES))
        article, position = _variant(left)
        style = f"{article.code}{series:03}"
        if position == 0:
            title = f"{article.title} {SERIES[series % len(SERIES)]}系列 {series:02}"
            products.append({"style": style, "title": title, "category": article.category})
        option, price, weight = article.options[position]
        rows.append(
            {
                "style": style,
                "code": f"{style}-{position:02}",
                "specification": f"{article.varies}：{option}",
                "barcode": f"69{number:011}",
                "price_fen": price + series * 10,
                "weight_g": weight,
            }
        )
    _products, saved = save_goods(products, rows, by=by)
    return sorted(saved.all, key=lambda sku: sku.pk)


def _variant(number: int) -> tuple[Article, int]:
    """Return the article and its option at a position among all options of all articles."""
    for article in ARTICLES:
        if number < len(article.options):
            return article, number
        number -= len(article.options)
    raise IndexError(number)


def _codes(skus: list[Sku], by: Actor) -> None:
    rows = [
        {
            "shop_id": shop.pk,
            "code": sku.code,
            "sku_id": sku.pk,
            "seen_title": sku.title,
            "seen_specification": sku.specification,
        }
        for shop in Shop.objects.filter(kind=ShopKind.WEB)
        for sku in skus
    ]
    save_codes(rows, by=by, now=timezone.now())


def _fill(warehouse: Warehouse, skus: list[Sku], demand: list[float], by: Actor) -> None:
    scarce = _scarce()
    share = SHARES[warehouse.code]
    goods = [
        Goods(sku.pk, 1 if at in scarce else math.ceil(wanted * share * AMPLE) + 8)
        for at, (sku, wanted) in enumerate(zip(skus, demand, strict=True))
    ]
    open_stock(goods, warehouse, by=by, document=f"期初-{warehouse.code}")
    places = {
        sku.pk: f"{chr(65 + n // 400)}{n // 20 % 20:02}-{n % 20}" for n, sku in enumerate(skus)
    }
    place_at(places, warehouse, by=by)


def _scarce() -> set[int]:
    """Return positions of SKUs that together make up the share of demand that is to be short."""
    popular = popularity()
    chosen: set[int] = set()
    reached = 0.0
    for at in seeded(11).sample(range(SKUS), SKUS):
        if reached + popular[at] <= SCARCE:
            chosen.add(at)
            reached += popular[at]
    return chosen
