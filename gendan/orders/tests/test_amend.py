"""Amendments: asked for, tried, confirmed or declined, with the order before kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker, make_sku
from gendan.catalog.models import Sku
from gendan.journal.actors import Actor, Customer
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions import NewPayment, pay
from gendan.orders.actions.amend import (
    ChangedMeanwhile,
    NewAmendment,
    WrongState,
    confirm,
    decline,
    preview,
    request,
    told_platform,
    withdraw,
)
from gendan.orders.actions.drop_amendments import drop_amendments
from gendan.orders.amending.rules import BeyondAuthority
from gendan.orders.amending.sheet import CannotAmend
from gendan.orders.amending.wanted import (
    Action,
    AddLine,
    AnotherPlace,
    Contact,
    DropLine,
    InvoiceTo,
    ReplaceSku,
    SellerRemark,
    SetPrice,
    SetQuantity,
    WishOn,
)
from gendan.orders.models import (
    Amendment,
    AmendmentQuerySet,
    AskedBy,
    Line,
    Order,
    OrderQuerySet,
)
from gendan.orders.stages import Stage
from gendan.orders.tests.conftest import NOW
from gendan.people.models import Person, Shop
from gendan.people.permissions import Role
from gendan.worklist.models import Item, Kind

PLACE = "浙江省杭州市西湖区北山街道示例路8号3幢502室"


def ask(
    order: Order,
    *wanted: Action,
    by: Actor = TESTER,
    asked_by: str = AskedBy.CLERK,
    words: str = "",
) -> AmendmentQuerySet:
    new = NewAmendment(order.pk, wanted, asked_by=asked_by, words=words)
    return request([new], by=by, now=timezone.now())


def amend(order: Order, *wanted: Action, by: Person) -> Amendment:
    asked = ask(order, *wanted)
    return confirm(asked, by=by, now=timezone.now(), why="客户要求").get()


def test_it_waits_for_a_decision_and_changes_nothing_yet(
    make_orders: OrderMaker, wang: Person
) -> None:
    order = make_orders(1).get()

    asked = ask(order, SetQuantity(line=1, quantity=3), by=wang, words="再加一罐").get()

    item = Item.objects.open().get(kind=Kind.AMENDMENT)
    assert (item.subject_id, item.role) == (asked.pk, Role.SERVICE)
    assert order.lines.get().quantity == 2
    assert Entry.objects.filter(verb="amendment.requested", actor_id=wang.pk).exists()


def test_a_customer_may_ask(make_orders: OrderMaker) -> None:
    order = make_orders(1).get()

    asked = ask(order, Contact(phone="13900000002"), by=Customer("林一诺"), asked_by="CUSTOMER")

    assert (asked.get().requested_by, asked.get().asked_by) == ("林一诺", "CUSTOMER")


def test_it_changes_goods_and_money_and_keeps_the_version_before(
    make_orders: OrderMaker, wang: Person, bag: Sku
) -> None:
    order = make_orders(1).get()

    done = amend(order, SetQuantity(line=1, quantity=3), AddLine(sku="bag-01"), by=wang)

    order.refresh_from_db()
    assert order.total_fen == order.goods_fen == 3 * 12800 + 39900
    assert (done.version, done.state, done.decided_by) == (2, "CONFIRMED", "王小满")
    assert [line["quantity"] for line in done.before["lines"]] == [2]
    assert [line["sku"] for line in done.after["lines"]] == ["TEA-01", "BAG-01"]
    assert done.difference_fen == 12800 + 39900
    assert not Item.objects.open().filter(kind=Kind.AMENDMENT).exists()
    entry = Entry.objects.get(verb="order.amended")
    assert (entry.why, entry.facts["order"]) == ("客户要求", order.number)


def test_versions_are_counted_without_gaps(make_orders: OrderMaker, wang: Person) -> None:
    order = make_orders(1).get()
    versions = [amend(order, SetQuantity(line=1, quantity=n), by=wang).version for n in (3, 4, 1)]
    assert versions == [2, 3, 4]


def test_a_replaced_sku_costs_what_the_lists_differ_by(
    make_orders: OrderMaker, wang: Person, bag: Sku
) -> None:
    order = make_orders(1).get()

    amend(order, ReplaceSku(line=1, sku="BAG-01"), by=wang)

    line = order.lines.get()
    assert (line.sku, line.title, line.price_fen) == (bag, bag.title, 39900)


def test_a_gift_that_is_replaced_stays_free(
    make_orders: OrderMaker, wang: Person, bag: Sku
) -> None:
    order = make_orders(1).get()
    amend(order, AddLine(sku="TEA-01", is_gift=True), by=wang)

    done = amend(order, ReplaceSku(line=2, sku="BAG-01"), by=wang)

    assert done.difference_fen == order.lines.get(position=2).price_fen == 0


def test_a_dropped_line_stays_as_a_cancelled_one(
    make_orders: OrderMaker, wang: Person, bag: Sku
) -> None:
    order = make_orders(1).get()
    amend(order, AddLine(sku="BAG-01"), by=wang)

    amend(order, DropLine(line=1), by=wang)

    order.refresh_from_db()
    assert order.total_fen == 39900
    assert order.lines.get(position=1).is_cancelled


@pytest.mark.parametrize(
    "wanted",
    [
        [],
        [DropLine(line=1)],
        [SetQuantity(line=7, quantity=1)],
        [ReplaceSku(line=1, sku="NOBODY")],
        [SetPrice(line=1, price_fen=100, discount_fen=900)],
        [WishOn(on=(timezone.now() - timedelta(days=3)).date())],
    ],
    ids=lambda wanted: wanted[0].action if wanted else "nothing",
)
def test_what_does_not_fit_is_refused_at_once(
    make_orders: OrderMaker, wang: Person, wanted: list[Action]
) -> None:
    order = make_orders(1).get()
    with pytest.raises(CannotAmend):
        ask(order, *wanted)
    assert not Amendment.objects.exists()


@pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.CANCELLED])
def test_an_order_that_is_over_stays_as_it_is(make_orders: OrderMaker, stage: Stage) -> None:
    with pytest.raises(CannotAmend):
        ask(make_orders(1, stage=stage).get(), SetQuantity(line=1, quantity=1))


@pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.CANCELLED])
def test_what_nobody_can_decide_any_more_is_withdrawn(
    make_orders: OrderMaker, wang: Person, stage: Stage
) -> None:
    going, over = make_orders(2)
    ask(going, SetQuantity(line=1, quantity=3))
    asked = ask(over, SetQuantity(line=1, quantity=3)).get()
    with entry("test.over", by=TESTER):
        Order.objects.filter(pk=over.pk).update(stage=stage)

    assert [drop_amendments(by=TESTER, now=NOW) for _time in range(2)] == [1, 0]

    asked.refresh_from_db()
    assert (asked.state, asked.decided_at) == ("WITHDRAWN", NOW)
    assert Item.objects.open().get(kind=Kind.AMENDMENT).subject_id == going.amendments.get().pk


def test_a_preview_changes_nothing_and_says_what_confirming_does(
    make_orders: OrderMaker, wang: Person
) -> None:
    order = make_orders(1).get()
    asked = ask(order, SetQuantity(line=1, quantity=1))

    shown = preview(asked, by=wang, now=timezone.now())[asked.get().pk]

    assert order.lines.get().quantity == 2
    assert not Entry.objects.filter(verb="order.amended").exists()
    digests = {shown.amendment.pk: shown.digest}
    done = confirm(asked, by=wang, now=timezone.now(), seen=digests).get()
    assert done.consequences == [one.written() for one in shown.consequences]
    assert (done.before, done.after) == (shown.before, shown.after)


def test_who_saw_something_else_looks_again(make_orders: OrderMaker, wang: Person) -> None:
    order = make_orders(1).get()
    asked = ask(order, SetQuantity(line=1, quantity=1))
    shown = preview(asked, by=wang, now=timezone.now())[asked.get().pk]
    amend(order, Contact(phone="13900000009"), by=wang)

    with pytest.raises(ChangedMeanwhile):
        confirm(asked, by=wang, now=timezone.now(), seen={shown.amendment.pk: shown.digest})
    with pytest.raises(ChangedMeanwhile):
        confirm(asked, by=wang, now=timezone.now())
    assert order.lines.get().quantity == 2


def test_it_is_decided_once(make_orders: OrderMaker, wang: Person) -> None:
    order = make_orders(1).get()
    asked = ask(order, SetQuantity(line=1, quantity=1))
    decline(asked, by=wang, now=timezone.now(), why="已经发货")
    for act in (confirm, withdraw):
        with pytest.raises(WrongState):
            act(asked, by=wang, now=timezone.now())
    assert asked.get().state == "DECLINED"
    assert not Item.objects.open().filter(kind=Kind.AMENDMENT).exists()


def test_nothing_is_declined_without_a_reason(make_orders: OrderMaker, wang: Person) -> None:
    asked = ask(make_orders(1).get(), SetQuantity(line=1, quantity=1))
    with pytest.raises(CannotAmend):
        decline(asked, by=wang, now=timezone.now(), why=" ")


def test_a_price_below_the_floor_needs_a_supervisor(
    make_orders: OrderMaker, wang: Person, zhao: Person
) -> None:
    sku = make_sku("CUP-01", "汝窑品茗杯", 10000, floor_fen=9000)
    order = make_orders(1, sku=sku).get()

    asked = ask(order, SetPrice(line=1, price_fen=8000), by=wang)

    assert Item.objects.open().get(kind=Kind.AMENDMENT).role == Role.SUPERVISOR
    with pytest.raises(BeyondAuthority):
        confirm(asked, by=wang, now=timezone.now())
    assert confirm(asked, by=zhao, now=timezone.now()).get().version == 2


def test_a_platforms_low_price_does_not_keep_the_address(
    make_orders: OrderMaker, wang: Person
) -> None:
    sku = make_sku("CUP-01", "汝窑品茗杯", 10000, floor_fen=12000)
    order = make_orders(1, sku=sku).get()

    amend(order, AnotherPlace(text=PLACE), by=wang)

    order.refresh_from_db()
    assert (order.province, order.district) == ("浙江省", "西湖区")


def test_more_to_pay_lets_our_own_order_wait_and_keeps_what_was_paid(
    make_orders: OrderMaker, wang: Person, store: Shop
) -> None:
    order = make_orders(1, shop=store, platform_order="", stage=Stage.READY).get()

    done = amend(order, SetQuantity(line=1, quantity=3), by=wang)

    order.refresh_from_db()
    assert (order.stage, order.paid_fen) == (Stage.UNPAID, 25600)
    assert {"kind": "COLLECT", "facts": {"fen": 12800}} in done.consequences


def test_a_platform_collects_itself(make_orders: OrderMaker, wang: Person) -> None:
    order = make_orders(1, stage=Stage.READY).get()

    done = amend(order, SetQuantity(line=1, quantity=3), by=wang)

    kinds = [one["kind"] for one in done.consequences]
    assert {"PLATFORM_COLLECTS", "TELL_PLATFORM"} <= set(kinds)
    item = Item.objects.open().get(kind=Kind.TELL_PLATFORM)
    assert (item.subject_id, item.owner) == (done.pk, wang)


def test_whoever_heard_it_from_the_customer_tells_the_platform(
    make_orders: OrderMaker, wang: Person, zhao: Person
) -> None:
    asked = ask(make_orders(1, stage=Stage.READY).get(), SetQuantity(line=1, quantity=1), by=wang)
    done = confirm(asked, by=zhao, now=timezone.now())
    assert Item.objects.open().get(kind=Kind.TELL_PLATFORM).owner == wang

    told_platform(done, by=wang, now=timezone.now())
    with pytest.raises(WrongState):
        told_platform(done, by=wang, now=timezone.now())

    assert not Item.objects.open().filter(kind=Kind.TELL_PLATFORM).exists()
    assert Entry.objects.filter(verb="amendment.platform_told").exists()


def test_who_has_left_owns_nothing(make_orders: OrderMaker, wang: Person, zhao: Person) -> None:
    asked = ask(make_orders(1, stage=Stage.READY).get(), SetQuantity(line=1, quantity=1), by=wang)
    with entry("person.changed", by=TESTER):
        Person.objects.filter(pk=wang.pk).update(is_active=False)
    confirm(asked, by=zhao, now=timezone.now())
    assert Item.objects.open().get(kind=Kind.TELL_PLATFORM).owner is None


def test_less_to_pay_is_given_back_by_finance(make_orders: OrderMaker, wang: Person) -> None:
    order = make_orders(1).get()

    amend(order, SetQuantity(line=1, quantity=1), by=wang)

    item = Item.objects.open().get(kind=Kind.REFUND_DUE)
    assert (item.subject_id, item.role, item.facts["amount"]) == (order.pk, "FINANCE", "¥128.00")


def test_an_unpaid_order_never_gives_anything_back(make_orders: OrderMaker, wang: Person) -> None:
    order = make_orders(1, stage=Stage.UNPAID, paid_fen=0, paid_at=None).get()

    done = amend(order, SetQuantity(line=1, quantity=1), by=wang)

    assert "REFUND" not in [one["kind"] for one in done.consequences]
    assert not Item.objects.filter(kind=Kind.REFUND_DUE).exists()


def test_what_is_paid_in_full_by_it_goes_on(
    make_orders: OrderMaker, wang: Person, store: Shop
) -> None:
    order = make_orders(
        1, shop=store, platform_order="", stage=Stage.UNPAID, paid_fen=12800, paid_at=None
    ).get()

    seen = preview(asked := ask(order, SetQuantity(line=1, quantity=1)), by=wang, now=NOW).popitem()
    confirm(asked, by=wang, now=NOW, seen={seen[0]: seen[1].digest})

    order.refresh_from_db()
    assert order.stage == Stage.SCREENING
    assert "PAID" in [one.kind for one in seen[1].consequences]
    assert (order.paid_at, order.promise_at) == (NOW, NOW + timedelta(hours=store.ship_hours))


def test_what_grew_and_was_paid_again_is_promised_from_then_on(
    make_orders: OrderMaker, wang: Person, store: Shop
) -> None:
    late = NOW - timedelta(days=3)
    order = make_orders(1, shop=store, platform_order="", paid_at=late, promise_at=late).get()
    amend(order, SetQuantity(line=1, quantity=3), by=wang)

    pay([NewPayment(order.pk, "CASH", 12800)], by=wang, now=NOW)

    order.refresh_from_db()
    assert (order.stage, order.paid_at) == (Stage.SCREENING, late)
    assert order.promise_at == NOW + timedelta(hours=store.ship_hours)


def test_what_only_the_office_reads_moves_nothing(make_orders: OrderMaker, wang: Person) -> None:
    order = make_orders(1, stage=Stage.READY).get()

    amend(order, SellerRemark(text="老客户"), InvoiceTo(title="山茶记"), by=wang)

    order.refresh_from_db()
    assert (order.stage, order.seller_remark, order.invoice.title) == ("READY", "老客户", "山茶记")


def test_one_and_three_hundred_take_the_same_statements(
    make_orders: OrderMaker, wang: Person
) -> None:
    _first, one, many = (_statements(make_orders(number), wang) for number in (1, 1, 300))
    assert one == many


def _statements(orders: OrderQuerySet, wang: Person) -> int:
    rows = list(orders)
    now = timezone.now()
    with CaptureQueriesContext(connection) as found:
        asked = request(
            [NewAmendment(order.pk, [SetQuantity(line=1, quantity=1)]) for order in rows],
            by=wang,
            now=now,
        )
        confirm(asked, by=wang, now=now)
    assert Line.objects.filter(order__in=rows, quantity=1).count() == len(rows)
    return len(found)
