"""Saying once which column of a strange file is which; files like it are known from then on."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gendan.channels.actions.hand_to_worker import hand_to_worker
from gendan.channels.formats.mapped import NEEDED
from gendan.channels.looking import version_of
from gendan.channels.models import ColumnMapping, FileState, IncomingFile
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.ui.errors import Refused


class CannotMap(Refused):
    """The choice of columns is not enough to read orders, or its name is taken."""


def map_columns(
    file: IncomingFile, name: str, fields: Mapping[str, str], *, cancels_with: str, by: Person
) -> ColumnMapping:
    """Save which of our fields stands under which header, and take the file in by it.

    :raises CannotMap: if an order could not be read by it, or another mapping has the name
    """
    if not fields.keys() >= NEEDED or not fields.keys() & {"sku_code", "title"}:
        raise CannotMap(_("Choose at least the order number, the quantity, and a SKU or product."))
    try:
        with transaction.atomic():
            return _save(file, name, fields, cancels_with=cancels_with, by=by)
    except IntegrityError:
        raise CannotMap(_("There is a mapping of this name already. Choose another.")) from None


def _save(
    file: IncomingFile, name: str, fields: Mapping[str, str], *, cancels_with: str, by: Person
) -> ColumnMapping:
    with entry("intake.mapped", by=by, mapping=name):
        mapping = ColumnMapping.objects.create(
            name=name, headers=list(fields.values()), fields=dict(fields), cancels_with=cancels_with
        )
    form = mapping.format
    IncomingFile.objects.filter(pk=file.pk).update(
        format=form.key, version=version_of(form), state=FileState.WAITS
    )
    hand_to_worker([file.pk], by=by)
    return mapping
