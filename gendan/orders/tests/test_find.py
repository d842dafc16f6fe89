import pytest
from django.db import connection
from django.utils import timezone

from conftest import TESTER, OrderMaker, make_sku
from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.orders.finding import order_finder
from gendan.orders.models import Instruction, Line, Order
from gendan.orders.stages import Stage
from gendan.people.models import Warehouse
from gendan.screening.models import Hold, Rule
from gendan.warehouse.models import Shipment, ShipmentLine


def found(text: str) -> set[str]:
    orders = Order.objects.filter(order_finder.q(text, now=timezone.now()))
    return set(orders.values_list("buyer", flat=True))


@pytest.fixture
def two(make_orders: OrderMaker) -> list[Order]:
    """The first is a bag for 周子墨, the second two tins of tea for 林一诺."""
    bag = make_sku("BAG-09", "手缝牛皮卡包", 39900)
    first = {"sku": bag, "receiver_name": "周子墨", "receiver_phone": "13811112222", "buyer": "zzm"}
    return [*make_orders(1, **first), *make_orders(1, buyer="lyn")]


@pytest.mark.parametrize(
    ("text", "buyer"),
    [
        ("13811112222", "zzm"),
        ("2222", "zzm"),
        ("周子", "zzm"),
        ("周子墨", "zzm"),
        ("lyn", "lyn"),
        ("牛皮", "zzm"),
        ("龙井", "lyn"),
        ("T00000001", "lyn"),
    ],
)
def test_bare_words_find(two: list[Order], text: str, buyer: str) -> None:
    assert found(text) == {buyer}


@pytest.mark.parametrize("text", ["周", "牛皮", "西施", "周子墨, 西施"])
def test_what_finds_many_is_met_row_by_row(
    two: list[Order], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    with entry("test.setup", by=TESTER):
        Line.objects.filter(order=two[0]).update(title="紫砂壶 西施", sku=None)
        Line.objects.create(
            order=two[0],
            position=9,
            sku=make_sku("BAG-10", "牛皮带", 100),
            title="牛皮带",
            quantity=1,
            price_fen=100,
            total_fen=100,
        )
    few = found(text), found(f"not ({text})")
    monkeypatch.setattr("gendan.ui.finding.quick.FEW", 0)

    assert (found(text), found(f"not ({text})")) == few == ({"zzm"}, {"lyn"})


def test_its_number_finds_it(two: list[Order]) -> None:
    assert found(two[0].number.lower()) == {"zzm"}


def test_the_title_of_unmapped_goods_finds(two: list[Order]) -> None:
    with entry("test.setup", by=TESTER):
        Line.objects.filter(order=two[0]).update(sku=None, title="紫砂壶 西施")

    assert found("西施") == {"zzm"}
    assert found("unmapped=yes") == {"zzm"}


@pytest.mark.parametrize(
    ("text", "buyers"),
    [
        ("应付>300", {"zzm"}),
        ("total<300", {"lyn"}),
        ("sku=BAG-09", {"zzm"}),
        ("商品~龙井", {"lyn"}),
        ("收货人=周子墨", {"zzm"}),
        ("城市=广州市", {"zzm", "lyn"}),
        ("特殊要求=NO_PRICE", {"zzm"}),
        ("特殊要求=包裹内不放价格", {"zzm"}),
        ("not 特殊要求=NO_PRICE", {"lyn"}),
        ("held=yes", {"lyn"}),
        ("滞留规则=PHONE", {"lyn"}),
        ("hold is empty", {"zzm"}),
        ("运单号=SF100", {"zzm"}),
        ("SF100", {"zzm"}),
        ("黑名单=是", set()),
        ("待付>0", set()),
        ("状态=待审单", {"zzm", "lyn"}),
    ],
)
def test_its_fields_find(
    two: list[Order], hangzhou: Warehouse, text: str, buyers: set[str]
) -> None:
    first, second = two
    with entry("test.setup", by=TESTER):
        Instruction.objects.create(order=first, code="NO_PRICE")
        rule = Rule.objects.create(
            code="PHONE", name="电话", expression="x", severity="BLOCK", remedy="NONE"
        )
        Hold.objects.create(order=second, rule=rule, severity="BLOCK", placed_at=timezone.now())
        shipment = Shipment.objects.create(warehouse=hangzhou, shop=first.shop, waybill="SF100")
        line = first.lines.get()
        assert line.sku is not None
        ShipmentLine.objects.create(
            shipment=shipment, order=first, line=line, sku=line.sku, quantity=2
        )

    assert found(text) == buyers


def test_a_cleared_hold_holds_no_longer(two: list[Order]) -> None:
    with entry("test.setup", by=TESTER):
        rule = Rule.objects.create(
            code="OLD", name="旧", expression="x", severity="BLOCK", remedy="NONE"
        )
        now = timezone.now()
        Hold.objects.create(
            order=two[0], rule=rule, severity="BLOCK", placed_at=now, cleared_at=now
        )

    assert found("held=yes") == set()
    assert found("hold=OLD") == set()


def test_quick_search_uses_indexes(make_orders: OrderMaker, tea: Sku) -> None:
    make_orders(2000, stage=Stage.COMPLETED)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL enable_seqscan = off")
    orders = Order.objects.filter(order_finder.q("13999999999", now=timezone.now()))

    assert "Seq Scan on orders_order" not in orders.explain()
