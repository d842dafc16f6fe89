"""Somebody looked at an order's phone and address in full: for how long they may, and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gendan.orders.models.order import Order
from gendan.people.models import Person


class Unmasking(models.Model):
    """One look; the journal keeps who and why."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="unmaskings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    until_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("look at personal data")

    def __str__(self) -> str:
        return f"{self.order_id} {self.person_id}"
