"""Barcodes are read back the way a scanner reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gendan.warehouse.paper.code128 import END, SYMBOLS, NotEncodable, bars, values, width


def scanned(found: tuple[int, ...]) -> str:
    """Read bars as a scanner does: widths of bars and gaps, symbols, check, text."""
    symbols = [SYMBOLS.index(part) for part in _symbols(found)]
    *body, check = symbols
    assert check == (body[0] + sum(i * v for i, v in enumerate(body))) % 103
    return _text(body)


def _symbols(found: tuple[int, ...]) -> list[str]:
    starts, widths = found[::2], found[1::2]
    gaps = [
        after - start - bar for start, bar, after in zip(starts, widths, starts[1:], strict=False)
    ]
    line = "".join(f"{bar}{gap}" for bar, gap in zip(widths, gaps, strict=False)) + str(widths[-1])
    assert line.endswith(END)
    coded = line.removesuffix(END)
    return [coded[at : at + 6] for at in range(0, len(coded), 6)]


def _text(body: list[int]) -> str:
    in_pairs, text = body[0] == 105, ""
    for value in body[1:]:
        if value == (100 if in_pairs else 99):
            in_pairs = not in_pairs
        else:
            text += f"{value:02}" if in_pairs else chr(value + 32)
    return text


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_it_is_read_back_whatever_was_written(text: str) -> None:
    assert scanned(bars(text)) == text


@given(st.from_regex(r"\A[A-Z]{0,3}[0-9]{1,20}\Z"))
def test_it_is_read_back_for_waybill_numbers(text: str) -> None:
    assert scanned(bars(text)) == text


def test_it_matches_the_known_vectors() -> None:
    # Every article on Code 128 shows PJJ123C in set A with check 54; set B starts one higher.
    assert values("PJJ123C") == [104, 48, 42, 42, 17, 18, 19, 35, 55]
    assert values("1234567890") == [105, 12, 34, 56, 78, 90, 85]


def test_it_writes_long_runs_of_digits_in_pairs() -> None:
    assert values("SF1234567890123")[:5] == [104, 51, 38, 17, 99]
    assert width("SF1234567890123") == 11 * 12 + 13


@pytest.mark.parametrize("text", ["", "顺丰123", "A\n"])
def test_it_refuses_what_a_scanner_cannot_type(text: str) -> None:
    with pytest.raises(NotEncodable):
        bars(text)
