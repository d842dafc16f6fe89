"""Sessions in the database, found by a statement that is planned once a connection.

Every page begins with this question: Django's own way of asking it takes most of a millisecond.
"""

from functools import cache

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from gendan.ui.statements import Lookup


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        """Return the session; one that is over or unknown is a new one without a key."""
        found = _alive()(self.session_key, timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None


@cache
def _alive() -> Lookup[Session]:
    return Lookup(Session, "session_key = %s AND expire_date > %s")
