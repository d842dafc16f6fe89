"""How what happens to mistakes is told."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.insight.actions.waiting import MANY_AT_ONCE
from gendan.journal.sentences import say
from gendan.worklist.subjects import leads_to

say(
    {
        "mistake.recorded": _("%(who)s recorded a mistake"),
        "mistake.proposed": _("%(who)s found what may have been mistakes"),
        "mistake.estimated": ngettext_lazy(
            "%(who)s estimated what %(count)s mistake costs",
            "%(who)s estimated what %(count)s mistakes cost",
            "count",
        ),
        "mistake.attributed": _("%(who)s gave the mistake a cause and an owner"),
        "mistake.closed": _("%(who)s noted what was done about the mistake"),
        "mistake.dismissed": _("%(who)s: this was no mistake"),
        "mistake.reopened": _("%(who)s opened the mistake again"),
    }
)

leads_to(MANY_AT_ONCE, lambda item: f"{reverse('mistakes')}?tab=proposed")
leads_to("mistake", lambda item: reverse("mistake", args=[item.subject_id]))
