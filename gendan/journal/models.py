"""The journal: one entry for each act, one change for each row the act touched.

The database writes the changes (see `triggers.py`); these models only read them.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActorKind(models.TextChoices):
    PERSON = "PERSON", _("Person")
    KEY = "KEY", _("API key")
    JOB = "JOB", _("Job")
    CHANNEL = "CHANNEL", _("Channel")
    CUSTOMER = "CUSTOMER", _("Customer")
    DATABASE = "DATABASE", _("Database shell")


class Entry(models.Model):
    """Who did what, when and why."""

    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    why = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        managed = False
        db_table = "journal_entry"

    def __str__(self) -> str:
        return f"#{self.pk} {self.verb}"


class Subject(models.Model):
    """A journaled table, known by a small number so that a change stays small."""

    id = models.SmallIntegerField(primary_key=True)
    name = models.CharField(max_length=63, unique=True)

    class Meta:
        managed = False
        db_table = "journal_subject"

    def __str__(self) -> str:
        return self.name


class Operation(models.TextChoices):
    INSERTED = "I", _("Added")
    UPDATED = "U", _("Changed")
    DELETED = "D", _("Removed")


class Change(models.Model):
    """One row that an act touched: the changed columns only, before and after.

    A column that is mentioned on one side only was empty on the other. An inserted row's values
    stand in the row itself and are not stored twice.
    """

    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="changes", db_constraint=False)
    subject = models.ForeignKey(
        Subject, models.DO_NOTHING, related_name="+", db_column="subject", db_constraint=False
    )
    subject_row = models.BigIntegerField(db_column="subject_id")
    operation = models.CharField(max_length=1, choices=Operation.choices)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        managed = False
        db_table = "journal_change"

    def __str__(self) -> str:
        return f"{self.operation} {self.subject_id} {self.subject_row}"
