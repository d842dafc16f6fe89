"""Lets a person know while a shop's stock can't be told, and forgets it when it can."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from gendan.channels.publishing.outbox import IN_TROUBLE, forget_refused
from gendan.journal.actors import Actor
from gendan.people.models import Shop
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Item, Kind

SUBJECT = "publish"
CLERK_HAS = timedelta(hours=2)  # for a file to be taken and uploaded

# Shops with trouble, or whose files nobody takes: how many listings, and what is said.
TROUBLED = """
SELECT shop_id, count(*), max(trouble) FROM (
  SELECT shop_id, trouble FROM channels_publication
  WHERE state IN ('WAITING', 'SENDING', 'EXPORTED')
    AND (tries >= %(tries)s OR captured_at < %(since)s)
  UNION ALL
  SELECT shop_id, trouble FROM channels_refusedturn WHERE tries >= %(tries)s) t
GROUP BY shop_id ORDER BY shop_id
"""


def tend(*, by: Actor, now: datetime) -> int:
    """Open an item for each shop in trouble, and close the others; return how many there are."""
    forget_refused()
    with connection.cursor() as cursor:
        cursor.execute(TROUBLED, {"tries": IN_TROUBLE, "since": now - CLERK_HAS})
        troubled = cursor.fetchall()
    shops = Shop.objects.in_bulk([row[0] for row in troubled])
    waiting = Item.objects.open().filter(kind=Kind.PUBLISH, subject=SUBJECT)
    well = set(waiting.values_list("subject_id", flat=True)) - set(shops)
    if well:
        why = _("The shop shows what it should.")
        close_items([Kind.PUBLISH], SUBJECT, well, by=by, now=now, why=why)
    told = set(waiting.values_list("subject_id", flat=True))
    open_items(
        [
            NewItem(
                Kind.PUBLISH,
                SUBJECT,
                shop,
                facts={"shop": shops[shop].name, "listings": number, "problem": trouble},
                shop_id=shop,
            )
            for shop, number, trouble in troubled
            if shop not in told
        ],
        by=by,
        now=now,
    )
    return len(troubled)
