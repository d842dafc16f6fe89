"""What an order's page shows of checking, of documents, and of what was said to the customer."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from gendan.desk.lists import TONES
from gendan.desk.models import Message, State
from gendan.orders.models import Check, Order, Question, Tick
from gendan.orders.page import Contribution, Panel, Rare, Step, contribute
from gendan.orders.stages import OVER, Stage
from gendan.people.access import Worker
from gendan.ui.prepared import Given

MESSAGES = Rare(
    lambda: Message.objects.filter(subject="order", subject_id=Given("order")).order_by("-pk")
)
QUESTIONS = Rare(lambda: Question.objects.filter(order=Given("order")).order_by("-pk"))
TICKS = Rare(lambda: Tick.objects.filter(order=Given("order")))
CHECKS = Rare(lambda: Check.objects.filter(order=Given("order")))
# Where the check and the document stand among the steps: the smaller, the more pressing.
PLACES = {Stage.UNCONFIRMED: (8, 30), Stage.UNPAID: (35, 30)}
LATER = (65, 66)


@contribute
def said(order: Order, worker: Worker) -> Contribution:
    """Contribute messages, questions, and the steps that ask the customer."""
    messages, questions = MESSAGES.of(order), QUESTIONS.of(order)
    return Contribution(
        panels=list(_panels(messages, questions)),
        steps=list(_steps(order)),
        subjects={
            "desk_message": [message.pk for message in messages],
            "orders_question": [question.pk for question in questions],
            "orders_tick": [tick.pk for tick in TICKS.of(order)],
            "orders_check": [check.pk for check in CHECKS.of(order)],
        },
    )


def _panels(messages: list[Message], questions: list[Question]) -> Iterator[Panel]:
    if not messages and not questions:
        return
    shown = {
        "messages": [(each, TONES[State(each.state)]) for each in messages],
        "questions": questions,
    }
    yield Panel("orders/panels/said.html", shown, 55, aside=True)


def _steps(order: Order) -> Iterator[Step]:
    if order.stage in (*PLACES, Stage.SCREENING, Stage.HELD):
        check, document = PLACES.get(Stage(order.stage), LATER)
        yield _page(order, "order-check", _("Check with the customer"), check, "check")
        yield _page(order, "order-document", _("Send the order back"), document, "mail")
    if order.stage not in (*OVER, Stage.DRAFT):
        yield _dialog(order, "order-ask", _("A question of the customer"), "orders.confirm", 75)
    if order.stage != Stage.DRAFT:
        yield _dialog(order, "order-write", _("Write to the customer"), "desk.write", 76)


def _page(order: Order, name: str, label: str, position: int, icon: str) -> Step:
    url = reverse(name, args=[order.number])
    return Step(label, url, "orders.confirm", position, post=False, icon=icon)


def _dialog(order: Order, name: str, label: str, permission: str, position: int) -> Step:
    url = reverse(name, args=[order.number])
    return Step(label, url, permission, position, post=False, dialog=True, icon="chat")
