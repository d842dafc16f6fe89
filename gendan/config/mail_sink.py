"""A mail server for the demo: it keeps every mail as a file that any reader opens."""

import asyncio
import socket
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Keep:
    """Keeps each mail as `<folder>/<when>-<number>.eml`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Write one mail; the name of this method is aiosmtpd's."""
        self.kept += 1
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{self.kept:04}.eml"
        (self.folder / name).write_bytes(envelope.original_content or b"")
        return "250 Kept"


async def receive(folder: Path, listening: socket.socket) -> asyncio.Server:
    """Take mail on an open socket until the returned server is closed."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = Keep(folder)
    return await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True), sock=listening
    )
