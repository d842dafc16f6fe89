"""Changes of one order that several ask for, or decide on, at the same moment."""

import pytest

from conftest import OrderMaker
from gendan.orders.actions.amend import NewAmendment, decline, request
from gendan.orders.amending.wanted import SetQuantity
from gendan.orders.models import Amendment
from gendan.orders.tests.conftest import NOW
from gendan.orders.tests.test_race import at_once
from gendan.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_form_that_is_sent_many_times_asks_once(make_orders: OrderMaker, wang: Person) -> None:
    new = NewAmendment(make_orders(1).get().pk, [SetQuantity(line=1, quantity=3)])

    done = at_once(lambda: request([new], by=wang, now=NOW))

    assert (done.count(True), Amendment.objects.count()) == (1, 1)


def test_it_is_declined_once(make_orders: OrderMaker, wang: Person) -> None:
    new = NewAmendment(make_orders(1).get().pk, [SetQuantity(line=1, quantity=3)])
    asked = request([new], by=wang, now=NOW)

    done = at_once(lambda: decline(asked, by=wang, now=NOW, why="太晚"))

    assert done.count(True) == 1
