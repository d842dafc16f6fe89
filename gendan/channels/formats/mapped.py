"""Any other CSV: a person says once which column is which, and the file is known from then on."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gendan.channels.formats import own
from gendan.channels.formats.format import Format, columns
from gendan.channels.formats.records import LineRecord, OrderRecord, Values

FIELDS: Mapping[str, Promise | str] = MappingProxyType(
    {
        "platform_order": _("Order number"),
        "sub_order": _("Line number"),
        "status": _("Status"),
        "placed_at": _("Placed at"),
        "paid_at": _("Paid at"),
        "modified_at": _("Modified at"),
        "latest_at": _("Ship by"),
        "buyer_nick": _("Customer"),
        "buyer_id": _("Customer's number"),
        "buyer_email": _("Mail address"),
        "receiver_name": _("Receiver"),
        "receiver_phone": _("Phone"),
        "province": _("Province"),
        "city": _("City"),
        "district": _("District"),
        "receiver_address": _("Address"),
        "sku_code": _("SKU code"),
        "title": _("Product"),
        "spec": _("Specification"),
        "quantity": _("Quantity"),
        "unit_price": _("Unit price"),
        "discount_fen": _("Discount"),
        "postage_fen": _("Postage"),
        "payable_fen": _("To pay"),
        "paid_fen": _("Paid"),
        "buyer_remark": _("Buyer's remark"),
        "seller_remark": _("Seller's remark"),
        "carrier": _("Carrier"),
        "waybill": _("Waybill"),
    }
)
NEEDED = frozenset({"platform_order", "quantity"})
"""The fields without which no mapping can be saved; goods need a code or a name besides."""


def _settle(order: OrderRecord, line: LineRecord, _values: Values) -> list[LineRecord]:
    """A file without states holds orders that are to be shipped."""
    if not order.raw_status and not order.state:
        order.state = "PAID"
    return [line]


def mapped(name: str, fields: Mapping[str, str], *, cancels_with: str = "") -> Format:
    """Return the format in which each of our `fields` stands under the given header.

    An order number that begins with `cancels_with` is a cancellation: it is kept as a closed
    order, and its quantities, negative in such files, count as what was given back.
    """
    return Format(
        key=f"mapped.{name}",
        platform="OWN",
        columns=columns(**fields),
        needs=frozenset(fields),
        must=NEEDED,
        states=own.STATES,
        cancels_with=cancels_with,
        finish=_settle,
    )


INVOICES = mapped(
    "invoices",
    {
        "platform_order": "InvoiceNo|Invoice",
        "sku_code": "StockCode",
        "title": "Description",
        "quantity": "Quantity",
        "placed_at": "InvoiceDate",
        "unit_price": "UnitPrice|Price",
        "buyer_id": "CustomerID|Customer ID",
    },
    cancels_with="C",
)
"""A wholesaler's invoice list, known from the start: an invoice is an order, `C…` cancels."""

FORMATS = (INVOICES,)
