"""Forgets what was published long ago; what the shops show stands with their offers."""

from datetime import datetime, timedelta

from django.db import connection

from gendan.journal.actors import Actor

KEEP = timedelta(days=30)
FORGET = """
DELETE FROM channels_publication WHERE state IN ('DONE', 'SUPERSEDED') AND done_at < %s
"""
# The marks of the last captures say up to where everything has been seen.
FORGET_CAPTURES = "DELETE FROM channels_capture WHERE at < %s"


def forget(*, by: Actor, now: datetime) -> int:
    """Forget what is over for a month, and the captures of those days; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [now - KEEP])
        gone = int(cursor.rowcount)
        cursor.execute(FORGET_CAPTURES, [now - KEEP])
    return gone
