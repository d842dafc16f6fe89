"""The stream bench's child: a thousand people who are signed in, and the changes they hear of.

It answers one line of JSON for each line that it is asked. Who is to hear of a change is found out
here by SQL that shares nothing with the code of the live updates.
"""

import json
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import click
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from gendan.bench.measuring import seeded
from gendan.config.demo.places import furnish
from gendan.journal.actors import Job
from gendan.journal.writing import entry
from gendan.people.models import Person, Shop, Warehouse
from gendan.people.permissions import Role
from gendan.worklist.actions import NewItem, claim, escalate, finish, hand_over, open_items
from gendan.worklist.figures import digest_of
from gendan.worklist.models import Item, ItemQuerySet, Kind

BY = Job("bench")
ROLES = {
    Role.SERVICE: 400,
    Role.WAREHOUSE: 250,
    Role.REVIEWER: 120,
    Role.MERCHANDISER: 120,
    Role.SUPERVISOR: 40,
    Role.FINANCE: 40,
    Role.BUYER: 20,
    Role.ADMIN: 10,
}
KINDS = (Kind.HELD, Kind.SHORT, Kind.UNPAID, Kind.RECALLED, Kind.NO_MOVEMENT, Kind.APPROVAL)
WAITING = 5_000

HEARERS = """
SELECT DISTINCT person.id FROM people_person AS person, worklist_item AS item
WHERE item.id = ANY(%(items)s) AND item.done_at IS NULL
  AND (person.id = ANY(%(see_all)s) OR item.owner_id = person.id
       OR item.owner_id IS NULL AND item.role = ANY(person.roles))
  AND (item.shop_id IS NULL OR person.shop_ids IS NULL OR item.shop_id = ANY(person.shop_ids))
  AND (item.warehouse_id IS NULL OR person.warehouse_ids IS NULL
       OR item.warehouse_id = ANY(person.warehouse_ids))
"""


