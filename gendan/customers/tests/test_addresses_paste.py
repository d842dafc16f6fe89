"""Reading pasted text finds who, which number and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gendan.customers.addresses import Kind, read_paste, read_pastes
from gendan.customers.tests.test_addresses_split import TEXTS

CHAT = ["张三", "13900000001", "收货人", "地址：", "\n", "；"]
ZHANG = ("张三", "13900000001", "广东省 广州市 越秀区 黄花岗街道 示例路50号")


@pytest.mark.parametrize(
    "text",
    [
        "张三，86-13900000001，广东省 广州市 越秀区 黄花岗街道示例路50号(510180)",
        "收货人：张三 手机：139 0000 0001 地址：广东省广州市越秀区黄花岗街道示例路50号",
        "广东广州越秀区黄花岗街道示例路50号 张三13900000001",
        "广东省广州市越秀区黄花岗街道示例路50号，张三，+86 139-0000-0001",
        "13900000001广东省广州市越秀区黄花岗街道示例路50号 张三收",
        "张三\n１３９０００００００１\n广东省广州市越秀区\n黄花岗街道示例路50号",
        "收件人:张三\n手机号码:13900000001\n所在地区:广东省广州市越秀区黄花岗街道\n详细地址:示例路50号",
    ],
)
def test_it_reads_name_phone_and_address_in_any_order(text: str) -> None:
    found = read_paste(text)
    assert (found.name, found.phone.number, found.address.line) == ZHANG
    assert found.rest == ""
    assert found.confidence.phone == found.confidence.address == 1.0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("张三丰浙江省杭州市西湖区示例路1号 13900000001", "张三丰"),
        ("浙江省杭州市西湖区示例路1号张三13900000001", "张三"),
        ("张 三 13900000001 浙江杭州西湖区示例路1号", "张三"),
        ("王小姐（收）13900000001 浙江杭州西湖区示例路1号", "王小姐"),
        ("收件人: Tom Smith, 13900000001, 浙江省杭州市西湖区示例路1号", "Tom Smith"),
        ("张三[1234] 15500000000-1234 浙江省杭州市西湖区示例路1号", "张三[1234]"),
    ],
)
def test_it_tells_the_name_from_what_touches_it(text: str, name: str) -> None:
    found = read_paste(text)
    assert (found.name, found.address.detail, found.rest) == (name, "示例路1号", "")


def test_it_takes_titles_landlines_and_extensions() -> None:
    found = read_paste("李女士 0571-88888888-801 浙江杭州西湖区文三路 1 号 2单元")
    assert (found.name, str(found.phone)) == ("李女士", "0571-88888888-801")
    assert (found.address.district, found.address.detail) == ("西湖区", "文三路 1 号 2单元")


def test_it_keeps_the_extension_of_a_privacy_number() -> None:
    found = read_paste("王五 15500000000-1234 浙江省杭州市西湖区示例路1号")
    assert (found.phone.number, found.phone.extension) == ("15500000000", "1234")


def test_a_name_that_is_also_a_place_is_the_name() -> None:
    found = read_paste("黄梅, 13900000001, 江西省 抚州市 临川区 示例路1号")
    assert (found.name, found.address.city) == ("黄梅", "抚州市")


def test_wishes_and_order_numbers_are_the_rest() -> None:
    found = read_paste("200801000001，张三，13900000001，济源市示例路1号")
    assert (found.name, found.rest) == ("张三", "200801000001")
    found = read_paste("地址：南京市玄武区示例路1号 李四13900000002 请勿发到付 谢谢")
    assert (found.address.detail, found.rest) == ("示例路1号", "请勿发到付 谢谢")


def test_a_number_behind_a_room_is_found() -> None:
    found = read_paste("北京市密云区示例小区1楼30113900000004 唐娜明收")
    assert (found.phone.number, found.address.detail) == ("13900000004", "示例小区1楼301")
    assert found.name == "唐娜明"


def test_masked_receivers_stay_masked() -> None:
    found = read_paste("张**，1******6198，广东省深圳市福田区示例街道****")
    assert (found.name, found.phone.kind) == ("张**", Kind.MASKED)
    assert not found.address.complete


def test_a_text_without_any_of_it_is_the_rest() -> None:
    found = read_paste("在吗 亲")
    assert (found.address.line, found.phone.kind) == ("", Kind.EMPTY)


def test_it_parts_several_people() -> None:
    text = (
        "张三 13900000001 广东省广州市越秀区示例路1号\n李四 13900000002 浙江省杭州市西湖区示例路2号"
        "\n\n收货人：王五\n电话：13900000003\n地址：北京市朝阳区示例路3号"
    )
    found = read_pastes(text)
    assert [p.name for p in found] == ["张三", "李四", "王五"]
    assert [p.phone.number[-1] for p in found] == ["1", "2", "3"]
    assert [p.address.detail for p in found] == ["示例路1号", "示例路2号", "示例路3号"]


def test_two_numbers_of_one_person_stay_together() -> None:
    [found] = read_pastes("张三 13900000001\n0571-88888888\n浙江省杭州市西湖区示例路2号")
    assert (found.phone.number, found.rest) == ("13900000001", "0571-88888888")


@given(st.lists(st.one_of(TEXTS, st.sampled_from(CHAT))))
def test_any_text_is_read(texts: list[str]) -> None:
    for pasted in read_pastes("".join(texts)):
        assert 0.0 <= pasted.confidence.name <= 1.0
