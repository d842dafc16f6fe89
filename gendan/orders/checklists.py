"""The checklist and the rules with which a house begins; a supervisor may change or switch off any.

An item's content and what to say are scripts: `telling.py` knows the names in braces. One whose
content has nothing in it for an order, such as its wishes, is not asked about.
"""

from collections.abc import Sequence
from typing import TypeVar

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import CheckItem, CheckRule

PLATFORM = "source in (FILE, API)"
OWN = "source in (COUNTER, PHONE, DISTRIBUTOR)"
CUSTOM = "title ~ 定制 or category ~ 定制 or specification ~ 刻字"

ITEMS = (
    CheckItem(
        code="RECEIVER",
        name="收件人",
        name_en="Receiver",
        content="{收件人}",
        say="“包裹写 {收件人} 收，对吗？”",
    ),
    CheckItem(
        code="PHONE",
        name="联系电话",
        name_en="Phone",
        content="{电话}",
        say="“快递员会打 {电话分段}，这个号码白天接得到吗？”",
    ),
    CheckItem(
        code="ADDRESS",
        name="收货地址",
        name_en="Address",
        content="{地址}",
        say="“寄到 {地址}，门牌号没有漏吧？”",
    ),
    CheckItem(
        code="GOODS",
        name="商品、规格与数量",
        name_en="Goods, specification, quantity",
        content="{商品}",
        say="“您要的是 {商品}，一共 {件数} 件。颜色和规格都对吗？”",
    ),
    CheckItem(
        code="AMOUNT",
        name="应付金额",
        name_en="Amount to pay",
        content="{应付}",
        say="“一共 {应付}，其中运费 {运费}。”",
        expression=OWN,
    ),
    CheckItem(
        code="COD",
        name="货到付款",
        name_en="Cash on delivery",
        content="{应付}",
        say="“您选了货到付款，请备好 {应付} 交给快递员，签收前可以先看外包装。”",
        expression="cod = yes",
    ),
    CheckItem(
        code="REMARK",
        name="买家留言",
        name_en="Buyer's remark",
        content="{买家留言}",
        say="“您留言写着：{买家留言}。我们照这个办，可以吗？”",
        expression=f"{PLATFORM} and buyer_remark is not empty",
    ),
    CheckItem(
        code="REQUESTS",
        name="特殊要求与礼品",
        name_en="Requests and gifts",
        content="{特殊要求}",
        say="“您交代过：{特殊要求}。还有要补充的吗？”",
        expression="instruction is not empty",
    ),
    CheckItem(
        code="CUSTOM",
        name="定制内容",
        name_en="Custom goods",
        content="{商品}",
        say="“定制的部分做好后不能退换，请逐字核对：{商品}。尺寸、颜色、刻字都定了吗？”",
        expression=CUSTOM,
    ),
    CheckItem(
        code="DATE",
        name="期望送达",
        name_en="Delivery wish",
        content="{期望送达}",
        say="“您希望 {期望送达} 送到，当天有人收件吗？”",
        expression="wish_on is not empty",
    ),
    CheckItem(
        code="VALUE",
        name="贵重物品签收",
        name_en="Valuable goods",
        content="{应付}",
        say="“这一单 {应付}，我们会保价寄出，请本人验货后再签收。”",
        expression="total >= 3000",
    ),
)
RULES = (
    CheckRule(
        code="VALUE",
        name="大额订单两人核对",
        name_en="High value: checked by two",
        expression="total >= 5000",
        rounds=2,
    ),
    CheckRule(
        code="CUSTOM",
        name="定制商品两人核对",
        name_en="Custom goods: checked by two",
        expression=CUSTOM,
        rounds=2,
    ),
    CheckRule(
        code="NEW_CUSTOMER",
        name="新客户货到付款先核对",
        name_en="New customer, cash on delivery",
        expression="new_customer = yes and cod = yes",
        rounds=1,
        is_on=False,
    ),
)
Kept = TypeVar("Kept", CheckItem, CheckRule)


def install_checklist(*, by: Actor) -> int:
    """Add the built-in items and rules that the house does not have yet; return how many."""
    for place, item in enumerate(ITEMS, 1):
        item.position = place * 10
    items, rules = _missing(CheckItem, ITEMS), _missing(CheckRule, RULES)
    if not items and not rules:
        return 0
    with entry("checklist.installed", by=by, count=len(items) + len(rules)):
        CheckItem.objects.bulk_create(items, ignore_conflicts=True)  # two may begin at once
        CheckRule.objects.bulk_create(rules, ignore_conflicts=True)
    return len(items) + len(rules)


def _missing(kind: type[Kept], wanted: Sequence[Kept]) -> list[Kept]:
    there = set(kind.objects.values_list("code", flat=True))
    return [_fresh(kind, one) for one in wanted if one.code not in there]


def _fresh(kind: type[Kept], built_in: Kept) -> Kept:
    values = {f.attname: getattr(built_in, f.attname) for f in kind._meta.fields if f.name != "id"}
    return kind(**{**values, "is_built_in": True})
