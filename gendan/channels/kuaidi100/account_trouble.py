"""One work item for the administrator while Kuaidi100 refuses our account or can't be reached."""

from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.channels.kuaidi100.intake import KUAIDI100
from gendan.channels.kuaidi100.refusals import Refused
from gendan.channels.kuaidi100.states import PROVIDER
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Item, Kind

SUBJECT = "courier"
ACCOUNT = 100  # the only account there is


def tell_of_account(trouble: Refused | None) -> None:
    """Open the item with what to do; without trouble close it, if it is open."""
    now = timezone.now()
    if trouble:
        facts = {"problem": trouble.advice}
        item = NewItem(Kind.JOB, SUBJECT, ACCOUNT, detail=PROVIDER, facts=facts)
        open_items([item], by=KUAIDI100, now=now)
    elif Item.objects.open().filter(kind=Kind.JOB, subject=SUBJECT).exists():
        why = _("Kuaidi100 answers again.")
        close_items([Kind.JOB], SUBJECT, [ACCOUNT], by=KUAIDI100, now=now, why=why)
