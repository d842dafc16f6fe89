"""Looking at phone and address in full: for some minutes, and not without a line in the journal."""

from datetime import datetime, timedelta

from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet, Unmasking
from gendan.people.models import Person

FOR = timedelta(minutes=10)


def unmask(orders: OrderQuerySet, *, by: Person, now: datetime, why: str = "") -> OrderQuerySet:
    """Show the personal data of the orders to a colleague for ten minutes."""
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.unmasked", by=by, why=why, count=len(ids)):
        Unmasking.objects.bulk_create(
            Unmasking(order_id=pk, person=by, until_at=now + FOR) for pk in ids
        )
    return Order.objects.numbered(ids)
