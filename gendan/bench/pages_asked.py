"""What is asked of the pages: who asks, and addresses that differ from each other.

A child of the bench writes them down: it knows the house. The same house gives the same questions.
"""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from gendan.bench.merchant import SERIES
from gendan.journal.actors import Job
from gendan.orders.listing import TABS
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.actions import add_person
from gendan.people.models import Person, Shop
from gendan.people.permissions import Role
from gendan.warehouse.models import Shipment

SUPERVISOR, AGENT, WAREHOUSE = "supervisor", "agent of one shop", "warehouse"
ALL = (SUPERVISOR, AGENT, SUPERVISOR, WAREHOUSE)
LISTS = (
    "chasing", "confirmations", "samples", "amendments", "shortages", "arrivals", "substitutes",
    "promises", "publishing", "publish-outbox", "prepacks", "mistakes", "messages",
    "screening-sweep",
)  # fmt: skip
PLAIN = (
    "chase-plans", "chase-gain", "check-items", "check-rules", "short-goods", "presales",
    "combinable", "combine-rules", "urgent-lane", "promise-terms", "sourcing", "gift-rules",
    "screening", "surge", "mistakes-month", "put-back", "shop-limits", "scripts",
)  # fmt: skip
ON_ORDERS = {
    "chase": Stage.UNPAID, "order-check": Stage.UNCONFIRMED, "order-amend": Stage.ALLOCATED,
    "order-write": Stage.HELD,
}  # fmt: skip
"""Pages by the names of their addresses; those about one order with the stage that it stands at."""
DAYS = 175
Chance = random.Random
Ask = Callable[[Chance], str]


def main(times: str) -> dict[str, Any]:
    """Return who asks (with the cookie of each), and so many addresses of every page."""
    chance = Chance(2611)
    asked = {
        name: [[people[n % len(people)], ask(chance)] for n in range(int(times))]
        for name, people, ask in _pages()
    }
    return {"people": {name: _signed_in(person) for name, person in _people()}, "pages": asked}


def _people() -> Iterator[tuple[str, Person]]:
    yield SUPERVISOR, _one_of(Role.SUPERVISOR)
    yield AGENT, _agent()
    yield WAREHOUSE, _one_of(Role.WAREHOUSE)


def _one_of(role: Role) -> Person:
    someone: Person = Person.objects.filter(roles__contains=[role]).earliest("pk")
    return someone


def _agent() -> Person:
    known: Person | None = Person.objects.filter(username="agent").first()
    agent: Person = known or add_person(
        by=Job("bench"),
        username="agent",
        name="程一店",
        password=token_urlsafe(),
        roles=[Role.SERVICE],
        shop_ids=[Shop.objects.order_by("pk")[0].pk],
        must_change_password=False,
    )
    return agent


def _signed_in(person: Person) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "gendan.people.backends.LockingBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _pages() -> Iterator[tuple[str, tuple[str, ...], Ask]]:
    """Every page that is measured: its name, who asks for it, and what they ask."""
    yield "order list", ALL, _sorted_list
    for tab in TABS:
        yield f"tab {tab.key}", ALL, _listed("orders", tab=tab.key)
    for what, term in SEARCHES.items():
        yield f"search {what}", ALL, _searched(term)
    for number, expression in enumerate(EXPRESSIONS, 1):
        yield f"finding {number}", ALL, _found(expression)
    yield "order page", (SUPERVISOR, SUPERVISOR, SUPERVISOR, WAREHOUSE), _order_page
    yield "home", ALL, lambda chance: "/"
    yield "board", ALL, lambda chance: reverse("board")
    yield "day report", (SUPERVISOR,), _report
    yield "month report", (SUPERVISOR,), lambda chance: f"{_report(chance)}&view=month"
    yield "who did what", (SUPERVISOR,), lambda chance: _dated("accountability", chance)
    yield "search everywhere", ALL, _everywhere
    yield "shipments", ALL, _listed("shipments", tab="all")
    yield "parcels", ALL, _parcels
    yield "customers", (SUPERVISOR, AGENT), _listed("customers")
    yield from _handling()


def _handling() -> Iterator[tuple[str, tuple[str, ...], Ask]]:
    """What is done with orders between placing and packing; lists by their first tab and all."""
    for name in LISTS:
        yield name, (SUPERVISOR,), _tabbed(name)
    for name in PLAIN:
        yield name, (SUPERVISOR,), _plain(name)
    for name, stage in ON_ORDERS.items():
        yield name, (SUPERVISOR,), _on_order(name, stage)
    yield "reconcile", (SUPERVISOR,), _reconciled
    yield "everybody's work", (SUPERVISOR,), _listed("worklist", whose="all")
    yield "an agent's chasing", (AGENT,), _listed("chasing")
    yield "an agent's promises", (AGENT,), _listed("promises")
    yield "an agent's messages", (AGENT,), _listed("messages", tab="all")
    yield "labels", (WAREHOUSE,), _plain("labels")


