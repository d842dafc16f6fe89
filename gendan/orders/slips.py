"""Money that comes in, and why it is refused."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from gendan.orders.models import Method, Payment
from gendan.ui.errors import Refused
from gendan.ui.wording import yuan


class CannotPay(Refused):
    """A payment does not fit its order, or is recorded already."""


@dataclass(frozen=True)
class Slip:
    """Money that comes with a new order; its reference (the gateway's number) counts once."""

    method: str
    amount_fen: int
    reference: str = ""
    at: datetime | None = None


def refuse_unreadable(method: str, amount_fen: int) -> None:
    """Refuse money that is none, or that came in no way we know.

    :raises CannotPay: if so
    """
    if amount_fen <= 0 or method not in Method.values:
        raise CannotPay(_("Write an amount above zero and choose how it was paid."))


def refuse_too_much(number: str, open_fen: int, amount_fen: int) -> None:
    """Refuse more money than an order still costs.

    :raises CannotPay: if it is more
    """
    if amount_fen > open_fen:
        raise CannotPay(
            _("Order %(number)s has only %(open)s left to pay, not %(amount)s.")
            % {"number": number, "open": yuan(open_fen), "amount": yuan(amount_fen)}
        )


def refuse_twice(slips: Iterable[tuple[str, str]]) -> None:
    """Refuse slips (method and reference) that come twice, or are recorded already.

    :raises CannotPay: with the first of them
    """
    named = Counter(slip for slip in slips if slip[1])
    again = [slip for slip, times in named.items() if times > 1]
    known = Q(reference__in=[reference for _method, reference in named])
    again += [
        slip
        for slip in Payment.objects.filter(known).values_list("method", "reference")
        if slip in named
    ]
    if again:
        method, reference = again[0]
        raise CannotPay(_sentence_twice(method, reference))


def recorded_meanwhile() -> CannotPay:
    """Return the refusal of a slip that somebody else recorded in the same second."""
    return CannotPay(_("One of the payments is recorded already. Load the page again."))


def _sentence_twice(method: str, reference: str) -> str:
    return _("The payment %(reference)s (%(method)s) is recorded already. Check its number.") % {
        "reference": reference,
        "method": Method(method).label,
    }
