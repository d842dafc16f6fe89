"""How this room tells what follows from an amendment."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.orders.amending.following import Told, explain
from gendan.orders.stages import Stage
from gendan.people.models import Platform
from gendan.ui.wording import yuan

explain(
    {
        "COLLECT": Told(
            _("The customer still has to pay %(fen)s; the order waits for it."), "warn", "money"
        ),
        "REFUND": Told(_("%(fen)s go back to the customer: finance is asked."), "warn", "money"),
        "COD": Told(_("The courier collects %(fen)s."), "", "money"),
        "PLATFORM_COLLECTS": Told(
            _("The platform has to collect %(fen)s more from the buyer."), "warn", "money"
        ),
        "TELL_PLATFORM": Told(_("%(platform)s is to be told of the change."), "warn", "chat"),
        "PAID": Told(
            ngettext_lazy(
                "It is paid in full by this, and promised for %(hours)s hour from then.",
                "It is paid in full by this, and promised for %(hours)s hours from then.",
                "hours",
            ),
            "good",
            "money",
        ),
        "PROMISE": Told(_("It is promised for %(at)s now."), "", "calendar"),
        "GOES_TO": Told(_("The order goes back to “%(stage)s”."), "", "undo"),
    },
    {
        "fen": yuan,
        "at": lambda text: f"{timezone.localtime(datetime.fromisoformat(text)):%m-%d %H:%M}",
        "stage": lambda code: str(Stage(code).label),
        "platform": lambda code: str(Platform(code).label),
    },
)
