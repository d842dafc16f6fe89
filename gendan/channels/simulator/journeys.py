"""What happens to a made-up parcel: a journey of events, chosen by the number's last two digits."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

TOWNS = (
    ("浙江", "杭州市", "余杭区"),
    ("广东", "广州市", "白云区"),
    ("上海", "上海市", "青浦区"),
    ("北京", "北京市", "通州区"),
    ("四川", "成都市", "双流区"),
    ("湖北", "武汉市", "东西湖区"),
    ("江苏", "苏州市", "吴中区"),
    ("福建", "厦门市", "集美区"),
)
COURIERS = (
    ("李某", "13900000011"),
    ("周某某", "13900000012"),
    ("吴某", "13900000013"),
    ("郑某某", "13900000014"),
)
DAY = 24.0


@dataclass(frozen=True)
class Event:
    """One line of a trace, so many hours after the parcel left."""

    hours: float
    code: str
    name: str
    text: str
    area: str = ""


@dataclass(frozen=True)
class Route:
    """From where to where, and who carries it at both ends."""

    start: tuple[str, str, str]
    end: tuple[str, str, str]
    picker: tuple[str, str]
    courier: tuple[str, str]

    @classmethod
    def of(cls, number: str) -> "Route":
        """The same number always travels the same way."""
        dice = hashlib.sha256(number.encode()).digest()
        end = TOWNS[1 + dice[0] % (len(TOWNS) - 1)]
        return cls(
            TOWNS[0], end, COURIERS[dice[1] % len(COURIERS)], COURIERS[dice[2] % len(COURIERS)]
        )


def ordered(route: Route) -> Iterator[Event]:
    yield Event(0.2, "101", "已下单", "商家已通知快递公司揽收，等待揽件")


def picked_up(route: Route) -> Iterator[Event]:
    province, town, district = route.start
    name, phone = route.picker
    text = f"【{town}】{town}{district}营业部 已揽收，揽件员：{name}【{phone}】"
    yield Event(2, "103", "揽收", text, f"{province},{town},{district}")


def moved(route: Route) -> Iterator[Event]:
    (province, town, _), (to_province, to_town, to_district) = route.start, route.end
    yield Event(
        5,
        "1002",
        "干线",
        f"【{town}】快件已离开【{town}转运中心】，发往【{to_town}转运中心】",
        f"{province},{town}",
    )
    yield Event(
        20,
        "1002",
        "干线",
        f"【{to_town}】快件已到达【{to_town}转运中心】",
        f"{to_province},{to_town}",
    )
    yield Event(
        26,
        "1001",
        "到达派件城市",
        f"【{to_town}】快件已到达【{to_district}营业部】",
        f"{to_province},{to_town},{to_district}",
    )


def out_for_delivery(route: Route, hours: float = 29) -> Event:
    province, town, district = route.end
    name, phone = route.courier
    text = f"【{town}】{district}营业部 快递员 {name}【{phone}】正在为您派件，请保持电话畅通"
    return Event(hours, "5", "派件", text, f"{province},{town},{district}")


def signed(route: Route, hours: float = 32, code: str = "301") -> Event:
    province, town, district = route.end
    name, phone = route.courier
    text = f"【{town}】您的快件已签收，签收人：本人。如有疑问请联系快递员：{name}【{phone}】"
    return Event(hours, code, "签收", text, f"{province},{town},{district}")


def normal(route: Route) -> Iterator[Event]:
    yield from ordered(route)
    yield from picked_up(route)
    yield from moved(route)
    yield out_for_delivery(route)
    yield signed(route)


def no_movement(route: Route) -> Iterator[Event]:
    yield from ordered(route)
    yield from picked_up(route)


def failed_then_signed(route: Route) -> Iterator[Event]:
    yield from _up_to_the_door(route)
    _, town, _ = route.end
    yield Event(33, "204", "派件异常", f"【{town}】派送失败：收件人电话无人接听，将再次派送")
    yield out_for_delivery(route, hours=53)
    yield signed(route, hours=56, code="302")


def not_signed(route: Route) -> Iterator[Event]:
    yield from _up_to_the_door(route)
    _, town, district = route.end
    yield Event(33, "501", "投柜或驿站", f"【{town}】快件已存放至{district}驿站，请凭取件码领取")


def refused(route: Route) -> Iterator[Event]:
    yield from _up_to_the_door(route)
    _, town, _ = route.end
    yield Event(33, "14", "拒签", f"【{town}】收件人拒收，原因：不想要了")


def returned(route: Route) -> Iterator[Event]:
    yield from refused(route)
    yield Event(40, "6", "退回", f"【{route.end[1]}】快件退回中，发往【{route.start[1]}】")
    yield Event(70, "4", "退签", f"【{route.start[1]}】退回件已由寄件人签收")


def _up_to_the_door(route: Route) -> Iterator[Event]:
    yield from ordered(route)
    yield from picked_up(route)
    yield from moved(route)
    yield out_for_delivery(route)


def nothing(route: Route) -> Iterator[Event]:
    return iter(())


NOTHING_FOUND = "07"
GIVEN_UP = "08"
JOURNEYS: dict[str, Callable[[Route], Iterator[Event]]] = {
    "01": ordered,
    "02": no_movement,
    "03": failed_then_signed,
    "04": not_signed,
    "05": refused,
    "06": returned,
    NOTHING_FOUND: nothing,
    GIVEN_UP: nothing,
}


def journey(number: str) -> list[Event]:
    """The events of this number, by its last two digits; most numbers travel as they should."""
    return list(JOURNEYS.get(number[-2:], normal)(Route.of(number)))
