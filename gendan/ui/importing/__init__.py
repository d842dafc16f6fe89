"""Tables of the house filled from a file: declared by a room, shown by one view.

See docs/catalog.md.
"""

from gendan.ui.importing.declaration import (
    Import,
    ImportColumn,
    ImportRow,
    Mistake,
    Outcome,
)
from gendan.ui.importing.upsert import Upserted, upsert
from gendan.ui.importing.views import import_view

__all__ = [
    "Import",
    "ImportColumn",
    "ImportRow",
    "Mistake",
    "Outcome",
    "Upserted",
    "import_view",
    "upsert",
]
