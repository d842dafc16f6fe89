"""Order files as a platform exports them, of orders that a story needs."""

import secrets
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from gendan.catalog.models import Sku
from gendan.config.demo.buyers import Buyer
from gendan.config.demo.files import Bought, taobao

MUG = Sku(code="T-MUG", title="旅人马克杯", price_fen=8800)
TRAY = Sku(code="T-TRAY", title="竹制茶盘", price_fen=16800)
RARE = Sku(code="T-RARE", title="孤品建盏", price_fen=66000)
BARCODE = {"T-MUG": "2900000000001", "T-TRAY": "2900000000002", "T-RARE": "2900000000003"}


def strange() -> Sku:
    """Return goods of whose code nobody has heard."""
    return Sku(code=f"N-{secrets.token_hex(4)}", title="神秘礼盒", price_fen=8800)


def buyer() -> Buyer:
    """Return a buyer whom nobody has seen before."""
    mark = secrets.randbelow(10**8)
    return Buyer(
        name="林知夏",
        nick=f"茶友{mark}",
        phone=f"139{mark:08}",
        province="浙江省",
        city="宁波市",
        district="鄞州区",
        detail=f"首南街道 泰康中路{mark}号2栋302室",
    )


def bought(who: Buyer, *goods: tuple[Sku, int], remark: str = "") -> Bought:
    """Return a paid order of the last hour."""
    return Bought(
        number=f"26{secrets.randbelow(10**14):014}",
        buyer=who,
        at=timezone.now() - timedelta(minutes=40),
        goods=goods,
        status="PAID",
        remark=remark,
    )


def taobao_files(folder: Path, *orders: Bought) -> list[Path]:
    """Write the order list and the detail list of these orders."""
    return taobao(orders, folder)
