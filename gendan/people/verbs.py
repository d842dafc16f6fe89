"""How acts about colleagues and places are told."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.journal.sentences import say

say(
    {
        "person.signed_in": _("%(who)s signed in"),
        "person.failed_to_sign_in": _("%(who)s typed a wrong password"),
        "person.unlocked": _("%(who)s unlocked the account"),
        "person.added": _("%(who)s added %(name)s"),
        "person.changed": _("%(who)s changed the colleague"),
        "person.password_changed": _("%(who)s set a new password"),
        "person.language_chosen": _("%(who)s chose a language"),
        "key.made": _("%(who)s made the key %(name)s"),
        "key.revoked": _("%(who)s revoked the key %(name)s"),
        "shop.added": _("%(who)s added the shop %(name)s"),
        "shop.changed": _("%(who)s changed the shop %(name)s"),
        "shop.imported": ngettext_lazy(
            "%(who)s imported %(count)s shop", "%(who)s imported %(count)s shops", "count"
        ),
        "warehouse.imported": ngettext_lazy(
            "%(who)s imported %(count)s warehouse", "%(who)s imported %(count)s warehouses", "count"
        ),
        "warehouse.added": _("%(who)s added the warehouse %(name)s"),
        "warehouse.changed": _("%(who)s changed the warehouse %(name)s"),
        "merchant.changed": _("%(who)s changed the merchant's details"),
    }
)
