"""Questions about customers."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from gendan.customers.models import Customer, CustomerUnmasking
from gendan.people.access import Worker, at_shops
from gendan.people.models import Person
from gendan.ui.statements import planned

Key = tuple[str, str, str]
"""How a channel knows somebody: kind, platform, value."""

FIND = """
SELECT i.kind, i.scope, i.value, i.customer_id
FROM customers_identity i
JOIN unnest(%s::text[], %s::text[], %s::text[]) AS k (kind, scope, value)
  USING (kind, scope, value)
"""


def customers_of(worker: Worker) -> "QuerySet[Customer]":
    """Return the customers that the worker sees: of their shops, or without any order yet."""
    if worker.shop_ids is None:
        return Customer.objects.all()
    if not worker.shop_ids:
        return Customer.objects.none()
    return Customer.objects.filter(_one_by_one(worker.shop_ids))


def _one_by_one(shops: Sequence[int]) -> Q:
    """Whether any order of a customer, if there is one, is of these shops.

    An `EXISTS` on either side of an OR would read all orders of the house before the first row.
    """
    same = Customer.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
    theirs = same.annotate(theirs=BoolOr(Q(orders__shop__in=shops))).values("theirs")
    return Q(Coalesce(Subquery(theirs, output_field=BooleanField()), True))


def with_orders(customers: "QuerySet[Customer]") -> "QuerySet[Customer]":
    """Return the customers with `order_count`, `bought_fen` and `last_at` of their orders.

    The room of orders comes after this one: it is asked by the name of the relation.
    """
    same = Customer.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
    valid = same.filter(orders__cancelled_at=None)
    count = valid.annotate(n=Count("orders")).values("n")
    bought = valid.annotate(n=Sum("orders__paid_fen") - Sum("orders__refunded_fen")).values("n")
    last = valid.annotate(n=Max("orders__placed_at")).values("n")
    return customers.annotate(
        order_count=Coalesce(Subquery(count, output_field=IntegerField()), 0),
        bought_fen=Coalesce(Subquery(bought, output_field=BigIntegerField()), 0),
        last_at=Subquery(last),
    )


def unmasked_until(customer: Customer, person: Person, *, now: datetime) -> datetime | None:
    """Return until when the person may see the customer's phone, mail and addresses in full."""
    looks = CustomerUnmasking.objects.filter(customer=customer, person=person, until_at__gt=now)
    return looks.order_by("-until_at").values_list("until_at", flat=True).first()


def last_orders(customer: Customer, worker: Worker, number: int) -> "QuerySet[Any, Any]":
    """Return the customer's last orders of the shops that the worker sees."""
    orders = customer.orders.select_related("shop").filter(at_shops(worker))
    return orders.order_by("-placed_at", "-pk")[:number]


def owners(keys: Iterable[Sequence[Key]]) -> dict[Key, int]:
    """Return whose each name is, of the names that somebody has."""
    wanted = sorted({key for own in keys for key in own})
    if not wanted:
        return {}
    with planned() as cursor:
        cursor.execute(FIND, [list(column) for column in zip(*wanted, strict=True)])
        return {(kind, scope, value): customer for kind, scope, value, customer in cursor}
