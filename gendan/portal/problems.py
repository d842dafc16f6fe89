"""What can be wrong with an order, as its customer sees it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Problem(TextChoices):
    NOT_ARRIVED = "NOT_ARRIVED", _("It has not come")
    DAMAGED = "DAMAGED", _("It is damaged")
    MISSING = "MISSING", _("Something is missing")
    WRONG = "WRONG", _("It is the wrong thing")
    QUALITY = "QUALITY", _("I am not happy with the quality")
    ADDRESS = "ADDRESS", _("Address or phone must change")
    OTHER = "OTHER", _("Something else")
