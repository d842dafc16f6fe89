"""The merchant whose house this is. There is one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Merchant(models.Model):
    """What stands on papers, in mails and at the top of every page."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(_("name"), max_length=80)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    mail = models.EmailField(_("mail"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    returns = models.CharField(_("return address"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("merchant")
        constraints = (models.CheckConstraint(condition=Q(id=1), name="merchant_only_one"),)

    def __str__(self) -> str:
        return self.name
