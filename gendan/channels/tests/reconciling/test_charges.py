import html
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import TESTER
from gendan.catalog.models import Sku
from gendan.channels.models import Charge, DayFile, Difference
from gendan.channels.reconciling.actions import compare_again
from gendan.channels.reconciling.charges import carrier_months, months_back
from gendan.channels.reconciling.saying import told as read
from gendan.channels.tests.reconciling.conftest import Found, ParcelMaker, orderly
from gendan.config.tests.test_api import _key as make_key
from gendan.config.tests.test_api import ask
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.people.permissions import Role
from gendan.warehouse.models import Carrier, ShipmentQuerySet
from gendan.warehouse.models.carriage import Discount, Tariff
from gendan.worklist.models import Item

Told = Callable[..., DayFile]
Billed = Callable[..., DayFile]


@pytest.fixture
def tariffs(yuantong: Carrier) -> None:
    """The first kilogram costs 4.50 to Zhejiang and 8 elsewhere, each further 1.20."""
    with entry("test.setup", by=TESTER):
        for province, fen in (("浙江省", 450), ("", 800)):
            Tariff.objects.create(carrier=yuantong, province=province, first_fen=fen, step_fen=120)


@pytest.fixture
def near(parcels: ShipmentQuerySet) -> ShipmentQuerySet:
    """The parcels go to Zhejiang and weigh 800 g; the last one goes far."""
    with entry("test.setup", by=TESTER):
        parcels.update(weight_g=800, province="浙江省")
        parcels.filter(pk=parcels.order_by("pk")[2].pk).update(province="西藏自治区")
    return parcels.order_by("pk")


@pytest.fixture
def billed(yuantong: Carrier, told: Told, today: date) -> Billed:
    """Return a way to hand in a bill: waybill, kilograms, yuan."""

    def hand_in(*rows: tuple[str, str, str], on: date = today) -> DayFile:
        lines = [f"{waybill},{on},{kilos},{fee}" for waybill, kilos, fee in rows]
        return told(yuantong, "\n".join(["运单号,揽收日期,重量,运费", *lines]), "bill.csv")

    return hand_in


def test_a_fee_is_compared_with_the_tariff_of_its_province_and_weight(
    near: ShipmentQuerySet, tariffs: None, billed: Billed, found: Found
) -> None:
    first, second, far = near
    billed((first.waybill, "0.8", "4.50"), (second.waybill, "2.4", "6.90"), (far.waybill, "1", "7"))
    assert found(again=False) == {
        ("CARRIER_CHARGES", "450 800 浙江省", "690 2400"),
        ("CARRIER_CHARGES", "800 800 西藏自治区 *", "700 1000"),
    }
    assert list(Charge.objects.order_by("pk").values_list("due_fen", "more_fen", "zone")) == [
        (450, 0, "浙江省"),
        (450, 240, "浙江省"),
        (800, -100, ""),
    ]
    items = [item.facts["what"] for item in Item.objects.open().filter(kind="RECONCILE")]
    assert any("¥4.50" in what and "¥6.90" in what and "2.4 kg" in what for what in items)


