"""How what happens to stock is told."""

from django.utils.translation import gettext_lazy as _

from gendan.journal.sentences import say

say(
    {
        "stock.opened": _("%(who)s entered the opening stock of %(count)s SKUs at %(warehouse)s"),
        "stock.received": _("%(who)s received %(count)s pieces at %(warehouse)s"),
        "stock.adjusted": _("%(who)s adjusted stock at %(warehouse)s"),
        "stock.counted": _("%(who)s counted stock at %(warehouse)s"),
        "stock.placed": _("%(who)s set locations at %(warehouse)s"),
        "stock.reserved": _("%(who)s reserved stock"),
        "stock.released": _("%(who)s gave reserved stock back"),
        "stock.unreserved": _("%(who)s took the reservation back"),
        "stock.shipped": _("%(who)s took the goods out of stock"),
        "stock.put_back": _("%(who)s put goods back on the shelf"),
        "stock.shortage_ended": _("%(who)s ended the shortage: the order moved on"),
    }
)
