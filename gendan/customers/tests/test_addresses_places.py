"""Divisions can be chosen step by step, and the same place has the same key."""

from pathlib import Path

import polib
import pytest
from django.utils import translation

from gendan.customers.addresses import (
    Problem,
    is_known,
    names,
    place_key,
    same_place,
    search_divisions,
    sentence,
    split,
)

CHINESE = Path(__file__).parents[1] / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def test_the_choices_lead_from_province_to_street() -> None:
    [guangdong] = search_divisions("广东")
    [guangzhou] = search_divisions("广州", guangdong.code)
    [yuexiu] = search_divisions("越秀", guangzhou.code)
    [street] = search_divisions("黄花岗", yuexiu.code)
    assert names(street.code) == ("广东省", "广州市", "越秀区", "黄花岗街道")
    assert (guangzhou.last, yuexiu.last, street.last) == (False, True, True)


def test_places_without_districts_are_chosen_as_cities() -> None:
    [dongguan] = search_divisions("东莞", "44")
    [jiyuan] = search_divisions("济源", "41")
    assert dongguan == ("441900", "东莞市", True)
    assert names(jiyuan.code) == ("河南省", "济源市", "", "")


def test_municipalities_go_straight_to_their_districts() -> None:
    assert {"渝中区", "城口县"} <= {division.name for division in search_divisions("", "50")}


def test_hong_kong_macau_and_taiwan_are_there() -> None:
    for text in ("香港中西区示例道1号", "澳门大堂区示例路1号", "台湾台北市大安区示例路1号"):
        assert split(text).complete


def test_a_code_is_known_on_every_level() -> None:
    assert all(is_known(code) for code in ("11", "4401", "440104", "440104014"))
    assert not any(is_known(code) for code in ("", "99", "440199", "440104999", "44010"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("广东省 广州市 越秀区 示例路50号3栋101室", "广东广州越秀区示例路５０号 3幢 101"),
        ("北京市 北京市 朝阳区 示例路三号楼2单元401", "北京朝阳区示例路3号楼-2-401室"),
        ("浙江省杭州市西湖区文三路12弄3号(310000)", "杭州市西湖区文三路12-3"),
        ("成都市新津县示例路1号", "四川省成都市新津区示例路1号"),
    ],
)
def test_the_same_place_has_the_same_key(one: str, other: str) -> None:
    assert same_place(split(one), split(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("广州市越秀区示例路50号", "广州市越秀区示例路51号"),
        ("杭州市西湖区五一路1号", "南昌市西湖区五一路1号"),
        ("广州市越秀区示例路1号12栋", "广州市越秀区示例路11号2栋"),
    ],
)
def test_other_places_have_other_keys(one: str, other: str) -> None:
    assert not same_place(split(one), split(other))


def test_masked_addresses_are_never_the_same_place() -> None:
    masked = split("广东省广州市越秀区示例路****")
    assert place_key(masked) == ""
    assert not same_place(masked, masked)


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_has_a_sentence_in_both_languages(problem: Problem) -> None:
    with translation.override("en"):
        english = str(sentence(problem))
    assert english.endswith(".")
    found = polib.pofile(str(CHINESE)).find(english)
    assert found is not None
    assert found.msgstr.endswith("。")
