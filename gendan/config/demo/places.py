"""The demo's merchant: name, shops, warehouses, people and hours. All of it is invented."""

import secrets
from datetime import time

from django.utils import timezone, translation

from gendan.journal.actors import Actor
from gendan.people.actions import add_person, save_merchant, save_shop, save_warehouse
from gendan.people.models import Merchant, Platform, Shop, ShopKind, Warehouse
from gendan.people.permissions import Role
from gendan.warehouse.actions.save_carriers import save_carriers
from gendan.worklist.actions import add_hours, load_holidays
from gendan.worklist.models import OpenHours

MERCHANT = Merchant(
    name="山茶记",
    phone="0571-8800-1234",
    mail="hello@shanchaji.example",
    address="浙江省杭州市西湖区龙坞镇茶园路 18 号",
    returns="浙江省杭州市余杭区良渚街道仓前路 66 号 山茶记退货组 0571-8800-1235",
)

# code, name, platform, kind, hours to ship, may sell the safety stock
SHOPS = (
    ("TB", "山茶记旗舰店", Platform.TAOBAO, ShopKind.WEB, 48, False),
    ("PDD", "山茶记官方店", Platform.PINDUODUO, ShopKind.WEB, 48, False),
    ("DY", "山茶记生活馆", Platform.DOUYIN, ShopKind.WEB, 24, False),
    ("STORE", "西湖门店", Platform.OWN, ShopKind.STORE, 24, True),
    ("PHONE", "电话与微信", Platform.OWN, ShopKind.PHONE, 48, True),
    ("DIST", "华东分销", Platform.OWN, ShopKind.DISTRIBUTOR, 72, False),
)

# code, name, contact, phone, address, order of preference
WAREHOUSES = (
    ("HZ", "杭州仓", "陈大库", "0571-8800-2001", "浙江省杭州市余杭区良渚街道仓前路 66 号", 1),
    ("FS", "佛山仓", "何南仓", "0757-8600-2002", "广东省佛山市南海区狮山镇物流大道 9 号", 2),
)

# sign-in name, name, roles, shops, warehouses, discount limit
PEOPLE = (
    ("admin", "沈掌柜", (Role.ADMIN,), None, None, 30),
    ("zhao", "赵主管", (Role.SUPERVISOR,), None, None, 30),
    ("wang", "王小满", (Role.SERVICE,), None, None, 5),
    ("xu", "徐清禾", (Role.SERVICE,), ("TB", "PDD", "DY"), None, 5),
    ("li", "李审言", (Role.REVIEWER,), None, None, 0),
    ("chen", "陈大库", (Role.WAREHOUSE,), None, ("HZ",), 0),
    ("he", "何南仓", (Role.WAREHOUSE,), None, ("FS",), 0),
    ("lin", "林跟单", (Role.MERCHANDISER,), None, None, 0),
    ("fang", "方采薇", (Role.BUYER,), None, None, 0),
    ("qian", "钱会计", (Role.FINANCE,), None, None, 0),
)

# code (kuaidi100's too), name, English name, waybill pattern, tracking needs the phone, rank
CARRIERS = (
    ("zhongtong", "中通快递", "ZTO Express", r"^7\d{12,14}$", True, 1),
    ("yuantong", "圆通速递", "YTO Express", r"^YT\d{13}$", False, 2),
    ("shunfeng", "顺丰速运", "SF Express", r"^SF\d{13}$", True, 3),
    ("yunda", "韵达快递", "Yunda Express", r"^4\d{12,14}$", False, 4),
    ("jd", "京东物流", "JD Logistics", r"^JDV?\d{10,14}$", False, 5),
)

HOURS = ((time(8, 30), time(12)), (time(13), time(18)), (time(19), time(22)))


def furnish(by: Actor) -> list[dict[str, str]]:
    """Make the merchant, places, carriers, hours and people; return the sign-ins."""
    save_merchant(MERCHANT, by=by)
    for code, name, platform, kind, hours, safety in SHOPS:
        shop = Shop(
            code=code,
            name=name,
            platform=platform,
            kind=kind,
            ship_hours=hours,
            uses_safety_stock=safety,
        )
        save_shop(shop, by=by)
    for code, name, contact, phone, address, rank in WAREHOUSES:
        warehouse = Warehouse(
            code=code, name=name, contact=contact, phone=phone, address=address, rank=rank
        )
        save_warehouse(warehouse, by=by)
    _carriers(by)
    for weekday in range(7):
        for opens, closes in HOURS:
            add_hours(OpenHours(weekday=weekday, opens=opens, closes=closes), by=by)
    load_holidays(timezone.localdate(), by=by)
    return _people(by)


def _carriers(by: Actor) -> None:
    names = ("code", "name", "name_en", "pattern", "needs_phone", "rank")
    save_carriers([dict(zip(names, carrier, strict=True)) for carrier in CARRIERS], by=by)


def _people(by: Actor) -> list[dict[str, str]]:
    """Add the colleagues with one password that is made for this home only."""
    password = f"shancha-{secrets.token_hex(3)}"
    shops = dict(Shop.objects.values_list("code", "pk"))
    warehouses = dict(Warehouse.objects.values_list("code", "pk"))
    for username, name, roles, sees, works, limit in PEOPLE:
        add_person(
            by=by,
            username=username,
            name=name,
            password=password,
            roles=list(roles),
            shop_ids=[shops[code] for code in sees] if sees else None,
            warehouse_ids=[warehouses[code] for code in works] if works else None,
            discount_limit=limit,
            must_change_password=False,
        )
    with translation.override("zh-hans"):
        return [
            {"username": username, "password": password, "role": f"{name} · {roles[0].label}"}
            for username, name, roles, *_rest in PEOPLE
        ]
