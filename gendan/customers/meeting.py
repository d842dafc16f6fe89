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

Row = Mapping[str, Any]

# Two clerks who meet the same new customer at once must not make two of them; those who meet others
# need not wait for them. Drawers are locked in one order, and a large set locks no more than all.
DRAWERS = 256
TURN = "SELECT count(pg_advisory_xact_lock(20301, n)) FROM unnest(%s::int[]) AS n"
MET_ONCE = "identity_once"

# Where a customer of ours had it sent before, it is not written down again.
KEEPING = """
INSERT INTO customers_address
  (customer_id, receiver_name, receiver_phone, province, city, district, street, address,
   division, zip, is_default, used_at)
SELECT {customer}, n.receiver_name, n.receiver_phone, n.province, n.city, n.district, n.street,
  n.address, n.division, n.zip, false, n.used_at
FROM json_populate_recordset(NULL::customers_address, %s::json) n
WHERE NOT EXISTS (
  SELECT FROM customers_address a
  WHERE a.customer_id = n.customer_id AND a.receiver_name = n.receiver_name
    AND a.receiver_phone = n.receiver_phone AND a.district = n.district AND a.address = n.address)
"""
KEEP = KEEPING.format(customer="n.customer_id")

NEW, NAMES = Document(Customer), Document(Identity)
# Parts of a statement. Whoever is new is named by their place in the list, below zero, until
# PostgreSQL knows their id; nobody is made before their turn.
WHOSE = """coalesce(
  (SELECT new_id FROM fresh WHERE fresh.ordinality = -{row}.customer_id), {row}.customer_id)"""
MEET = f"""
turn AS MATERIALIZED ({TURN}),
fresh AS MATERIALIZED (
  SELECT nextval('customers_customer_id_seq') AS new_id, n.*
  FROM turn, {NEW.read} WITH ORDINALITY AS n
), made AS (
  INSERT INTO customers_customer (id, {", ".join(NEW.columns)})
  SELECT new_id, {", ".join(NEW.columns)} FROM fresh
), named AS (
  INSERT INTO customers_identity (customer_id, kind, scope, value)
  SELECT {WHOSE.format(row="n")}, n.kind, n.scope, n.value
  FROM turn, {NAMES.read} n
  RETURNING customer_id, kind, scope, value
)
"""  # noqa: S608 (names of our own tables and columns)
INTRODUCE = f"WITH {MEET} SELECT * FROM named"  # noqa: S608 (our own text, above)


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


@dataclass(frozen=True)
class Meeting:
    """Who some people are: each one's customer, below zero by their place in the list of `new`."""

    customers: Sequence[int | None]
    new: Sequence[Row]
    learnt: Sequence[Row]

    @property
    def values(self) -> list[Any]:
        """What `MEET` wants to know; nothing if nobody is new and no name is."""
        if not self.learnt:
            return []
        drawers = {crc32("".join(_key(row)).encode()) % DRAWERS for row in self.learnt}
        return [sorted(drawers), NEW.of(self.new), NAMES.of(self.learnt)]


def meeting(people: Sequence[Acquaintance], known: Mapping[Key, int]) -> Meeting:
    """Return who some people are, of whose names these are known; nothing is written yet.

    Somebody without any usable phone, account or mail is nobody's customer: None.
    """
    belongs: dict[Key, int] = dict(known)
    customers: list[int | None] = []
    new: list[Row] = []
    for person in people:
        own = person.keys
        met = next((belongs[key] for key in own if key in belongs), None)
        if own and met is None:
            new.append(_customer(person))
            met = -len(new)
        belongs |= {key: met for key in own if key not in belongs and met}
        customers.append(met)
    learnt = [
        {"customer_id": met, "kind": key[0], "scope": key[1], "value": key[2]}
        for key, met in belongs.items()
        if key not in known
    ]
    return Meeting(customers, new, learnt)


def meet(people: Sequence[Acquaintance]) -> list[int | None]:
    """Return the id of each one's customer, made within the open entry if nobody knew them yet."""
    keys = [person.keys for person in people]
    known = owners(keys)
    if strangers(keys, known):
        _wait_for_others(meeting(people, known))
        known = owners(keys)
        known |= _introduced(meeting(people, known))
    return whose(keys, known)


def strangers(keys: Iterable[Sequence[Key]], known: Mapping[Key, int]) -> bool:
    """Say whether anybody has a name that is not known yet."""
    return any(key not in known for own in keys for key in own)


def whose(keys: Iterable[Sequence[Key]], known: Mapping[Key, int]) -> list[int | None]:
    """Return for each one's names the customer they belong to."""
    return [next((known[key] for key in own if key in known), None) for own in keys]


def keep(addresses: Iterable[Row], *, now: datetime) -> int:
    """Remember, within the open entry, where customers had something sent, once each."""
    told = kept(addresses, now=now)
    if not told:
        return 0
    with planned() as cursor:
        cursor.execute(KEEP, told)
        return int(cursor.rowcount)


def kept(addresses: Iterable[Row], *, now: datetime) -> list[str]:
    """Return what `KEEPING` wants to know, each address once; nothing if there are none."""
    rows: dict[tuple[Any, ...], Row] = {}
    for row in addresses:
        place = (row["customer_id"], row["receiver_phone"], row["district"], row["address"])
        rows.setdefault(place, {**row, "used_at": now})
    return [as_json(list(rows.values()))] if rows else []


def _wait_for_others(met: Meeting) -> None:
    with planned() as cursor:
        cursor.execute(TURN, met.values[:1])


def _introduced(met: Meeting) -> dict[Key, int]:
    if not met.learnt:
        return {}
    with planned() as cursor:
        cursor.execute(INTRODUCE, met.values)
        return {(kind, scope, value): customer for customer, kind, scope, value in cursor}


def _key(row: Row) -> Key:
    return row["kind"], row["scope"], row["value"]


def _customer(person: Acquaintance) -> Row:
    number = phone(person.phone)
    return {
        "name": (person.name or person.account or str(number))[:80],
        "phone": str(number)[:40] if number.kind in (Kind.MOBILE, Kind.LANDLINE) else "",
        "mail": person.mail.strip(),
        "made_at": timezone.now(),
    }
