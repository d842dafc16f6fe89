from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER
from gendan.channels.models import Difference, DifferenceState, Reckoning
from gendan.channels.reconciling.actions import NotOpen, compare_house, reopen, settle
from gendan.channels.reconciling.queries import days_to_compare
from gendan.channels.tests.reconciling.conftest import Found, ParcelMaker, orderly
from gendan.delivery.models import Handover, WriteBack
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Deadline, Line, Order
from gendan.people.models import Person
from gendan.warehouse.models import Carrier, Shipment, ShipmentQuerySet
from gendan.worklist.models import Item, Kind


def kinds(told: set[tuple[str, str, str]]) -> set[str]:
    return {kind for kind, _ours, _theirs in told}


def test_an_orderly_day_has_no_differences(parcels: ShipmentQuerySet, found: Found) -> None:
    assert found() == set()
    assert Reckoning.objects.get().checked == 3


def test_pieces_left_behind_are_found(parcels: ShipmentQuerySet, found: Found) -> None:
    with entry("test.setup", by=TESTER):
        Line.objects.filter(order__platform_order="T00000000").update(
            quantity=3, total_fen=3 * 12800
        )
    assert found() == {("NOT_SHIPPED", "2 × TEA-01", "3 × TEA-01")}


def test_what_was_cancelled_and_left_is_found(parcels: ShipmentQuerySet, found: Found) -> None:
    with entry("test.setup", by=TESTER):
        Line.objects.filter(order__platform_order="T00000000").update(is_cancelled=True)
    assert found() == {("NOT_ORDERED", "2", "0")}


def test_what_left_twice_is_found(
    parcels: ShipmentQuerySet, make_parcels: ParcelMaker, found: Found
) -> None:
    again = make_parcels(1, hours_ago=0)
    orderly(again)
    first, second = parcels[0].lines.get(), again[0].lines.get()
    with entry("test.setup", by=TESTER):
        WriteBack.objects.filter(shipment=again[0]).update(order=first.order)
        type(second).objects.filter(pk=second.pk).update(line=first.line, order=first.order)
    assert found() == {("TWICE", "4", "2")}


def test_a_number_of_another_carrier_is_found(
    parcels: ShipmentQuerySet, yuantong: Carrier, found: Found
) -> None:
    with entry("test.setup", by=TESTER):
        Carrier.objects.filter(pk=yuantong.pk).update(pattern=r"^YT\d{13}$")
        Shipment.objects.filter(pk=parcels[0].pk).update(waybill="SF1")
    assert kinds(found()) == {"WRONG_NUMBER", "OTHER_NUMBER"}


def test_one_number_on_two_parcels_is_found(parcels: ShipmentQuerySet, found: Found) -> None:
    with entry("test.setup", by=TESTER):
        other = Carrier.objects.create(code="yunda", name="韵达快递")
        Shipment.objects.filter(pk=parcels[1].pk).update(carrier=other, waybill=parcels[0].waybill)
    assert "SAME_NUMBER" in kinds(found())


def test_what_the_platform_was_not_told_is_found(
    make_parcels: ParcelMaker, found: Found, now: datetime
) -> None:
    made = make_parcels(2, hours_ago=0)
    orderly(made, "WAITING")
    with entry("test.setup", by=TESTER):
        WriteBack.objects.filter(shipment=made[0]).update(since=now - timedelta(hours=5))
        WriteBack.objects.filter(shipment=made[1]).delete()
    assert found() == {
        ("TOLD_LATE", made[0].waybill, "WAITING"),
        ("NOT_TOLD", made[1].waybill, ""),
    }


def test_a_platforms_own_deadline_counts_where_it_is_earlier(
    make_parcels: ParcelMaker, found: Found, now: datetime
) -> None:
    made = make_parcels(2, hours_ago=0)
    orderly(made, "WAITING")
    passed, ahead = (parcel.lines.get().order_id for parcel in made)
    with entry("test.setup", by=TESTER):
        Deadline.objects.create(order_id=passed, ship_by=now - timedelta(minutes=5))
        Deadline.objects.create(order_id=ahead, ship_by=now + timedelta(hours=1))
    until = timezone.localtime(now - timedelta(minutes=5))
    assert found() == {("TOLD_LATE", made[0].waybill, f"WAITING {until:%m-%d %H:%M}")}


def test_how_long_a_platform_may_wait_is_a_setting(
    make_parcels: ParcelMaker, found: Found, now: datetime, settings: Any
) -> None:
    made = make_parcels(1, hours_ago=0)
    orderly(made, "WAITING")
    with entry("test.setup", by=TESTER):
        WriteBack.objects.update(since=now - timedelta(hours=5))
    settings.WRITE_BACK_HOURS = 6
    assert found() == set()
    settings.WRITE_BACK_HOURS = 4
    assert kinds(found()) == {"TOLD_LATE"}


def test_a_waybill_that_changed_after_it_was_told_is_found(
    parcels: ShipmentQuerySet, found: Found
) -> None:
    was = parcels[0].waybill
    with entry("test.setup", by=TESTER):
        Shipment.objects.filter(pk=parcels[0].pk).update(waybill="YT9999999999999")
    assert found() == {("OTHER_NUMBER", "YT9999999999999", was)}


