"""The floor does what it says: each order is whole, and reserved pieces equal ordered ones."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from gendan.bench import floor
from gendan.bench.ground import ground

NAME = "gendan_floor_test"


@pytest.fixture
def url() -> Iterator[str]:
    connection = psycopg.connect(ground().url("postgres"), autocommit=True)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME))
    connection.execute(drop)
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    yield ground().url(NAME)
    connection.execute(drop)
    connection.close()


def counted(url: str) -> tuple[int, ...]:
    query = """
    SELECT (SELECT count(*) FROM floor.orders), (SELECT count(*) FROM floor.journal),
      (SELECT sum(quantity) FROM floor.lines), (SELECT sum(change) FROM floor.ledger),
      (SELECT sum(reserved) FROM floor.stock)
    """
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return tuple(map(int, row))


def test_the_set_is_placed_whole(url: str) -> None:
    assert floor.as_set(url, runs=1)["orders_per_s"] > 0
    orders, journal, ordered, moved, reserved = counted(url)
    assert orders == journal == 2 * floor.SET  # one run to warm up
    assert ordered == moved == reserved


def test_two_clients_place_one_by_one(url: str) -> None:
    floor.lay(url)
    facts = floor.one_by_one(url, 2, seconds=0.3)
    orders, journal, ordered, moved, reserved = counted(url)
    assert orders == journal == pytest.approx(facts["orders_per_s"] * 0.3 + 2)
    assert ordered == moved == reserved
