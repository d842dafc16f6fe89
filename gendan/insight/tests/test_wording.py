"""Large amounts, short enough to stand side by side."""

import pytest
from django.utils.translation import override

from gendan.insight.wording import yuan_short


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (9_999_900, "¥99,999", "¥99,999"),
        (181_000_000, "¥181.0万", "¥1,810k"),
        (8_390_862_440, "¥8,391万", "¥83.9M"),
    ],
)
def test_an_amount_is_written_short(fen: int, chinese: str, english: str) -> None:
    with override("zh-hans"):
        assert yuan_short(fen) == chinese
    with override("en"):
        assert yuan_short(fen) == english
