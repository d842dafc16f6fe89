import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from conftest import TESTER, OrderMaker, make_sku
from gendan.catalog.models import Product, SetPart, ShopCode, Sku
from gendan.channels.models import Capture, Offer, Publication, PublicationState, PublishRule
from gendan.channels.publishing.actions import capture, save_rule
from gendan.channels.publishing.outbox import done
from gendan.channels.tests.publishing.conftest import NOW, Seller, Shelf
from gendan.journal.writing import entry
from gendan.orders.stages import Stage
from gendan.people.models import Shop, Warehouse
from gendan.stock.actions import Coming, Goods, adjust, expect, reserve_next
from gendan.stock.models import Rest
from gendan.stock.tests.test_reserve import NOW as SERVED


def wanted(offer: Offer) -> int:
    capture(by=TESTER, is_full=True)
    offer.refresh_from_db()
    return offer.wanted


def look_until_quiet() -> None:
    """Acts in other databases of the server may let a capture look at the same things again."""
    until = time.monotonic() + 20
    while capture(by=TESTER) != (0, 0):
        assert time.monotonic() < until, "it looks at the same things for ever"
        time.sleep(0.05)


def test_without_a_rule_nothing_is_published(sell: Seller, tea: Sku, shop: Shop) -> None:
    with pytest.raises(Offer.DoesNotExist):
        sell()
    assert not Publication.objects.exists()


def test_free_is_what_lies_less_what_is_promised_wanted_and_kept_back(
    rule: PublishRule, sell: Seller, shelf: Shelf, make_orders: OrderMaker, tea: Sku
) -> None:
    shelf(tea, 20)
    offer = sell()
    assert offer.wanted == 17  # 3 are kept back
    make_orders(1, stage=Stage.READY)
    assert wanted(offer) == 15  # an order waits for 2
    reserve_next(by=TESTER, now=SERVED)
    assert wanted(offer) == 15  # they are promised now, and wanted no longer


def test_what_follows_later_of_an_order_sent_in_parts_is_wanted_too(
    rule: PublishRule, sell: Seller, shelf: Shelf, make_orders: OrderMaker, tea: Sku
) -> None:
    shelf(tea, 20)
    offer = sell()
    order = make_orders(1, stage=Stage.ALLOCATED).get()
    with entry("test.setup", by=TESTER):
        Rest.objects.create(
            line=order.lines.get(), order=order, sku=tea, quantity=2, since=order.placed_at
        )
    assert wanted(offer) == 15


def test_a_share_of_what_comes_soon_is_published_where_the_rule_says_so(
    sell: Seller, shelf: Shelf, tea: Sku, hangzhou: Warehouse, make_orders: OrderMaker
) -> None:
    shelf(tea, 4)
    rule = save_rule(PublishRule(arriving_percent=60, arriving_days=5), by=TESTER)
    offer = sell()
    today = localdate()
    comes = (("soon", 5, 10), ("late", 6, 100), ("overdue", -1, 100))
    expect(
        [
            Coming(name, tea.pk, hangzhou.pk, pieces, today + timedelta(days=days))
            for name, days, pieces in comes
        ],
        by=TESTER,
    )
    capture(by=TESTER)
    offer.refresh_from_db()
    assert (offer.free, offer.arriving, offer.wanted) == (7, 6, 7)
    make_orders(1, stage=Stage.SHORT)
    assert wanted(offer) == 5  # who waits is served first
    rule.arriving_percent = 0
    save_rule(rule, by=TESTER)
    offer.refresh_from_db()
    assert (offer.free, offer.arriving, offer.wanted) == (0, 0, 0)


def test_a_shop_that_may_sell_the_safety_stock_shows_it(
    rule: PublishRule, sell: Seller, shelf: Shelf, shop: Shop, tea: Sku
) -> None:
    shelf(tea, 20)
    with entry("test.setup", by=TESTER):
        Shop.objects.filter(pk=shop.pk).update(uses_safety_stock=True)
    assert sell().wanted == 20


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ({"percent": 50}, 8),
        ({"percent": 50, "plus": 3, "minus": 1}, 10),
        ({"most": 5}, 5),
        ({"minus": 30}, 0),
        ({"minus": 30, "least": 2}, 2),
        ({"less_safety": False}, 20),
    ],
)
def test_the_formula_says_how_many(
    numbers: dict[str, int], shown: int, sell: Seller, shelf: Shelf, tea: Sku
) -> None:
    shelf(tea, 20)
    save_rule(PublishRule(**numbers), by=TESTER)
    assert sell().wanted == shown


def test_a_warehouse_that_lacks_pieces_takes_none_from_another(
    rule: PublishRule,
    sell: Seller,
    shelf: Shelf,
    tea: Sku,
    hangzhou: Warehouse,
    foshan: Warehouse,
) -> None:
    shelf(tea, 10)
    shelf(tea, 1, foshan)  # less than is kept back there
    offer = sell()
    assert offer.wanted == 7
    rule.warehouse_ids = [foshan.pk]
    save_rule(rule, by=TESTER)
    offer.refresh_from_db()
    assert offer.wanted == 0


def test_a_set_is_as_free_as_the_part_it_has_least_of(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku, bag: Sku
) -> None:
    shelf(tea, 23)
    shelf(bag, 8)
    pair = make_sku("SET-01", "茶与卡包")
    with entry("test.setup", by=TESTER):
        SetPart.objects.create(set=pair, part=tea, quantity=2)
        SetPart.objects.create(set=pair, part=bag, quantity=1)
    assert sell(pair).wanted == 5


