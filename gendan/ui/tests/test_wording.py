"""Money, time and personal data as they are written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from gendan.ui import wording

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fen", "text"),
    [(0, "¥0.00"), (5, "¥0.05"), (123_450, "¥1,234.50"), (-300, "-¥3.00"), (None, "—")],
)
def test_yuan_writes_fen_with_separators_and_sign(fen: int | None, text: str) -> None:
    assert wording.yuan(fen) == text


def test_fen_number_fits_an_input() -> None:
    assert wording.fen_number(123_450) == "1234.50"
    assert wording.fen_number(-5) == "-0.05"
    assert wording.fen_number(None) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (20, "just now"),
        (200, "3 min ago"),
        (7_300, "2 h ago"),
        (90_000, "1 day ago"),
        (200_000, "2 days ago"),
        (8 * 86_400, "11-13 12:00"),
        (-7_200, "11-21 14:00"),
    ],
)
def test_ago_uses_the_largest_unit_and_a_date_after_a_week(
    seconds: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gendan.ui.wording.timezone.now", lambda: NOW)
    with translation.override("en"):
        assert wording.ago(NOW - timedelta(seconds=seconds), now=NOW) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00:00"),
        (3_723, "01:02:03"),
        (200_000, "2d 07:33"),
        (-754, "Late 00:12:34"),
        (-90_000, "Late 1d 01:00"),
    ],
)
def test_time_left_counts_down_and_names_lateness(seconds: int, text: str) -> None:
    with translation.override("en"):
        assert wording.time_left(seconds) == text


@pytest.mark.parametrize(
    ("phone", "text"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("0571-88123456", "057****3456"),
        ("88123456", "****3456"),
        ("12345", "****"),
        ("", "—"),
        (None, "—"),
    ],
)
def test_masked_phone_hides_the_middle(phone: str | None, text: str) -> None:
    assert wording.masked_phone(phone) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [("张三", "张*"), (" 欧阳修 ", "欧*"), ("Ann Lee", "A*"), ("", "—"), (None, "—")],
)
def test_masked_name_hides_how_long_the_name_is(name: str | None, text: str) -> None:
    assert wording.masked_name(name) == text


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("浙江省杭州市西湖区文三路 90 号", "浙江省杭州市西湖区****"),
        ("北京市朝阳区建国路 1 号院小区", "北京市朝阳区****"),
        ("江苏省 苏州市 昆山市 玉山镇人民路", "江苏省 苏州市 昆山市****"),
        ("广东省东莞市长安镇新区 3 号", "广东省东莞市****"),
        (
            "新疆维吾尔自治区伊犁哈萨克自治州霍城县清水河镇",
            "新疆维吾尔自治区伊犁哈萨克自治州霍城县****",
        ),
        ("文三路九十号", "文三路九****"),
        ("", "—"),
    ],
)
def test_masked_address_ends_at_the_district(address: str, text: str) -> None:
    assert wording.masked_address(address) == text
