"""Looking at a customer's personal data in full: for some minutes, with a line in the journal."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from gendan.customers.models import Customer, CustomerUnmasking
from gendan.journal.writing import entry
from gendan.people.models import Person

FOR = timedelta(minutes=10)


def unmask(
    customers: "QuerySet[Customer]", *, by: Person, now: datetime, why: str = ""
) -> "QuerySet[Customer]":
    """Show the personal data of customers to a colleague for ten minutes."""
    ids = list(customers.values_list("pk", flat=True))
    with entry("customer.unmasked", by=by, why=why, count=len(ids)):
        CustomerUnmasking.objects.bulk_create(
            CustomerUnmasking(customer_id=pk, person=by, until_at=now + FOR) for pk in ids
        )
    return customers