class Acting:
    """Acts of people in another process than the web's, one after the other, always the same."""

    def __init__(self, people: int) -> None:
        self.chance = seeded(8)
        furnish(BY)
        self.shops = list(Shop.objects.values_list("pk", flat=True))
        self.warehouses = list(Warehouse.objects.values_list("pk", flat=True))
        self.people = self._employ(people)
        self.see_all = [p.pk for p in self.people if Role.SUPERVISOR in p.roles][::2]
        self.last = 0
        self._open(min(WAITING, people * 5))

    def _employ(self, number: int) -> list[Person]:
        """Make people with a role each, most of them for some of the shops or one warehouse."""
        roles = [role for role, share in ROLES.items() for _ in range(share)]
        people = [
            Person(
                username=f"p{index}",
                name=f"同事{index}",
                roles=[roles[index * len(roles) // number]],
                shop_ids=self._some(self.shops),
                warehouse_ids=self._some(self.warehouses),
                password=f"!{index}",
                password_changed_at=timezone.now(),
            )
            for index in range(number)
        ]
        with entry("person.added", by=BY):
            Person.objects.bulk_create(people)
        return people

    def _some(self, places: list[int]) -> list[int] | None:
        """Return none (all of them) for a half of the people, one or two places for the others."""
        if self.chance.random() < 0.5:
            return None
        return sorted(self.chance.sample(places, min(self.chance.randint(1, 2), len(places))))

    def pages(self) -> list[dict[str, Any]]:
        """Sign everybody in; return each person's page: cookie, id, and whose work it shows."""
        backend = settings.AUTHENTICATION_BACKENDS[0]
        store, until = SessionStore(), timezone.now() + timedelta(hours=12)
        sessions = [
            Session(
                session_key=f"bench{person.pk:027}",
                session_data=store.encode(
                    {
                        SESSION_KEY: str(person.pk),
                        BACKEND_SESSION_KEY: backend,
                        HASH_SESSION_KEY: person.get_session_auth_hash(),
                    }
                ),
                expire_date=until,
            )
            for person in self.people
        ]
        Session.objects.bulk_create(sessions)
        name = settings.SESSION_COOKIE_NAME
        return [
            {
                "cookie": f"{name}={session.session_key}",
                "person": person.pk,
                "whose": "all" if person.pk in self.see_all else "",
            }
            for session, person in zip(sessions, self.people, strict=True)
        ]

    def change(self) -> dict[str, Any]:
        """Act once; return when the act was about to be committed, and who is to hear of it."""
        act = self.chance.choice(
            (
                self._open_some,
                self._open_some,
                self._claim,
                self._finish,
                self._hand_over,
                self._escalate,
            )
        )
        with transaction.atomic():
            items = act()
            hearers = self._before | self._hearers(items)
            return {"at": time.monotonic(), "hearers": sorted(hearers)}

    def _acting_on(self, items: ItemQuerySet, number: int) -> list[int]:
        """Choose items to act on, and note who has to do with them until now."""
        known = list(items.order_by("pk").values_list("pk", flat=True)[:200])
        chosen = self.chance.sample(known, min(number, len(known)))
        self._before = self._hearers(chosen)
        return chosen

    def _hearers(self, items: list[int]) -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute(HEARERS, {"items": items, "see_all": self.see_all})
            return {person for (person,) in cursor.fetchall()}

    def _open_some(self) -> list[int]:
        self._before = set()
        return self._open(self.chance.randint(1, 3))

    def _open(self, number: int) -> list[int]:
        news = [self._new_item() for _ in range(number)]
        open_items(news, by=BY, now=timezone.now())
        ids = [item.subject_id for item in news]
        return list(Item.objects.filter(subject_id__any=ids).values_list("pk", flat=True))

    def _new_item(self) -> NewItem:
        self.last += 1
        return NewItem(
            self.chance.choice(KINDS),
            "order",
            self.last,
            facts={"number": f"O{self.last}"},
            shop_id=self.chance.choice(self.shops),
            warehouse_id=self.chance.choice([None, *self.warehouses]),
            due_at=timezone.now() + timedelta(days=1),
        )

    def _claim(self) -> list[int]:
        person = self.chance.choice(self.people)
        items = Item.objects.open().visible_to(person).filter(owner=None, role__in=person.roles)
        chosen = self._acting_on(items, 2)
        claim(Item.objects.filter(pk__in=chosen), by=person)
        return chosen

    def _finish(self) -> list[int]:
        chosen = self._acting_on(Item.objects.open(), 2)
        finish(Item.objects.filter(pk__in=chosen), by=BY, now=timezone.now(), why="bench")
        return chosen

    def _hand_over(self) -> list[int]:
        person = self.chance.choice(self.people)
        chosen = self._acting_on(Item.objects.open().filter(role__in=person.roles), 1)
        hand_over(Item.objects.filter(pk__in=chosen), person, by=BY, why="bench")
        return chosen

    def _escalate(self) -> list[int]:
        chosen = self._acting_on(Item.objects.open().filter(escalated_at=None), 1)
        long_ago = timezone.now() - timedelta(minutes=1)
        with entry("item.opened", by=BY):
            Item.objects.filter(pk__in=chosen).update(due_at=long_ago)
        escalate(by=BY, now=timezone.now())
        return chosen

    def many(self, number: int) -> dict[str, Any]:
        """Act so often without a pause; return when the last act was about to be committed."""
        return [self.change() for _ in range(number)][-1]

    def truth(self) -> dict[str, Any]:
        """Return the digest of what each person sees, asked person by person."""
        see_all = set(self.see_all)
        return {
            str(person.pk): digest_of(person, "all" if person.pk in see_all else "")
            for person in self.people
        }


def _asked() -> Iterator[list[str]]:
    for line in sys.stdin:
        yield line.split()


def main(people: str) -> dict[str, Any]:
    """Do what is asked until nothing is asked any more."""
    acting = Acting(int(people))
    for word, *number in _asked():
        answer = getattr(acting, word)(*map(int, number))
        click.echo(json.dumps(answer))
        sys.stdout.flush()
    return {}
