"""What each kind of field finds, in the database."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils.translation import override

from gendan.ui.finding import FindingError
from gendan.ui.tests.listing.parcels import PARCELS, Parcel


@pytest.fixture
def numbers(parcels: Callable[..., list[Parcel]], now: datetime) -> Callable[[str], str]:
    parcels(
        {"number": "A1", "shop": "TM", "total_fen": 1250, "tags": ["VIP"], "note": "送货上门"},
        {"number": "A2", "shop": "JD", "total_fen": 99, "weight_g": 500, "urgent": True},
        {
            "number": "B1",
            "shop": "OWN",
            "total_fen": 10000,
            "paid_at": now,
            "tags": ["VIP", "老客"],
        },
        {"number": "B2", "placed_at": now - timedelta(days=3), "due_on": date(2026, 11, 25)},
    )

    def find(text: str) -> str:
        found = Parcel.objects.filter(PARCELS.q(text, now=now)).order_by("number")
        return " ".join(parcel.number for parcel in found)

    return find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "A1 A2 B1 B2"),
        ("A", "A1 A2"),
        ("A 上门", "A1"),
        ("A1, B2", "A1 B2"),
        ("A1、B1 店铺=天猫旗舰店", "A1"),
        ("number = A1", "A1"),
        ("订单号=A1", "A1"),
        ("单号：1", "A1 B1"),
        ("NUMBER != A1", "A2 B1 B2"),
        ("店铺 = jd", "A2"),
        ("店铺=own shop", ""),
        ('店铺="own shop"', "B1"),
        ("店铺 ~ 旗舰", "A1 B2"),
        ("店铺 !~ 旗舰", "A2 B1"),
        ("店铺 in (京东， OWN)", "A2 B1"),
        ("店铺 not in (京东, OWN)", "A1 B2"),
        ("店铺不在（京东、OWN）", "A1 B2"),
        ("金额 > ¥12.50", "B1"),
        ("金额大于等于12.5元", "A1 B1"),
        ("金额=10..100", "A1 B1"),
        ("金额 < 99分", "B2"),
        ("金额 in (12.5, 0.99)", "A1 A2"),
        ("重量=0.5kg", "A2"),
        ("重量 >= 500克", "A2"),
        ("重量为空", "A1 B1 B2"),
        ("重量 is not empty", "A2"),
        ("重量 != 500", "A1 B1 B2"),
        ("下单时间 = 今天", "A1 A2 B1"),
        ("下单时间 = 2026-11-18", "B2"),
        ("下单时间 < 2026-11-21 12:00", "B2"),
        ("下单时间 <= 2026-11-21 12:00", "A1 A2 B1 B2"),
        ("下单时间 > -2h", "A1 A2 B1"),
        ("下单时间 <= 3天前", "B2"),
        ("下单时间 = 3天前", "B2"),
        ("下单时间 = 本月", "A1 A2 B1 B2"),
        ("下单时间 = 2026-11-01..2026-11-18", "B2"),
        ("下单时间 in (昨天, 2026-11-18)", "B2"),
        ("付款时间 为空", "A1 A2 B2"),
        ("付款时间 != today", "A1 A2 B2"),
        ("交期 = 2026-11-25", "B2"),
        ("交期 > 2026-11-25", ""),
        ("交期 <= 2026-11-25", "B2"),
        ("交期 = 2026-11", "B2"),
        ("加急=是", "A2"),
        ("urgent = no", "A1 B1 B2"),
        ("标签=VIP", "A1 B1"),
        ("标签 in (老客, x)", "B1"),
        ("标签 为空", "A2 B2"),
        ("标签 != VIP", "A2 B2"),
        ("备注包含上门", "A1"),
        ("备注 不为空", "A1"),
        ("double > 2000", "A1 B1"),
        ("double in (2500, 198)", "A1 A2"),
        ("double is empty", ""),
        ("回答 = 送货上门", "A1"),
        ("回答为空", "A2 B1 B2"),
        ("not A", "B1 B2"),
        ("非（A1 或 B1）", "A2 B2"),
        ("店铺=天猫旗舰店且金额>1", "A1"),
        ("金额>99或加急=yes", "A2 B1"),
        ("加急=是 or 店铺=TM and 金额>1", "A1 A2"),
        ("(加急=是 or 店铺=TM) and 金额>1", "A1"),
        ("'A1'", "A1"),
        ("“送货上门”", "A1"),
    ],
)
def test_it_finds(numbers: Callable[[str], str], text: str, expected: str) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    "attack",
    ["'; drop table ui_tests_parcel; --", "A1' OR '1'='1", "%", "_", "\\", "A1%' --", "%s"],
)
def test_values_reach_the_database_as_values_only(
    numbers: Callable[[str], str], attack: str
) -> None:
    value = attack.replace("\\", "\\\\")
    for text in (f'"{value}"', f'备注 = "{value}"', f'备注 ~ "{value}"', f'标签 in ("{value}")'):
        assert numbers(text) == ""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_explained_finds_the_same(now: datetime, language: str) -> None:
    texts = (
        "A1、B1 店铺=own 非(金额大于5 或 备注为空)",
        "店铺 not in (TM, jd) 加急=有 金额=10..20",
        '备注 ~ "a \\"b\\" 且" 订单号="(x)"',
        "下单时间 >= 3天前 and 重量 不为空 not (A or B, C)",
    )
    for text in texts:
        with override(language):
            assert PARCELS.q(PARCELS.explain(text), now=now) == PARCELS.q(text, now=now)


def test_it_is_explained_with_labels_and_units(now: datetime) -> None:
    assert PARCELS.explain("total>12.5 shop=jd").startswith("金额 > ¥12.50 ")


def test_a_mistake_in_a_tab_or_rule_is_found_by_checking() -> None:
    PARCELS.check("金额 > 5")
    with pytest.raises(FindingError):
        PARCELS.check("金额 > five")
