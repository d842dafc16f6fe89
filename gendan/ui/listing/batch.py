"""The chosen rows of a list, or everything found, and what is done with them."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from gendan.ui.errors import Refused
from gendan.ui.listing.declaration import BatchAction, Listing, Onward, Rows
from gendan.ui.listing.state import State
from gendan.ui.wording import counted


@dataclass(frozen=True)
class Selection:
    """Which rows: those ticked, or everything that the state finds."""

    everything: bool
    ids: tuple[int, ...]

    @classmethod
    def of(cls, posted: QueryDict) -> "Selection":
        """Read what was ticked."""
        ids = (text for text in posted.getlist("ids") if text.isascii() and text.isdecimal())
        return cls(
            posted.get("everything") == "1", tuple(int(text) for text in ids if len(text) < 19)
        )


def chosen(
    listing: Listing, person: Any, state: State, selection: Selection, now: datetime
) -> Rows:
    """Return the chosen rows that the person may see, as a plain query over their keys.

    The keys are read once, so that an action which moves the rows on does not lose sight of them.

    :raises FindingError: if everything found is meant and the search cannot be read
    """
    rows = listing.rows(person)
    if selection.everything:
        rows = listing.found(person, state.tab, state.q, now)
    else:
        rows = rows.filter(pk__any=selection.ids)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return listing.model._default_manager.filter(pk__any=keys)


@dataclass
class Ask:
    """An action that was asked for: with which rows, why, and what the form brought."""

    action: BatchAction
    request: HttpRequest
    rows: Rows
    why: str = ""
    form: Form | None = None
    complaint: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether the dialog was answered, or none is needed."""
        return not self.action.asks or self.request.POST.get("confirmed") == "1"

    @cached_property
    def number(self) -> int:
        """How many rows it is about."""
        return self.rows.count()

    @property
    def question(self) -> str:
        """What the dialog asks."""
        return counted(self.action.confirm, {"n": self.number}) if self.action.confirm else ""

    def listen(self) -> bool:
        """Take the reason and the form from what was posted; whether they are complete."""
        posted = self.request.POST
        self.why = posted.get("why", "").strip()
        if self.action.form:
            self.form = self.action.form(posted if self.confirmed else None, prefix="with")
        if not self.confirmed:
            return False
        if self.action.needs_why and not self.why:
            self.complaint = _("Say why: it stays with the record.")
        return not self.complaint and (self.form is None or self.form.is_valid())

    def run(self) -> str | Onward:
        """Do it, all or nothing, and return what happened, or where it is decided.

        :raises Refused: if nothing was chosen or the action says no
        """
        data = self.form.cleaned_data if self.form else {}
        with transaction.atomic():
            if not self.rows.exists():
                raise Refused(_("Choose rows first; those you chose are no longer here."))
            told = self.action.run(self.rows, by=self.request.user, why=self.why, data=data)
            return told if isinstance(told, Onward) else str(told)
