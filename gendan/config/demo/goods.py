"""What the demo's merchant sells: teas and leather goods, and how much of them is there."""

import random
from typing import Any, NamedTuple

from django.utils import timezone

from gendan.catalog.actions import save_codes, save_goods
from gendan.catalog.models import Sku
from gendan.journal.actors import Actor
from gendan.people.models import Shop, ShopKind, Warehouse
from gendan.stock.actions import Goods, open_stock, place_at

FLOOR = 80  # percent of the price


class Article(NamedTuple):
    """A style: its code, title, category, care, what varies, and (option, price, weight) each."""

    code: str
    title: str
    category: str
    care: str
    varies: str
    options: tuple[tuple[str, int, int], ...]


TEA_CARE = "密封避光，冷藏更佳；开封后请在 30 天内饮用。"
LEATHER_CARE = "避免长时间日晒和雨淋；用软布擦拭，每季度上一次皮革护理油。"
POT_CARE = "手工烧制，请勿急冷急热；清水冲洗，自然晾干。"


def _tins(*prices: int) -> tuple[tuple[str, int, int], ...]:
    return tuple(
        (size, price * 100, weight)
        for size, price, weight in zip(
            ("50克 试饮", "125克 铁罐", "250克 礼盒", "500克 家庭装"),
            prices,
            (110, 240, 520, 760),
            strict=False,
        )
    )


def _colours(price: int, weight: int, *names: str) -> tuple[tuple[str, int, int], ...]:
    return tuple((name, price * 100, weight) for name in names)


ARTICLES = (
    Article("LJ", "明前龙井", "绿茶", TEA_CARE, "净含量", _tins(88, 198, 388, 688)),
    Article("BLC", "洞庭碧螺春", "绿茶", TEA_CARE, "净含量", _tins(78, 178, 348)),
    Article("AJBC", "安吉白茶", "绿茶", TEA_CARE, "净含量", _tins(68, 168, 328)),
    Article("TGY", "清香铁观音", "乌龙茶", TEA_CARE, "净含量", _tins(48, 108, 208, 368)),
    Article("DHP", "武夷大红袍", "乌龙茶", TEA_CARE, "净含量", _tins(88, 218, 428)),
    Article("FHDC", "凤凰单丛 蜜兰香", "乌龙茶", TEA_CARE, "净含量", _tins(68, 158, 298)),
    Article("ZSXZ", "正山小种", "红茶", TEA_CARE, "净含量", _tins(48, 118, 228, 398)),
    Article("JJM", "金骏眉", "红茶", TEA_CARE, "净含量", _tins(98, 238, 468)),
    Article("DH", "滇红 古树", "红茶", TEA_CARE, "净含量", _tins(38, 88, 168, 288)),
    Article("BHYZ", "白毫银针", "白茶", TEA_CARE, "净含量", _tins(88, 208, 408)),
    Article("PESB", "普洱熟饼 七子", "黑茶", TEA_CARE, "年份", (
        ("2019 年", 16800, 400), ("2016 年", 25800, 400), ("2012 年", 46800, 400))),
    Article("MLHC", "茉莉花茶", "花茶", TEA_CARE, "净含量", _tins(28, 68, 128, 228)),
    Article("GHJT", "桂花九曲 茶包", "茶包", TEA_CARE, "规格", (
        ("15 包", 3900, 90), ("30 包", 6900, 170), ("60 包", 12800, 330))),
    Article("GW", "白瓷盖碗", "茶具", POT_CARE, "颜色", _colours(
        98, 420, "甜白", "霁青", "胭脂水")),
    Article("ZSH", "紫砂壶 西施", "茶具", POT_CARE, "泥料", _colours(
        468, 520, "紫泥", "朱泥", "段泥")),
    Article("PMB", "品茗杯 单只", "茶具", POT_CARE, "颜色", _colours(
        36, 95, "甜白", "霁青", "天目", "钧红")),
    Article("CZ", "胡桃木茶则", "茶具", "木质，勿久泡水。", "尺寸", (
        ("小号", 4900, 60), ("大号", 6900, 90))),
    Article("KB", "手缝牛皮卡包", "皮具", LEATHER_CARE, "颜色", _colours(
        199, 70, "墨绿", "焦糖", "藏青", "原色")),
    Article("CQB", "植鞣长款钱包", "皮具", LEATHER_CARE, "颜色", _colours(
        399, 180, "墨绿", "焦糖", "藏青", "黑")),
    Article("TTB", "头层牛皮托特包", "皮具", LEATHER_CARE, "颜色", _colours(
        899, 920, "焦糖", "黑", "燕麦")),
    Article("YSK", "钥匙扣 鱼尾", "皮具", LEATHER_CARE, "颜色", _colours(
        49, 30, "墨绿", "焦糖", "藏青", "黑", "原色")),
    Article("PD", "手工皮带 32mm", "皮具", LEATHER_CARE, "尺码", tuple(
        (f"{colour} {size}", 26900, 260)
        for colour in ("黑", "焦糖", "墨绿") for size in (90, 95, 100, 105, 110, 115))),
    Article("XD", "真皮相机肩带", "皮具", LEATHER_CARE, "颜色", _colours(
        129, 150, "焦糖", "黑", "藏青")),
    Article("BJB", "皮面笔记本 A5", "皮具", LEATHER_CARE, "颜色", _colours(
        159, 380, "墨绿", "焦糖", "藏青")),
    Article("CDB", "旅行茶具 皮套装", "礼盒", LEATHER_CARE, "颜色", _colours(
        328, 780, "墨绿", "焦糖")),
    Article("LH", "节礼 一茶一器", "礼盒", TEA_CARE, "组合", (
        ("龙井+盖碗", 32800, 980), ("大红袍+紫砂", 78800, 1080), ("红茶+品茗杯", 25800, 640))),
    Article("CHG", "铝合金茶叶罐", "茶具", "干布擦拭。", "容量", (
        ("100毫升", 2900, 80), ("300毫升", 4900, 140), ("600毫升", 6900, 220))),
    Article("SB", "竹节水杯", "茶具", POT_CARE, "颜色", _colours(58, 260, "甜白", "霁青", "天目")),
    Article("LYJ", "皮革护理油", "皮具", "置于阴凉处，避免儿童接触。", "容量", (
        ("50毫升", 3500, 90), ("120毫升", 6800, 180))),
    Article("GJD", "国风手提袋", "包材", "", "尺寸", (
        ("小", 300, 40), ("中", 500, 60), ("大", 800, 90))),
    Article("CX", "沉香线香", "香", "远离明火，放在通风处。", "规格", (
        ("20 支", 8800, 60), ("50 支", 19800, 130))),
)  # fmt: skip


