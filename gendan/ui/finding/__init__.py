"""One language for finding: what is typed in a search box, saved as a rule or used as a segment."""

from gendan.ui.finding.completion import Suggestion
from gendan.ui.finding.errors import FindingError
from gendan.ui.finding.fields import Field
from gendan.ui.finding.finder import Finder

__all__ = ["Field", "Finder", "FindingError", "Suggestion"]
