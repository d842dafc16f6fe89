"""What went wrong at the demo's merchant: some of it the house noticed, some of it people did."""

from datetime import timedelta

from django.utils import timezone

from gendan.insight.actions import NewMistake, Verdict, attribute, close, propose, record
from gendan.insight.models import Mistake, MistakeState
from gendan.journal.actors import Job
from gendan.orders.models import Order
from gendan.people.models import Person
from gendan.people.permissions import Role

BY = Job("demo")
LEFT = 6  # proposals that nobody has looked at
DONE = "已致电致歉并补偿，当天复盘，流程里加了一道核对"
# What, where, cause, team, cost in fen, what happened, what was done, days ago.
TOLD = (
    ("WRONG_GOODS", "CUSTOMER", "INFORMATION", Role.WAREHOUSE, 3600, "墨绿发成深棕", DONE, 2),
    (
        "WRONG_ADDRESS",
        "DELIVERY",
        "CHANGE",
        Role.SERVICE,
        1200,
        "买家搬家未告知，退回重发",
        DONE,
        3,
    ),
    (
        "WRONG_QUANTITY",
        "PACKING",
        "INFORMATION",
        Role.WAREHOUSE,
        0,
        "漏装一罐，称重时发现",
        DONE,
        1,
    ),
    ("WRONG_PRICE", "CUSTOMER", "SYSTEM", Role.MERCHANDISER, 8800, "活动价没有同步到门店", "", 4),
    ("QUALITY", "CUSTOMER", "INFORMATION", Role.BUYER, 15600, "皮面有划痕，整批返检", DONE, 6),
    ("WRONG_GOODS", "CUSTOMER", "SYSTEM", Role.WAREHOUSE, 2600, "条码贴错", DONE, 33),
    (
        "BROKEN_PROMISE",
        "CUSTOMER",
        "INFORMATION",
        Role.SERVICE,
        5000,
        "答应周五到，周一才到",
        DONE,
        35,
    ),
)


def tell(reviewer: Person) -> None:
    """Record mistakes of this month and the last, and read the house's own books."""
    now = timezone.now()
    orders = list(Order.objects.filter(stage="COMPLETED").order_by("pk")[: len(TOLD)])
    for order, (what, where, because, team, fen, words, done, days) in zip(
        orders, TOLD, strict=False
    ):
        verdict = Verdict(because, team=team, cost_fen=fen)
        new = NewMistake(order.pk, what, where, verdict, words, done)
        record([new], by=reviewer, now=now - timedelta(days=days))
    propose(by=BY, now=now)
    proposed = Mistake.objects.filter(state=MistakeState.PROPOSED).order_by("pk")
    some = list(proposed.values_list("pk", flat=True))[LEFT:]
    chosen = Mistake.objects.filter(pk__any=some)
    if some:
        verdict = Verdict("INFORMATION", team=Role.WAREHOUSE, cost_fen=300)
        attribute(chosen, verdict, by=reviewer, now=now)
        close(Mistake.objects.filter(pk__any=some[: len(some) // 2]), DONE, by=reviewer, now=now)