SIDES = ("length_mm", "width_mm", "height_mm")
BULKY = {"TTB": (400, 320, 140), "CDB": (280, 220, 130), "LH": (330, 260, 120)}  # as packed


def stock_up(by: Actor, rnd: random.Random) -> list[Sku]:
    """Make the goods, the shops' codes for them, the shelves and what lies on them."""
    products = [
        {"style": a.code, "title": a.title, "category": a.category, "care": a.care}
        for a in ARTICLES
    ]
    rows = [row for number, article in enumerate(ARTICLES, 1) for row in _skus(article, number)]
    _products, saved = save_goods(products, rows, by=by)
    skus = sorted(saved.all, key=lambda sku: sku.pk)
    _codes(skus, by)
    for warehouse in Warehouse.objects.order_by("rank"):
        _shelve(skus, warehouse, by, rnd)
    return skus


def _skus(article: Article, number: int) -> list[dict[str, Any]]:
    return [
        {
            "style": article.code,
            "code": f"{article.code}-{position:02}",
            "specification": f"{article.varies}：{option}",
            "options": {article.varies: option},
            "barcode": _barcode(number, position),
            "weight_g": weight,
            "price_fen": price,
            "floor_fen": price * FLOOR // 100,
            "is_fragile": article.category == "茶具",
            **dict(zip(SIDES, BULKY.get(article.code, ()), strict=False)),
        }
        for position, (option, price, weight) in enumerate(article.options, 1)
    ]


def _barcode(number: int, position: int) -> str:
    """Return an EAN-13 of the range for use inside a house (20 to 29)."""
    digits = f"20{number:05}{position:05}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def _codes(skus: list[Sku], by: Actor) -> None:
    """Let the web shops know the SKUs by our own codes, as most merchants do."""
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


def _shelve(skus: list[Sku], warehouse: Warehouse, by: Actor, rnd: random.Random) -> None:
    """Put goods on the shelves; a few are nearly gone, so that some orders will be short."""
    scarce = {sku.pk for sku in rnd.sample(skus[:24], 6)}
    goods = [
        Goods(sku.pk, rnd.randint(1, 6) if sku.pk in scarce else rnd.randint(40, 260))
        for sku in skus
    ]
    open_stock(goods, warehouse, by=by, document=f"期初-{warehouse.code}")
    places = {
        sku.pk: f"{'ABCDEF'[number // 24]}{number // 6 % 4 + 1:02}-{number % 6 + 1}"
        for number, sku in enumerate(skus)
    }
    place_at(places, warehouse, by=by)
