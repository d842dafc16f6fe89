"""The pages of chasing: the queue, a talk, plans, what it brings, and the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.desk.actions import answer
from gendan.desk.models import Message
from gendan.journal.writing import entry
from gendan.orders.actions.chase import Said, chase_now, install_chasing, say, see
from gendan.orders.chase_replies import Reply
from gendan.orders.models import (
    Chase,
    ChaseOutcome,
    ChasePlan,
    ChaseRules,
    ChaseTouch,
    ClosingTerm,
    Order,
)
from gendan.orders.queries.chase_gain import Gain, Group, gains
from gendan.orders.queries.chasing import next_in_turn
from gendan.orders.stages import Stage
from gendan.orders.tests.test_chase import HOUR, MINUTE, TEN, unpaid
from gendan.people.actions import make_key
from gendan.people.models import Person
from gendan.worklist.models import Item


@pytest.fixture
def due(make_orders: OrderMaker, set_up: ChasePlan) -> Order:
    """An order that the plan wants a word about, placed just now."""
    with entry("test.setup", by=TESTER):
        ChaseRules.objects.update(quiet_from="00:00", quiet_until="00:00")
    order = unpaid(make_orders, at=timezone.now() - HOUR).get()
    assert chase_now(by=TESTER, now=timezone.now()) == 1
    return order


def test_the_queue_shows_what_is_due(client: Client, wang: Person, due: Order) -> None:
    client.force_login(wang)

    page = client.get(reverse("chasing") + "?tab=due").content.decode()

    assert due.number in page


def test_the_next_one_is_claimed_and_shown(client: Client, wang: Person, due: Order) -> None:
    client.force_login(wang)

    answer = client.post(reverse("chase-next"))

    assert answer["Location"] == reverse("chase", args=[due.number])
    assert Item.objects.open().get(kind="CHASE").owner == wang


def test_the_dearest_hour_comes_first(
    make_orders: OrderMaker, set_up: ChasePlan, wang: Person
) -> None:
    unpaid(make_orders, quantity=1)
    dear = unpaid(make_orders, quantity=9).get()
    chase_now(by=TESTER, now=TEN + 20 * MINUTE)

    found = next_in_turn(wang, now=TEN + 20 * MINUTE)

    assert found is not None
    assert found.number == dear.number
    other = next_in_turn(wang, now=TEN, skipped=[dear.number])
    assert other is not None
    assert other.number != dear.number


def test_a_talk_is_noted_and_the_next_is_shown(client: Client, wang: Person, due: Order) -> None:
    client.force_login(wang)
    page = reverse("chase", args=[due.number])
    assert "¥256.00" in client.get(page).content.decode()

    said = {"text": "您好", "reason": "FORGOT", "channel": "CHAT", "times": "1", "next": "1"}
    at = timezone.localtime(timezone.now() + HOUR)
    promise = {"outcome": "WILL_PAY", "will_pay_at": f"{at:%Y-%m-%dT%H:%M}"}
    answer = client.post(page, {**said, **promise})

    assert answer["Location"] == reverse("chasing")
    assert ChaseTouch.objects.get().outcome == "WILL_PAY"


def test_a_refusal_stands_on_the_page(client: Client, wang: Person, due: Order) -> None:
    client.force_login(wang)
    said = {"text": "您好", "channel": "CHAT", "times": "7"}

    answer = client.post(reverse("chase", args=[due.number]), said)

    assert answer.status_code == 422
    assert ChaseTouch.objects.get().said_at is None


def test_an_offer_is_made_and_decided_on_the_pages(
    client: Client, wang: Person, zhao: Person, due: Order
) -> None:
    client.force_login(wang)
    client.post(reverse("chase-offer", args=[due.number]), {"off": "100"})
    client.force_login(zhao)
    offer = Chase.objects.get().offers.get()

    client.post(reverse("chase-offer-allow", args=[offer.pk]))

    due.refresh_from_db()
    assert due.total_fen == 15600


def test_the_order_s_page_shows_what_was_said(client: Client, wang: Person, due: Order) -> None:
    client.force_login(wang)

    page = client.get(reverse("order", args=[due.number])).content.decode()

    assert reverse("chase", args=[due.number]) in page


def test_strangers_see_nothing_of_it(client: Client, stranger: Person, due: Order) -> None:
    client.force_login(stranger)

    assert client.get(reverse("chase", args=[due.number])).status_code == 404
    assert due.number not in client.get(reverse("chasing") + "?tab=all").content.decode()


def test_a_warehouse_worker_chases_nobody(client: Client, chen: Person, due: Order) -> None:
    client.force_login(chen)

    assert client.get(reverse("chasing")).status_code == 403
    assert client.post(reverse("chase", args=[due.number]), {}).status_code == 403


def test_plans_are_set_up_and_changed_on_their_pages(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    client.post(reverse("chase-plans"), {"install": "1"})
    plan = ChasePlan.objects.get(code="NEW")
    steps = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
    line = {"minutes": "45", "anchor": "AFTER", "channel": "PHONE", "reason": "PRICE"}
    told = {f"form-0-{name}": value for name, value in line.items()}
    of_plan = {"name": "新客", "position": "20", "holdout_percent": "20", "is_on": "on"}

    answer = client.post(
        reverse("chase-plan", args=["NEW"]),
        {**steps, **told, **of_plan, "expression": "total > 100"},
    )

    assert answer.status_code == 302
    plan.refresh_from_db()
    assert (plan.expression, plan.holdout_percent) == ("total > 100", 20)
    assert plan.steps.get(is_retired=False).minutes == 45


def test_a_condition_that_cannot_be_read_is_refused(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    client.post(reverse("chase-plans"), {"install": "1"})
    steps = {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}
    of_plan = {"name": "新客", "position": "20", "holdout_percent": "20"}

    answer = client.post(
        reverse("chase-plan", args=["NEW"]), {**steps, **of_plan, "expression": "total > >"}
    )

    assert answer.status_code == 422
    assert ChasePlan.objects.get(code="NEW").expression == ""


def test_the_rules_are_changed_with_the_platforms_hours(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    client.post(reverse("chase-plans"), {"install": "1"})
    hours = {f"hours_{term.platform}": 48 for term in ClosingTerm.objects.all()}
    binding = {"quiet_from": "21:00", "quiet_until": "09:00", "daily_most": 2, "gap_minutes": 30}

    client.post(reverse("chase-plans"), {**hours, **binding, "is_on": "on"})

    assert ChaseRules.objects.get().daily_most == 2
    assert ClosingTerm.objects.get(platform="TAOBAO").hours == 48


def test_wilson_s_interval_is_the_known_one() -> None:
    low, high = Group(orders=100, paid=30).interval

    assert (round(low, 4), round(high, 4)) == (0.2189, 0.3959)


def test_newcombe_s_interval_is_the_one_of_his_paper() -> None:
    gain = Gain("", Group(70, 56), Group(80, 48))  # 56/70 - 48/80: 0.0524 to 0.3339

    low, high = gain.interval

    assert (round(low / 100, 4), round(high / 100, 4)) == (0.0524, 0.3339)
    assert gain.verdict == "MORE"


def test_few_orders_say_nothing() -> None:
    assert Gain("", Group(500, 400), Group(29, 3)).verdict == "FEW"


def test_the_gain_counts_what_is_over_as_it_was_drawn(
    make_orders: OrderMaker, set_up: ChasePlan, zhao: Person
) -> None:
    def drawn(number: int, *, held: bool, **more: Any) -> None:
        orders = unpaid(make_orders, number, stage=Stage.SCREENING, **more)
        with entry("test.setup", by=TESTER):
            Chase.objects.bulk_create(
                Chase(
                    order=order,
                    plan=set_up,
                    is_held_out=held,
                    customer_key=f"o{order.pk}",
                    since_at=TEN,
                    closes_at=TEN + HOUR,
                    seen_at=TEN,
                    owed_fen=order.total_fen,
                )
                for order in orders
            )

    drawn(30, held=False, paid_at=TEN, paid_fen=25600)
    drawn(10, held=False)
    drawn(10, held=True, paid_at=TEN, paid_fen=25600)
    drawn(30, held=True)

    whole = gains(zhao, since=TEN - HOUR, now=TEN + 2 * HOUR).whole

    assert (whole.chased.paid, whole.chased.orders) == (30, 40)
    assert (whole.held.paid, whole.held.orders) == (10, 40)
    assert whole.points == 50
    assert whole.verdict == "MORE"


def test_what_it_brings_is_shown(client: Client, zhao: Person, due: Order) -> None:
    client.force_login(zhao)

    assert client.get(reverse("chase-gain")).status_code == 200


def test_a_program_chases_by_the_same_acts(client: Client, due: Order) -> None:
    _key, secret = make_key(by=TESTER, name="CRM", scopes=["orders.chase"])
    bearer = {"authorization": f"Bearer {secret}"}
    said = [{"order": due.number, "channel": "PHONE", "text": "您好", "outcome": "UNREACHABLE"}]

    queue = client.get("/api/chasing", headers=bearer).json()
    answer = client.post("/api/chasing/say", {"said": said}, "application/json", headers=bearer)
    offer = {"order": due.number, "off_fen": 100}
    asked = client.post("/api/chasing/offers", offer, "application/json", headers=bearer)
    gain = client.get("/api/chasing/gain", headers=bearer).json()

    assert queue["rows"][0]["order"] == due.number
    assert answer.json()[0]["outcome"] == "UNREACHABLE"
    assert asked.json()["state"] == "ASKED"
    assert gain["whole"]["verdict"] == "FEW"


def test_without_the_scope_a_program_may_not(client: Client, due: Order) -> None:
    _key, secret = make_key(by=TESTER, name="CRM", scopes=["orders.see"])

    answer = client.get("/api/chasing", headers={"authorization": f"Bearer {secret}"})

    assert answer.status_code == 403


def test_setting_up_twice_changes_nothing(db: None) -> None:
    assert install_chasing(by=TESTER, now=TEN)
    assert not install_chasing(by=TESTER, now=TEN + timedelta(days=1))
    assert ChasePlan.objects.count() == 2


@pytest.mark.parametrize("outcome", ChaseOutcome.values)
def test_the_queue_shows_whatever_came_of_the_last_word(
    client: Client, wang: Person, due: Order, outcome: str
) -> None:
    with entry("test.setup", by=TESTER):
        now = timezone.now()
        ChaseTouch.objects.update(outcome=outcome, outcome_at=now, said_at=now)
    client.force_login(wang)

    page = client.get(reverse("chasing") + "?tab=all")

    assert (page.status_code, due.number in page.content.decode()) == (200, True)


def test_who_answered_comes_first_and_the_talk_says_what(
    client: Client, make_orders: OrderMaker, set_up: ChasePlan, wang: Person
) -> None:
    dear = unpaid(make_orders, quantity=9)
    order = unpaid(make_orders).get()
    see(by=TESTER, now=TEN)
    say([Said(order.pk, "CHAT", "您好")], by=wang, now=TEN)
    chase_now(by=TESTER, now=TEN + 20 * MINUTE)
    answer(
        Message.objects.filter(subject_id=order.pk), Reply.CHANGE, by=wang, now=TEN, words="换红的"
    )

    found = next_in_turn(wang, now=TEN + 20 * MINUTE)
    client.force_login(wang)
    page = client.get(reverse("chase", args=[order.number])).content.decode()

    assert dear.exists()
    assert (found and found.number) == order.number
    assert "换红的" in page
    assert reverse("order-amend", args=[order.number]) in page
