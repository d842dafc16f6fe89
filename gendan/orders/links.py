"""The signed link by which a customer, and nobody else, answers to a confirmation."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from gendan.orders.models import Confirmation
from gendan.ui.errors import Refused

SALT = "gendan.orders.confirmation"
GOOD_FOR = timedelta(days=7)


class BadLink(Refused):
    """The link was not made by us."""


class ExpiredLink(Refused):
    """The link is older than a week."""


def token(confirmation: Confirmation) -> str:
    """Return what stands in the link; it holds no personal data."""
    return signing.dumps(confirmation.pk, salt=SALT)


def address(confirmation: Confirmation) -> str:
    """Return the whole link, as it stands in the mail."""
    return f"{settings.PUBLIC_URL}/confirm/{token(confirmation)}/"


def confirmation_of(text: str) -> Confirmation:
    """Return the confirmation that a link is about.

    :raises BadLink: if we did not make the link
    :raises ExpiredLink: if it is too old
    """
    try:
        pk = signing.loads(text, salt=SALT, max_age=GOOD_FOR)
        return Confirmation.objects.select_related("order__shop").get(pk=pk)
    except signing.SignatureExpired as expired:
        raise ExpiredLink(
            _("This link is older than a week. Call us, and we send you a new one.")
        ) from expired
    except (signing.BadSignature, Confirmation.DoesNotExist) as bad:
        raise BadLink(
            _("This link is not complete. Open it from our mail once more, or call us.")
        ) from bad
