"""How what happens to orders is told."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.journal.sentences import say
from gendan.worklist.subjects import leads_to

say(
    {
        "order.placed": _("%(who)s took the order"),
        "order.rewritten": _("%(who)s wrote the draft anew"),
        "order.read_again": _("%(who)s read the order back"),
        "order.paid": _("%(who)s recorded %(amount)s (%(method)s)"),
        "order.shipped_elsewhere": _("%(who)s ended the order: it was shipped elsewhere"),
        "order.cancelled": _("%(who)s cancelled the order"),
        "order.confirmed": _("%(who)s: the order is right"),
        "order.objected": _("%(who)s: something is wrong with the order"),
        "order.confirmation_sent": _("%(who)s sent the order back to be confirmed"),
        "order.confirmation_outdated": _("The confirmation was held back: the order was changed"),
        "order.item_checked": _("%(who)s checked items with the customer"),
        "order.item_unchecked": _("%(who)s took a tick back"),
        "order.checked": _("%(who)s finished the check"),
        "order.check_asked": _("%(who)s asked the customer whether everything is right"),
        "order.asked": _("%(who)s asked a question about the order"),
        "order.replied": _("%(who)s answered the question"),
        "checklist.installed": ngettext_lazy(
            "%(who)s brought %(count)s item or rule for checking",
            "%(who)s brought %(count)s items and rules for checking",
            "count",
        ),
        "checklist.added": _("%(who)s added “%(name)s” to what is checked"),
        "checklist.changed": _("%(who)s changed “%(name)s” of what is checked"),
        "checklist.switched_on": _("%(who)s switched checks on"),
        "checklist.switched_off": _("%(who)s switched checks off"),
        "sampling.changed": _("%(who)s changed how many documents are drawn"),
        "samples.drawn": ngettext_lazy(
            "%(who)s drew %(count)s document", "%(who)s drew %(count)s documents", "count"
        ),
        "samples.judged": _("%(who)s checked what was sent"),
        "samples.reopened": _("%(who)s took the judgement back"),
        "order.confirmation_mailed": _("The confirmation went out to %(mail)s"),
        "order.swapped": _("%(who)s exchanged goods that are short"),
        "order.changed": _("%(who)s changed remarks or instructions"),
        "order.unmasked": _("%(who)s looked at phone and address in full"),
        "big_day.saved": _("%(who)s planned the big day “%(name)s”"),
        "big_day.began": _("%(who)s: the big day “%(name)s” begins"),
        "big_day.ended": _("%(who)s: the big day “%(name)s” is over"),
        "order.urged": _("%(who)s marked the order as urgent"),
        "order.not_urged": _("%(who)s took the mark “urgent” away"),
        "order.urgency_asked": _("The customer asked for haste: the order is in the urgent lane"),
        "order.urgency_ended": _("%(who)s: out of the urgent lane"),
        "lane.rules_changed": _("%(who)s changed the rules of the urgent lane"),
        "order.sets_exploded": _("%(who)s exploded the sets into their parts"),
        "order.gifts_given": _("%(who)s brought the gifts to what the rules say"),
        "order.gifts_together": _("%(who)s brought the gifts to what orders in one parcel earn"),
        "gifts.taken_back": _("%(who)s counted gifts that were not sent as not given"),
        "gifts.skipped": _("%(who)s let the order go without a gift that is out of stock"),
        "gift_rule.added": _("%(who)s added the gift rule “%(name)s”"),
        "gift_rule.changed": _("%(who)s changed the gift rule “%(name)s”"),
        "gift_rule.switched_on": _("%(who)s switched gift rules on"),
        "gift_rule.switched_off": _("%(who)s switched gift rules off"),
        "chase.installed": _("%(who)s set up the chasing of payment"),
        "chase.plan_added": _("%(who)s added the plan “%(name)s”"),
        "chase.plan_changed": _("%(who)s changed the plan “%(name)s”"),
        "chase.rules_changed": _("%(who)s changed the rules of chasing"),
        "chase.seen": _("%(who)s took unpaid orders into the plans of chasing"),
        "chase.made": _("%(who)s: it is time for a word about payment"),
        "chase.said": _("%(who)s spoke with the customer about payment"),
        "chase.answered": _("%(who)s answered our word about payment"),
        "chase.outcome": _("%(who)s noted what came of the word about payment"),
        "chase.offered": _("%(who)s offered %(off)s less"),
        "chase.offer_allowed": _("%(who)s allowed the offer of %(off)s less"),
        "chase.offer_refused": _("%(who)s refused the offer of %(off)s less"),
        "chase.offer_withdrawn": _("%(who)s took the offer of %(off)s less back"),
        "chase.price_changed": _("%(who)s changed the price on the platform to %(to)s"),
        "chase.price_impossible": _("%(who)s: the platform does not let us change the price"),
        "chase.price_restored": _("%(who)s set the price on the platform back to %(to)s"),
        "chase.offers_expired": _("Offers expired: the orders cost what they did before"),
        "chase.offers_ended": _("The offer is over with the order"),
        "order.price_approved": _("%(who)s approved the price"),
        "order.price_refused": _("%(who)s refused the price"),
        "amendment.requested": _("%(who)s asked for a change of order %(order)s"),
        "amendment.declined": _("%(who)s declined the change"),
        "amendment.withdrawn": _("%(who)s took the wish for a change back"),
        "amendment.platform_told": _("%(who)s told the platform of the change"),
        "order.amended": _("%(who)s changed order %(order)s"),
        "order.refunded": _("%(who)s gave %(amount)s back to the customer"),
    }
)

leads_to("offer", lambda item: reverse("chase-offer-numbered", args=[item.subject_id]))
leads_to("samples", lambda item: reverse("samples"))
leads_to("amendment", lambda item: reverse("amendment", args=[item.facts["number"]]))
leads_to("order", lambda item: reverse("order-numbered", args=[item.subject_id]))
