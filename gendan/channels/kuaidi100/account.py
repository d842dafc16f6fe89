"""Our account at Kuaidi100, and the address to which it sends the traces of one parcel."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import salted_hmac

from gendan.channels.kuaidi100.client import Account

SIGNER = Signer(salt="gendan.channels.kuaidi100")


def account() -> Account | None:
    """The merchant's account, or nothing while the settings name none."""
    if not (settings.KUAIDI100_CUSTOMER and settings.KUAIDI100_KEY):
        return None
    return Account(settings.KUAIDI100_CUSTOMER, settings.KUAIDI100_KEY, settings.KUAIDI100_URL)


def salt() -> str:
    """What Kuaidi100 signs its messages to us with; made from our secret when none is set."""
    made = salted_hmac("gendan.channels.kuaidi100", "salt").hexdigest()[:20]
    return settings.KUAIDI100_SALT or made


def callback_url(shipment_id: int) -> str:
    """The address for one parcel; nobody can guess another one's."""
    path = reverse("kuaidi100-callback", args=[SIGNER.sign(str(shipment_id))])
    return f"{settings.PUBLIC_URL}{path}"


def shipment_of(token: str) -> int | None:
    """The parcel whose address this is."""
    try:
        return int(SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
