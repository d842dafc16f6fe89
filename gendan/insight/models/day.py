"""The figures of business days, kept so that nobody waits while a day is counted."""

from django.db import models
from django.db.models import Q


class Day(models.Model):
    """A business day: the rows of each part of its report, as `queries/parts.py` counts them."""

    on = models.DateField(primary_key=True)
    is_stale = models.BooleanField(default=True)  # something of it changed since it was counted
    counted_at = models.DateTimeField(null=True)
    took = models.DurationField(null=True)
    came = models.JSONField(null=True)
    shipped = models.JSONField(null=True)
    signed = models.JSONField(null=True)
    moved = models.JSONField(null=True)
    held = models.JSONField(null=True)
    worked = models.JSONField(null=True)
    sold = models.JSONField(null=True)
    done = models.JSONField(null=True)
    hours = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.on}"


class Bookmark(models.Model):
    """How far the journal has been read to find days that changed: one row, number 1."""

    xid = models.BigIntegerField()  # every transaction before this one had ended
    read_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="bookmark_is_one"),)

    def __str__(self) -> str:
        return f"{self.xid}"
