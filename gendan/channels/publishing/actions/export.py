"""Files for platforms without an API: taken by a clerk, uploaded, confirmed, or taken back."""

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from gendan.channels.models import Publication, PublicationState
from gendan.channels.models.publishing import PublicationQuerySet
from gendan.channels.publishing import outbox
from gendan.channels.publishing.contract import account_of
from gendan.channels.publishing.queries import in_file
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Shop
from gendan.ui.errors import Refused

# A file holds all that the shop has not been told, so that the one before it is void.
OVERTAKE = """
UPDATE channels_publication p SET state = 'SUPERSEDED', done_at = %(now)s
WHERE p.shop_id = %(shop)s AND p.state = 'EXPORTED' AND EXISTS (
  SELECT FROM channels_publication n WHERE n.code_id = p.code_id AND n.state = 'WAITING')
"""

GIVE_BACK = """
UPDATE channels_publication p SET file = '',
  state = CASE WHEN n.is_newer THEN 'SUPERSEDED' ELSE 'WAITING' END,
  done_at = CASE WHEN n.is_newer THEN %(now)s::timestamptz END
FROM channels_publication s CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM channels_publication n
  WHERE n.code_id = s.code_id AND n.version > s.version) AS is_newer) n
WHERE s.id = p.id AND p.shop_id = %(shop)s AND p.state = 'EXPORTED' AND p.file = %(file)s
"""


class NothingToTell(Refused):
    """The shop shows all that it ought to show."""


class ToldByApi(Refused):
    """The shop has an account: its platform is told without files."""


class FileOvertaken(Refused):
    """A later file has taken the place of this one, or it has been settled."""


def export(
    shop: Shop, file: str, *, by: Actor, now: datetime, why: str = ""
) -> PublicationQuerySet:
    """Put everything that a shop has not been told into a file; return what stands in it.

    :raises NothingToTell: if there is nothing
    :raises ToldByApi: if the shop has an account
    """
    if account_of(shop):
        raise ToldByApi(_("The platform of this shop is told by itself: there is no file."))
    waiting = Publication.objects.filter(
        shop=shop, state__in=(PublicationState.WAITING, PublicationState.EXPORTED)
    )
    with entry("publishing.exported", by=by, why=why, shop=shop.name, file=file):
        outbox.beside_others()
        list(waiting.order_by("pk").select_for_update().values_list("pk", flat=True))
        _run(OVERTAKE, shop, file, now)
        if not waiting.update(state=PublicationState.EXPORTED, file=file, trouble="", tries=0):
            raise NothingToTell(_("The shop shows everything as it should: there is no file."))
    return in_file(shop, file)


def confirm(shop: Shop, file: str, *, by: Actor, now: datetime, why: str = "") -> int:
    """Say that the platform has taken a file; return how many listings it told.

    :raises FileOvertaken: if nothing of it is open any more
    """
    with entry("publishing.confirmed", by=by, why=why, shop=shop.name, file=file):
        ids = _open_in(shop, file)
        outbox.done(ids, now=now, states=[PublicationState.EXPORTED])
    return len(ids)


def take_back(shop: Shop, file: str, *, by: Actor, now: datetime, why: str = "") -> int:
    """Say that a file was not uploaded: what stands in it waits again.

    :raises FileOvertaken: if nothing of it is open any more
    """
    with entry("publishing.taken_back", by=by, why=why, shop=shop.name, file=file):
        ids = _open_in(shop, file)
        _run(GIVE_BACK, shop, file, now)
    return len(ids)


def _open_in(shop: Shop, file: str) -> list[int]:
    outbox.beside_others()
    rows = in_file(shop, file).order_by("pk").select_for_update()
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        raise FileOvertaken(
            _("%(file)s is settled, or a later file has taken its place. Load the page again.")
            % {"file": file}
        )
    return ids


def _run(statement: str, shop: Shop, file: str, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"shop": shop.pk, "file": file, "now": now})