def test_lists_and_parcels_that_disagree_are_found(parcels: ShipmentQuerySet, found: Found) -> None:
    with entry("test.setup", by=TESTER):
        listed = Handover.objects.get()
        listed.shipments.remove(parcels[0])
        again = Handover.objects.create(carrier=listed.carrier, warehouse=listed.warehouse)
        again.shipments.add(parcels[1])
        Shipment.objects.filter(pk=parcels[2].pk).update(stage="PACKED", shipped_at=None)
    assert kinds(found()) == {"NOT_LISTED", "LISTED_TWICE", "LISTED_ONLY"}


def test_each_difference_is_a_work_item_that_closes_itself(
    parcels: ShipmentQuerySet, found: Found
) -> None:
    with entry("test.setup", by=TESTER):
        Handover.objects.get().shipments.remove(parcels[0])
    found()
    found()
    item = Item.objects.open().get(kind=Kind.RECONCILE)
    assert item.subject_id == Difference.objects.get().pk
    with entry("test.setup", by=TESTER):
        Handover.objects.get().shipments.add(parcels[0])
    assert found() == set()
    assert Difference.objects.get().state == DifferenceState.GONE
    assert not Item.objects.open().filter(kind=Kind.RECONCILE).exists()


def test_what_is_settled_stays_so_until_a_side_says_something_else(
    parcels: ShipmentQuerySet, found: Found, now: datetime, zhao: Person
) -> None:
    with entry("test.setup", by=TESTER):
        Line.objects.filter(order__platform_order="T00000000").update(
            quantity=3, total_fen=3 * 12800
        )
    found()
    chosen = Difference.objects.all()
    with pytest.raises(NotOpen):
        settle(chosen, by=zhao, now=now, why=" ")
    settle(chosen, by=zhao, now=now, why="客户自提一罐")
    said = Entry.objects.get(verb="reconciling.settled")
    assert (said.actor_name, said.why) == (zhao.name, "客户自提一罐")
    assert found() == set()
    assert not Item.objects.open().filter(kind=Kind.RECONCILE).exists()
    with pytest.raises(NotOpen):
        settle(chosen, by=zhao, now=now, why="再来")
    with entry("test.setup", by=TESTER):
        Line.objects.filter(order__platform_order="T00000000").update(
            quantity=4, total_fen=4 * 12800
        )
    assert found() == {("NOT_SHIPPED", "2 × TEA-01", "4 × TEA-01")}


def test_settling_can_be_taken_back(
    parcels: ShipmentQuerySet, found: Found, now: datetime, zhao: Person
) -> None:
    with entry("test.setup", by=TESTER):
        Handover.objects.get().shipments.remove(parcels[0])
    found()
    settle(Difference.objects.all(), by=zhao, now=now, why="补单")
    reopen(Difference.objects.all(), by=zhao, now=now)
    assert Item.objects.open().filter(kind=Kind.RECONCILE).count() == 1
    with pytest.raises(NotOpen):
        reopen(Difference.objects.all(), by=zhao, now=now)


def test_many_differences_are_one_work_item(
    make_parcels: ParcelMaker, found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gendan.channels.reconciling.items.MANY", 2)
    made = make_parcels(3, hours_ago=0)
    found()
    assert Item.objects.open().get(kind=Kind.RECONCILE).subject == "reckoning"
    orderly(made)
    found()
    assert not Item.objects.open().filter(kind=Kind.RECONCILE).exists()


def test_the_day_is_due_in_the_evening_and_again_while_something_is_open(
    parcels: ShipmentQuerySet, found: Found, today: date, now: datetime
) -> None:
    late = now.replace(hour=14, minute=0)  # 22:00 in Shanghai
    back = timedelta(days=14)
    day = days_to_compare(now=late, back=back)[-1]
    compare_house(day, by=TESTER, now=late)
    assert day not in days_to_compare(now=late, back=back)
    with entry("test.setup", by=TESTER):
        Handover.objects.get().shipments.remove(parcels[0])
    found()
    assert today in days_to_compare(now=late, back=back)


def test_a_day_comes_again_while_a_platform_waits_for_a_waybill_of_it(
    make_parcels: ParcelMaker, now: datetime
) -> None:
    late = now.replace(hour=14, minute=0)
    day, back = days_to_compare(now=late, back=timedelta(days=14))[-1], timedelta(days=14)
    made = make_parcels(1, shipped_at=late - timedelta(hours=1))
    orderly(made, "WAITING")
    compare_house(day, by=TESTER, now=late)
    assert days_to_compare(now=late, back=back) == [day]
    with entry("test.setup", by=TESTER):
        WriteBack.objects.update(state="DONE", done_at=late)
    assert days_to_compare(now=late, back=back) == []


def test_it_costs_the_same_for_many(make_parcels: ParcelMaker, today: date, now: datetime) -> None:
    costs = []
    compare_house(today, by=TESTER, now=now)
    for number in (1, 60):
        make_parcels(number, hours_ago=0)
        with CaptureQueriesContext(connection) as queries:
            compare_house(today, by=TESTER, now=now)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert Order.objects.count() == 61
