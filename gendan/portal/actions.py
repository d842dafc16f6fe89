"""What the customer does on their page."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from gendan.delivery.actions.complete import receive
from gendan.journal.actors import Customer
from gendan.journal.writing import entry
from gendan.orders.models import OrderQuerySet
from gendan.portal.problems import Problem
from gendan.ui.wording import short_moment
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind


def confirm_receipt(orders: OrderQuerySet, *, by: Customer) -> OrderQuerySet:
    """Take the customer's word that the goods have come; return the orders it ends.

    :raises NotDelivered: if nothing of the orders is on its way
    """
    return receive(orders, by=by)


def report_problem(
    orders: OrderQuerySet, *, by: Customer, problem: Problem, words: str, now: datetime
) -> int:
    """Let after-sales answer the customer within the set time; return how many items are new.

    The same trouble twice within a minute is a form sent twice.
    """
    items = [
        NewItem(
            kind=Kind.CUSTOMER,
            subject="order",
            subject_id=order.pk,
            detail=f"{_for_the_house(problem)} · {short_moment(now)}",
            facts={"number": order.number, "words": words, "problem": problem},
            shop_id=order.shop_id,
            warehouse_id=order.warehouse_id,
        )
        for order in orders
    ]
    with entry("order.problem_reported", by=by, why=words, problem=problem):
        return open_items(items, by=by, now=now)


def _for_the_house(problem: Problem) -> str:
    """Name it as colleagues read it, whatever language the customer reads."""
    with override(settings.LANGUAGE_CODE):
        return str(problem.label)
