"""Everything that intake can do."""

from gendan.channels.actions.import_files import UnknownFile, import_files, look_into
from gendan.channels.actions.open_shop import WrongShop

__all__ = ["UnknownFile", "WrongShop", "import_files", "look_into"]
