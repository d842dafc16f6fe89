"""What this room shows on an order's page: goods, money, receiver, wishes, remarks, payments."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.orders.amended import amended as amended
from gendan.orders.models import Confirmation, Instruction, Line, Order, Payment, Unmasking
from gendan.orders.page import Contribution, Milestone, Panel, Rare, Step, contribute
from gendan.orders.stages import COMES_FROM, OVER, SHIPPED_ON_PLATFORM, Stage
from gendan.people.access import Worker
from gendan.people.models import Person
from gendan.ui.prepared import Given, Prepared
from gendan.ui.statements import Lookup, planned
from gendan.worklist.models import Item, Kind

BEFORE_SCREENING = (Stage.DRAFT, Stage.UNPAID, Stage.UNCONFIRMED)
CHANGES = (*BEFORE_SCREENING, Stage.SCREENING, Stage.HELD)
ENDS_ELSEWHERE = COMES_FROM[Stage.COMPLETED]

LINES = Prepared(
    lambda: Line.objects.filter(order=Given("order")).select_related("sku", "gift__rule")
)
PAYMENTS = Lookup(Payment, "order_id = %s ORDER BY at, id")
WISHES = Rare(lambda: Instruction.objects.filter(order=Given("order")).order_by("pk"))
ANSWERS = Rare(lambda: Confirmation.objects.filter(order=Given("order")).order_by("pk"))
LOOKS = Rare(lambda: Unmasking.objects.filter(order=Given("order")).order_by("pk"))
OTHERS = "SELECT count(*) FROM orders_order WHERE customer_id = %s AND id <> %s"


@contribute
def orders(order: Order, worker: Worker) -> Contribution:
    """Contribute the order's own part."""
    lines, looks = LINES(order=order.pk), LOOKS.of(order)
    payments, wishes, answers = PAYMENTS(order.pk), WISHES.of(order), ANSWERS.of(order)
    approval = _approval(order)
    return Contribution(
        panels=[
            *(
                [Panel("orders/panels/approval.html", {"approval": approval}, 5)]
                if approval
                else []
            ),
            Panel("orders/panels/goods.html", {"lines": lines, "money": _money(order)}, 10),
            Panel("orders/panels/wishes.html", _wishes(order, wishes, worker), 20),
            Panel("orders/panels/receiver.html", _receiver(order, looks, worker), 10, aside=True),
            Panel(
                "orders/panels/money.html",
                {"payments": payments, "left": order.total_fen - order.paid_fen},
                20,
                aside=True,
            ),
            Panel("orders/panels/source.html", {"answers": answers}, 60, aside=True),
        ],
        steps=list(_steps(order, approval)),
        milestones=list(_milestones(order, answers)),
        subjects={
            "orders_order": [order.pk],
            "orders_line": [line.pk for line in lines],
            "orders_payment": [payment.pk for payment in payments],
            "orders_instruction": [wish.pk for wish in wishes],
            "orders_confirmation": [answer.pk for answer in answers],
            "orders_unmasking": [look.pk for look in looks],
        },
    )


def _approval(order: Order) -> Item | None:
    if order.stage != Stage.DRAFT:
        return None
    waiting = Item.objects.open().filter(kind=Kind.APPROVAL, subject="order", subject_id=order.pk)
    return waiting.first()


def _money(order: Order) -> dict[str, int]:
    return {"discount": -order.discount_fen, "left": order.total_fen - order.paid_fen}


def _wishes(order: Order, wishes: list[Instruction], worker: Worker) -> dict[str, object]:
    changeable = order.stage in CHANGES and worker.may("orders.place")
    return {"wishes": wishes, "changeable": changeable}


def _receiver(order: Order, looks: list[Unmasking], worker: Worker) -> dict[str, object]:
    return {
        "until": _unmasked_until(looks, worker),
        "may_unmask": worker.may("customers.unmask"),
        "others": _others(order) if order.customer_id else 0,
    }


