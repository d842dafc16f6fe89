"""Payment is chased at the demo's merchant: plans, words and answers, offers here and there."""

from datetime import datetime, timedelta

from django.utils import timezone

from gendan.desk.actions import answer
from gendan.desk.models import Message
from gendan.journal.actors import Job
from gendan.orders.actions import NewPayment, pay
from gendan.orders.actions.chase import (
    Said,
    Term,
    changed_there,
    chase_now,
    install_chasing,
    offer,
    save_chase_rules,
    say,
)
from gendan.orders.chase_replies import Reply
from gendan.orders.chasing import is_quiet, rules
from gendan.orders.models import Chase, Method, Order
from gendan.orders.stages import Source, Stage
from gendan.people.models import Person, Platform
from gendan.portal.queries import customer_of
from gendan.ui.errors import Refused

BY = Job("demo")
TALKS = (
    ("FIRST_TIME", "NEEDS_HELP", "不会绑卡，约了晚上再教一遍"),
    ("PRICE", "WANTS_OFFER", "别家便宜 10 元，能不能再少点"),
    ("COMPARES", "UNREACHABLE", ""),
    ("FORGOT", "WILL_PAY", "下班回家就付"),
    ("FORGOT", "NO_INTEREST", "拍重了"),
    ("TROUBLE", "WILL_PAY", "超限额，等银行调好"),
)
ANSWERS = (
    (Reply.PAID, "昨晚微信转的，麻烦查一下"),
    (Reply.CHANGE, "地址想改到公司"),
    (Reply.LATER, ""),
    (Reply.HELP, ""),
)


def tell(clerk: Person, supervisor: Person) -> None:
    """Set chasing up, speak with customers, offer some a lower price; some answer, some pay."""
    now = timezone.now()
    install_chasing(by=supervisor, now=now)
    binding = rules()
    assert binding is not None
    save_chase_rules(binding, [Term(Platform.TAOBAO, 72)], by=supervisor, why="按店铺设置")
    while is_quiet(binding, now):  # who loads the demo in the night finds what was said before it
        now -= timedelta(hours=1)
    chase_now(by=BY, now=now)
    chased = list(_chased(now)[:24])
    # The first two are left to whoever opens the house.
    for chase, (reason, outcome, words) in zip(chased[2:], TALKS, strict=False):
        _speak(chase, reason, outcome, words, clerk, now)
    _answers(chased[12 : 12 + len(ANSWERS)], clerk, now)
    _offers([chase for chase in chased if chase.order.source != Source.FILE], clerk, now)
    _there([chase for chase in chased if chase.order.source == Source.FILE], clerk, now)
    _some_pay(chased[9:12], clerk, now)


def _chased(now: datetime) -> "list[Chase]":
    open_ones = Chase.objects.filter(
        order__stage=Stage.UNPAID, is_held_out=False, closes_at__gt=now
    )
    return list(open_ones.select_related("order").order_by("closes_at", "pk"))


def _speak(
    chase: Chase, reason: str, outcome: str, words: str, clerk: Person, now: datetime
) -> None:
    promised = now + timedelta(hours=5) if outcome == "WILL_PAY" else None
    word = Said(
        chase.order_id, "CHAT", "您好，您的订单还为您留着。", reason, outcome, promised, words
    )
    try:
        say([word], by=clerk, now=now)
    except Refused:  # the same customer has heard enough today
        return


def _answers(chases: "list[Chase]", clerk: Person, now: datetime) -> None:
    """Some customers answer our message with one tap."""
    for chase, (code, words) in zip(chases, ANSWERS, strict=False):
        try:
            (touch,) = say(
                [Said(chase.order_id, "CHAT", "您好，您的订单还为您留着。")], by=clerk, now=now
            )
        except Refused:
            continue
        asked = Message.objects.filter(pk__any=[touch.message_id])
        answer(asked, code, by=customer_of(chase.order), now=now, words=words)


def _there(chases: "list[Chase]", clerk: Person, now: datetime) -> None:
    """Of three offers for a platform's orders, some prices are changed there already."""
    for number, chase in enumerate(chases[-3:]):
        if Order.objects.filter(pk=chase.order_id, stage=Stage.UNPAID).exists():
            given = offer(chase, chase.owed_fen // 60, by=clerk, now=now, why="老客问能不能便宜点")
            if number and given.waits_there:
                changed_there(given, by=clerk, now=now)


def _offers(chases: "list[Chase]", clerk: Person, now: datetime) -> None:
    """Offer one within the clerk's authority, and one that a supervisor has to allow."""
    for chase, share in zip(chases[-2:], (30, 8), strict=False):
        if Order.objects.filter(pk=chase.order_id, stage=Stage.UNPAID).exists():
            offer(chase, chase.owed_fen // share, by=clerk, now=now, why="比别家贵，留住客户")


def _some_pay(chases: "list[Chase]", clerk: Person, now: datetime) -> None:
    rows = Order.objects.numbered(chase.order_id for chase in chases).filter(stage=Stage.UNPAID)
    money = [NewPayment(o.pk, Method.WECHAT, o.total_fen - o.paid_fen) for o in rows]
    if money:
        pay(money, by=clerk, now=now)
