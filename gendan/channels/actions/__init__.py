"""Everything that intake can do.

`receive` and `map_columns`, which hand work to the worker, are asked for by their own names.
"""

from gendan.channels.actions.import_files import import_files, import_kept
from gendan.channels.actions.open_shop import WrongShop
from gendan.channels.looking import UnknownColumns, UnknownFile, look_into

__all__ = [
    "UnknownColumns",
    "UnknownFile",
    "WrongShop",
    "import_files",
    "import_kept",
    "look_into",
]
