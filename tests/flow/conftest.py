"""The house that all stories of this folder walk through, and the door to it."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browsing import Door, chromium
from tests.living import ROOT, House, living

PICTURES = ROOT / ".cache" / "flow"
outcome = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder is slow, and shares one house: one process of xdist takes it whole."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("flow"))


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """Have it at work; in the end, none of the jobs that it did by itself has failed."""
    with living() as house:
        yield house
        failed = "SELECT task_name FROM procrastinate_jobs WHERE status = 'failed'"
        assert house.rows(failed) == []


@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    """Kept no longer than these tests: its event loop would stand in the way of other tests."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def doorkeeper(house: House, chrome: Browser) -> Door:
    return Door(house, chrome)


@pytest.fixture
def door(doorkeeper: Door, request: pytest.FixtureRequest) -> Iterator[Door]:
    """The door of the house; the test fails if the browser has complained of anything."""
    doorkeeper.complaints.clear()
    yield doorkeeper
    if request.node.stash.get(outcome, False):
        _keep_pictures(doorkeeper, request.node.name)
    doorkeeper.close()
    assert doorkeeper.complaints == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[outcome] = item.stash.get(outcome, False) or report.failed
    return report


def _keep_pictures(door: Door, name: str) -> None:
    """A picture of each open page says more about a failure than its traceback."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(door.pages, 1):
        page.screenshot(path=PICTURES / f"{name}-{number}.png", full_page=True)
