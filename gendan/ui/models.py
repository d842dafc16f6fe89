"""What a person keeps about lists and imports: searches, chosen columns, files on their way in.

Personal settings, not facts of the house: no journal. The owner is a bare number because this room
knows no other.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class SavedSearch(models.Model):
    """An expression worth keeping, for its owner or for everybody who uses the list."""

    owner_id = models.BigIntegerField()
    listing = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=40)
    expression = models.TextField(_("search"), max_length=8_000)
    columns = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    shared = models.BooleanField(_("for everybody"), default=False)

    class Meta:
        verbose_name = _("saved search")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["owner_id", "listing", "name"], name="saved_search_named_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["listing"], condition=models.Q(shared=True), name="saved_search_shared"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ColumnChoice(models.Model):
    """The columns that a person wants to see in one list."""

    owner_id = models.BigIntegerField()
    listing = models.CharField(max_length=60)
    columns = ArrayField(models.CharField(max_length=60))

    class Meta:
        verbose_name = _("chosen columns")
        constraints = (
            models.UniqueConstraint(fields=["owner_id", "listing"], name="column_choice_once"),
        )

    def __str__(self) -> str:
        return f"{self.listing}: {', '.join(self.columns)}"


class Upload(models.Model):
    """A file between being tried and being done; its content goes once it is done."""

    owner_id = models.BigIntegerField()
    declared = models.CharField(max_length=60)  # the name of the import
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    told = models.JSONField(default=dict)  # what it did or would do, and every bad row
    made_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("upload")
        indexes = (models.Index(fields=["made_at"], name="upload_made"),)

    def __str__(self) -> str:
        return self.name
