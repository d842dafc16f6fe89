"""Every platform's file becomes orders and lines in our words; every bad cell is named."""

from pathlib import Path

import pytest

from gendan.channels.formats.format import Format
from gendan.channels.formats.mapped import mapped
from gendan.channels.formats.recognise import Ambiguous, Unknown, recognise
from gendan.channels.reading.orders import read_orders
from gendan.channels.reading.reading import Reading
from gendan.channels.tests import files
from gendan.ui.tables.table import open_table


def read(place: Path, *saved: Format) -> list[Reading]:
    table = open_table(place)
    form = recognise(table.headers, saved)
    assert isinstance(form, Format)
    return list(read_orders(table, form))


def one(place: Path, *saved: Format) -> Reading:
    (reading,) = read(place, *saved)
    assert reading.errors == []
    return reading


def test_a_taobao_order_list_of_old(tmp_path: Path) -> None:
    rows = [files.taobao_order("33739797189069386", 总金额="0元")]
    place = files.as_csv(
        tmp_path / "a.csv", files.TAOBAO_ORDERS, rows, encoding="gb18030", trailing=True
    )
    order = one(place).order
    assert order is not None
    assert order.platform_order == "33739797189069386"
    assert (order.state, order.payable_fen, order.paid_fen) == ("PAID", 21000, 21000)
    assert order.receiver_phone == "13900000001"
    assert (order.receiver_address[-7:], order.postcode) == ("街道示例路50号"[-7:], "510180")
    assert order.placed_at is not None
    assert order.placed_at.isoformat() == "2026-11-20T02:00:00+00:00"
    assert order.close_reason == ""


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("等待买家付款", "UNPAID"),
        ("买家已付款,等待卖家发货", "PAID"),
        ("买家已付款，等待卖家发货 ", "PAID"),
        ("PAID_FORBID_CONSIGN", "FORBIDDEN"),
        ("拼团中", "FORBIDDEN"),
        ("卖家已发货，等待买家确认", "SHIPPED"),
        ("交易成功", "FINISHED"),
        ("交易关闭", "CLOSED"),
        ("火星上的新状态", "UNKNOWN"),
    ],
)
def test_it_knows_what_the_platform_says(tmp_path: Path, words: str, state: str) -> None:
    rows = [files.taobao_order("3373979718906", words)]
    order = one(files.as_csv(tmp_path / "a.csv", files.TAOBAO_ORDERS, rows)).order
    assert order is not None
    assert (order.state, order.raw_status) == (state, words.strip())


def test_the_receiver_in_one_cell_is_taken_apart(tmp_path: Path) -> None:
    cell = "薛先生，86-13900000001，广东省 广州市 越秀区 示例路50号"
    row = [
        "5118609024991031607",
        "P",
        "34.00",
        "0.00",
        "40.00",
        "34.00",
        "交易成功",
        cell,
        "快递",
        "2026-05-31 14:16:18",
        "杂志",
        "1",
        "",
        "",
        "",
        "",
        "1",
        "",
        "",
        "5月刊",
        "",
    ]
    order = one(files.as_xlsx(tmp_path / "a.xlsx", files.QIANNIU, [row])).order
    assert order is not None
    assert (order.receiver_name, order.receiver_phone) == ("薛先生", "13900000001")
    assert order.receiver_address == "广东省 广州市 越秀区 示例路50号"


def test_titles_in_one_cell_become_lines_when_that_is_certain(tmp_path: Path) -> None:
    row = [
        "5118609024991031609",
        "P",
        "80.00",
        "0.00",
        "80.01",
        "80.00",
        "交易成功",
        "江苏省****",
        "快递",
        "2026-05-31 15:20:18",
        "茶,杯",
        "2",
        "",
        "",
        "",
        "",
        "2",
        "",
        "",
        "",
        "",
    ]
    reading = one(files.as_xlsx(tmp_path / "a.xlsx", files.QIANNIU, [row]))
    assert [(line.title, line.total_fen) for line in reading.lines] == [("茶", 4001), ("杯", 4000)]
    assert reading.order is not None
    assert reading.order.receiver_hidden


