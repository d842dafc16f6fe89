"""The server that Gendan starts itself."""

import os
import signal
from pathlib import Path

import psutil
import psycopg
import pytest

from gendan.config import database
from gendan.config.postgres import Cluster, ensure_database, is_running, kept_running

pytestmark = pytest.mark.slow


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    return Cluster(tmp_path / "postgres", database.socket_folder(tmp_path / "socket"))


def server(cluster: Cluster) -> psutil.Process:
    return psutil.Process(int((cluster.data / "postmaster.pid").read_text().split()[0]))


def test_the_last_one_out_stops_it(cluster: Cluster) -> None:
    with kept_running(cluster):
        first = server(cluster).pid
        with kept_running(cluster):
            assert server(cluster).pid == first
        assert is_running(cluster)
    assert not is_running(cluster)


def test_it_knows_chinese_and_listens_to_no_network(cluster: Cluster) -> None:
    with kept_running(cluster):
        ensure_database(cluster, "gendan")
        ensure_database(cluster, "gendan")
        with psycopg.connect(cluster.url("gendan")) as connection:
            ask = "SELECT show_trgm('龙井') <> '{}', current_setting('listen_addresses') = ''"
            assert connection.execute(ask).fetchone() == (True, True)
            assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_it_recovers_from_a_crash(cluster: Cluster) -> None:
    with kept_running(cluster):
        with psycopg.connect(cluster.url("postgres")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        crashed = server(cluster)
        for process in (crashed, *crashed.children()):
            process.send_signal(signal.SIGKILL)
        psutil.wait_procs([crashed], timeout=10)
    with kept_running(cluster), psycopg.connect(cluster.url("postgres")) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_stale_pid_of_somebody_else_is_no_obstacle(cluster: Cluster) -> None:
    with kept_running(cluster):
        lines = (cluster.data / "postmaster.pid").read_text().split("\n")
    stale = "\n".join([str(os.getpid()), *lines[1:]])
    (cluster.data / "postmaster.pid").write_text(stale)
    assert not is_running(cluster)
    with kept_running(cluster):
        assert is_running(cluster)


def test_a_server_that_somebody_else_started_is_left_alone(cluster: Cluster) -> None:
    with kept_running(cluster):
        ours = cluster.data.with_name("postgres.started")
        pid = ours.read_text()
        ours.unlink()
    assert is_running(cluster)
    ours.write_text(pid)
    with kept_running(cluster):
        pass
    assert not is_running(cluster)


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*(["跟单" * 8] * 4))
    short = database.socket_folder(deep / "socket")
    assert len(os.fsencode(short)) < 90
    assert short == database.socket_folder(deep / "socket")
    assert short != database.socket_folder(deep / "other" / "socket")
    with kept_running(Cluster(deep / "postgres", short)) as cluster:
        psycopg.connect(cluster.url("postgres")).close()
