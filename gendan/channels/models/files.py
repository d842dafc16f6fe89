"""Order files as they came, row by row, and what is wrong in them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gendan.channels.reading.problems import PROBLEMS
from gendan.people.access import Worker, at_shops
from gendan.people.models import Shop


class FileState(models.TextChoices):
    WAITS = "WAITS", _("Waits to be read")
    READING = "READING", _("Being read")
    ACTING = "ACTING", _("Orders are made")
    WAITING = "WAITING", _("Waits for its other half")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Could not be read")
    UNKNOWN = "UNKNOWN", _("Columns not known yet")


class FileQuerySet(models.QuerySet["IncomingFile"]):
    def visible_to(self, worker: Worker) -> "FileQuerySet":
        """Return the files of the shops that the worker sees."""
        return self.filter(at_shops(worker))


class IncomingFile(models.Model):
    """A file of one shop, known by its content; it counts what became of it as it goes on.

    Moved by machines many times a file: no journal. What it changed in orders is journaled there.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="files")
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    format = models.CharField(_("format"), max_length=80)
    version = models.CharField(max_length=16)  # of the format; a changed mapping reads anew
    headers = ArrayField(models.TextField(), default=list)
    kept_at = models.CharField(max_length=200, blank=True)  # the path below the home's files
    state = models.CharField(
        _("state"), max_length=8, choices=FileState.choices, default=FileState.WAITS
    )
    rows_expected = models.BigIntegerField(_("rows"), default=0)  # about; quotes hide line breaks
    rows_read = models.BigIntegerField(_("rows read"), default=0)  # number of the last row staged
    lines = models.BigIntegerField(_("lines"), default=0)
    new = models.BigIntegerField(_("new"), default=0)
    updated = models.BigIntegerField(_("updated"), default=0)
    unchanged = models.BigIntegerField(_("unchanged"), default=0)
    rejected = models.BigIntegerField(_("rejected"), default=0)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    by_name = models.CharField(_("by"), max_length=150, blank=True)
    started_at = models.DateTimeField(_("started"), db_default=Now())
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming file")
        constraints = (
            models.UniqueConstraint(
                fields=["shop", "sha256", "format", "version"], name="incoming_file_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=FileState.values), name="incoming_file_state_known"
            ),
        )
        indexes = (models.Index(fields=["shop", "-id"], name="incoming_file_newest"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_busy(self) -> bool:
        """Tell whether the file is on its way in."""
        return self.state in (FileState.WAITS, FileState.READING, FileState.ACTING)

    @property
    def orders(self) -> int:
        """Return how many orders of the file are in the house."""
        return self.new + self.updated + self.unchanged


class RawRow(models.Model):
    """A row as it came, untouched. Rows are only added."""

    pk = models.CompositePrimaryKey("file_id", "row")
    file = models.ForeignKey(
        IncomingFile,
        models.PROTECT,
        related_name="rows",
        db_index=False,
        db_constraint=False,  # a file is never deleted, and a check for each row takes its time
    )
    row = models.IntegerField()
    cells = models.JSONField()  # a list of texts

    class Meta:
        verbose_name = _("raw row")

    def __str__(self) -> str:
        return f"{self.file_id}:{self.row}"


class Mistake(models.Model):
    """Something wrong in one row. Rows are only added."""

    file = models.ForeignKey(IncomingFile, models.PROTECT, related_name="mistakes")
    row = models.IntegerField(_("row"))
    field = models.CharField(_("field"), max_length=120, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    problem = models.CharField(_("problem"), max_length=24)
    platform_order = models.CharField(_("platform order"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("mistake in a row")
        ordering = ("file", "row", "id")

    def __str__(self) -> str:
        return f"{self.row} {self.field} {self.problem}"

    @property
    def message(self) -> str:
        """Say what is wrong, in the language in use."""
        return str(PROBLEMS[self.problem].message)

    @property
    def remedy(self) -> str:
        """Say what to do about it, in the language in use."""
        return str(PROBLEMS[self.problem].remedy)
