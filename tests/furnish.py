"""Furnishes a fresh home for browser tests; Django is set up already.

People, places and goods are those of the demo. On top come waybill numbers to draw from, and goods
of which a test knows every piece.
"""

import random

from gendan.catalog.models import Product, ShopCode, Sku
from gendan.config import sign_ins
from gendan.config.demo import goods, places
from gendan.delivery.models import NumberRange
from gendan.journal.actors import Job
from gendan.journal.writing import entry
from gendan.people.models import Shop, Warehouse
from gendan.screening.rules import install_rules
from gendan.stock.actions import Goods, open_stock
from gendan.warehouse.models import Carrier

BY = Job("test.setup")
KNOWN = (  # code, title, price in fen, weight in grams, pieces in Hangzhou
    ("T-MUG", "旅人马克杯", 8800, 350, 400),
    ("T-TRAY", "竹制茶盘", 16800, 900, 400),
    ("T-RARE", "孤品建盏", 66000, 300, 0),
)
NUMBERS = {"zhongtong": ("", 13, 7_590_000_000_020), "yuantong": ("YT", 13, 8_800_000_000_020)}


def furnish() -> None:
    """Make merchant, people, rules, goods and waybill numbers; keep the sign-ins in the home."""
    people = places.furnish(BY)
    install_rules(by=BY)
    goods.stock_up(BY, random.Random(7))
    _known_goods()
    _waybill_numbers()
    sign_ins.keep(people)


def _known_goods() -> None:
    on_shelf = []
    with entry("catalog.imported", by=BY, count=len(KNOWN)):
        shop = Shop.objects.get(code="TB")
        for number, (code, title, price, weight, pieces) in enumerate(KNOWN, 1):
            sku = Sku.objects.create(
                product=Product.objects.create(style=code, title=title),
                code=code,
                title=title,
                barcode=f"290000000{number:04}",
                weight_g=weight,
                price_fen=price,
                floor_fen=price * 8 // 10,
                safety_stock=0,
            )
            ShopCode.objects.create(shop=shop, code=code, sku=sku, seen_title=title)
            on_shelf += [Goods(sku.pk, pieces)] if pieces else []
    open_stock(on_shelf, Warehouse.objects.get(code="HZ"), by=BY, document="test")


def _waybill_numbers() -> None:
    with entry("carrier.changed", by=BY):
        for carrier in Carrier.objects.filter(code__in=NUMBERS):
            prefix, digits, first = NUMBERS[carrier.code]
            NumberRange.objects.create(
                carrier=carrier, prefix=prefix, digits=digits, next=first, last=first + 9_999
            )
