"""Who gets a parcel and where, as columns of an order."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gendan.customers.addresses import Address, phone, place_key, sentence
from gendan.customers.addresses.phones import Kind
from gendan.ui.errors import Refused

CAN_BE_CALLED = (Kind.MOBILE, Kind.LANDLINE)


class StillWrong(Refused):
    """What was given is no number that can be called, or no address a parcel can go to."""


@dataclass(frozen=True)
class Receiver:
    """Who gets the parcel and where; what is None stays as it is."""

    name: str | None = None
    phone: str | None = None
    address: Address | None = None

    @property
    def columns(self) -> dict[str, str]:
        """What an order's row says of it.

        :raises StillWrong: if the phone can't be called, or a parcel can't go to the address
        """
        said: dict[str, str] = {}
        if self.name is not None:
            said["receiver_name"] = self.name.strip()[:80]
        if self.phone is not None:
            said["receiver_phone"] = _number(self.phone)
        if self.address is not None:
            said |= _place(self.address)
        return said


def _number(text: str) -> str:
    number = phone(text)
    if number.kind not in CAN_BE_CALLED:
        raise StillWrong(_("“%(phone)s” is no number that can be called.") % {"phone": text})
    return str(number)[:40]


def _place(address: Address) -> dict[str, str]:
    if not address.complete:
        said = " ".join(str(sentence(problem)) for problem in address.problems)
        raise StillWrong(said or _("The address is not complete."))
    return {
        "province": address.province[:40],
        "city": address.city[:60],
        "district": address.district[:60],
        "street": address.street[:60],
        "address": address.detail[:300],
        "division": address.code[:12],
        "zip": address.zip[:10],
        "place_key": place_key(address)[:64],
    }
