"""Whatever is amended: what was set aside before, and the change, is what is set aside after."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import TESTER, OrderMaker, make_sku
from gendan.config.verify import verify as verify_house
from gendan.journal.writing import entry
from gendan.orders.actions.amend import NewAmendment, confirm, preview, request
from gendan.orders.amending.sheet import CannotAmend
from gendan.orders.amending.wanted import (
    Action,
    AddLine,
    Contact,
    DropLine,
    ReplaceSku,
    SetPrice,
    SetQuantity,
)
from gendan.orders.models import Line, Order
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.screening.models import Rule
from gendan.screening.rules import install_rules
from gendan.stock.actions import Goods, adjust, receive, reserve
from gendan.stock.models import Balance, Reservation
from gendan.stock.tests.conftest import Shelf

ON_HAND = 12
CODES = ("SKU-A", "SKU-B", "SKU-C")
LINE = st.integers(1, 3)
CHANGES = st.lists(
    st.one_of(
        st.builds(SetQuantity, line=LINE, quantity=st.integers(1, 9)),
        st.builds(ReplaceSku, line=LINE, sku=st.sampled_from(CODES)),
        st.builds(AddLine, sku=st.sampled_from(CODES), quantity=st.integers(1, 5)),
        st.builds(DropLine, line=LINE),
        st.builds(SetPrice, line=LINE, price_fen=st.integers(12000, 13000)),
        st.builds(Contact, phone=st.just("13900000007")),
    ),
    min_size=1,
    max_size=4,
)


def pieces_of(order: Order) -> Counter[str]:
    """Return what the order's lines want, by SKU."""
    found: Counter[str] = Counter()
    for code, number in Line.objects.filter(order=order, is_cancelled=False).values_list(
        "sku__code", "quantity"
    ):
        found[code] += number
    return found


def reserved() -> Counter[str]:
    return +Counter(dict(Balance.objects.values_list("sku__code", "reserved")))


@pytest.fixture
def house(make_orders: OrderMaker, hangzhou: Warehouse) -> Callable[[], Order]:
    """Return a maker of an allocated order among others; nothing is held for want of stock."""
    skus = [make_sku(code, code) for code in CODES]
    install_rules(by=TESTER)
    with entry("test.setup", by=TESTER):
        Rule.objects.filter(code="NO_STOCK").update(is_on=False)

    def make() -> Order:
        receive([Goods(sku.pk, ON_HAND) for sku in skus], hangzhou, by=TESTER)
        for sku in skus:
            make_orders(1, stage=Stage.READY, sku=sku)
        reserve(Order.objects.filter(stage=Stage.READY), by=TESTER, now=timezone.now())
        return Order.objects.filter(stage=Stage.ALLOCATED).order_by("pk")[0]

    return make


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wanted=CHANGES)
def test_before_and_change_make_after_and_a_preview_says_so(
    house: Callable[[], Order], zhao: Person, wanted: list[Action]
) -> None:
    order = house()
    had, held = pieces_of(order), reserved()
    try:
        asked = request([NewAmendment(order.pk, wanted)], by=zhao, now=timezone.now())
    except CannotAmend:
        return

    shown = preview(asked, by=zhao, now=timezone.now())[asked.get().pk]
    assert (pieces_of(order), reserved()) == (had, held)
    done = confirm(asked, by=zhao, now=timezone.now(), seen={asked.get().pk: shown.digest}).get()

    assert done.consequences == [one.written() for one in shown.consequences]
    order.refresh_from_db()
    now_held = pieces_of(order) if order.stage == Stage.ALLOCATED else Counter[str]()
    others = held - had
    assert reserved() == others + now_held
    assert [f for f in verify_house() if f.what != "paid (fen)"] == []


def test_a_new_phone_loses_no_pieces_though_the_shelf_is_almost_empty(
    make_orders: OrderMaker, shelf: Shelf, hangzhou: Warehouse, li: Person
) -> None:
    order = make_orders(1, stage=Stage.READY).get()
    sku = order.lines.get().sku
    assert sku is not None
    shelf(sku, 5)
    reserve(Order.objects.all(), by=TESTER, now=timezone.now())
    adjust([Goods(sku.pk, -3)], hangzhou, by=TESTER, why="破损")  # safety stock and all

    asked = request(
        [NewAmendment(order.pk, [Contact(phone="13900000007")])], by=li, now=timezone.now()
    )
    done = confirm(asked, by=li, now=timezone.now()).get()

    order.refresh_from_db()
    assert (order.stage, Reservation.objects.get().quantity) == (Stage.ALLOCATED, 2)
    assert {one["kind"] for one in done.consequences} == {"GOES_TO", "PASSED", "TELL_PLATFORM"}


def test_who_has_to_pay_more_holds_nothing_meanwhile(
    make_orders: OrderMaker, shelf: Shelf, store: object, li: Person
) -> None:
    order = make_orders(1, stage=Stage.READY, shop=store, platform_order="").get()
    sku = order.lines.get().sku
    assert sku is not None
    shelf(sku, 9)
    reserve(Order.objects.all(), by=TESTER, now=timezone.now())

    asked = request(
        [NewAmendment(order.pk, [SetQuantity(line=1, quantity=3)])], by=li, now=timezone.now()
    )
    confirm(asked, by=li, now=timezone.now())

    order.refresh_from_db()
    assert (order.stage, Reservation.objects.count()) == (Stage.UNPAID, 0)
