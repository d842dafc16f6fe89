"""How a file that is no platform's export is read: which column is which."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from gendan.channels.formats.format import Format
from gendan.channels.formats.mapped import mapped


class ColumnMapping(models.Model):
    """A saved choice of columns; a file with the same headers is recognised by it."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    headers = ArrayField(models.TextField(), verbose_name=_("headers"))
    fields = models.JSONField(_("columns"))  # our field: the file's header
    cancels_with = models.CharField(_("cancellations begin with"), max_length=8, blank=True)

    class Meta:
        verbose_name = _("column mapping")

    def __str__(self) -> str:
        return self.name

    @property
    def format(self) -> Format:
        """Return the format that this mapping describes."""
        return mapped(self.name, self.fields, cancels_with=self.cancels_with)
