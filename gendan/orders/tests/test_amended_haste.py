"""Haste that comes and goes with a change: under the limit and the right of the urgent lane."""

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.orders.actions.amend import NewAmendment, confirm, preview, request
from gendan.orders.actions.change_back import change_back
from gendan.orders.actions.urge import TooManyUrgent, save_lane_rules
from gendan.orders.amending.sheet import CannotAmend
from gendan.orders.amending.wanted import Instructions, InstructionWanted
from gendan.orders.models import AmendmentQuerySet, Instruction, LaneRules, Order, Urgency
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.people.permissions import GRANTS, Role

HURRY = Instructions(wanted=(InstructionWanted(code="URGENT"),))


def ask(order: Order, wish: Instructions) -> AmendmentQuerySet:
    new = NewAmendment(order.pk, [wish], words="周五前要用")
    return request([new], by=TESTER, now=timezone.now())


def carried_out(asked: AmendmentQuerySet, by: Person) -> list[str]:
    """Confirm what its preview shows; return what followed."""
    now = timezone.now()
    ((pk, seen),) = preview(asked, by=by, now=now).items()
    done = confirm(asked, by=by, now=now, seen={pk: seen.digest}).get()
    return [one["kind"] for one in done.consequences]


@pytest.fixture
def order(make_orders: OrderMaker) -> Order:
    return make_orders(1, stage=Stage.READY).get()


def test_it_is_declared_with_the_customers_words(order: Order, wang: Person) -> None:
    assert "URGENT" in carried_out(ask(order, HURRY), wang)

    order.refresh_from_db()
    declared = Urgency.objects.get(order=order)
    assert order.priority > 0
    assert (declared.origin, declared.declared_by, declared.why) == ("DECLARED", wang, "周五前要用")


def test_it_takes_a_place_of_the_day(order: Order, wang: Person, zhao: Person) -> None:
    save_lane_rules(LaneRules(a_day=0), by=TESTER)
    asked = ask(order, HURRY)

    with pytest.raises(TooManyUrgent):
        confirm(asked, by=wang, now=timezone.now())
    assert not Instruction.objects.exists()

    confirm(asked, by=zhao, now=timezone.now())
    assert Urgency.objects.get().declared_by == zhao


def test_it_needs_the_right_to_declare(
    order: Order, wang: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = GRANTS[Role.SERVICE] - {"orders.urge"}
    monkeypatch.setitem(GRANTS, Role.SERVICE, fewer)

    with pytest.raises(CannotAmend):
        confirm(ask(order, HURRY), by=wang, now=timezone.now())

    order.refresh_from_db()
    assert order.priority == 0


def test_changed_back_it_takes_its_turn_and_its_place_is_free(order: Order, wang: Person) -> None:
    asked = ask(order, HURRY)
    carried_out(asked, wang)

    back = change_back(asked, by=wang, now=timezone.now())
    assert "NOT_URGENT" in carried_out(back, wang)

    order.refresh_from_db()
    assert order.priority == 0
    assert Urgency.objects.get().gave_back


def test_other_instructions_leave_its_haste_alone(order: Order, wang: Person) -> None:
    other = InstructionWanted(code="NO_PRICE")
    both = Instructions(wanted=(*HURRY.wanted, other))
    carried_out(ask(order, HURRY), wang)

    assert not {"URGENT", "NOT_URGENT"} & set(carried_out(ask(order, both), wang))
    assert Urgency.objects.get().ended_at is None
