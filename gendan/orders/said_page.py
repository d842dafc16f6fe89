"""What an order's page shows of checking, of documents, and of what was said to the customer."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from gendan.desk.lists import TONES
from gendan.desk.models import Message, State
from gendan.orders.models import Order, Question
from gendan.orders.page import Contribution, Panel, Step, contribute
from gendan.orders.stages import OVER, Stage
from gendan.people.access import Worker
from gendan.ui.prepared import Given, Prepared
from gendan.ui.statements import Lookup, planned

MESSAGES = Prepared(
    lambda: Message.objects.filter(subject="order", subject_id=Given("order")).order_by("-pk")
)
QUESTIONS = Lookup(Question, "order_id = %s ORDER BY id DESC")
CHECKED = """
SELECT 'orders_tick', id FROM orders_tick WHERE order_id = %s
UNION ALL SELECT 'orders_check', id FROM orders_check WHERE order_id = %s
"""
# Where the check and the document stand among the steps: the smaller, the more pressing.
PLACES = {Stage.UNCONFIRMED: (8, 30), Stage.UNPAID: (35, 30)}
LATER = (65, 66)


@contribute
def said(order: Order, worker: Worker) -> Contribution:
    """Contribute messages, questions, and the steps that ask the customer."""
    messages, questions = MESSAGES(order=order.pk), QUESTIONS(order.pk)
    shown = {
        "messages": [(each, TONES[State(each.state)]) for each in messages],
        "questions": questions,
    }
    panel = Panel("orders/panels/said.html", shown, 55, aside=True)
    return Contribution(
        panels=[panel] if messages or questions else [],
        steps=list(_steps(order)),
        subjects={
            "desk_message": [each.pk for each in messages],
            "orders_question": [each.pk for each in questions],
            **_checked(order),
        },
    )


def _checked(order: Order) -> dict[str, list[int]]:
    """Return what was ticked and checked, for the timeline."""
    rows: dict[str, list[int]] = {"orders_tick": [], "orders_check": []}
    with planned() as cursor:
        cursor.execute(CHECKED, [order.pk, order.pk])
        for table, pk in cursor.fetchall():
            rows[table].append(pk)
    return rows


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
