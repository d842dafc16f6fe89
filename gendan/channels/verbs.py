"""How what happens at intake is told."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.channels.publishing.actions.tend import SUBJECT as PUBLISH
from gendan.channels.reconciling.items import OF_MANY
from gendan.channels.reconciling.items import SUBJECT as DIFFERENCE
from gendan.journal.sentences import say
from gendan.worklist.models import Item
from gendan.worklist.subjects import leads_to


def _day_of(item: Item, found: str = "") -> str:
    return reverse("reconcile-day", args=[item.facts["on"]]) + found


say(
    {
        "order.imported": _("%(who)s took in the file %(file)s of shop %(shop)s"),
        "intake.met": _(
            "%(who)s met %(customers)s customers and %(codes)s codes of shop %(shop)s in %(file)s"
        ),
        "shop.opened": _("%(who)s opened shop %(shop)s"),
        "intake.mapped": _("%(who)s saved the column mapping %(mapping)s"),
        "publishing.rule_added": _("%(who)s added a publishing rule for %(name)s"),
        "publishing.rule_changed": _("%(who)s changed the publishing rule for %(name)s"),
        "publishing.rule_switched": _("%(who)s switched publishing rules"),
        "publishing.sent": ngettext_lazy(
            "%(who)s told shop %(shop)s the stock of %(count)s listing",
            "%(who)s told shop %(shop)s the stock of %(count)s listings",
            "count",
        ),
        "publishing.tried_again": ngettext_lazy(
            "%(who)s let %(count)s listing be told at once",
            "%(who)s let %(count)s listings be told at once",
            "count",
        ),
        "publishing.exported": _("%(who)s took the stock file %(file)s for shop %(shop)s"),
        "publishing.confirmed": _("%(who)s confirmed the stock file %(file)s of shop %(shop)s"),
        "publishing.taken_back": _("%(who)s took back the stock file %(file)s of shop %(shop)s"),
        "reconciling.compared": _("%(who)s reconciled %(day)s %(with)s"),
        "reconciling.settled": _("%(who)s settled differences"),
        "reconciling.reopened": _("%(who)s reopened differences"),
        "publishing.items_set": ngettext_lazy(
            "%(who)s entered the platform item number of %(count)s listing",
            "%(who)s entered platform item numbers of %(count)s listings",
            "count",
        ),
    }
)

leads_to(DIFFERENCE, lambda item: _day_of(item, f"?q={item.facts['key']}"))
leads_to(OF_MANY, _day_of)
leads_to(PUBLISH, lambda item: f"{reverse('publishing')}?tab=trouble")
