"""What platforms tell in files: new orders, changed ones, and the same again."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import rule

from gendan.channels.actions import import_files
from gendan.channels.tests.files import TAOBAO_SUB, as_csv, sub_order
from tests.prove.acts.house import House, fingerprint
from tests.prove.cast import BY

SHOP = "TB9"
OPENS = ("order.imported", "intake.met", "shop.opened", "item.opened")
PAID = "买家已付款，等待卖家发货"
Told = tuple[int, int, str, int, str]
rows = st.lists(
    st.tuples(
        st.integers(0, 3),  # which order
        st.integers(1, 2),  # which of its sub-orders
        st.sampled_from((PAID, PAID, PAID, "等待买家付款", "交易关闭", "卖家已发货，等待买家确认")),
        st.integers(1, 3),  # pieces
        st.sampled_from(("没有申请退款", "没有申请退款", "退款中", "退款成功")),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row[:2],
)


class Channels(House):
    """Somebody who exports orders from the platform and takes them in here."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="gendan-acts-"))

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        super().teardown()

    @rule(rows=rows, minute=st.integers(0, 59))
    def import_file(self, rows: list[Told], minute: int) -> None:
        file = as_csv(
            self.folder / "ExportOrder.csv",
            TAOBAO_SUB,
            [self.row(*row, minute) for row in rows],
            encoding="gb18030",
        )
        self.do_any(OPENS, lambda: import_files(SHOP, [file], by=BY))
        before = fingerprint()
        import_files(SHOP, [file], by=BY)
        assert fingerprint() == before, "the same file again has changed something"
        self.seen = before

    def row(
        self, order: int, nth: int, status: str, pieces: int, refund: str, minute: int
    ) -> list[str]:
        unpaid = status == "等待买家付款"
        return sub_order(
            f"77{order:03}",
            nth,
            订单状态=status,
            购买数量=str(pieces),
            商家编码=self.cast.skus[nth].code,
            退款状态=refund,
            买家应付货款=f"{pieces * 9.9:.2f}",
            买家实付金额="0.00" if unpaid else f"{pieces * 9.9:.2f}",
            订单付款时间="" if unpaid else f"2026-11-20 10:{minute:02}:00",
        )
