"""The rules with which a house begins; a supervisor may change or switch off any of them."""

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.screening.models import Remedy, Review, Rule, Severity

MANUAL = "MANUAL"  # put on by a person
CHANGED = "CHANGED"  # put on when an order changes after its release
UNASKED = (MANUAL, CHANGED)
"""These have no condition: they are put on by an act."""

BUILT_IN = (
    Rule(
        code="UNMAPPED",
        name="商品编码未对应",
        name_en="Unmapped goods",
        expression="unmapped = yes",
        evidence=["unmapped"],
        severity=Severity.BLOCK,
        remedy=Remedy.MAP_CODE,
    ),
    Rule(
        code="FORBIDDEN",
        name="平台暂不允许发货",
        name_en="The platform forbids shipping",
        expression="platform_state = FORBIDDEN",
        evidence=["platform_state", "platform_status"],
        severity=Severity.BLOCK,
        remedy=Remedy.NONE,
    ),
    Rule(
        code="REFUND",
        name="买家申请退款",
        name_en="Refund requested",
        expression="platform_state = REFUNDING or refund = REQUESTED",
        evidence=["platform_state", "platform_status", "refund"],
        severity=Severity.BLOCK,
        remedy=Remedy.CANCEL,
    ),
    Rule(
        code="CLOSED",
        name="平台已关闭",
        name_en="Closed by the platform",
        expression="platform_state = CLOSED",
        evidence=["platform_state", "platform_status"],
        severity=Severity.BLOCK,
        remedy=Remedy.CANCEL,
    ),
    Rule(
        code="ELSEWHERE",
        name="平台显示已在别处发货",
        name_en="Shipped elsewhere",
        expression="platform_state in (SHIPPED, FINISHED)",
        evidence=["platform_state", "platform_status"],
        severity=Severity.BLOCK,
        remedy=Remedy.ELSEWHERE,
    ),
    Rule(
        code="BLACKLISTED",
        name="黑名单客户",
        name_en="Blacklisted customer",
        expression="blacklisted = yes",
        evidence=["customer", "blacklisted"],
        severity=Severity.BLOCK,
        remedy=Remedy.CANCEL,
    ),
    Rule(
        code="ADDRESS",
        name="收货地址不完整",
        name_en="Address incomplete",
        expression="address_problem is not empty",
        evidence=["address_problem", "province", "city", "district"],
        severity=Severity.BLOCK,
        remedy=Remedy.FIX_ADDRESS,
    ),
    Rule(
        code="PHONE",
        name="电话有误",
        name_en="Phone malformed",
        expression="phone_problem is not empty",
        evidence=["phone_problem"],
        severity=Severity.BLOCK,
        remedy=Remedy.FIX_PHONE,
    ),
    Rule(
        code="AMOUNT",
        name="金额对不上",
        name_en="The amount does not add up",
        expression="difference != 0",
        evidence=["difference", "goods", "discount", "postage", "total"],
        severity=Severity.WARN,
        remedy=Remedy.ACCEPT_AMOUNT,
    ),
    Rule(
        code="BELOW_FLOOR",
        name="低于底价",
        name_en="Price below floor",
        # Our own orders were approved when they were taken.
        expression="below_floor = yes and source in (FILE, API)",
        evidence=["below_floor", "goods", "total"],
        severity=Severity.BLOCK,
        remedy=Remedy.APPROVE_PRICE,
    ),
    Rule(
        code="DUPLICATE",
        name="疑似重复下单",
        name_en="Possible duplicate",
        expression="duplicate = yes",
        evidence=["duplicate", "placed_at"],
        severity=Severity.WARN,
        remedy=Remedy.CANCEL,
    ),
    Rule(
        code="COMBINABLE",
        name="可合单",
        name_en="Could go in one parcel",
        expression="combinable = yes",
        evidence=["combinable"],
        severity=Severity.WARN,
        remedy=Remedy.COMBINE,
    ),
    Rule(
        code="NO_STOCK",
        name="各仓均缺货",
        name_en="No stock anywhere",
        expression="stock_missing = yes",
        evidence=["stock_missing"],
        severity=Severity.WARN,
        remedy=Remedy.WAIT_STOCK,
    ),
    Rule(
        code="BUYER_REMARK",
        name="有买家留言",
        name_en="Buyer's remark",
        expression="buyer_remark is not empty",
        evidence=["buyer_remark"],
        severity=Severity.WARN,
        remedy=Remedy.READ_REMARK,
    ),
    Rule(
        code="SELLER_REMARK",
        name="有卖家备注",
        name_en="Seller's remark",
        expression="seller_remark is not empty",
        evidence=["seller_remark", "flag"],
        severity=Severity.WARN,
        remedy=Remedy.READ_REMARK,
    ),
    Rule(
        code="INSTRUCTION",
        name="有特殊要求",
        name_en="Special instruction",
        expression="instruction is not empty",
        evidence=["instruction"],
        severity=Severity.WARN,
        remedy=Remedy.READ_REMARK,
    ),
    Rule(
        code="VALUE",
        name="大额订单",
        name_en="Value above the limit",
        expression="total > 5000",
        evidence=["total", "paid"],
        severity=Severity.WARN,
        remedy=Remedy.NONE,
    ),
    Rule(
        code="FINANCE",
        name="大额待财审",
        name_en="Large amount, for finance",
        expression="total > 20000 or cod = yes and total > 2000",
        evidence=["total", "paid", "cod"],
        severity=Severity.WARN,
        remedy=Remedy.NONE,
        review=Review.FINANCE,
        is_on=False,
    ),
    Rule(
        code=CHANGED,
        name="放行后有改动",
        name_en="Changed after its release",
        expression="",
        evidence=[],
        severity=Severity.WARN,
        remedy=Remedy.NONE,
    ),
    Rule(
        code="UNCHECKED",
        name="未与客户核对",
        name_en="Not checked with the customer",
        # Which orders must be checked stands on the page of the checklist's rules. It binds the
        # orders of platforms, too: buyers mistype there as well, and no one has read it back.
        expression="unchecked = yes",
        evidence=["unchecked", "total"],
        severity=Severity.BLOCK,
        remedy=Remedy.NONE,
    ),
    Rule(
        code=MANUAL,
        name="人工滞留",
        name_en="Held by a colleague",
        expression="",
        evidence=[],
        severity=Severity.BLOCK,
        remedy=Remedy.NONE,
    ),
)


def install_rules(*, by: Actor) -> int:
    """Add the built-in rules that the house does not have yet; return how many that were."""
    there = set(Rule.objects.values_list("code", flat=True))
    missing = [rule for rule in BUILT_IN if rule.code not in there]
    if not missing:
        return 0
    places = {rule.code: place for place, rule in enumerate(BUILT_IN, 1)}
    with entry("rules.installed", by=by, count=len(missing)):
        fresh = [_fresh(rule, places[rule.code] * 10) for rule in missing]
        Rule.objects.bulk_create(fresh, ignore_conflicts=True)  # of two workers that start at once
    return len(missing)


def _fresh(rule: Rule, position: int) -> Rule:
    return Rule(
        code=rule.code,
        name=rule.name,
        name_en=rule.name_en,
        expression=rule.expression,
        evidence=rule.evidence,
        severity=rule.severity,
        remedy=rule.remedy,
        review=rule.review,
        is_on=rule.is_on,
        position=position,
        is_built_in=True,
    )
