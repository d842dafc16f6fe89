"""The list of orders as a file: what the database tells is what the models would have told."""

from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.orders.listing import orders_listing
from gendan.orders.models import Instruction, InstructionCode, Line, Order
from gendan.people.models import Person
from gendan.ui.listing import State, bare, export_rows

EVERYTHING = State(tab="all", columns=tuple(orders_listing.by_key))


def text(by: Person) -> str:
    with override("zh-hans"):
        return b"".join(export_rows(orders_listing, by, EVERYTHING, "csv")).decode()


@pytest.fixture
def two(make_orders: OrderMaker, bag: Sku) -> list[Order]:
    """A plain order, and one with a cancelled line, wishes, a remark and an address."""
    plain, rich = make_orders(2, province="北京市", city="北京市", district="朝阳区")
    with entry("test.setup", by=TESTER):
        Order.objects.filter(pk=rich.pk).update(
            address="示例路8号", seller_remark="=1+1", paid_at=timezone.now()
        )
        first = Line.objects.get(order=rich)
        for position, is_cancelled in ((2, True), (3, False)):
            Line.objects.create(
                order=rich,
                position=position,
                sku=bag,
                title=bag.title,
                quantity=1,
                price_fen=first.price_fen,
                total_fen=first.price_fen,
                is_cancelled=is_cancelled,
            )
        Instruction.objects.create(order=rich, code=InstructionCode.NO_PRICE)
        Instruction.objects.create(order=rich, code=InstructionCode.CARD, text="生日 快乐")
    return [plain, rich]


def test_it_is_the_same_with_and_without_models(
    two: list[Order], zhao: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = text(zhao)
    monkeypatch.setattr(bare, "asked", lambda rows, columns: None)
    assert text(zhao) == told
    assert all(order.number in told for order in two)


def test_it_hides_who_and_where_and_makes_formulas_harmless(two: list[Order], zhao: Person) -> None:
    told = text(zhao)
    assert "林*" in told
    assert "林一诺" not in told
    assert "北京市朝阳区****" in told
    assert "示例路" not in told
    assert "'=1+1" in told
    assert "包裹内不放价格、" in told
    assert " 生日 快乐" in told


def test_it_speaks_the_language_of_who_asked_for_it(two: list[Order], zhao: Person) -> None:
    with override("en"):
        parts = export_rows(orders_listing, zhao, EVERYTHING, "csv")
    with override("zh-hans"):
        told = b"".join(parts).decode()
    assert "Stage" in told
    assert str(two[0].get_stage_display()) not in told


def test_the_stranger_gets_the_heads_only(two: list[Any], stranger: Person) -> None:
    assert text(stranger).count("\n") == 1
