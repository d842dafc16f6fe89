"""`gendan serve`, as real processes with a real database."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from gendan.config.serving import Wish, is_up
from gendan.config.tests.conftest import COMMAND, Run, environment, processes_of

pytestmark = pytest.mark.slow


@contextmanager
def served(home: Path, port: int, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Serve a home, and end it with SIGTERM."""
    command = [*COMMAND, "serve", "--port", str(port), *more]
    with subprocess.Popen(command, env=environment(home), stderr=subprocess.DEVNULL) as process:
        try:
            await_up(port, within=120)
            yield process
        finally:
            process.terminate()
            process.wait(60)


def await_up(port: int, *, within: float) -> float:
    """Return how many seconds it took until the port answered."""
    began = time.monotonic()
    while not is_up(Wish(port=port)):
        assert time.monotonic() - began < within, "it does not come up"
        time.sleep(0.05)
    return time.monotonic() - began


def children_named(process: subprocess.Popen[bytes], module: str) -> list[psutil.Process]:
    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if module in child.cmdline()]


def await_children(process: subprocess.Popen[bytes], module: str) -> list[psutil.Process]:
    """Return the processes that run a module; all but the web start once that answers."""
    deadline = time.monotonic() + 30
    while not (found := children_named(process, module)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def visitors_of(web: psutil.Process, port: int) -> int:
    """Return how many connections a web process has."""
    theirs = web.net_connections("tcp")
    return sum(one.status == "ESTABLISHED" and one.laddr.port == port for one in theirs)


def test_it_comes_up_answers_and_leaves_nothing_running(unused: Path, free_port: int) -> None:
    with served(unused, free_port, "--demo") as process:
        modules = ("gendan.config.web", "gendan.config.worker", "gendan.channels.simulator")
        for module in modules:
            assert len(await_children(process, module)) == 1
        connection = http.client.HTTPConnection("127.0.0.1", free_port, timeout=10)
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"status": "ok", "database": "ok"}'
    assert process.returncode == 0
    assert processes_of(unused) == []


def test_a_second_start_is_quick_and_ctrl_c_ends_it(house: Path, free_port: int) -> None:
    with served(house, free_port) as process:
        up = time.time() - psutil.Process(process.pid).create_time()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert up < 10  # 2 to 3 seconds when the tests don't share the machine with themselves


def test_two_web_processes_share_who_comes_at_once(house: Path, free_port: int) -> None:
    with served(house, free_port, "--workers", "2") as process, ExitStack() as leaving:
        both = await_children(process, "gendan.config.web")
        deadline = time.monotonic() + 30
        while min(visitors_of(web, free_port) for web in both) < 1 and time.monotonic() < deadline:
            visit(free_port, leaving)  # the second process is there a moment after the first
        came = [visit(free_port, leaving) for _ in range(16)]
        for visitor in came:
            visitor.request("GET", "/healthz")
        assert {visitor.getresponse().status for visitor in came} == {200}
        assert min(visitors_of(web, free_port) for web in both) >= 3


def visit(port: int, leaving: ExitStack) -> http.client.HTTPConnection:
    """Connect, and stay until everybody leaves."""
    visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    leaving.callback(visitor.close)
    visitor.connect()
    return visitor


def test_it_starts_again_what_dies(house: Path, free_port: int) -> None:
    with served(house, free_port) as process:
        web = children_named(process, "gendan.config.web")[0]
        web.kill()
        web.wait(10)
        await_up(free_port, within=60)
        assert children_named(process, "gendan.config.web")[0].pid != web.pid


def test_its_processes_end_when_it_is_killed(house: Path, free_port: int) -> None:
    with served(house, free_port) as process:
        children = psutil.Process(process.pid).children()
        process.kill()
        _, alive = psutil.wait_procs(children, timeout=30)
        assert alive == []
    # The database stays: the next one to use it takes it over, and stops it when done.
    done = subprocess.run([*COMMAND, "psql", "-c", "SELECT 1"], env=environment(house), check=False)
    assert done.returncode == 0
    # One that was only just being started ends, too.
    deadline = time.monotonic() + 30
    while processes_of(house) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert processes_of(house) == []


BORN_LATE = """
import os, sys, time
from gendan.config.children import die_with
parent = os.getpid()
if os.fork():
    os._exit(0)
while os.getppid() == parent:
    time.sleep(0.01)
die_with(parent)
print("lives on", flush=True)
"""


def test_who_is_born_after_its_parent_died_does_not_live() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BORN_LATE], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout == ""
    assert done.stderr == ""


def test_a_taken_port_is_named_with_a_remedy(gendan: Run, house: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = gendan("serve", "--port", str(port))
    assert done.returncode == 1
    assert f"gendan serve --port {port + 1}" in done.stderr
    assert processes_of(house) == []


def test_a_home_is_served_once(gendan: Run, house: Path, free_port: int) -> None:
    with served(house, free_port), socket.create_server(("127.0.0.1", 0)) as free:
        other = free.getsockname()[1]
        free.close()
        done = gendan("serve", "--port", str(other))
        assert done.returncode == 1
        assert f"http://127.0.0.1:{free_port}" in done.stderr
        assert is_up(Wish(port=free_port))


def test_mail_of_the_demo_lands_as_files(house: Path, free_port: int) -> None:
    with served(house, free_port, "--demo") as process:
        port = children_named(process, "gendan.config.web")[0].environ()["GENDAN_SMTP_PORT"]
        letter = "import smtplib,sys; smtplib.SMTP('127.0.0.1', int(sys.argv[1])).sendmail(*'abc')"
        subprocess.run([sys.executable, "-c", letter, port], check=True, env=dict(os.environ))
        assert len(list((house / "mail").glob("*.eml"))) == 1


SHIP_ONE = """
import django
django.setup()
from django.utils import timezone
from gendan.channels.kuaidi100.following import subscribe_new
from gendan.delivery.actions.hand_over import hand_over
from gendan.journal.actors import Job
from gendan.warehouse.models import Shipment
packed = Shipment.objects.filter(stage="PACKED").exclude(waybill="").earliest("pk")
hand_over(Shipment.objects.filter(pk=packed.pk), by=Job("test"), now=timezone.now())
subscribe_new()
print(packed.pk)
"""


def test_a_parcel_of_the_demo_travels_and_is_told_of(
    gendan: Run, house: Path, free_port: int
) -> None:
    assert gendan("demo").returncode == 0
    with served(house, free_port, "--demo") as process:
        worker = await_children(process, "gendan.config.worker")[0].environ()
        assert worker["GENDAN_PUBLIC_URL"] == f"http://127.0.0.1:{free_port}"
        ship = [sys.executable, "-c", SHIP_ONE]
        shipped = subprocess.run(ship, env=worker, check=True, capture_output=True, text=True)
        told = f"SELECT count(*) FROM delivery_notice WHERE shipment_id = {int(shipped.stdout)}"  # noqa: S608
        deadline = time.monotonic() + 90
        while (heard := gendan("psql", "-c", told).stdout).split()[2] == "0":
            assert time.monotonic() < deadline, heard
            time.sleep(1)
