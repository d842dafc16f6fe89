"""Which PostgreSQL Gendan speaks to."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from gendan.config import home

LONGEST_SOCKET_PATH = 107
SOCKET_NAME = "/.s.PGSQL.5432"
OURS = ("host", "port", "user", "password", "dbname", "options")

# A machine that is cut off says nothing. Whoever waits for it gives up after half a minute: a
# process of ours, and the server, which then frees what that machine held locked.
PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
GREETING = """
SELECT set_config('gendan.journal_key', %s, false), set_config('tcp_keepalives_idle', '10', false),
  set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false),
  set_config('tcp_user_timeout', '25000', false),
  set_config('client_connection_check_interval', '5000', false),
  set_config('plan_cache_mode', 'force_generic_plan', false)
"""
"""What each connection begins with. Start-up options would not pass through PgBouncer.

What is prepared keeps its plan: for a look at two names PostgreSQL would plan anew each time, which
takes it five times as long as looking.
"""


def is_embedded() -> bool:
    """Say whether Gendan keeps its own PostgreSQL, because nobody named another one."""
    return not os.environ.get("DATABASE_URL")


def url() -> str:
    """Return the address of the database: `DATABASE_URL`, or the socket of the embedded server."""
    return os.environ.get("DATABASE_URL") or url_on(socket_folder(home.path("socket")), "gendan")


def url_on(sockets: Path, name: str) -> str:
    """Return the address of the database `name` of the server that listens in `sockets`."""
    return f"postgresql://postgres@/{name}?host={quote(str(sockets), safe='/')}"


def socket_folder(wanted: Path) -> Path:
    """Return the folder for a server's socket: the wanted one, or a short one if it is too long."""
    if len(os.fsencode(wanted)) + len(SOCKET_NAME) <= LONGEST_SOCKET_PATH:
        return wanted
    mark = hashlib.blake2b(os.fsencode(wanted), digest_size=6).hexdigest()
    return _runtime_folder() / f"gendan-{os.getuid()}-{mark}"


def _runtime_folder() -> Path:
    """Return the same folder in every session of this user, whatever its environment says."""
    own = Path("/run") if os.getuid() == 0 else Path("/run/user") / str(os.getuid())
    return own if own.is_dir() else Path(tempfile.gettempdir())


def greeting() -> tuple[str, list[str]]:
    """Return the statement that each new connection begins with, and its values."""
    return GREETING, [home.secret("journal")]


def settings() -> dict[str, Any]:
    """Return Django's description of the database at `url()`."""
    parts = urlsplit(url())
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "gendan.config.line",
        "NAME": unquote(parts.path.lstrip("/")) or "gendan",
        "USER": unquote(parts.username or "") or query.get("user", "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.get("host", ""),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": False,
            "prepare_threshold": 5,  # for what asks for a plan of its own: `ui/statements.py`
            **PATIENCE,
            **{name: value for name, value in query.items() if name not in OURS},
        },
        "TEST": {"NAME": os.environ.get("GENDAN_TEST_DB"), "TEMPLATE": "template0"},
    }
