"""The words printed on paper, in the language of the paper."""

from functools import lru_cache

from django.utils.translation import gettext, override, pgettext


@lru_cache
def words(language: str) -> dict[str, str]:
    """Every caption by its name in the layouts; `{n}` and `{all}` are left for the page numbers."""
    with override(language):
        return _captions() | _sentences()


def _captions() -> dict[str, str]:
    return {
        "pick_list": gettext("Pick list"),
        "delivery_note": gettext("Delivery note"),
        "hand_over": gettext("Hand-over list"),
        "reprint": gettext("Reprint"),
        "printed": pgettext("paper", "Printed"),
        "shipments": pgettext("paper", "Shipments"),
        "shipment": pgettext("paper", "Shipment"),
        "parcels": pgettext("paper", "Parcels"),
        "pieces": gettext("Pieces"),
        "location": gettext("Location"),
        "goods": gettext("Goods"),
        "contents": gettext("Contents"),
        "specification": gettext("Specification"),
        "barcode": gettext("Barcode"),
        "quantity": gettext("Quantity"),
        "basket": gettext("Basket"),
        "baskets": gettext("Baskets"),
        "picked": pgettext("paper", "Picked"),
        "picker": gettext("Picker"),
        "time": pgettext("paper", "Time"),
        "number": pgettext("paper", "No."),
        "price": gettext("Price"),
        "amount": pgettext("paper", "Amount"),
        "goods_total": gettext("Goods total"),
        "postage": gettext("Postage"),
        "discount": gettext("Discount"),
        "payable": gettext("Order total"),
        "orders": pgettext("paper", "Orders"),
        "receiver": gettext("Receiver"),
        "to": pgettext("paper", "To"),
        "from": pgettext("paper", "Fr"),
        "region": pgettext("paper", "Region"),
        "waybill": gettext("Waybill"),
        "weight": gettext("Weight (kg)"),
        "remarks": pgettext("paper", "Remarks"),
        "care": gettext("Care instructions"),
        "returns": pgettext("paper", "Returns"),
        "collect": pgettext("paper", "Cash on delivery"),
        "signature": gettext("Signature"),
        "handed_by": gettext("Handed over by"),
        "taken_by": gettext("Taken by"),
    }


def _sentences() -> dict[str, str]:
    return {
        "page": gettext("Page {n} of {all}"),
        "collect_unseen": gettext("Amount in the carrier's system"),
    }