def _unmasked_until(looks: list[Unmasking], worker: Worker) -> datetime | None:
    mine = isinstance(worker, Person)
    ends = (look.until_at for look in looks if mine and look.person_id == worker.pk)
    last = max(ends, default=None)
    return last if last and last > timezone.now() else None


def _others(order: Order) -> int:
    """How many orders the customer has besides."""
    with planned() as cursor:
        cursor.execute(OTHERS, [order.customer_id, order.pk])
        number: int = cursor.fetchone()[0]
    return number


def _milestones(order: Order, answers: list[Confirmation]) -> Iterator[Milestone]:
    yield Milestone("placed", _("Placed"), order.placed_at, 10)
    if not order.is_cod:
        yield Milestone("paid", _("Paid"), order.paid_at, 20)
    elif order.paid_at:
        yield Milestone("paid", _("Paid"), order.paid_at, 95)
    confirmed = next((a.answered_at for a in answers if a.answer == "CONFIRMED"), None)
    if order.stage == Stage.UNCONFIRMED or confirmed:
        yield Milestone("confirmed", _("Confirmed"), confirmed, 15)
    yield Milestone("released", _("Released"), order.released_at, 40)
    yield Milestone("completed", _("Completed"), order.completed_at, 100)


def _steps(order: Order, approval: Item | None) -> Iterator[Step]:
    if order.stage == Stage.DRAFT:
        yield from _draft_steps(order, approval)
    if order.stage == Stage.UNPAID:
        yield _dialog(order, "order-pay", _("Record a payment"), "orders.pay", 10, "money")
    if order.stage == Stage.UNCONFIRMED:
        yield _dialog(
            order, "order-answer", _("The customer's word"), "orders.confirm", 10, "phone"
        )
    if order.stage == Stage.UNPAID:
        yield _dialog(
            order, "order-answer", _("The customer's word"), "orders.confirm", 40, "phone"
        )
    owes = order.paid_fen < order.total_fen and order.stage not in (*BEFORE_SCREENING, *OVER)
    if owes:
        yield _dialog(order, "order-pay", _("Record a payment"), "orders.pay", 60, "money")
    if order.platform_state in SHIPPED_ON_PLATFORM and order.stage in ENDS_ELSEWHERE:
        yield _dialog(
            order,
            "order-elsewhere",
            _("It was shipped elsewhere"),
            "screening.review",
            5 if order.stage != Stage.ALLOCATED else 85,
            "external",
        )
    if order.stage not in OVER:
        label = _("Not urgent") if order.priority > 0 else _("Urgent")
        yield _dialog(order, "order-urge", label, "orders.urge", 80, "flag")
        yield _dialog(
            order, "order-cancel", _("Cancel the order"), "orders.cancel", 90, "cross", "danger"
        )


def _draft_steps(order: Order, approval: Item | None) -> Iterator[Step]:
    if approval:
        yield Step(
            _("Approve the price"),
            _url("order-approve", order),
            "orders.below_floor",
            1,
            tone="primary",
            icon="check",
        )
        yield Step(
            _("Refuse the price"),
            _url("order-refuse", order),
            "orders.below_floor",
            2,
            needs_why=True,
            tone="danger",
        )
    if not order.read_at:
        yield Step(
            _("Second reading"),
            _url("order-read", order),
            "orders.place",
            5,
            post=False,
            icon="check",
        )
    yield Step(_("Back to the form"), _url("order-anew", order), "orders.place", 70, icon="edit")


def _dialog(
    order: Order,
    name: str,
    label: str,
    permission: str,
    position: int,
    icon: str,
    tone: str = "plain",
) -> Step:
    return Step(
        label,
        _url(name, order),
        permission,
        position,
        post=False,
        dialog=True,
        icon=icon,
        tone=tone,
    )


def _url(name: str, order: Order) -> str:
    return reverse(name, args=[order.number])
