"""Adding carriers and changing them, known by their codes."""

from collections.abc import Mapping, Sequence
from typing import Any

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.importing import Upserted, upsert
from gendan.warehouse.models import Carrier


def save_carriers(rows: Sequence[Mapping[str, Any]], *, by: Actor, why: str = "") -> Upserted:
    """Add carriers and change those whose `code` is there; what is not mentioned stays."""
    with entry("carrier.saved", by=by, why=why, count=len(rows)):
        return upsert(Carrier, ("code",), rows)
