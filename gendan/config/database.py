"""Which PostgreSQL Gendan speaks to."""

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from gendan.config import home


def url() -> str:
    """Return the address of the database: `DATABASE_URL`, or the socket of the embedded server."""
    return os.environ.get("DATABASE_URL") or f"postgresql://postgres@/gendan?host={home.path('socket')}"


def settings() -> dict[str, Any]:
    """Return Django's description of the database at `url()`."""
    parts = urlsplit(url())
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "gendan",
        "USER": unquote(parts.username or "") or query.get("user", "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.get("host", ""),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": False,
            "options": f"-c gendan.journal_key={home.secret('journal')}",
        },
        "TEST": {"NAME": os.environ.get("GENDAN_TEST_DB"), "TEMPLATE": "template0"},
    }
