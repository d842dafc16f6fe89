"""How what happens to customers is told."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.journal.sentences import say

say(
    {
        "customer.met": _("%(who)s met new customers"),
        "customer.changed": _("%(who)s changed the customer's details"),
        "customer.imported": ngettext_lazy(
            "%(who)s imported %(count)s customer", "%(who)s imported %(count)s customers", "count"
        ),
        "customer.tagged": _("%(who)s changed tags"),
        "customer.blacklisted": _("%(who)s blacklisted the customer"),
        "customer.forgiven": _("%(who)s took the customer off the blacklist"),
        "customer.unmasked": _("%(who)s looked at phone and address in full"),
        "customer.address_kept": _("%(who)s kept where the customer had it sent"),
        "customer.address_saved": _("%(who)s wrote an address"),
        "customer.address_forgotten": _("%(who)s deleted an address"),
    }
)
