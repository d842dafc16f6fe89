"""Big days (大促): when the orders of a week come in an hour, the house works otherwise."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BigDay(models.Model):
    """What is done otherwise on a big day, and when it was on. One at a time."""

    name = models.CharField(_("name"), max_length=60)
    starts_above = models.PositiveIntegerField(
        _("begins above (orders an hour)"), null=True, blank=True
    )
    ends_below = models.PositiveIntegerField(
        _("ends below (orders an hour)"), null=True, blank=True
    )
    makes_waves = models.BooleanField(_("makes waves by itself"), default=True)
    wave_limit = models.PositiveSmallIntegerField(_("shipments in a wave"), default=200)
    began_at = models.DateTimeField(_("began"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("big day")
        constraints = (
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(began_at__isnull=False, ended_at=None),
                name="big_day_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(began_at__isnull=False), name="big_day_began_first"
            ),
            models.CheckConstraint(condition=Q(wave_limit__gt=0), name="big_day_waves_hold_some"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return self.began_at is not None and self.ended_at is None
