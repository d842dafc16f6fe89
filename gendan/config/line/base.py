"""A line begins with what the database must know of us: the journal's key, how long to wait.

Before each request Django asks an open connection whether it still works: `SELECT 1`.

A server that went away has closed the line, and a closed line can be read from. So it is enough to
look; only a line that has something to say is asked. That saves each request a statement.
"""

from select import POLLIN, poll

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus

from gendan.config import database


class DatabaseWrapper(base.DatabaseWrapper):
    def init_connection_state(self) -> None:
        """Tell the server who calls, before anything else is said."""
        super().init_connection_state()
        self.connection.execute(*database.greeting())

    def is_usable(self) -> bool:
        """Say whether the server is still at the other end."""
        return self._is_quiet() or bool(super().is_usable())

    def _is_quiet(self) -> bool:
        if self.connection is None or self.connection.pgconn.status != ConnStatus.OK:
            return False
        line = poll()
        line.register(self.connection.pgconn.socket, POLLIN)
        return not line.poll(0)