@pytest.mark.parametrize(
    "mangled", ["3.5E+16", "1.2345678901234568e+17", "35e+15", "12345678901234567.0"]
)
def test_a_number_that_excel_rounded_is_refused(tmp_path: Path, mangled: str) -> None:
    rows = [files.sub_order("88001", 主订单编号=mangled), files.sub_order("88002")]
    bad, good = read(files.as_csv(tmp_path / "a.csv", files.TAOBAO_SUB, rows))
    (error,) = bad.errors
    assert (error.row, error.field, error.problem) == (2, "主订单编号", "NUMBER_MANGLED")
    assert error.message
    assert error.remedy
    assert good.errors == []


def test_a_number_in_a_workbook_cell_is_refused_too(tmp_path: Path) -> None:
    row: list[object] = list(files.sub_order("88001"))
    row[1] = 5118609024991031607
    (reading,) = read(files.as_xlsx(tmp_path / "a.xlsx", files.TAOBAO_SUB, [row]))
    assert [error.problem for error in reading.errors] == ["NUMBER_MANGLED"]


def test_jd_repeats_the_total_and_hedges_the_amount(tmp_path: Path) -> None:
    hedge = "499.00（系统计算中，该值仅供参考）"
    rows = [
        [
            "JD-1",
            "茶",
            "1",
            "2026-01-31 08:06:59",
            "541.59",
            hedge,
            "完成",
            "陈静",
            "广东深圳市福田区",
            "1******6198",
            "541.59",
            "T1",
        ]
    ]
    place = files.as_csv(tmp_path / "a.csv", files.JD, rows, encoding="gb18030")
    reading = one(place)
    assert reading.order is not None
    assert (reading.order.state, reading.order.payable_fen) == ("FINISHED", 49900)
    assert reading.order.receiver_hidden


def test_pinduoduo_gives_the_price_of_all_pieces(tmp_path: Path) -> None:
    rows = [
        [
            "2026-05-31 12:00:00",
            "横幅",
            "260531-607",
            "待发货",
            "17.8",
            "0",
            "1",
            "0",
            "0",
            "16.8",
            "16.8",
            "２",
            "无规格",
            "",
            "HF-1",
            "无售后或售后取消",
            "",
            "",
        ]
    ]
    reading = one(files.as_csv(tmp_path / "a.csv", files.PINDUODUO, rows))
    (line,) = reading.lines
    assert (line.quantity, line.total_fen, line.unit_price_fen) == (2, 1780, 890)
    assert reading.order is not None
    assert (reading.order.discount_fen, reading.order.payable_fen) == (100, 1680)


def test_douyin_encrypts_the_receiver_and_sends_gifts_as_rows(tmp_path: Path) -> None:
    common = ["2026-09-22 00:54:10", "-", "待发货", "-", "", "0.00", "0.00"]
    rows = [
        [
            "\t691",
            "\t6911",
            "\t辣丝丝",
            "\t1袋",
            1,
            "\t3004",
            "28.90",
            "0.00",
            "##密",
            "$$密",
            "##密",
            *common,
        ],
        [
            "\t691",
            "\t6912",
            "\t赠品",
            "\t默认",
            1,
            "\t3009",
            "0.00",
            "0.00",
            "##密",
            "$$密",
            "##密",
            *common,
        ],
    ]
    first, second = read(files.as_csv(tmp_path / "a.csv", files.DOUYIN, rows))
    assert first.order is not None
    assert (first.order.receiver_name, first.order.receiver_hidden) == ("", True)
    assert first.order.seller_remark == ""
    assert first.lines[0].sub_order == "6911"
    assert [reading.lines[0].is_gift for reading in (first, second)] == [False, True]


def test_youzan_without_a_status_is_paid_when_it_was_paid(tmp_path: Path) -> None:
    rows = [
        [
            "YZ1",
            "",
            "2025-07-20 16:42:54",
            "539.10",
            "礼盒x3",
            "王芳",
            "13900000001",
            "山东省",
            "济南市",
            "历城区",
            "示例街道1号",
            "昵称甲",
        ]
    ]
    reading = one(files.as_csv(tmp_path / "a.csv", files.YOUZAN, rows))
    assert reading.order is not None
    assert reading.order.state == "PAID"
    assert (reading.lines[0].title, reading.lines[0].quantity) == ("礼盒", 3)


