"""Splitting an address finds its divisions and names what is wrong with it."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gendan.customers.addresses import Problem, names, search_divisions, split, split_fields

DATA = Path(__file__).parent / "data"
KNOWN = list(csv.DictReader((DATA / "addresses.csv").read_text().splitlines()))
PIECES = (DATA / "address_pieces.txt").read_text().split()
TEXTS = st.lists(
    st.one_of(st.sampled_from(PIECES), st.just(" "), st.text(max_size=2)), max_size=9
).map("".join)
DETAILS = st.text("示例弄甲乙丙0123456789栋室#-", min_size=1).map(lambda text: f"例{text}例")
DISTRICTS = [
    district.code
    for province in search_divisions()
    for city in search_divisions("", province.code)
    if not city.last
    for district in search_divisions("", city.code)
]


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: row["raw"])
def test_it_reads_what_four_parsers_agree_on(row: dict[str, str]) -> None:
    found = split(row["raw"])
    assert (found.province, found.city, found.district) == (
        row["province"],
        row["city"],
        row["district"],
    )


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (
            "广东省 广州市 越秀区 黄花岗街道示例路50号(510180)",
            "广东省 广州市 越秀区 黄花岗街道 示例路50号",
            "440104014",
        ),
        ("北京市 北京市 朝阳区 示例路8号", "北京市 朝阳区 示例路8号", "110105"),
        ("北京朝阳建国路88号", "北京市 朝阳区 建国路88号", "110105"),
        ("广西-南宁-青秀区-示例路1号", "广西壮族自治区 南宁市 青秀区 示例路1号", "450103"),
        ("云南红河元阳县，示例路1号", "云南省 红河哈尼族彝族自治州 元阳县 示例路1号", "532528"),
        ("广东省 东莞市 中堂镇 示例路1号", "广东省 东莞市 中堂镇 示例路1号", "441900128"),
        ("河南省省直辖县级行政区划济源市示例路1号", "河南省 济源市 示例路1号", "419001"),
        ("重庆市县城口县示例路1号", "重庆市 城口县 示例路1号", "500229"),
        ("四川省 成都市 其它区 武侯区示例路1号", "四川省 成都市 武侯区 示例路1号", "510107"),
        ("成都市新津县示例路1号", "四川省 成都市 新津区 示例路1号", "510118"),
        ("香港特别行政区 中西区 示例道9号", "香港特别行政区 香港岛 中西区 示例道9号", "810101"),
        ("西湖区 蒋村街道 示例路1号", "浙江省 杭州市 西湖区 蒋村街道 示例路1号", "330106011"),
        ("苏州工业园区示例街1号", "江苏省 苏州市 苏州工业园区 示例街1号", "320576"),
    ],
)
def test_it_completes_and_corrects_the_divisions(text: str, line: str, code: str) -> None:
    found = split(text)
    assert (found.line, found.code, found.problems) == (line, code, ())
    assert found.complete


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", {Problem.NO_PROVINCE, Problem.NO_DETAIL}),
        ("示例路1号", {Problem.NO_PROVINCE}),
        ("广东省 示例路1号", {Problem.NO_CITY}),
        ("广东省 广州市 示例路1号", {Problem.NO_DISTRICT}),
        ("广东省 广州市 越秀区", {Problem.NO_DETAIL}),
        ("广东省 广州市 越秀区 示例路****", {Problem.MASKED}),
        ("##6f2a密文", {Problem.MASKED}),
        ("广东省 广州市 其它区 示例路1号", {Problem.OTHER_AREA}),
        ("鼓楼区示例路1号", {Problem.AMBIGUOUS}),
        ("浙江省 杭州市 浦东新区 示例路1号", {Problem.MISMATCH}),
        ("广东省深圳市福田区 广东省深圳市南山区示例路1号", {Problem.MISMATCH}),
        ("浙江省 杭州市 不知区 示例路1号", {Problem.NOT_IN_DIVISIONS}),
    ],
)
def test_it_names_what_is_wrong(text: str, problems: set[Problem]) -> None:
    found = split(text)
    assert set(found.problems) == problems
    assert not found.complete


def test_a_city_gives_its_last_sign_to_a_district_that_needs_it() -> None:
    assert split("山东青岛市南区示例路1号").district == "市南区"
    assert split("山东济南市中区示例路1号").district == "市中区"


def test_a_road_named_after_a_place_is_no_division() -> None:
    found = split("广东省广州市越秀区北京南路2号")
    assert (found.street, found.detail) == ("", "北京南路2号")
    assert split("重庆路5号").province == ""


def test_it_lets_a_development_zone_pass() -> None:
    found = split("四川成都高新区天府大道中段530号")
    assert (found.district, found.problems, found.complete) == ("高新区", (Problem.ZONE,), True)


def test_it_keeps_a_landmark_that_begins_with_a_district() -> None:
    found = split("广州市天河城三楼")
    assert (found.district, found.detail) == ("天河区", "天河城三楼")


def test_it_takes_a_zip_code_but_not_zeros() -> None:
    assert split("广东省广州市越秀区示例路1号(510180)").zip == "510180"
    assert split("广东省广州市越秀区示例路1号(000000)").zip == ""
    assert split("广东省广州市越秀区示例路1号3栋300101").detail.endswith("3栋300101")


def test_columns_may_be_repeated_in_the_detail() -> None:
    found = split_fields("山东省", "济南市", "历城区", "", "山东省济南市历城区示例街道1号")
    assert (found.detail, found.code, found.complete) == ("示例街道1号", "370112", True)


def test_columns_keep_a_street_unknown_to_us() -> None:
    found = split_fields("山东", "济南", "历城", "示例街道", "示例路1号")
    assert (found.street, found.detail) == ("示例街道", "示例路1号")
    assert (found.province, found.city, found.district) == ("山东省", "济南市", "历城区")


def test_columns_that_contradict_each_other_are_named() -> None:
    assert Problem.MISMATCH in split_fields("广东省", "广州市", "福田区", "", "示例路1号").problems
    assert Problem.MASKED in split_fields("北京市", "北京市", "朝阳区", "", "##密文").problems


@given(TEXTS)
def test_any_text_is_read_and_its_own_line_reads_the_same(text: str) -> None:
    found = split(text)
    again = split(found.line)
    assert (again.line, again.code, again.problems) == (found.line, found.code, found.problems)


@given(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)
def test_any_columns_are_read(a: str, b: str, c: str, d: str, e: str) -> None:
    assert isinstance(split_fields(a, b, c, d, e).line, str)


@given(st.sampled_from(DISTRICTS), DETAILS)
def test_the_detail_loses_no_character(code: str, detail: str) -> None:
    found = split("".join(names(code)) + detail)
    assert (found.street + found.detail, found.code[:6]) == (detail, code)
