"""What docs/running.md says of losing nothing, done word for word on a house that is at work.

A mistake is undone by going back to the moment before it; a server dies and its standby takes
over; a merchant moves to another server. Each time the orders that were placed are counted, the
house is verified, and it goes on taking orders.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gendan.bench.house import say
from gendan.bench.report import Row
from tests.prove.hosts import network, why_not
from tests.prove.machines import Merchant, ground
from tests.prove.own_house import GENDAN, ROOT, await_that
from tests.prove.people import Clerk, Desk
from tests.prove.servers import WORD, Server, copied, own, server

NAME = "gendan"
ORDERS = 20
ARCHIVE = """
archive_mode = on
archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'
archive_timeout = 60
"""
BACK = (
    "-c restore_command='cp {archive}/%f %p' -c recovery_target_time='{moment}'"
    " -c recovery_target_action=promote"
)
PLACED = "SELECT count(*) FROM orders_order WHERE platform_order LIKE 'clerk-%'"


@dataclass
class Shop:
    """A house that is being served somewhere, and a clerk who places orders there."""

    house: Merchant
    clerk: Clerk

    @contextmanager
    def on(self, there: Server) -> Iterator[None]:
        """Serve the house from the database on a server."""
        self.house = replace(self.house, url=there.url(NAME), machines={})
        with self.house.open(shop=("--only=web",)):
            self.clerk.desk.addresses = [self.house.machines["shop"].address]
            yield

    def place(self) -> None:
        """Place some more orders."""
        for _one in range(ORDERS):
            self.clerk.place()

    def outcome(self, there: Server) -> tuple[int, int]:
        """Return how many of the placed orders are there, and what `gendan verify` finds."""
        [(placed,)] = there.rows(NAME, PLACED)
        return int(str(placed)), len(replace(self.house, url=there.url(NAME)).verify())


def prove() -> list[Row]:
    """Do all three and say what came of it."""
    if reason := why_not():
        return [Row("Losing nothing", f"skipped: {reason}")]
    with ExitStack() as around:
        folder = around.enter_context(ground())
        hosts = around.enter_context(network("db", "spare", "moved", "shop"))
        first = around.enter_context(server(hosts["db"], folder / "db", NAME))
        standby = around.enter_context(copied(hosts["spare"], folder / "spare"))
        moved = around.enter_context(server(hosts["moved"], folder / "moved", NAME))
        house = Merchant(folder / "house", first.url(NAME), hosts)
        known = house.furnish(1, 10)
        shop = Shop(house, Clerk(Desk([], known["key"]), known["skus"], 0))
        return [
            _back_to_a_moment(first, shop, folder),
            _taken_over(first, standby, shop),
            _moved(standby, moved, shop, folder),
        ]


def _back_to_a_moment(first: Server, shop: Shop, folder: Path) -> Row:
    """Lose a table by mistake, and go back to the moment before."""
    say("back to a moment")
    archive, base = folder / "archive", first.folder / "base"
    own(archive)
    first.stop()
    first.configure(ARCHIVE.format(archive=archive))
    first.start()
    with shop.on(first):
        shop.place()
        first.program("pg_basebackup", *_from(str(first.folder)), "-D", str(base))
        shop.place()
        [(moment,)] = first.rows(NAME, "SELECT clock_timestamp()")
        time.sleep(1)
        shop.place()
    first.do(NAME, "DROP TABLE orders_payment CASCADE")
    first.stop()
    _go_back(first, base, BACK.format(archive=archive, moment=moment))
    shop.clerk.placed = dict([*shop.clerk.placed.items()][: 2 * ORDERS])
    return _told("Back to the moment before a mistake", shop, first)


def _go_back(first: Server, base: Path, options: str) -> None:
    first.data.rename(first.folder / "mistaken")
    base.rename(first.data)
    (first.data / "recovery.signal").touch()
    first.start("-o", options)
    await_that(
        lambda: first.rows(NAME, "SELECT pg_is_in_recovery()") == [(False,)], 60, "it is back"
    )


def _taken_over(first: Server, standby: Server, shop: Shop) -> Row:
    """Kill a server that waits for its standby at each commit, and go on with that at once."""
    say("a standby takes over")
    at = f"host={first.host.address} user=copier password={WORD} application_name=standby1"
    copy = ("-R", "-C", "-S", "standby1", "-D", str(standby.data))
    standby.program("pg_basebackup", "-d", at, "-c", "fast", "-X", "stream", *copy)
    standby.configure(f"unix_socket_directories = '{standby.folder}'\n")
    standby.start()
    first.configure("synchronous_standby_names = 'standby1'\n")
    first.reload()
    with shop.on(first):
        shop.place()
        first.kill()
        standby.promote()
    with shop.on(standby):
        shop.place()
    return _told("A server killed, its standby promoted", shop, standby)


def _moved(old: Server, new: Server, shop: Shop, folder: Path) -> Row:
    """Move a merchant by backup and restore into a new home and a new database."""
    say("a merchant moves")
    backup = str(folder / "moved.tar")
    _gendan(shop.house, "backup", backup)
    house = Merchant(folder / "new-house", new.url(NAME), shop.house.hosts)
    home = house.folder / "first"
    home.mkdir(mode=0o700, parents=True)
    _gendan(house, "restore", backup)
    (home / "secrets").rename(house.folder / "secrets")  # where its machines look for them
    shop.house = house
    with shop.on(new):
        shop.place()
    return _told("A merchant moved to another server", shop, new)


def _gendan(house: Merchant, *words: str) -> None:
    environment = house.environment(house.folder / "first")
    subprocess.run([*GENDAN, *words], cwd=ROOT, env=environment, check=True, stdout=2)


def _from(host: str) -> tuple[str, ...]:
    return ("-h", host, "-U", "postgres", "-c", "fast", "-X", "stream")


def _told(what: str, shop: Shop, there: Server) -> Row:
    placed, findings = shop.outcome(there)
    wanted = len(shop.clerk.placed)
    return Row(
        what,
        f"{placed} of {wanted} orders are there; gendan verify: {findings} findings",
        aim="all, and none",
        met=placed == wanted and findings == 0,
    )
