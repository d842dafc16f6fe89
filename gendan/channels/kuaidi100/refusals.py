"""What Kuaidi100 may answer instead of a trace, and what to do about each."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """No trace came. `remedy` says what to do; `again` whether the same question may succeed.

    `of_account`: no other parcel would fare better until our account is mended.
    """

    remedy: str | Promise = _("Look at the code and its words, and ask Kuaidi100's support.")
    again = False
    of_account = False

    def __init__(self, code: str, said: str) -> None:
        super().__init__(f"{code} {said}")
        self.code = code
        self.said = said

    @property
    def advice(self) -> str:
        """What to do, and what exactly was said."""
        return f"{self.remedy} ({self.code} {self.said})"


class BadQuestion(Refused):
    """The question itself was not accepted, or the account has no money left (400)."""

    remedy = _("Check carrier and waybill number, and that the Kuaidi100 account has credit.")


class PhoneNeeded(Refused):
    """The carrier wants the last four digits of the sender's or receiver's phone (408)."""

    remedy = _("Put the receiver's phone on the shipment; this carrier asks for its last 4 digits.")


class NoTraceYet(Refused):
    """The carrier knows nothing of the number yet (500)."""

    remedy = _("Wait for the pick-up, or check the waybill number against the parcel.")
    again = True


class TheirFault(Refused):
    """Kuaidi100's own server failed (501, 502) or answered nonsense."""

    remedy = _("Nothing to do here; it is asked again by itself.")
    again = True


class WrongSignature(Refused):
    """Our signature was refused (503)."""

    remedy = _("Compare customer and key in the settings with the Kuaidi100 account.")
    of_account = True


class TooOften(Refused):
    """The same number was asked again within half an hour (504)."""

    remedy = _("Nothing to do here; it is asked again after half an hour.")
    again = True


class KeySpent(Refused):
    """The key has expired or its calls are used up (601, 600)."""

    remedy = _("Renew the key or buy calls at Kuaidi100.")
    of_account = True


class UnknownCarrier(Refused):
    """The carrier is not followed by Kuaidi100, or the number does not fit it (700 to 702)."""

    remedy = _("Check the carrier's Kuaidi100 code and the waybill number.")


class Unreachable(Refused):
    """Nobody answered within the time."""

    remedy = _("Check the network and Kuaidi100's address; it is tried again by itself.")
    again = True
    of_account = True


ON_QUERY: dict[str, type[Refused]] = {
    "400": BadQuestion,
    "408": PhoneNeeded,
    "500": NoTraceYet,
    "501": TheirFault,
    "502": TheirFault,
    "503": WrongSignature,
    "504": TooOften,
    "600": KeySpent,
    "601": KeySpent,
}
# The same numbers mean other things when subscribing; 501 (subscribed already) is no refusal.
ON_SUBSCRIBE: dict[str, type[Refused]] = {
    "400": BadQuestion,
    "408": PhoneNeeded,
    "500": TheirFault,
    "502": TheirFault,
    "503": WrongSignature,
    "600": KeySpent,
    "601": KeySpent,
    "700": UnknownCarrier,
    "701": UnknownCarrier,
    "702": UnknownCarrier,
}
SUBSCRIBED_ALREADY = "501"