def test_shopify_tells_the_order_on_its_first_row_only(tmp_path: Path) -> None:
    rows = [
        [
            "#1001",
            "a@example.com",
            "paid",
            "2026-11-01 10:00:00 -0500",
            "unfulfilled",
            "CNY",
            "90.00",
            "10.00",
            "100.00",
            "5.00",
            "2026-11-01 10:00:00 -0500",
            1,
            "Tea",
            "95.00",
            "T1",
            "Ann",
            "1 Road",
            "Town",
            "'13900000001",
            "",
        ],
        ["#1001", "a@example.com", *[""] * 9, 2, "Cup", "0.00", "C1", *[""] * 5],
    ]
    first, second = read(files.as_csv(tmp_path / "a.csv", files.SHOPIFY, rows))
    assert first.order is not None
    assert (first.order.platform_order, first.order.state) == ("1001", "PAID")
    assert first.order.paid_at is not None
    assert first.order.paid_at.isoformat() == "2026-11-01T15:00:00+00:00"
    assert second.order is not None
    assert (second.order.state, second.order.payable_fen) == ("", None)


def test_our_own_template_in_english(tmp_path: Path) -> None:
    header = ["Order number", "SKU", "Quantity", "Unit price", "Paid", "Receiver"]
    rows = [["S-1", "TEA-01", 2, "128", "256", "Ann"]]
    reading = one(files.as_xlsx(tmp_path / "a.xlsx", header, rows))
    assert reading.order is not None
    assert (reading.order.state, reading.order.paid_fen) == ("PAID", 25600)
    assert reading.lines[0].total_fen == 25600


def test_any_csv_by_a_saved_mapping(tmp_path: Path) -> None:
    saved = mapped("mine", {"platform_order": "Nr", "sku_code": "Art", "quantity": "Stk"})
    reading = one(files.as_csv(tmp_path / "a.csv", ["Nr", "Art", "Stk"], [["7", "T1", 3]]), saved)
    assert reading.lines[0].quantity == 3


def test_an_invoice_list_with_cancellations(tmp_path: Path) -> None:
    header = [
        "InvoiceNo",
        "StockCode",
        "Description",
        "Quantity",
        "InvoiceDate",
        "UnitPrice",
        "CustomerID",
        "Country",
    ]
    rows = [
        ["536365", "85123A", "", 6, "2010-12-01 08:26:00", "2.55", "17850.0", "UK"],
        ["C536379", "D", "Discount", -1, "2010-12-01 09:41:00", "27.50", "14527.0", "UK"],
        ["536589", "21777", "", -10, "2010-12-01 16:50:00", "0.0", "", "UK"],
        ["A563186", "B", "Adjust", 1, "2011-08-12 14:51:00", "-11062.06", "", "UK"],
    ]
    sold, cancelled, lost, debt = read(files.as_csv(tmp_path / "a.csv", header, rows))
    assert sold.order is not None
    assert (sold.order.buyer_id, sold.lines[0].title) == ("17850", "85123A")
    assert cancelled.order is not None
    assert (cancelled.order.state, cancelled.lines[0].quantity) == ("CLOSED", 1)
    assert [error.problem for error in lost.errors] == ["QUANTITY_NOT_POSITIVE"]
    assert [error.problem for error in debt.errors] == ["MONEY_NEGATIVE"]


def test_a_row_that_does_not_fit_its_header_names_its_order(tmp_path: Path) -> None:
    place = tmp_path / "a.csv"
    place.write_text(
        "订单号,商家编码,数量,单价\nA1,T1,1,2.00,extra,more\nA2,T1,1,2.00,,\nA3\n", "utf-8"
    )
    many, fine, few = read(place)
    assert [(e.problem, many.platform_order) for e in many.errors] == [("TOO_MANY_FIELDS", "A1")]
    assert fine.errors == []
    assert [error.problem for error in few.errors] == ["TOO_FEW_FIELDS"]


def test_the_columns_of_every_year_are_recognised() -> None:
    later = tuple(reversed([*files.TAOBAO_ORDERS, "新零售交易类型", "确认收货时间"]))
    form = recognise(later)
    assert isinstance(form, Format)
    assert form.key == "taobao.orders"


def test_an_unknown_file_says_what_is_missing() -> None:
    found = recognise(("订单号", "商品名称", "订购数量", "京东价"))
    assert isinstance(found, Unknown)
    assert found.missing == ("订单金额",)
    assert not isinstance(recognise(("a", "b")), Ambiguous)
