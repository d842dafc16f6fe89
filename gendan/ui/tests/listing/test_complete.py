"""What is offered while somebody types."""

import pytest

from gendan.ui.tests.listing.parcels import PARCELS


def offered(text: str) -> list[str]:
    return [offer.text for offer in PARCELS.complete(text, len(text))]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("店", "店铺 "),
        ("sho", "店铺 "),
        ("金额>5 且 下", "下单时间 "),
        ("店铺 ", "= "),
        ("店铺 = ", "天猫旗舰店 "),
        ("店铺 = 旗", "天猫旗舰店 "),
        ("店铺 = JD", "京东 "),
        ('店铺 = "own', '"Own shop" '),
        ("店铺 in (京东, O", '"Own shop" '),
        ("备注 = 送", "送… "),
    ],
)
def test_the_first_offer(text: str, first: str) -> None:
    assert offered(text)[0] == first


def test_an_offer_replaces_what_was_begun() -> None:
    offer = PARCELS.complete("金额>5 且 店铺=天 A", 11)[0]
    assert (offer.start, offer.end) == (10, 11)


def test_only_operators_that_make_sense_are_offered() -> None:
    assert "~ " not in offered("金额 ")
    assert "> " in offered("金额 ")
    assert "> " not in offered("店铺 ")


def test_nothing_is_offered_for_unknown_fields() -> None:
    assert offered("foo = b") == []
