"""Measuring happens beside the user's database, never in it."""

import psycopg
import pytest

from gendan.bench.ground import BenchFailed, Ground, ground

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ground")]  # one database for all


@pytest.fixture
def where() -> Ground:
    return ground()


def names(where: Ground) -> set[str]:
    with psycopg.connect(where.url("postgres")) as connection:
        return {str(name) for [name] in connection.execute("SELECT datname FROM pg_database")}


def test_a_site_is_migrated_and_gone_afterwards(where: Ground) -> None:
    with where.database("test_ground") as site:
        assert site.is_new
        with psycopg.connect(site.url) as connection:
            assert connection.execute("SELECT count(*) FROM orders_order").fetchone() == (0,)
        assert "gendan_bench_test_ground" in names(where)
    assert "gendan_bench_test_ground" not in names(where)
    assert not site.home.exists()


def test_a_child_that_fails_is_reported(where: Ground) -> None:
    with where.database("test_ground") as site, pytest.raises(BenchFailed, match="no_such_module"):
        site.run("no_such_module")


def test_the_same_merchant_and_orders_come_every_time(where: Ground) -> None:
    with where.database("test_ground") as site:
        facts = site.run("gendan.bench.tests.shape", "200")
    assert facts == {"skus": 10_000, "same": True, "lines": facts["lines"], "adds_up": True}
    assert 1.5 < facts["lines"] / 200 < 2.5
