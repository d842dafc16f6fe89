"""How what happens to customers is told."""

from django.utils.translation import gettext_lazy as _

from gendan.journal.sentences import say

say(
    {
        "customer.met": _("%(who)s met new customers"),
        "customer.address_kept": _("%(who)s kept where the customer had it sent"),
    }
)
