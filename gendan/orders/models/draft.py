"""A half-filled form, saved by itself. It is nobody's order yet and needs no journal."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gendan.people.models import Person


class Draft(models.Model):
    person = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    data = models.JSONField(_("data"), default=dict)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)
    is_over = models.BooleanField(default=False, db_default=False)  # final, or thrown away

    class Meta:
        verbose_name = _("draft")

    def __str__(self) -> str:
        return f"{self.person} {self.saved_at}"
