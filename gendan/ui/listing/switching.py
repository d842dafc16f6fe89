"""What is said once of lists whose rows are switched on and off: rules, items, scripts."""

from collections.abc import Callable
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gendan.ui.listing.declaration import BatchAction, Column, Rows


class Switch(Protocol):
    """An action that switches rows, and says how many were not so before."""

    def __call__(self, rows: Any, on: bool, /, *, by: Any, why: str) -> int: ...


SWITCHED = Column(
    "is_on",
    _("Switched"),
    value=lambda row: _("On") if row.is_on else _("Off"),
    tone=lambda row: "good" if row.is_on else "muted",
    sort="is_on",
)


def switches(switch: Switch, permission: str) -> tuple[BatchAction, BatchAction]:
    """Return what switches the chosen rows on, and off for a reason."""
    return (
        BatchAction("on", _("Switch on"), permission, _run(switch, True), icon="check"),
        BatchAction(
            "off", _("Switch off"), permission, _run(switch, False), needs_why=True, icon="stop"
        ),
    )


def faded(row: Any) -> str:
    """Return how a row looks that is off."""
    return "" if row.is_on else "is-done"


def _run(switch: Switch, on: bool) -> Callable[..., str]:
    def run(rows: Rows, *, by: Any, why: str, data: Any) -> str:
        chosen = rows.model._default_manager.filter(pk__in=rows.values("pk"))
        number = switch(chosen, on, by=by, why=why)
        return ngettext("%(n)d switched", "%(n)d switched", number) % {"n": number}

    return run
