"""The signed link by which a customer, and nobody else, answers a message."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from gendan.desk.models import Message
from gendan.ui.errors import Refused

SALT = "gendan.desk.message"
GOOD_FOR = timedelta(days=14)


class BadLink(Refused):
    """The link was not made by us, or is too old."""


def token(message: Message) -> str:
    """Return what stands in the link; it holds no personal data."""
    return signing.dumps(message.pk, salt=SALT)


def address(message: Message) -> str:
    """Return the whole link, as it stands in the mail."""
    return f"{settings.PUBLIC_URL}/say/{token(message)}/"


def message_of(text: str) -> Message:
    """Return the message that a link is about.

    :raises BadLink: if we did not make the link, or made it too long ago
    """
    try:
        pk = signing.loads(text, salt=SALT, max_age=GOOD_FOR)
        return Message.objects.select_related("shop", "customer").get(pk=pk)
    except signing.SignatureExpired as expired:
        raise BadLink(
            _("This link is older than two weeks. Call us, and we send you a new one.")
        ) from expired
    except (signing.BadSignature, Message.DoesNotExist) as bad:
        raise BadLink(
            _("This link is not complete. Open it from our mail once more, or call us.")
        ) from bad
