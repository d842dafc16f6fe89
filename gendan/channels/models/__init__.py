"""What came in: files, their rows as they came, mistakes, and how unknown columns are read."""

from gendan.channels.models.files import FileQuerySet, FileState, IncomingFile, Mistake, RawRow
from gendan.channels.models.mapping import ColumnMapping
from gendan.channels.models.publishing import (
    Bucket,
    Capture,
    Offer,
    Publication,
    PublicationState,
    PublishRule,
    RefusedTurn,
)
from gendan.channels.models.reconciling import (
    Against,
    BillRow,
    Charge,
    DayFile,
    DayFileState,
    Difference,
    DifferenceKind,
    DifferenceState,
    Reckoning,
)
from gendan.channels.models.staging import StagedLine, StagedOrder

__all__ = [
    "Against",
    "BillRow",
    "Bucket",
    "Capture",
    "Charge",
    "ColumnMapping",
    "DayFile",
    "DayFileState",
    "Difference",
    "DifferenceKind",
    "DifferenceState",
    "FileQuerySet",
    "FileState",
    "IncomingFile",
    "Mistake",
    "Offer",
    "Publication",
    "PublicationState",
    "PublishRule",
    "RawRow",
    "Reckoning",
    "RefusedTurn",
    "StagedLine",
    "StagedOrder",
]
