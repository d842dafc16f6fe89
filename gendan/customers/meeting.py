"""Who a customer is and where they had it sent, as a part of whatever act is open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from django.utils import timezone

from gendan.customers.addresses import phone
from gendan.customers.addresses.phones import Kind
from gendan.customers.models import Customer, Identity, IdentityKind
from gendan.customers.queries import Key, owners
from gendan.ui.statements import Document, as_json, planned

# Two clerks who meet the same new customer at once must not make two of them; those who meet others
# need not wait for them. Drawers are locked in one order, and a large set locks no more than all.
LOCK = "SELECT pg_advisory_xact_lock(%s, n) FROM unnest(%s::int[]) AS n"
DRAWERS, CUSTOMERS = 256, 20_301

KEEP = """
INSERT INTO customers_address
  (customer_id, receiver_name, receiver_phone, province, city, district, street, address,
   division, zip, is_default, used_at)
SELECT DISTINCT ON (n.customer_id, n.receiver_phone, n.district, n.address)
  n.customer_id, n.receiver_name, n.receiver_phone, n.province, n.city, n.district, n.street,
  n.address, n.division, n.zip, false, %s
FROM json_populate_recordset(NULL::customers_address, %s::json) n
WHERE NOT EXISTS (
  SELECT FROM customers_address a
  WHERE a.customer_id = n.customer_id AND a.receiver_name = n.receiver_name
    AND a.receiver_phone = n.receiver_phone AND a.district = n.district AND a.address = n.address)
"""

NEW, NAMES = Document(Customer), Document(Identity)
# Whoever is new is named by their place in the list, below zero, until PostgreSQL knows their id.
INTRODUCE = f"""
WITH fresh AS MATERIALIZED (
  SELECT nextval('customers_customer_id_seq') AS new_id, n.* FROM {NEW.read} WITH ORDINALITY AS n
), made AS (
  INSERT INTO customers_customer (id, {", ".join(NEW.columns)})
  SELECT new_id, {", ".join(NEW.columns)} FROM fresh
)
INSERT INTO customers_identity (customer_id, kind, scope, value)
SELECT coalesce(fresh.new_id, n.customer_id), n.kind, n.scope, n.value
FROM {NAMES.read} n LEFT JOIN fresh ON fresh.ordinality = -n.customer_id
RETURNING customer_id, kind, scope, value
"""  # noqa: S608 (names of our own tables and columns)


@dataclass(frozen=True)
class Acquaintance:
    """Somebody as a channel knows them: by phone, by platform account, by mail."""

    name: str = ""
    phone: str = ""
    mail: str = ""
    platform: str = ""
    account: str = ""

    @property
    def keys(self) -> list[Key]:
        """The names that tell them apart, the surest first; a hidden phone is none."""
        keys: list[Key] = []
        if self.platform and self.account:
            keys.append((IdentityKind.PLATFORM, self.platform, self.account[:120]))
        number = phone(self.phone)
        if number.kind in (Kind.MOBILE, Kind.LANDLINE):
            keys.append((IdentityKind.PHONE, "", str(number)))
        if "@" in self.mail:
            keys.append((IdentityKind.MAIL, "", self.mail.strip().lower()))
        return keys


def meet(people: Sequence[Acquaintance]) -> list[int | None]:
    """Return the id of each one's customer, made within the open entry if nobody knew them yet.

    Somebody without any usable phone, account or mail is nobody's customer: None.
    """
    keys = [person.keys for person in people]
    known = owners(keys)
    if strangers(keys, known):
        _wait_for_others(keys)
        known = owners(keys)
        _introduce(people, keys, known)
    return whose(keys, known)


def strangers(keys: Iterable[Sequence[Key]], known: Mapping[Key, int]) -> bool:
    """Say whether anybody has a name that is not known yet."""
    return any(key not in known for own in keys for key in own)


def whose(keys: Iterable[Sequence[Key]], known: Mapping[Key, int]) -> list[int | None]:
    """Return for each one's names the customer they belong to."""
    return [next((known[key] for key in own if key in known), None) for own in keys]


def keep(addresses: Iterable[Mapping[str, Any]], *, now: datetime) -> int:
    """Remember, within the open entry, where customers had something sent, once each."""
    rows = list(addresses)
    if not rows:
        return 0
    with planned() as cursor:
        cursor.execute(KEEP, [now, as_json(rows)])
        return int(cursor.rowcount)


def _wait_for_others(keys: Iterable[Sequence[Key]]) -> None:
    drawers = {crc32("".join(key).encode()) % DRAWERS for own in keys for key in own}
    with planned() as cursor:
        cursor.execute(LOCK, [CUSTOMERS, sorted(drawers)])


def _introduce(
    people: Sequence[Acquaintance], keys: Sequence[Sequence[Key]], known: dict[Key, int]
) -> None:
    """Make the customers who are new, and learn the new names of those who are not."""
    belongs: dict[Key, int] = dict(known)
    fresh: list[Customer] = []
    for person, own in zip(people, keys, strict=True):
        met = next((belongs[key] for key in own if key in belongs), None)
        if own and met is None:
            fresh.append(_customer(person))
            met = -len(fresh)
        belongs |= {key: met for key in own if key not in belongs and met}
    learnt = (
        {"customer_id": met, "kind": key[0], "scope": key[1], "value": key[2]}
        for key, met in belongs.items()
        if key not in known
    )
    with planned() as cursor:
        cursor.execute(INTRODUCE, [NEW.of(map(vars, fresh)), NAMES.of(learnt)])
        known.update({(kind, scope, value): met for met, kind, scope, value in cursor})


def _customer(person: Acquaintance) -> Customer:
    number = phone(person.phone)
    return Customer(
        name=(person.name or person.account or str(number))[:80],
        phone=str(number)[:40] if number.kind in (Kind.MOBILE, Kind.LANDLINE) else "",
        mail=person.mail.strip(),
        made_at=timezone.now(),
    )
