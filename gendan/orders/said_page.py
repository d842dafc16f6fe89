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
from gendan.ui.statements import planned

# What there is about an order, asked at once: most orders have nothing of it.
SAID = """
SELECT 'desk_message', id FROM desk_message WHERE subject = 'order' AND subject_id = %s
UNION ALL SELECT 'orders_question', id FROM orders_question WHERE order_id = %s
UNION ALL SELECT 'orders_tick', id FROM orders_tick WHERE order_id = %s
UNION ALL SELECT 'orders_check', id FROM orders_check WHERE order_id = %s
"""
# Where the check and the document stand among the steps: the smaller, the more pressing.
PLACES = {Stage.UNCONFIRMED: (8, 30), Stage.UNPAID: (35, 30)}
LATER = (65, 66)


@contribute
def said(order: Order, worker: Worker) -> Contribution:
    """Contribute messages, questions, and the steps that ask the customer."""
    subjects = _subjects(order)
    return Contribution(
        panels=list(_panels(subjects["desk_message"], subjects["orders_question"])),
        steps=list(_steps(order)),
        subjects=subjects,
    )


def _subjects(order: Order) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {"desk_message": [], "orders_question": []}
    with planned() as cursor:
        cursor.execute(SAID, [order.pk] * 4)
        for table, pk in cursor.fetchall():
            rows.setdefault(table, []).append(pk)
    return rows


def _panels(messages: list[int], questions: list[int]) -> Iterator[Panel]:
    if not messages and not questions:
        return
    said = Message.objects.filter(pk__any=messages).order_by("-pk") if messages else ()
    shown = {
        "messages": [(each, TONES[State(each.state)]) for each in said],
        "questions": Question.objects.filter(pk__any=questions).order_by("-pk")
        if questions
        else (),
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