def _listed(name: str, **query: str) -> Ask:
    return lambda chance: f"{reverse(name)}?{urlencode(query)}"


def _plain(name: str) -> Ask:
    return lambda chance: reverse(name)


def _tabbed(name: str) -> Ask:
    return lambda chance: reverse(name) + chance.choice(("", "?tab=all"))


def _on_order(name: str, stage: Stage) -> Ask:
    return lambda chance: reverse(name, args=[chance.choice(_numbers(stage))])


@cache
def _numbers(stage: Stage) -> list[str]:
    """Return the last orders that stand at a stage."""
    last = Order.objects.filter(stage=stage).order_by("-pk")
    return list(last.values_list("number", flat=True)[:500])


def _reconciled(chance: Chance) -> str:
    on = timezone.localdate() - timedelta(days=chance.randrange(DAYS))
    return reverse("reconcile-day", args=[f"{on}"])


def _sorted_list(chance: Chance) -> str:
    sort = chance.choice(("-placed_at", "placed_at", "-number", "number"))
    return f"{reverse('orders')}?{urlencode({'tab': 'all', 'sort': sort})}"


def _searched(term: Ask) -> Ask:
    return lambda chance: f"{reverse('orders')}?{urlencode({'tab': 'all', 'q': term(chance)})}"


def _found(expression: str) -> Ask:
    return _searched(
        lambda chance: expression.format(
            n=chance.randrange(100, 900),
            day=f"{timezone.localdate() - timedelta(days=chance.randrange(DAYS))}",
        )
    )


def _order_page(chance: Chance) -> str:
    return reverse("order", args=[_order(chance).number])


def _report(chance: Chance) -> str:
    return _dated("day-report", chance)


def _dated(name: str, chance: Chance) -> str:
    on = timezone.localdate() - timedelta(days=chance.randrange(DAYS))
    return f"{reverse(name)}?on={on:%Y-%m-%d}"


def _everywhere(chance: Chance) -> str:
    term = chance.choice(list(SEARCHES.values()))
    return f"{reverse('search')}?{urlencode({'q': term(chance)})}"


def _parcels(chance: Chance) -> str:
    tab = chance.choice(("under-way", "delivered", "all", "trouble"))
    return f"{reverse('parcels')}?tab={tab}"


@cache
def _last(model: type[Order] | type[Shipment]) -> int:
    return int(model._default_manager.aggregate(last=Max("pk"))["last"])


def _order(chance: Chance) -> Order:
    """Return any order, a new one as likely as an old one."""
    return Order.objects.filter(pk__lte=chance.randrange(_last(Order)) + 1).latest("pk")


def _waybill(chance: Chance) -> str:
    sent = Shipment.objects.exclude(waybill="")
    return sent.filter(pk__lte=chance.randrange(_last(Shipment)) + 50).latest("pk").waybill


SEARCHES: dict[str, Ask] = {
    "number": lambda chance: _order(chance).number,
    "platform order": lambda chance: _order(chance).platform_order or "26",
    "phone": lambda chance: _order(chance).receiver_phone,
    "end of a phone": lambda chance: _order(chance).receiver_phone[-4:],
    "name": lambda chance: _order(chance).receiver_name,
    "waybill": _waybill,
    "part of a title": lambda chance: chance.choice(
        ("春山系列", "植鞣长款", "茉莉花茶 归舟", "水杯")
    ),
    "two characters": lambda chance: chance.choice(("龙井", "张伟", "王芳", "红袍", "皮带")),
    "one character": lambda chance: chance.choice(("茶", "王", "包")),
    "rare title": lambda chance: f"{chance.choice(SERIES)}系列 {chance.randrange(90):02}",
    "nothing": lambda chance: chance.choice(("没有这个人", "xq", "19900000000", "钿螺紫檀盒")),
}

EXPRESSIONS = (
    "stage = HELD and total > {n}",
    "placed_at = {day} and shop = 1",
    "buyer_remark is not empty and stage in (READY, SHORT, ALLOCATED)",
    "total > 5{n} and placed_at > -30d",
    "title ~ 龙井 and stage = SHORT",
    "province = 浙江省 and paid_at = {day}",
    "stage = COMPLETED and customer_tag = 老客",
)
