"""Business hours: several intervals a day, holidays, and Saturdays that are worked."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class OpenHours(models.Model):
    """An interval of a weekday (Monday is 0) in which the house works."""

    weekday = models.PositiveSmallIntegerField(_("weekday"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("business hours")
        ordering = ("weekday", "opens")
        constraints = (
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="hours_open_first"),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class SpecialDay(models.Model):
    """A holiday, or a day that is worked like the weekday given."""

    on = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    works_like = models.PositiveSmallIntegerField(_("works like weekday"), null=True, blank=True)

    class Meta:
        verbose_name = _("special day")
        ordering = ("on",)
        constraints = (
            models.CheckConstraint(
                condition=Q(works_like=None) | Q(works_like__lte=6), name="special_day_weekday"
            ),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
