import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from conftest import OrderMaker
from gendan.journal.models import Change, Entry
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.move import WrongStage, move
from gendan.orders.stages import Stage
from gendan.people.models import Person


def test_it_keeps_the_changed_columns_only(li: Person, make_orders: OrderMaker) -> None:
    orders = make_orders()
    with entry("order.released", by=li, why="looked at"):
        orders.update(stage=Stage.READY, flag=0)
    changes = Change.objects.filter(entry__verb="order.released")
    assert [(c.before, c.after) for c in changes] == [
        ({"stage": "SCREENING"}, {"stage": "READY"})
    ] * 3
    said = Entry.objects.get(verb="order.released")
    assert (said.actor_kind, said.actor_id, said.actor_name) == ("PERSON", li.pk, "李审言")
    assert said.why == "looked at"


def test_a_column_that_was_empty_is_not_mentioned_before(
    li: Person, make_orders: OrderMaker
) -> None:
    orders = make_orders(1, paid_at=None)
    now = orders.get().placed_at
    with entry("order.paid", by=li):
        orders.update(paid_at=now)
    change = Change.objects.get(entry__verb="order.paid")
    assert change.before == {}
    assert change.after is not None
    assert change.after["paid_at"].startswith(f"{now:%Y-%m-%dT%H:%M:%S}")


def test_nothing_changes_outside_an_entry(make_orders: OrderMaker) -> None:
    orders = make_orders(1)
    with pytest.raises(DatabaseError, match="outside a journal entry"), transaction.atomic():
        orders.update(flag=3)
    assert orders.get().flag == 0


def test_an_entry_of_another_transaction_does_not_count(
    li: Person, make_orders: OrderMaker, django_db_blocker: object
) -> None:
    orders = make_orders(1)
    with entry("order.released", by=li) as opened:
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('gendan.entry', %s, true)", [str(opened + 1000)])
    with pytest.raises(DatabaseError, match="outside a journal entry"), transaction.atomic():
        orders.update(flag=3)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET why = 'nicer'",
        "DELETE FROM journal_change",
        "TRUNCATE journal_entry",
        "TRUNCATE journal_change",
        "TRUNCATE orders_line CASCADE",
    ],
)
def test_the_journal_only_grows(li: Person, make_orders: OrderMaker, statement: str) -> None:
    with entry("order.released", by=li):
        make_orders(1).update(flag=2)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=r"only grows|TRUNCATE"), transaction.atomic():
            cursor.execute(statement)
    assert Entry.objects.filter(verb="order.released").exists()


def test_nested_acts_keep_their_own_entries(li: Person, make_orders: OrderMaker) -> None:
    orders = make_orders(1)
    with entry("outer", by=li, why="o"):
        with entry("inner", by=li):
            orders.update(flag=1)
        orders.update(flag=2)
    flags = Change.objects.filter(entry__verb__in=["outer", "inner"]).order_by("id")
    assert [(c.entry.verb, c.after) for c in flags] == [
        ("inner", {"flag": 1}),
        ("outer", {"flag": 2}),
    ]


def test_a_failed_inner_act_leaves_the_outer_entry_open(
    li: Person, make_orders: OrderMaker
) -> None:
    orders = make_orders(2)
    with entry("outer", by=li):
        with pytest.raises(WrongStage), entry("inner", by=li):
            move(orders, Stage.ALLOCATED)
        orders.update(flag=2)
    assert Change.objects.filter(entry__verb="outer").count() == 2
    assert not Entry.objects.filter(verb="inner").exists()


def test_a_secret_is_never_mentioned(admin: Person) -> None:
    with entry("person.changed", by=admin):
        admin.set_password("another-long-secret")
        admin.phone = "13900000009"
        admin.save()
    change = Change.objects.get(entry__verb="person.changed")
    assert change.after == {"phone": "13900000009"}


def test_moving_is_all_or_none(li: Person, make_orders: OrderMaker) -> None:
    orders = make_orders(3)
    first = orders.earliest("pk")
    with entry("order.held", by=li):
        move(orders.filter(pk=first.pk), Stage.HELD)
    with pytest.raises(WrongStage, match=first.number), entry("again", by=li):
        move(orders, Stage.HELD)
    assert Order.objects.filter(stage=Stage.SCREENING).count() == 2


def test_an_act_inside_another_costs_two_statements(
    li: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2), entry("inner", by=li):
        pass


def test_a_failed_inner_act_takes_back_what_it_wanted_after_the_commit(
    li: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    said: list[str] = []
    with django_capture_on_commit_callbacks(execute=True), entry("outer", by=li):
        transaction.on_commit(lambda: said.append("outer"))
        with entry("inner", by=li):
            transaction.on_commit(lambda: said.append("inner"))
            transaction.set_rollback(True)
    assert said == ["outer"]


def test_an_act_marked_for_rollback_is_undone(li: Person, make_orders: OrderMaker) -> None:
    orders = make_orders(1)
    with entry("outer", by=li):
        with entry("inner", by=li):
            orders.update(flag=1)
            transaction.set_rollback(True)
        orders.update(priority=2)
    assert (orders.get().flag, orders.get().priority) == (0, 2)
    assert not Entry.objects.filter(verb="inner").exists()
