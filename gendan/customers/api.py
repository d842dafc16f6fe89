"""Customers over the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from gendan.customers.lists import CUSTOMERS
from gendan.customers.models import Customer
from gendan.customers.queries import customers_of
from gendan.people.api import key_of, needs
from gendan.ui.api import Page, page
from gendan.ui.api.paging import Asked
from gendan.ui.wording import masked_name, masked_phone

router = Router(tags=["customers"])


class CustomerOut(Schema):
    id: int
    name: str = Field(description="Masked, unless the key may customers.unmask.")
    phone: str
    level: str
    tags: list[str]
    made_at: datetime
    blacklisted_at: datetime | None


@router.get("", response=Page[CustomerOut], summary="Find customers")
@needs("customers.see")
def list_customers(request: HttpRequest, asked: Asked) -> Any:
    key = key_of(request)
    in_full = key.may("customers.unmask")
    return page(customers_of(key), asked, CUSTOMERS.finder, lambda one: _told(one, in_full))


def _told(customer: Customer, in_full: bool) -> dict[str, Any]:
    return {
        **{name: getattr(customer, name) for name in CustomerOut.model_fields},
        "name": customer.name if in_full else masked_name(customer.name),
        "phone": customer.phone if in_full else masked_phone(customer.phone),
    }
