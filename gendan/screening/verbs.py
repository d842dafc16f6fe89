"""How what happens in screening is told."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.journal.sentences import say

say(
    {
        "order.screened": _("%(who)s asked the screening rules"),
        "order.held": _("%(who)s held the order"),
        "order.held_again": _("%(who)s held the order again after its release"),
        "order.holds_ended": _("%(who)s ended the holds: the order moved on"),
        "order.hold_cleared": _("%(who)s cleared a hold"),
        "order.released": _("%(who)s released the order"),
        "order.forced": _("%(who)s released the order in spite of what held it"),
        "order.changed_after_release": _("The order changed after its release: it is held again"),
        "holds.swept": _("%(who)s swept the held orders: %(held)s, %(long)s of them too long"),
        "order.corrected": _("%(who)s corrected address or phone"),
        "order.goods_named": _("%(who)s said which goods are meant"),
        "rules.installed": ngettext_lazy(
            "%(who)s installed %(count)s screening rule",
            "%(who)s installed %(count)s screening rules",
            "count",
        ),
        "rule.added": _("%(who)s added the rule “%(name)s”"),
        "rule.changed": _("%(who)s changed the rule “%(name)s”"),
        "rule.switched_on": _("%(who)s switched screening rules on"),
        "rule.switched_off": _("%(who)s switched screening rules off"),
    }
)
