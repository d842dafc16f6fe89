"""The one list that every room's list pages share."""

from gendan.ui.listing.declaration import BatchAction, Column, Empty, Link, Listing, Onward, Tab
from gendan.ui.listing.export import export_rows
from gendan.ui.listing.state import State
from gendan.ui.listing.views import list_view
from gendan.ui.listing.ways import Of

__all__ = [
    "BatchAction",
    "Column",
    "Empty",
    "Link",
    "Listing",
    "Of",
    "Onward",
    "State",
    "Tab",
    "export_rows",
    "list_view",
]
