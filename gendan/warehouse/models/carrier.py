"""Who fetches the parcels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Carrier(models.Model):
    """A carrier. What takes up much room is charged by its volume: cm³ ÷ `volume_divisor` in kg."""

    code = models.CharField(_("code"), max_length=20, unique=True)  # ours and kuaidi100's
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40, blank=True)
    pattern = models.CharField(_("waybill pattern"), max_length=120, blank=True)  # a regex
    needs_phone = models.BooleanField(_("tracking needs the phone"), default=False)
    rank = models.PositiveSmallIntegerField(_("order of preference"), default=10)
    pickup_hours = models.PositiveSmallIntegerField(_("hours until picked up"), default=24)
    movement_hours = models.PositiveSmallIntegerField(_("hours between movements"), default=48)
    sign_hours = models.PositiveSmallIntegerField(_("hours until signed"), default=168)
    volume_divisor = models.PositiveIntegerField(_("volume divisor"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("carrier")
        ordering = ("rank", "code")

    def __str__(self) -> str:
        return self.name
