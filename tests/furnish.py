"""Furnishes a fresh home for browser tests: `python -m tests.furnish` prints who can sign in.

People, places and goods are those of the demo. On top come waybill numbers to draw from, and goods
of which a test knows every piece.
"""

import json
import random
import sys

from gendan.config.ready import ready

KNOWN = (  # code, title, price in fen, weight in grams, pieces in Hangzhou
    ("T-MUG", "旅人马克杯", 8800, 350, 400),
    ("T-TRAY", "竹制茶盘", 16800, 900, 400),
    ("T-RARE", "孤品建盏", 66000, 300, 0),
)
NUMBERS = {"zhongtong": ("", 13, 7_590_000_000_001), "yuantong": ("YT", 13, 8_800_000_000_001)}


def main() -> None:
    """Bring the database up to date, furnish, and print the sign-ins as JSON."""
    with ready():
        json.dump(_furnish(), sys.stdout, ensure_ascii=False)


def _furnish() -> list[dict[str, str]]:
    from gendan.config import sign_ins
    from gendan.config.demo import goods, places
    from gendan.journal.actors import Job
    from gendan.screening.rules import install_rules

    by = Job("test.setup")
    people = places.furnish(by)
    install_rules(by=by)
    goods.stock_up(by, random.Random(7))
    _known_goods()
    _waybill_numbers()
    sign_ins.keep(people)
    return people


def _known_goods() -> None:
    from gendan.catalog.models import Product, ShopCode, Sku
    from gendan.journal.actors import Job
    from gendan.journal.writing import entry
    from gendan.people.models import Shop, Warehouse
    from gendan.stock.actions import Goods, open_stock

    by = Job("test.setup")
    on_shelf = []
    for number, (code, title, price, weight, pieces) in enumerate(KNOWN, 1):
        with entry("catalog.imported", by=by, count=1):
            product = Product.objects.create(style=code, title=title)
            sku = Sku.objects.create(
                product=product,
                code=code,
                title=title,
                barcode=f"290000000{number:04}",
                weight_g=weight,
                price_fen=price,
                floor_fen=price * 8 // 10,
                safety_stock=0,
            )
            shop = Shop.objects.get(code="TB")
            ShopCode.objects.create(shop=shop, code=code, sku=sku, seen_title=title)
        on_shelf += [Goods(sku.pk, pieces)] if pieces else []
    hangzhou = Warehouse.objects.get(code="HZ")
    open_stock(on_shelf, hangzhou, by=by, document="test")


def _waybill_numbers() -> None:
    from gendan.delivery.models import NumberRange
    from gendan.journal.actors import Job
    from gendan.journal.writing import entry
    from gendan.warehouse.models import Carrier

    with entry("carrier.changed", by=Job("test.setup")):
        for carrier in Carrier.objects.filter(code__in=NUMBERS):
            prefix, digits, first = NUMBERS[carrier.code]
            NumberRange.objects.create(
                carrier=carrier, prefix=prefix, digits=digits, next=first, last=first + 9_999
            )


if __name__ == "__main__":
    main()
