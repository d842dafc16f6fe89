"""How expressions are read: mistakes point at their place, and nothing else ever happens."""

import time
from datetime import datetime

import pytest
from django.core.exceptions import EmptyResultSet
from hypothesis import given, settings
from hypothesis import strategies as st

from gendan.ui.finding import Field, Finder, FindingError
from gendan.ui.tests.listing.conftest import NOW
from gendan.ui.tests.listing.parcels import PARCELS, Parcel

LANGUAGE = """
    金额 店铺 number 下单时间 交期 加急 标签 重量 双倍 备注 京东 = != > >= < <= ~ !~ : ! in ( ) , ，
    （ ） 且 或 非 and or not 为空 不为空 is empty 不在 包含 今天 now 本月 -3d 3天前 9999999d
    2026-11-01 2026-02-31 9999-12 0001-01-01
    08:00 10..20 .. ¥ 12.5 1e9 99999999999999999999 １２ " “ ” ' \\
"""
WORDS = tuple(LANGUAGE.split())


@pytest.mark.parametrize(
    ("text", "position", "length"),
    [
        ("foo = 1", 0, 3),
        ("店铺=天猫旗舰店 且 金额 > abc", 16, 3),
        ("店铺 = 淘宝", 5, 2),
        ("金额 >", 4, 1),
        ("金额 ~ 5", 3, 1),
        ("(A 或 B", 0, 1),
        ("A)", 1, 1),
        ("备注 = “abc", 5, 4),
        ("加急 = 也许", 5, 2),
        ("交期 = 2026-02-31", 5, 10),
        ("下单时间 > 明年", 7, 2),
        ("A and", 5, 1),
        ("and A", 0, 3),
        ("店铺 in (京东, 淘宝)", 11, 2),
        ("a\x00b", 1, 1),
    ],
)
def test_a_mistake_points_at_its_place(text: str, position: int, length: int) -> None:
    with pytest.raises(FindingError) as caught:
        PARCELS.q(text, now=NOW)
    assert (caught.value.position, caught.value.length) == (position, length)
    assert caught.value.message


def test_the_nearest_names_are_suggested() -> None:
    with pytest.raises(FindingError, match="weihgt") as caught:
        PARCELS.q("weihgt > 5", now=NOW)
    assert "重量" in caught.value.remedy


def test_the_choices_are_named() -> None:
    with pytest.raises(FindingError) as caught:
        PARCELS.q("店铺 = 天猫", now=NOW)
    assert "天猫旗舰店" in caught.value.remedy


def test_too_deep_and_too_long_are_refused() -> None:
    for text in ("(" * 100 + "a" + ")" * 100, "a " * 5000):
        with pytest.raises(FindingError):
            PARCELS.q(text, now=NOW)
    assert PARCELS.q("not " * 500 + "a", now=NOW) == PARCELS.q("a", now=NOW)


def test_two_fields_cannot_share_a_name() -> None:
    finder = Finder(Parcel, (Field("a", "甲"), Field("b", "甲")), PARCELS.quick)
    with pytest.raises(ValueError, match="甲"):
        finder.q("甲 = 1", now=NOW)


def reads_or_complains(text: str) -> None:
    place = 0
    try:
        str(Parcel.objects.filter(PARCELS.q(text, now=NOW)).query)
        PARCELS.explain(text)
    except FindingError as error:
        place = error.position
    except EmptyResultSet:
        pass
    assert 0 <= place <= len(text)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    reads_or_complains(text)


@settings(max_examples=800, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=14), st.sampled_from([" ", ""]))
def test_any_words_of_the_language_are_read_or_refused(words: list[str], between: str) -> None:
    reads_or_complains(between.join(words))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=8), st.integers(0, 60))
def test_completion_never_fails(words: list[str], cursor: int) -> None:
    PARCELS.complete(" ".join(words), cursor)


def test_reading_takes_less_than_a_millisecond() -> None:
    text = "店铺=天猫旗舰店且金额>100 或 备注 ~ 送货 下单时间=2026-11"
    PARCELS.q(text, now=NOW)
    began = time.perf_counter()
    for _ in range(200):
        PARCELS.q(text, now=NOW)
    assert (time.perf_counter() - began) / 200 < 0.001


def test_the_clock_is_the_callers(now: datetime) -> None:
    earlier = now.replace(year=2025)
    assert PARCELS.q("下单时间 > 今天", now=now) != PARCELS.q("下单时间 > 今天", now=earlier)


def test_it_names_the_fields_that_an_expression_asks_about() -> None:
    named = PARCELS.mentions("A1 店铺=京东 且 (金额 > 5 或 shop = TM)")
    assert [field.name for field in named] == ["shop", "total"]
