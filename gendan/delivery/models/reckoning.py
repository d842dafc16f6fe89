"""What the forecast takes where too little happened to be measured, and what counts as late."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Reckoning(models.Model):
    """What the merchant says of paces that nobody has measured yet. There is one.

    Minutes and hours are those in which the house works; on the way they are those of the clock.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    margin_minutes = models.PositiveSmallIntegerField(
        _("late, if so many minutes before its promise"), default=120
    )
    screened_an_hour = models.PositiveSmallIntegerField(_("orders screened an hour"), default=200)
    packed_an_hour = models.PositiveSmallIntegerField(_("parcels packed an hour"), default=30)
    held_minutes = models.PositiveSmallIntegerField(
        _("minutes until a hold is cleared"), default=60
    )
    short_hours = models.PositiveSmallIntegerField(
        _("working hours until short goods come"), default=30
    )
    made_hours = models.PositiveSmallIntegerField(_("working hours to make goods"), default=70)
    hand_over_minutes = models.PositiveSmallIntegerField(
        _("minutes from packed to handed over"), default=120
    )
    on_the_way_hours = models.PositiveSmallIntegerField(_("hours on the way"), default=96)

    class Meta:
        verbose_name = _("what the forecast assumes")
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="reckoning_only_one"),
            models.CheckConstraint(
                condition=Q(screened_an_hour__gt=0, packed_an_hour__gt=0),
                name="reckoning_paces_positive",
            ),
        )

    def __str__(self) -> str:
        return f"{self.packed_an_hour}"

    @property
    def margin(self) -> timedelta:
        """Return how close to its promise an order counts as late."""
        return timedelta(minutes=self.margin_minutes)

    @property
    def values(self) -> dict[str, float]:
        """Return what the forecast's statement asks for: orders an hour, minutes, and hours."""
        return {
            "screened_an_hour": float(self.screened_an_hour),
            "packed_an_hour": float(self.packed_an_hour),
            "held_minutes": float(self.held_minutes),
            "short_minutes": self.short_hours * 60.0,
            "made_minutes": self.made_hours * 60.0,
            "hand_over_minutes": float(self.hand_over_minutes),
            "on_the_way_hours": float(self.on_the_way_hours),
        }


def reckoning() -> Reckoning:
    """Return what the forecast assumes; what it usually is where nobody has said anything."""
    return Reckoning.objects.first() or Reckoning()
