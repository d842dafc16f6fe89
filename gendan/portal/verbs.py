"""How what customers do on their page is told."""

from django.utils.translation import gettext_lazy as _

from gendan.journal.sentences import say

say({"order.problem_reported": _("%(who)s reported a problem")})
