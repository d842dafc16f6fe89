"""How what happens to orders is told."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

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
        "order.confirmation_mailed": _("The confirmation went out to %(mail)s"),
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
        "gifts.taken_back": _("%(who)s counted gifts that were not sent as not given"),
        "gifts.skipped": _("%(who)s let the order go without a gift that is out of stock"),
        "gift_rule.added": _("%(who)s added the gift rule “%(name)s”"),
        "gift_rule.changed": _("%(who)s changed the gift rule “%(name)s”"),
        "gift_rule.switched_on": _("%(who)s switched gift rules on"),
        "gift_rule.switched_off": _("%(who)s switched gift rules off"),
        "order.price_approved": _("%(who)s approved the price"),
        "order.price_refused": _("%(who)s refused the price"),
    }
)

leads_to("order", lambda item: reverse("order-numbered", args=[item.subject_id]))
