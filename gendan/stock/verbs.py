"""How what happens to stock is told."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.journal.sentences import say

say(
    {
        "sourcing.changed": _("%(who)s changed how warehouses are chosen"),
        "sourcing.rule_saved": _("%(who)s saved the warehouse rule “%(name)s”"),
        "sourcing.rules_dropped": _("%(who)s deleted warehouse rules"),
        "stock.opened": ngettext_lazy(
            "%(who)s entered the opening stock of %(count)s SKU at %(warehouse)s",
            "%(who)s entered the opening stock of %(count)s SKUs at %(warehouse)s",
            "count",
        ),
        "stock.promised_elsewhere": _("%(who)s promised the goods in another warehouse"),
        "stock.received": ngettext_lazy(
            "%(who)s received %(count)s piece at %(warehouse)s",
            "%(who)s received %(count)s pieces at %(warehouse)s",
            "count",
        ),
        "stock.adjusted": _("%(who)s adjusted stock at %(warehouse)s"),
        "stock.counted": _("%(who)s counted stock at %(warehouse)s"),
        "stock.counted_as_of": _("%(who)s took over a count at %(warehouse)s as of %(at)s"),
        "stock.placed": _("%(who)s set locations at %(warehouse)s"),
        "stock.reserved": _("%(who)s reserved stock"),
        "stock.released": _("%(who)s gave reserved stock back"),
        "stock.unreserved": _("%(who)s took the reservation back"),
        "stock.shipped": _("%(who)s took the goods out of stock"),
        "stock.put_back": _("%(who)s put goods back on the shelf"),
        "stock.shortage_ended": _("%(who)s ended the shortage: the order moved on"),
        "stock.served_in_part": _("%(who)s reserved what is there; the rest follows"),
        "stock.rest_reserved": _("%(who)s reserved the rest"),
        "stock.expected": _("%(who)s noted goods that are to come"),
        "stock.arrived": _("%(who)s took in expected goods"),
        "stock.called_off": _("%(who)s called expected goods off"),
        "stock.preferred": _("%(who)s let it have %(sku)s first"),
        "stock.not_preferred": _("%(who)s let it wait its turn for %(sku)s"),
        "stock.precedence_ended": _("%(who)s forgot who went first: it is done"),
        "stock.presale_opened": ngettext_lazy(
            "%(who)s opened a presale of %(count)s piece",
            "%(who)s opened a presale of %(count)s pieces",
            "count",
        ),
        "stock.presale_changed": _("%(who)s changed a presale"),
        "parting_rules.changed": _("%(who)s changed what may leave first"),
        "stock.presale_waits_whole": _("%(who)s let the order wait for what is presold"),
        "stock.presale_claimed": _("%(who)s gave it pieces of a presale"),
        "stock.presale_followed": _("%(who)s let a presale follow changed orders"),
        "stock.presale_given_back": _("%(who)s put pieces back into a presale"),
        "shortage.found": _("%(who)s found goods missing"),
        "shortage.ended": _("%(who)s ended the case of short goods"),
        "shortage.reopened": _("%(who)s opened the case of short goods again"),
        "shortage.not_kept": _("%(who)s saw that the promised day has passed"),
        "shortage.asked": _("%(who)s asked the customer about short goods"),
        "shortage.chosen": _("%(who)s settled what is short with the customer"),
        "shortage.written_off": _("%(who)s took goods out of stock that are not there"),
        "shortage.found_after_all": _("%(who)s found the missing goods"),
    }
)
