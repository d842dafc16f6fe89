"""A large import is made by two hands: both do their part, and neither goes on when one fails."""

from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest

from gendan.channels.actions import import_files
from gendan.channels.intake import choose, follow
from gendan.channels.intake.hands import with_both_hands
from gendan.channels.tests import files
from gendan.customers.models import Customer
from gendan.journal.actors import Job
from gendan.journal.models import Entry
from gendan.orders.models import Order

ORDERS = 60


class Broken(Exception):
    """What a hand fails with."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        files.sub_order(f"88{n:04}", 买家会员名=f"ann{n % 7}", 联系手机=f"1390000000{n % 7}")
        for n in range(ORDERS)
    ]
    return files.as_csv(tmp_path / "orders.csv", files.TAOBAO_SUB, rows)


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "ORDERS", 10)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("few_at_once")
def test_both_take_everything_in_once(file: Path) -> None:
    told: list[tuple[int, int]] = []
    report = import_files(
        "TB1", [file], by=Job("test"), progress=lambda _what, done, of: told.append((done, of))
    )
    assert (report["new"], Order.objects.count()) == (ORDERS, ORDERS)
    assert told[-1] == (ORDERS, ORDERS)
    assert Entry.objects.filter(verb="order.imported").count() > ORDERS // choose.ORDERS


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("few_at_once")
def test_a_customer_whom_both_meet_is_one(file: Path) -> None:
    import_files("TB1", [file], by=Job("test"))
    assert Customer.objects.count() == 7


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("few_at_once")
def test_what_goes_wrong_in_one_is_told_and_done_again(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_what: object, **_named: object) -> None:
        raise Broken

    with monkeypatch.context() as patched:
        patched.setattr(follow, "tell_people", fail)
        with pytest.raises(Broken):
            import_files("TB1", [file], by=Job("test"))
    assert not Order.objects.exists()
    assert import_files("TB1", [file], by=Job("test"))["new"] == ORDERS


@pytest.mark.parametrize("failing", [0, 1])
@pytest.mark.django_db
def test_the_other_stops_when_one_fails(failing: int) -> None:
    stopped: list[int] = []

    def act(parts: Sequence[int], stop: Event) -> None:
        if failing in parts:
            raise Broken
        assert stop.wait(10)
        stopped.extend(parts)

    with pytest.raises(Broken):
        with_both_hands(act)
    assert stopped == [1 - failing]
