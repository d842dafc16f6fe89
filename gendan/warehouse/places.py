"""Places of prices, discounts and standards, under their official names."""

from django.utils.translation import gettext as _

from gendan.customers.addresses import split
from gendan.ui.errors import Refused


class NoSuchPlace(Refused):
    """No official division is called so: what is said of it would never be met."""


def official(province: str, city: str = "", district: str = "") -> tuple[str, str, str]:
    """Return a province, its city and its district as addresses name them; empty ones stay so.

    :raises NoSuchPlace: if one of them is not known, or not in the other
    """
    written = (province, city, district)
    place = split("".join(written))
    found = (place.province, place.city, place.district)
    if place.detail or any(said and not name for said, name in zip(written, found, strict=True)):
        raise NoSuchPlace(
            _("Nobody knows the place “%(place)s”. Write it as in addresses, such as 浙江省.")
            % {"place": "".join(written)}
        )
    return (
        found[0] if province else "",
        found[1] if city else "",
        found[2] if district else "",
    )
