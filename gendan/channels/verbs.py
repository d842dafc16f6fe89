"""How what happens at intake is told."""

from django.utils.translation import gettext_lazy as _

from gendan.journal.sentences import say

say(
    {
        "order.imported": _("%(who)s took in the file %(file)s of shop %(shop)s"),
        "intake.met": _(
            "%(who)s met %(customers)s customers and %(codes)s codes of shop %(shop)s in %(file)s"
        ),
        "shop.opened": _("%(who)s opened shop %(shop)s"),
        "intake.mapped": _("%(who)s saved the column mapping %(mapping)s"),
    }
)
