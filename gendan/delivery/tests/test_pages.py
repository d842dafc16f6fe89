import pytest
from django.test import Client
from django.urls import reverse

from conftest import TESTER
from gendan.delivery.actions.record_traces import record_traces
from gendan.delivery.following import follow_new
from gendan.delivery.models import TraceState
from gendan.delivery.queries.way import tab_counts
from gendan.delivery.tests.conftest import COURIER, PROVIDER, ParcelMaker, point, report
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.stages import Stage as OrderStage
from gendan.people.models import Person
from gendan.warehouse.models import Shipment
from gendan.warehouse.stages import Stage
from gendan.worklist.models import Item
from gendan.worklist.queries import rows


def signed_in(person: Person) -> Client:
    browser = Client(headers={"accept-language": "en"})
    with entry("test.setup", by=TESTER):
        browser.force_login(person)
    return browser


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_parcels_and_where_they_are(make_parcels: ParcelMaker, wang: Person) -> None:
    parcel = make_parcels().get()
    told = point(TraceState.FAILED, hours_ago=1, text="派送失败：无人接听")
    record_traces([report(parcel, told)], by=COURIER)
    shown = page(signed_in(wang), "/parcels/")
    assert parcel.waybill in shown
    assert "派送失败：无人接听" in shown
    assert "13900000001" not in shown


@pytest.mark.parametrize("tab", ["under-way", "trouble", "failed", "all"])
def test_a_parcel_in_trouble_is_under_its_tabs(
    make_parcels: ParcelMaker, wang: Person, tab: str
) -> None:
    parcel = make_parcels().get()
    record_traces([report(parcel, point(TraceState.FAILED))], by=COURIER)
    assert parcel.waybill in page(signed_in(wang), f"/parcels/?tab={tab}")


def test_the_tabs_are_counted(make_parcels: ParcelMaker, wang: Person) -> None:
    failed, refused, _fine = make_parcels(3)
    record_traces([report(failed, point(TraceState.FAILED))], by=COURIER)
    record_traces([report(refused, point(TraceState.REFUSED))], by=COURIER)
    counted = {tab: number for tab, number in tab_counts(wang).items() if number}
    assert counted == {"under-way": 2, "trouble": 2, "failed": 1, "back": 1}


def test_a_parcel_is_found_by_its_order(make_parcels: ParcelMaker, wang: Person) -> None:
    one, other = make_parcels(2)
    order = Order.objects.get(shipment_lines__shipment=one)
    browser = signed_in(wang)
    for q in (order.number, order.platform_order, f"order = {order.number}", one.waybill):
        shown = page(browser, f"/parcels/?q={q}")
        assert one.waybill in shown
        assert f"/parcels/{other.number}/" not in shown


def test_the_page_shows_the_way_and_the_trouble(make_parcels: ParcelMaker, wang: Person) -> None:
    parcel = make_parcels().get()
    told = point(TraceState.FAILED, text="派送失败：无人接听")
    record_traces([report(parcel, told)], by=COURIER)
    shown = page(signed_in(wang), f"/parcels/{parcel.number}/")
    assert "派送失败：无人接听" in shown
    assert "明前龙井" in shown
    assert rows(Item.objects.all(), limit=1)[0].url == f"/parcels/{parcel.number}/"


def test_the_orders_page_shows_its_parcels(make_parcels: ParcelMaker, wang: Person) -> None:
    parcel = make_parcels().get()
    record_traces([report(parcel, point(TraceState.MOVING, text="已到达广州"))], by=COURIER)
    shown = page(signed_in(wang), reverse("order", args=[Order.objects.get().number]))
    assert f"/parcels/{parcel.number}/" in shown
    assert "已到达广州" in shown


def test_a_stranger_sees_nothing_and_changes_nothing(
    make_parcels: ParcelMaker, stranger: Person
) -> None:
    parcel = make_parcels().get()
    browser = signed_in(stranger)
    assert parcel.waybill not in page(browser, "/parcels/")
    assert browser.get(f"/parcels/{parcel.number}/").status_code == 404
    said = {"why": "x", "end": "lost"}
    assert browser.post(f"/parcels/{parcel.number}/end", said).status_code == 404
    assert Shipment.objects.get().stage == Stage.SHIPPED


def test_a_colleague_without_the_right_is_told_so(make_parcels: ParcelMaker, chen: Person) -> None:
    parcel = make_parcels().get()
    browser = signed_in(chen)
    assert browser.get(f"/parcels/{parcel.number}/").status_code == 200
    said = {"why": "x", "end": "lost"}
    assert browser.post(f"/parcels/{parcel.number}/end", said).status_code == 403
    assert Shipment.objects.get().stage == Stage.SHIPPED


def test_a_colleague_says_that_it_arrived_and_how_they_know(
    make_parcels: ParcelMaker, wang: Person
) -> None:
    parcel = make_parcels().get()
    browser, path = signed_in(wang), f"/parcels/{parcel.number}/end"
    browser.post(path, {"end": "delivered", "why": " "})
    assert Shipment.objects.get().stage == Stage.SHIPPED
    browser.post(path, {"end": "delivered", "why": "客户来电说收到了"})
    assert Shipment.objects.get().stage == Stage.DELIVERED
    assert Shipment.objects.get().delivered_at is not None
    assert Entry.objects.get(verb="shipment.delivered").why == "客户来电说收到了"


def test_a_colleague_gives_it_up_and_completes_nothing(
    make_parcels: ParcelMaker, wang: Person
) -> None:
    parcel = make_parcels().get()
    browser = signed_in(wang)
    browser.post(f"/parcels/{parcel.number}/end", {"end": "lost", "why": "快递确认丢件"})
    assert Shipment.objects.get().stage == Stage.LOST
    browser.post(reverse("order-complete", args=[Order.objects.get().number]), {"why": "x"})
    assert Order.objects.get().stage == OrderStage.ALLOCATED


def test_a_delivered_order_is_completed_from_its_page(
    make_parcels: ParcelMaker, wang: Person
) -> None:
    parcel = make_parcels().get()
    record_traces([report(parcel, point(TraceState.SIGNED))], by=COURIER)
    order = Order.objects.get()
    signed_in(wang).post(reverse("order-complete", args=[order.number]), {"why": "客户确认"})
    assert Order.objects.get().stage == OrderStage.COMPLETED


def test_the_carrier_can_be_asked_each_half_hour(make_parcels: ParcelMaker, wang: Person) -> None:
    parcel = make_parcels().get()
    follow_new(provider=PROVIDER)
    browser, path = signed_in(wang), f"/parcels/{parcel.number}/ask"
    assert "Asked." in page_after(browser, path)
    assert "half an hour" in page_after(browser, path)


def page_after(browser: Client, path: str) -> str:
    return browser.post(path, follow=True).content.decode()
