"""A merchant for proofs of crashes: a few goods in plenty, and order files of known content.

`python -m gendan.bench.house tests.prove.merchant PAIRS ORDERS` furnishes the home of the
environment and leaves `expected.json` in it: the key for the API, the files, and what is in them.
"""

import json
import random
from datetime import timedelta
from typing import Any

from django.utils import timezone

from gendan.catalog.actions import save_codes, save_goods
from gendan.catalog.models import Sku
from gendan.config import home
from gendan.config.demo import places
from gendan.config.demo.buyers import buyers
from gendan.config.demo.files import Bought, taobao
from gendan.delivery.models import NumberRange
from gendan.journal.actors import Job
from gendan.journal.writing import entry
from gendan.people.actions import make_key
from gendan.people.models import Shop, Warehouse
from gendan.people.permissions import PERMISSIONS
from gendan.screening.rules import install_rules
from gendan.stock.actions import Goods, open_stock
from gendan.warehouse.models import Carrier
from tests.prove.accounts import SHOP

BY = Job("prove")
GOODS = 24


def main(pairs: str, orders: str) -> dict[str, Any]:
    """Furnish the house, and write so many pairs of files with so many orders each."""
    places.furnish(BY)
    install_rules(by=BY)
    skus = _goods()
    _waybill_numbers()
    _key, secret = make_key(by=BY, name="Prove", scopes=list(PERMISSIONS))
    facts: dict[str, Any] = {
        "key": secret,
        "files": [],
        "orders": {},
        "skus": [sku.code for sku in skus],
    }
    for pair in range(int(pairs)):
        bought = _bought(pair, int(orders), skus)
        folder = home.path("incoming", str(pair), "x").parent
        facts["files"].append([str(path) for path in taobao(bought, folder)])
        facts["orders"] |= {
            one.number: {sku.code: pieces for sku, pieces in one.goods} for one in bought
        }
    home.path("expected.json").write_text(json.dumps(facts))
    return {"orders": len(facts["orders"])}


def _goods() -> list[Sku]:
    rows = [
        {
            "style": f"P{n:02}",
            "code": f"P{n:02}-0",
            "barcode": f"290{n:010}",
            "price_fen": 1000 + n * 100,
            "weight_g": 100 + n,
        }
        for n in range(GOODS)
    ]
    products = [{"style": f"P{n:02}", "title": f"茶样 {n:02} 号"} for n in range(GOODS)]
    save_goods(products, rows, by=BY)
    skus = list(Sku.objects.order_by("code"))
    shop = Shop.objects.get(code=SHOP)
    codes = [{"shop_id": shop.pk, "code": sku.code, "sku_id": sku.pk} for sku in skus]
    save_codes(codes, by=BY, now=timezone.now())
    for warehouse in Warehouse.objects.all():
        stock = [Goods(sku.pk, 1_000_000) for sku in skus]
        open_stock(stock, warehouse, by=BY, document=f"期初-{warehouse.code}")
    return skus


def _waybill_numbers() -> None:
    with entry("carrier.changed", by=BY):
        for place, carrier in enumerate(Carrier.objects.order_by("rank"), 1):
            NumberRange.objects.create(
                carrier=carrier, prefix=f"{place}", digits=13, next=1, last=9_999_999
            )


def _bought(pair: int, number: int, skus: list[Sku]) -> list[Bought]:
    """Return paid orders, each of a buyer of its own: none of them waits for a person."""
    rnd = random.Random(pair)
    people = buyers(number, rnd)
    began = timezone.now() - timedelta(hours=2)
    return [
        Bought(
            number=f"26{pair:04}{index:012}",
            buyer=people[index]._replace(
                nick=f"买家{pair}-{index}", phone=f"139{pair:03}{index:05}"
            ),
            at=began + timedelta(seconds=index),
            goods=[(sku, rnd.randint(1, 3)) for sku in rnd.sample(skus, rnd.randint(1, 3))],
            status="PAID",
        )
        for index in range(number)
    ]