def test_a_discount_and_the_volume_are_part_of_what_is_due(
    near: ShipmentQuerySet, tariffs: None, billed: Billed, found: Found, yuantong: Carrier
) -> None:
    first, second, far = near
    with entry("test.setup", by=TESTER):
        Discount.objects.create(carrier=yuantong, percent=10, from_on="2020-01-01")
        Carrier.objects.filter(pk=yuantong.pk).update(volume_divisor=8000)
        goods = Sku.objects.filter(pk__in=first.lines.values("sku"))
        goods.update(length_mm=400, width_mm=200, height_mm=160)  # 1.6 kg a piece
    pieces = sum(line.quantity for line in first.lines.all())
    steps = -(-(1600 * pieces - 1000) // 1000)
    due = round((450 + 120 * steps) * 0.9)
    rows = [(each.waybill, str(1.6 * pieces), f"{due / 100}") for each in (first, second)]
    billed(*rows, (far.waybill, str(1.6 * pieces), f"{round((800 + 120 * steps) * 0.9) / 100}"))
    assert found(again=False) == set()
    assert set(Charge.objects.values_list("more_fen", "ours_g")) == {(0, 1600 * pieces)}


def test_a_few_fen_and_a_carrier_without_tariff_are_no_difference(
    near: ShipmentQuerySet, tariffs: None, billed: Billed, found: Found
) -> None:
    first, second, third = near
    billed(*[(each.waybill, "0.8", "4.55") for each in (first, second)], (third.waybill, "1", "8"))
    assert found(again=False) == set()
    with entry("test.setup", by=TESTER):
        Tariff.objects.all().delete()
    billed((first.waybill, "0.8", "99"), *[(each.waybill, "0.8", "") for each in (second, third)])
    assert found(again=False) == set()


def test_a_corrected_tariff_ends_the_difference_when_compared_again(
    near: ShipmentQuerySet, tariffs: None, billed: Billed, found: Found, today: date, now: datetime
) -> None:
    billed(*[(each.waybill, "0.8", "8") for each in near])
    assert Difference.objects.filter(state="OPEN").count() == 2
    with entry("test.setup", by=TESTER):
        Tariff.objects.filter(province="浙江省").update(first_fen=800)
    compare_again(today, by=TESTER, now=now)
    assert found(again=False) == set()
    assert not Item.objects.open().filter(kind="RECONCILE").exists()
    assert set(Charge.objects.values_list("more_fen", flat=True)) == {0}


def test_a_parcel_that_stands_there_twice_is_one_difference(
    near: ShipmentQuerySet, tariffs: None, billed: Billed, found: Found, zhao: Person, today: date
) -> None:
    first, second, third = ((each.waybill, "0.8", "4.50") for each in near)
    billed(first, first, second, (third[0], "0.8", "8"))
    assert found(again=False) == {("CARRIER_TWICE", "1", "2")}
    assert carrier_months(zhao, since=months_back(today))[0].over_fen == 450


def test_a_parcel_billed_again_weeks_later_is_found(
    near: ShipmentQuerySet, tariffs: None, billed: Billed, today: date
) -> None:
    rows = [(each.waybill, "0.8", "4.50") for each in near]
    before = today - timedelta(days=20)
    billed(rows[0], on=before)
    billed(*rows)
    twice = Difference.objects.get(kind="CARRIER_TWICE")
    assert (twice.waybill, twice.theirs) == (near[0].waybill, f"{before} {today}")


def test_the_months_add_up_what_was_charged_too_much_and_too_little(
    near: ShipmentQuerySet, tariffs: None, billed: Billed, today: date, zhao: Person
) -> None:
    first, second, far = near
    billed((first.waybill, "0.8", "4.5"), (second.waybill, "2.4", "6.9"), (far.waybill, "1", "7"))
    (month,) = carrier_months(zhao, since=months_back(today))
    assert (month.parcels, month.charged_fen, month.due_fen) == (3, 1840, 1700)
    assert (month.over, month.over_fen, month.under, month.under_fen) == (1, 240, 1, -100)


def test_months_back_begin_half_a_year_ago() -> None:
    assert months_back(date(2026, 11, 22)) == date(2026, 6, 1)
    assert months_back(date(2026, 3, 1)) == date(2025, 10, 1)


def test_the_page_shows_months_and_parcels_to_those_who_reconcile(
    client: Client,
    near: ShipmentQuerySet,
    tariffs: None,
    billed: Billed,
    zhao: Person,
    wang: Person,
    stranger: Person,
) -> None:
    billed((near[0].waybill, "0.8", "9.9"))
    place = reverse("carrier-fees")
    client.force_login(wang)
    assert client.get(place).status_code == 403
    client.force_login(zhao)
    page = client.get(place).content.decode()
    assert near[0].waybill in page
    assert "¥5.40" in page
    (asked,) = re.findall(r'href="([^"]*q=carrier[^"]*tab=over)"', page)
    assert near[0].waybill in client.get(html.unescape(asked)).content.decode()
    assert client.get(f"{place}?months=xlsx").getvalue().startswith(b"PK")
    assert near[0].waybill.encode() in client.get(f"{place}?file=csv").getvalue()
    client.force_login(stranger)
    assert near[0].waybill not in client.get(place).content.decode()


def test_bills_of_carriers_are_the_business_of_finance_too(client: Client, zhao: Person) -> None:
    with entry("test.setup", by=TESTER):
        Person.objects.filter(pk=zhao.pk).update(roles=[Role.FINANCE])
    client.force_login(zhao)
    assert client.get(reverse("carrier-fees")).status_code == 200


def test_a_program_reads_fees_and_months(
    near: ShipmentQuerySet, tariffs: None, billed: Billed
) -> None:
    billed((near[0].waybill, "0.8", "9.9"))
    key = make_key()
    (row,) = ask(key, "GET", "/reconciling/fees?q=too_much > 1").told["rows"]
    assert (row["due_fen"], row["charged_fen"], row["more_fen"]) == (450, 990, 540)
    assert ask(key, "GET", "/reconciling/fees/months").told[0]["over_fen"] == 540
    assert ask(make_key(shop_ids=[]), "GET", "/reconciling/fees").told["rows"] == []
    assert ask(make_key("stock.see"), "GET", "/reconciling/fees").status_code == 403


def test_fees_read_as_people_speak() -> None:
    assert read("CARRIER_CHARGES", "450 800 浙江省") == "¥4.50 · 0.8 kg · 浙江省"
    assert read("CARRIER_CHARGES", "690 0") == "¥6.90"
    assert "西藏自治区" in read("CARRIER_CHARGES", "800 800 西藏自治区 *")


def test_it_costs_the_same_number_of_statements_for_1_and_300(
    make_parcels: ParcelMaker,
    tariffs: None,
    billed: Billed,
    today: date,
    now: datetime,
) -> None:
    def compare(number: int) -> int:
        made = make_parcels(number, hours_ago=0)
        orderly(made)
        billed(*[(each.waybill, "0.8", "30") for each in made])
        with CaptureQueriesContext(connection) as queries:
            compare_again(today, by=TESTER, now=now)
        return len(queries)

    compare(1)
    assert compare(1) == compare(60)