def test_the_narrowest_rule_counts(sell: Seller, shelf: Shelf, tea: Sku, shop: Shop) -> None:
    shelf(tea, 20)
    save_rule(PublishRule(percent=50), by=TESTER)
    assert sell().wanted == 8
    save_rule(PublishRule(shop=shop, most=4), by=TESTER)
    assert Offer.objects.get().wanted == 4
    save_rule(PublishRule(sku=tea, most=2), by=TESTER)
    assert Offer.objects.get().wanted == 2


def test_only_differences_go_out_and_each_in_a_larger_version(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku, hangzhou: Warehouse
) -> None:
    shelf(tea, 20)
    offer = sell()
    capture(by=TESTER, is_full=True)
    assert Publication.objects.count() == 1
    adjust([Goods(tea.pk, -5)], hangzhou, by=TESTER, why="破损")
    capture(by=TESTER, is_full=True)
    old, new = Publication.objects.order_by("version")
    assert (old.state, new.state) == (PublicationState.SUPERSEDED, PublicationState.WAITING)
    assert new.quantity == 12
    assert new.version > old.version
    offer.refresh_from_db()
    assert offer.wanted_version == new.version


def test_what_comes_back_to_the_shown_quantity_goes_nowhere(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku, hangzhou: Warehouse
) -> None:
    shelf(tea, 20)
    offer = sell()
    done(list(Publication.objects.values_list("pk", flat=True)), now=NOW, states=["WAITING"])
    for pieces in (-5, 5):
        adjust([Goods(tea.pk, pieces)], hangzhou, by=TESTER, why="盘点")
        capture(by=TESTER, is_full=True)
    assert not Publication.objects.filter(state=PublicationState.WAITING).exists()
    offer.refresh_from_db()
    assert (offer.quantity, offer.wanted) == (17, 17)


def test_an_older_version_never_overwrites_a_newer_one(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku, hangzhou: Warehouse
) -> None:
    shelf(tea, 20)
    offer = sell()
    (old,) = Publication.objects.values_list("pk", flat=True)
    Publication.objects.update(state=PublicationState.EXPORTED)
    adjust([Goods(tea.pk, -5)], hangzhou, by=TESTER, why="破损")
    capture(by=TESTER, is_full=True)
    new = Publication.objects.get(state=PublicationState.WAITING).pk
    done([new], now=NOW, states=["WAITING"])
    done([old], now=NOW, states=["EXPORTED"])
    offer.refresh_from_db()
    assert offer.quantity == 12
    with pytest.raises(IntegrityError, match="is older"), transaction.atomic():
        Offer.objects.update(version=0)


def test_goods_taken_off_sale_show_nothing(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku
) -> None:
    shelf(tea, 20)
    offer = sell()
    with entry("test.setup", by=TESTER):
        Sku.objects.filter(pk=tea.pk).update(is_active=False)
    assert wanted(offer) == 0


@pytest.mark.django_db(transaction=True)
def test_a_capture_looks_at_what_changed_alone(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku, bag: Sku, hangzhou: Warehouse
) -> None:
    shelf(tea, 20)
    shelf(bag, 20)
    sell(tea)
    sell(bag)
    look_until_quiet()
    adjust([Goods(tea.pk, -5)], hangzhou, by=TESTER, why="破损")
    assert capture(by=TESTER) == (1, 1)
    look_until_quiet()
    with entry("test.setup", by=TESTER):
        Sku.objects.filter(pk=bag.pk).update(safety_stock=10)
    assert capture(by=TESTER) == (1, 1)
    assert Offer.objects.get(code__sku=bag).wanted == 10
    look_until_quiet()
    with entry("test.setup", by=TESTER):
        Product.objects.filter(pk=bag.product_id).update(is_active=False)
    assert capture(by=TESTER) == (1, 1)
    assert Offer.objects.get(code__sku=bag).wanted == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_under_way_during_a_capture_is_seen_by_the_next(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku, bag: Sku, hangzhou: Warehouse
) -> None:
    shelf(tea, 20)
    shelf(bag, 20)
    sell(tea)
    sell(bag)
    capture(by=TESTER)
    slow = connection.copy()
    try:
        with slow.cursor() as cursor:  # an act that has begun, and drawn its number
            cursor.execute("BEGIN; SELECT journal_open('test.slow')")
            cursor.execute(
                "INSERT INTO stock_ledger (sku_id, warehouse_id, movement, on_hand_change,"
                " reserved_change, document, entry_id) VALUES (%s, %s, 'ADJUSTED', -5, 0, '',"
                " current_setting('gendan.entry')::bigint)",
                [tea.pk, hangzhou.pk],
            )
            adjust([Goods(bag.pk, -1)], hangzhou, by=TESTER, why="破损")  # a later number
            assert capture(by=TESTER)[1] == 1
            cursor.execute("COMMIT")
    finally:
        slow.close()
    assert capture(by=TESTER)[1] == 1
    assert Offer.objects.get(code__sku=tea).wanted == 12


def test_it_costs_the_same_for_many(rule: PublishRule, shop: Shop, shelf: Shelf) -> None:
    counts = []
    for number in (1, 300):
        with entry("test.setup", by=TESTER):
            skus = [
                make_sku(f"N{number}-{n}", "茶", barcode=f"{number}-{n}") for n in range(number)
            ]
            ShopCode.objects.bulk_create(
                ShopCode(shop=shop, code=sku.code, sku=sku) for sku in skus
            )
        with CaptureQueriesContext(connection) as queries:
            capture(by=TESTER, is_full=True)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Capture.objects.latest("pk").different == 300
