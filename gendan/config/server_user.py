"""The unprivileged system user that PostgreSQL runs as when Gendan itself is started by root."""

import os
import pwd
import stat
import struct
import subprocess
from pathlib import Path

NAME = "gendan"
ACL = "system.posix_acl_access"
ACL_VERSION = struct.pack("<I", 2)
ENTRY = struct.Struct("<HHI")
OWNER, USER, GROUP_OF_FILE, GROUP, MASK, OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
SEARCH = 0x1
NOBODY_IN_PARTICULAR = 0xFFFFFFFF

Rights = dict[tuple[int, int], int]  # by the kind of line and the user or group it is for


class CannotReach(Exception):
    """The server's user may not pass through a folder, and that could not be granted."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"PostgreSQL does not run as root, and its system user “{NAME}” may not pass through "
            f"{folder}. Put Gendan and GENDAN_HOME where it may (/srv/gendan, /var/lib/gendan), "
            f"or allow it: chmod o+x {folder}"
        )


def find() -> pwd.struct_passwd | None:
    """Return the user the server runs as, made if need be; None when we are an ordinary user."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return _create()


def _create() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    subprocess.run([*command, "--shell", "/usr/sbin/nologin", NAME], check=True)  # noqa: S603
    return pwd.getpwnam(NAME)


def let_through(user: pwd.struct_passwd, place: Path) -> None:
    """Let the user pass through every folder above a place: that user only, and without listing.

    :raises CannotReach: if the file system cannot grant it
    """
    for folder in reversed(place.resolve().parents):
        if not _may_pass(user, folder):
            try:
                _grant_search(user.pw_uid, folder)
            except OSError as error:
                raise CannotReach(folder) from error


def _may_pass(user: pwd.struct_passwd, folder: Path) -> bool:
    status = folder.stat()
    if status.st_uid == user.pw_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    return bool(status.st_mode & stat.S_IXOTH) or _is_granted(user.pw_uid, _acl(folder))


def _is_granted(uid: int, entries: Rights) -> bool:
    """Say whether the user's own line counts: a chmod after it empties the mask."""
    mask = entries.get((MASK, NOBODY_IN_PARTICULAR), 0)
    return bool(entries.get((USER, uid), 0) & mask & SEARCH)


def _grant_search(uid: int, folder: Path) -> None:
    """Add one line to the folder's access list; what it grants to others stays as it is."""
    rights = _acl(folder)
    group = rights[GROUP_OF_FILE, NOBODY_IN_PARTICULAR]
    rights[USER, uid] = SEARCH
    rights[MASK, NOBODY_IN_PARTICULAR] = rights.get((MASK, NOBODY_IN_PARTICULAR), group) | SEARCH
    packed = b"".join(ENTRY.pack(tag, rights[tag, who], who) for tag, who in sorted(rights))
    os.setxattr(folder, ACL, ACL_VERSION + packed)


def _acl(folder: Path) -> Rights:
    """Return the folder's access list, or the one its plain mode stands for."""
    try:
        packed = os.getxattr(folder, ACL)[len(ACL_VERSION) :]
    except OSError:
        mode = folder.stat().st_mode
        plain = ((OWNER, mode >> 6), (GROUP_OF_FILE, mode >> 3), (OTHER, mode))
        return {(tag, NOBODY_IN_PARTICULAR): rights & 0o7 for tag, rights in plain}
    return {(tag, who): rights for tag, rights, who in ENTRY.iter_unpack(packed)}
