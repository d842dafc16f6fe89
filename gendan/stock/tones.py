"""The colours of the states of cases."""

from gendan.stock.models import CaseState

TONES = {
    CaseState.OPEN: "bad",
    CaseState.ASKED: "warn",
    CaseState.WAITING: "info",
    CaseState.CARRIED_OUT: "good",
    CaseState.CLOSED: "muted",
}
