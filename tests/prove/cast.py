"""The people, the shop, the warehouse and the goods that the racing proofs share."""

from collections.abc import Sequence
from dataclasses import dataclass

from gendan.catalog.models import Product, Sku
from gendan.customers.addresses import split
from gendan.delivery.models import NumberRange
from gendan.journal.actors import Job
from gendan.journal.writing import entry
from gendan.orders.money import NewLine
from gendan.orders.newcomers import NewOrder
from gendan.people.models import Person, Platform, Shop, ShopKind, Warehouse
from gendan.people.permissions import Role
from gendan.screening.actions import switch
from gendan.screening.models import Rule
from gendan.screening.rules import install_rules
from gendan.stock.actions import Goods, open_stock
from gendan.warehouse.models import Carrier

BY = Job("prove")
# What holds an order in a flash sale until somebody has looked is switched off for its length.
NOT_NOW = ("NO_STOCK", "COMBINABLE", "DUPLICATE")


@dataclass(frozen=True)
class Cast:
    """Who and what takes part."""

    people: Sequence[Person]
    shop: Shop
    warehouse: Warehouse
    skus: Sequence[Sku]


def furnish(*, people: int, pieces: Sequence[int]) -> Cast:
    """Make so many supervisors, and a SKU for each number of pieces on the shelf."""
    with entry("test.setup", by=BY):
        shop = Shop.objects.create(
            code="FLASH", name="秒杀专场", platform=Platform.OWN, kind=ShopKind.PHONE
        )
        warehouse = Warehouse.objects.create(code="FL", name="秒杀仓", rank=1)
        carrier = Carrier.objects.create(code="flash", name="闪送快递", rank=1)
        NumberRange.objects.create(carrier=carrier, prefix="FL", next=1, last=10**9)
        staff = [
            Person.objects.create(
                username=f"flash{n}", name=f"同事{n}", roles=[*Role.values], password="!"
            )
            for n in range(people)
        ]
        skus = [_sku(n) for n in range(len(pieces))]
    goods = [Goods(sku.pk, number) for sku, number in zip(skus, pieces, strict=True)]
    open_stock(goods, warehouse, by=BY, document="prove")
    install_rules(by=BY)
    switch(Rule.objects.filter(code__in=NOT_NOW), False, by=BY)
    return Cast(staff, shop, warehouse, skus)


def asked(cast: Cast, lines: Sequence[tuple[int, int]], *, buyer: int, house: int) -> NewOrder:
    """Return an order for lines of (which SKU, pieces), by one buyer to one house number."""
    return NewOrder(
        shop_id=cast.shop.pk,
        lines=[NewLine(cast.skus[sku].pk, number) for sku, number in lines],
        receiver_name=f"买家{buyer}",
        receiver_phone=f"1390{buyer:07}",
        address=split(f"浙江省杭州市西湖区北山街道示例路{house}号"),
    )


def _sku(number: int) -> Sku:
    title = f"限量茶 {number}"
    product = Product.objects.create(style=f"FLASH-{number}", title=title)
    return Sku.objects.create(
        product=product,
        code=f"FLASH-{number}",
        title=title,
        barcode=f"6970{number:09}",
        weight_g=250,
        price_fen=990,
        safety_stock=0,
    )
