"""How what is said to customers is told."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.journal.sentences import say
from gendan.worklist.subjects import leads_to

say(
    {
        "script.added": _("%(who)s wrote the script “%(name)s”"),
        "script.changed": _("%(who)s changed the script “%(name)s”"),
        "script.switched_on": _("%(who)s switched scripts on"),
        "script.switched_off": _("%(who)s switched scripts off"),
        "scripts.installed": ngettext_lazy(
            "%(who)s brought %(count)s script", "%(who)s brought %(count)s scripts", "count"
        ),
        "message.written": _("%(who)s wrote to the customer"),
        "message.rewritten": _("%(who)s changed the message"),
        "message.sent": _("%(who)s told the customer"),
        "message.mailed": _("The message went out to %(mail)s"),
        "message.failed": _("The message could not be sent to %(mail)s"),
        "message.unmasked": _("%(who)s looked at messages in full"),
        "message.answered": _("%(who)s: an answer to our message"),
        "message.withdrawn": _("%(who)s took the message back"),
    }
)

leads_to("message", lambda item: reverse("message", args=[item.subject_id]))
