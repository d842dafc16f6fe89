"""An import that is killed anywhere goes on where it stopped; two at once do the work once."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from gendan.channels.actions import import_files
from gendan.channels.models import RawRow, StagedLine, StagedOrder
from gendan.channels.tests import files
from gendan.journal.actors import Job
from gendan.orders.models import Line, Order, Payment

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = 60

PROCESS = """
import os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "gendan.config.settings"
import django
django.setup()
from django.db.backends.signals import connection_created
from gendan.channels.actions import import_files
from gendan.channels.intake import choose, chunks
from gendan.journal.actors import Job
chunks.ROWS, choose.ORDERS = 25, 20
left = int(sys.argv[1])
def dying(execute, *statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(*statement)
def watch(connection, **_others):
    connection.execute_wrappers.append(dying)
connection_created.connect(watch)
import_files("TB1", sys.argv[2:], by=Job("process"))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [files.sub_order(f"88{n:04}", nth) for n in range(ORDERS) for nth in (1, 2)]
    return files.as_csv(tmp_path / "orders.csv", files.TAOBAO_SUB, rows, encoding="gb18030")


def start(file: Path, dies_at: int = 0) -> "subprocess.Popen[bytes]":
    told = connection.settings_dict
    url = f"postgresql://{told['USER']}@/{told['NAME']}?host={quote(told['HOST'])}"
    arguments = [sys.executable, "-c", PROCESS, str(dies_at), str(file)]
    return subprocess.Popen(arguments, env={**os.environ, "DATABASE_URL": url})


def everything_is_in_once() -> bool:
    return (
        Order.objects.count() == ORDERS
        and Line.objects.count() == 2 * ORDERS
        and Payment.objects.count() == ORDERS
        and RawRow.objects.count() == 2 * ORDERS
        and not StagedOrder.objects.exists()
        and not StagedLine.objects.exists()
    )


@pytest.mark.parametrize("dies_at", [9, 25, 50, 66, 90])
def test_a_killed_import_is_finished_by_the_next(file: Path, dies_at: int) -> None:
    killed = start(file, dies_at)
    assert killed.wait(60) == -signal.SIGKILL
    assert not everything_is_in_once()
    report = import_files("TB1", [file], by=Job("test"))
    assert everything_is_in_once()
    assert (report["orders"], report["lines"], report["new"]) == (ORDERS, 2 * ORDERS, ORDERS)
    again = import_files("TB1", [file], by=Job("test"))
    assert (again["new"], again["unchanged"]) == (0, ORDERS)


def test_two_at_once_take_everything_in_once(file: Path) -> None:
    both = [start(file), start(file)]
    assert [process.wait(120) for process in both] == [0, 0]
    assert everything_is_in_once()
