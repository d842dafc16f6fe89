"""What customers were asked about their orders: checks begun and made, documents, questions."""

import random
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from gendan.desk.actions import answer, send
from gendan.desk.models import Channel
from gendan.orders.actions import confirm, object_to, send_confirmation
from gendan.orders.actions.ask import NewQuestion, Reply, ask, draft_of, reply
from gendan.orders.actions.ask_check import RIGHT, ask_check
from gendan.orders.actions.check import NewMark, mark
from gendan.orders.actions.correct import correct
from gendan.orders.actions.sample import Found, draw, judge
from gendan.orders.actions.send_confirmation import Way
from gendan.orders.answering import Heard
from gendan.orders.checking import progress_of
from gendan.orders.checklists import install_checklist
from gendan.orders.models import Confirmation, Fault, Order, OrderQuerySet, Sample, SampleQuerySet
from gendan.orders.models.sampling import monday_of
from gendan.orders.receivers import Receiver
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.portal.queries import customer_of

WORDS = ("收货电话换成我先生的", "要墨绿，不是米白", "地址少了楼号")
FAULTS = (
    Found(Fault.REQUEST, "漏写了礼盒包装的要求"),
    Found(Fault.QUANTITY, "写成 1 件，客户要 2 件"),
)
QUESTIONS = ("可以开企业发票吗？", "周六能送到吗？", "礼盒里放不放价格单？")


def tell(people: dict[str, Person], rnd: random.Random) -> None:
    """Ask customers about what waits for their word; some answer, some ask back."""
    wang, zhao = people["wang"], people["zhao"]
    install_checklist(by=zhao)
    _last_week(wang, zhao, rnd)
    waiting = list(Order.objects.filter(stage=Stage.UNCONFIRMED).order_by("pk"))
    rnd.shuffle(waiting)
    _documents(waiting[:8], wang)
    _check_begun(waiting[8:10], wang)
    _asked_in_writing(waiting[10:12], wang)


def _last_week(clerk: Person, supervisor: Person, rnd: random.Random) -> None:
    """Documents of last week were drawn this Monday; the supervisor has looked at most of them."""
    now = timezone.now()
    week = monday_of(timezone.localdate(now)) - timedelta(days=7)
    orders = Order.objects.filter(stage__in=(Stage.UNPAID, Stage.UNCONFIRMED, Stage.HELD))
    ids = list(orders.order_by("pk").values_list("pk", flat=True)[:14])
    sent_at = now - timedelta(days=7)
    way = Way(Channel.PRINT)
    send_confirmation(Order.objects.numbered(ids), by=clerk, now=sent_at, way=way)
    draw(week, by=supervisor, now=now)
    drawn = list(Sample.objects.order_by("pk").values_list("pk", flat=True))
    judge(_samples(drawn[:2]), by=supervisor, now=now)
    judge(_samples(drawn[2:3]), FAULTS, by=supervisor, now=now)


def _samples(ids: Sequence[int]) -> SampleQuerySet:
    return Sample.objects.filter(pk__any=list(ids))


def _documents(orders: Sequence[Order], clerk: Person) -> None:
    now = timezone.now()
    for number, order in enumerate(orders):
        chosen = Order.objects.numbered([order.pk])
        send_confirmation(chosen, by=clerk, now=now - timedelta(hours=3), way=Way(Channel.CHAT))
        _answered(number, order, chosen, clerk)


def _answered(number: int, order: Order, chosen: OrderQuerySet, clerk: Person) -> None:
    now = timezone.now()
    sent = Confirmation.objects.filter(order=order).order_by("-pk")[0]
    heard, customer = Heard(Channel.CHAT, [sent.pk]), customer_of(order)
    match number:
        case 0 | 1:
            confirm(chosen, by=customer, now=now, words="都对，谢谢", heard=heard)
        case 2:
            object_to(chosen, by=customer, now=now, words=WORDS[1], heard=heard)
        case 3 | 4:
            words = QUESTIONS[number - 3]
            asked = ask([NewQuestion(order.pk, words, Channel.CHAT, sent.pk)], by=customer, now=now)
            if number == 4:
                text = draft_of(asked.get(), by=clerk) + "可以，我们约了周六上午派送。"
                reply([Reply(asked.get().pk, text, Channel.CHAT)], by=clerk, now=now)
        case 5:
            correct({order.pk: Receiver(name=f"{order.receiver_name}（转）")}, by=clerk)


def _check_begun(orders: Sequence[Order], clerk: Person) -> None:
    """Tick some items; in one order something was wrong."""
    for order in orders:
        items = progress_of(Order.objects.numbered([order.pk]))[order.pk].items
        right = [NewMark(order.pk, one.item.pk) for one in items[:2]]
        wrong = NewMark(order.pk, items[2].item.pk, is_right=False, words=WORDS[2])
        mark([*right, wrong], by=clerk, now=timezone.now())


def _asked_in_writing(orders: Sequence[Order], clerk: Person) -> None:
    now = timezone.now()
    for number, order in enumerate(orders):
        said = ask_check(Order.objects.numbered([order.pk]), Channel.CHAT, by=clerk, now=now)
        send(said, by=clerk, now=now)
        if number == 1:
            answer(said, RIGHT, by=customer_of(order), now=now, words="没问题")
