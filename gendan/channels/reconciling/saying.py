"""How both sides of a difference read: amounts in yuan, states in words, weights in grams."""

from django.utils.translation import gettext as _

from gendan.channels.models import DifferenceKind
from gendan.delivery.models import WriteBackState
from gendan.orders.stages import PlatformState
from gendan.ui.wording import yuan
from gendan.warehouse.stages import Stage

WORDS = {
    DifferenceKind.TOLD_LATE: WriteBackState,
    DifferenceKind.LISTED_ONLY: Stage,
    DifferenceKind.STATE: PlatformState,
    DifferenceKind.THERE_ONLY: PlatformState,
    DifferenceKind.HERE_ONLY: PlatformState,
}


def told(kind: str, said: str) -> str:
    """Return what one side says, as people read it."""
    if not said:
        return "—"
    if kind == DifferenceKind.AMOUNT:
        return yuan(int(said))
    if kind == DifferenceKind.CARRIER_CHARGES:
        return _fee(*said.split(" "))
    code, _space, rest = said.partition(" ")
    labels = dict(WORDS[DifferenceKind(kind)].choices) if DifferenceKind(kind) in WORDS else {}
    if code not in labels:
        return said
    if kind == DifferenceKind.TOLD_LATE:
        return _late(str(labels[code]), rest)
    return f"{labels[code]} {yuan(int(rest))}" if rest.isdigit() else str(labels[code])


def _fee(fen: str, grams: str, province: str = "", others: str = "") -> str:
    """Return a fee with what it was counted by: the weight, the province, whose price it is."""
    weight = f"{int(grams) / 1000:g} kg" if int(grams) else ""
    place = region(province, "" if others else province)
    return " · ".join(filter(None, (yuan(int(fen)), weight, place)))


def region(province: str, zone: str) -> str:
    """Return a province, and whether it is charged like all that have no price of their own."""
    if zone or not province:
        return province
    return _("%(province)s (all others)") % {"province": province}


def _late(state: str, until: str) -> str:
    if not until:
        return state
    return _("%(state)s, platform's deadline %(when)s") % {"state": state, "when": until}
