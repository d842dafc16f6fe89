"""What can be wrong with an address, and the sentence that says so and what to do."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Problem(StrEnum):
    """A reason why a parcel with this address may not arrive."""

    MASKED = "MASKED"
    NO_PROVINCE = "NO_PROVINCE"
    NO_CITY = "NO_CITY"
    NO_DISTRICT = "NO_DISTRICT"
    AMBIGUOUS = "AMBIGUOUS"
    MISMATCH = "MISMATCH"
    NOT_IN_DIVISIONS = "NOT_IN_DIVISIONS"
    OTHER_AREA = "OTHER_AREA"
    ZONE = "ZONE"
    NO_DETAIL = "NO_DETAIL"


# A development zone is no official division, but carriers know it: it is named, not held against.
HARMLESS = frozenset({Problem.ZONE})

SENTENCES = {
    Problem.MASKED: _(
        "The platform hides part of the address. Fetch the order again or print the waybill "
        "through the platform; do not type the rest by guess."
    ),
    Problem.NO_PROVINCE: _(
        "The province is missing and does not follow from the rest. Ask the customer and choose it."
    ),
    Problem.NO_CITY: _("The city is missing. Choose it from the cities of the province."),
    Problem.NO_DISTRICT: _("The district is missing. Choose it from the districts of the city."),
    Problem.AMBIGUOUS: _(
        "Several places bear this name. Choose the province and city that the customer means."
    ),
    Problem.MISMATCH: _(
        "The district does not belong to the city named. Ask the customer which one is right."
    ),
    Problem.NOT_IN_DIVISIONS: _(
        "The place is not among the official divisions. Check the spelling or choose it anew."
    ),
    Problem.OTHER_AREA: _(
        "The buyer chose “other area” instead of a district. Choose the district from the street."
    ),
    Problem.ZONE: _(
        "The district is a development zone outside the official divisions. Carriers deliver "
        "there; choose a district only if the waybill is refused."
    ),
    Problem.NO_DETAIL: _(
        "Street and house number are missing. Ask the customer where exactly the parcel goes."
    ),
}


def sentence(problem: str) -> Promise:
    """Say in the reader's language what is wrong with an address and what to do.

    :raises ValueError: if there is no such problem
    """
    return SENTENCES[Problem(problem)]
