"""How acts about work items are told."""

from django.utils.translation import gettext_lazy as _

from gendan.journal.sentences import say

say(
    {
        "item.opened": _("%(who)s put something on the worklist"),
        "item.done": _("%(who)s settled it"),
        "item.claimed": _("%(who)s took it"),
        "item.handed_over": _("%(who)s handed it over to %(to)s"),
        "item.escalated": _("%(who)s gave it to the supervisors: it was overdue"),
        "hours.changed": _("%(who)s changed the business hours"),
    }
)
