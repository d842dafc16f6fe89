import pytest

from gendan.desk.filling import UnknownBlank, blanks, fill
from gendan.desk.masking import masked_text, masked_to

VALUES = {"receiver": "林一诺", "收件人": "林一诺", "wish": ""}


def test_blanks_are_filled_by_either_name() -> None:
    assert fill("{收件人} / { receiver }", VALUES) == "林一诺 / 林一诺"


def test_what_is_empty_becomes_a_dash() -> None:
    assert fill("{wish}", VALUES) == "—"


def test_what_nobody_knows_is_refused_with_what_there_is() -> None:
    with pytest.raises(UnknownBlank) as refused:
        fill("{phone}", VALUES)

    assert "{receiver}" in refused.value.sentence


def test_each_blank_is_named_once() -> None:
    assert blanks("{a} {b} {a}") == ["a", "b"]


def test_a_filled_value_is_not_filled_again() -> None:
    assert fill("{receiver}", {"receiver": "{wish}", "wish": "x"}) == "{wish}"


@pytest.mark.parametrize(
    ("to", "masked"),
    [
        ("lin@example.com", "li***@example.com"),
        ("13900000001", "139****0001"),
        ("茶友小林", "茶友***"),
        ("", ""),
    ],
)
def test_addresses_are_masked(to: str, masked: str) -> None:
    assert masked_to(to) == masked


def test_mobile_numbers_in_texts_are_masked() -> None:
    assert masked_text("电话 13900000001，单号 20261122139000000012") == (
        "电话 139****0001，单号 20261122139000000012"
    )


@pytest.mark.parametrize(
    ("place", "masked"),
    [
        ("浙江省宁波市鄞州区首南街道泰康中路62号", "浙江省宁波市鄞州区****"),
        ("上海市 浦东新区 张江镇科苑路1号", "上海市 浦东新区****"),
    ],
)
def test_where_somebody_lives_is_masked_in_texts(place: str, masked: str) -> None:
    assert masked_text(f"寄往 {place}，电话不变。") == f"寄往 {masked}，电话不变。"
