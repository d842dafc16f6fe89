"""How the demo's merchant chooses carriers: prices by region, places, standards, and rules."""

from datetime import timedelta

from django.utils import timezone

from gendan.journal.actors import Job
from gendan.people.models import Warehouse
from gendan.stock.actions.source import save_warehouse_rule
from gendan.stock.models.sourcing import WarehouseRule
from gendan.warehouse.actions.save_carriers import save_carriers
from gendan.warehouse.actions.source import save_carrier_rule, save_ground
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import CarrierRule, Discount, Standard, Tariff, Unserved

BY = Job("demo")
FAR = ("西藏自治区", "新疆维吾尔自治区", "青海省")
PRICES = {  # first kilogram and each further, in yuan: everywhere, and to far provinces
    "yuantong": ((6, 2), (16, 12)),
    "yunda": ((6, 2), (15, 12)),
    "shunfeng": ((13, 4), (22, 16)),
    "jd": ((11, 3), (20, 14)),
}
OFF = {"yuantong": 10, "shunfeng": 5}  # per cent, by contract
DIVISORS = {"yuantong": 8000, "yunda": 8000, "shunfeng": 6000, "jd": 8000}


def tell() -> None:
    """Set it up before the first parcel is planned."""
    carriers = {carrier.code: carrier for carrier in Carrier.objects.all()}
    for code, prices in PRICES.items():
        if carrier := carriers.get(code):
            _prices(carrier, *prices)
    _contracts(carriers)
    for province, hours in (("", 72), *((far, 168) for far in FAR)):
        save_ground(Standard(province=province, arrive_hours=hours), by=BY)
    if fast := carriers.get("shunfeng"):
        save_ground(Standard(carrier=fast, pickup_hours=12, arrive_hours=48), by=BY)
    if "yunda" in carriers:
        save_ground(Unserved(carrier=carriers["yunda"], province="西藏自治区", why="无网点"), by=BY)
    _rules(carriers)


def _prices(carrier: Carrier, near: tuple[int, int], far: tuple[int, int]) -> None:
    for province, (first, step) in (("", near), *((one, far) for one in FAR)):
        price = Tariff(
            carrier=carrier, province=province, first_fen=first * 100, step_fen=step * 100
        )
        save_ground(price, by=BY)


def _contracts(carriers: dict[str, Carrier]) -> None:
    """Bulky parcels are charged by their volume; two carriers have granted a discount."""
    known = [
        {"code": code, "volume_divisor": n} for code, n in DIVISORS.items() if code in carriers
    ]
    save_carriers(known, by=BY)
    since = timezone.localdate() - timedelta(days=60)
    for code, percent in OFF.items():
        if carrier := carriers.get(code):
            save_ground(Discount(carrier=carrier, percent=percent, from_on=since), by=BY)


def _rules(carriers: dict[str, Carrier]) -> None:
    south = Warehouse.objects.filter(code="FS").first()
    if south:
        rule = WarehouseRule(name="拼多多两广海南走佛山仓", warehouse=south, position=10)
        rule.expression = "platform = PINDUODUO and province in (广东省, 广西壮族自治区, 海南省)"
        save_warehouse_rule(rule, by=BY)
    if dear := carriers.get("shunfeng"):
        dearest = CarrierRule(name="千元以上走顺丰", carrier=dear, position=10)
        dearest.expression = "total >= 1000"
        save_carrier_rule(dearest, by=BY)
