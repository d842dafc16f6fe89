"""Saying what a file is before anything is done with it."""

from hashlib import blake2b
from pathlib import Path

from django.utils.translation import gettext as _

from gendan.channels.formats.format import Format
from gendan.channels.formats.recognise import Ambiguous, Unknown, recognise
from gendan.channels.models import ColumnMapping
from gendan.ui.errors import Refused
from gendan.ui.tables.rows import NotATable, TooLarge
from gendan.ui.tables.table import Table, open_table


class UnknownFile(Refused):
    """The file is no order file that Gendan can read."""


class UnknownColumns(UnknownFile):
    """The file is a table, but nobody has said yet which column is which."""


def look_into(path: Path, *, name: str = "") -> tuple[Table, Format]:
    """Open a file and say what format it is; a saved mapping comes before the built-in ones.

    :raises UnknownColumns: if it is a table of no format that Gendan knows
    :raises UnknownFile: if it is no table at all
    """
    try:
        table = open_table(path, name=name)
    except TooLarge:
        raise UnknownFile(
            _("%(file)s is too large for a workbook: save it as CSV and give that.")
            % {"file": name or path.name}
        ) from None
    except NotATable:
        raise UnknownFile(
            _("%(file)s is no table: give the CSV or XLSX file as the platform exports it.")
            % {"file": name or path.name}
        ) from None
    found = recognise(table.headers, [each.format for each in ColumnMapping.objects.order_by("pk")])
    if isinstance(found, Format):
        return table, found
    raise UnknownColumns(_sentence(table.name, found))


def _sentence(name: str, found: Ambiguous | Unknown) -> str:
    if isinstance(found, Ambiguous):
        return _("%(file)s fits several formats: %(formats)s. Save a column mapping for it.") % {
            "file": name,
            "formats": ", ".join(each.key for each in found.formats),
        }
    return _(
        "%(file)s is no order file we know. It looks most like %(format)s, but these columns are"
        " missing: %(missing)s. Export it again, or say on the page “Intake” which column is which."
    ) % {"file": name, "format": found.nearest.key, "missing": ", ".join(found.missing)}


def version_of(form: Format) -> str:
    """Return a mark of how the columns are read, so that a changed mapping reads anew."""
    told = repr(sorted(form.columns.items())) + form.cancels_with
    return blake2b(told.encode(), digest_size=8).hexdigest()
