"""Meeting customers: found by phone, account or mail, or made; where they had it sent is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from gendan.customers.addresses import phone
from gendan.customers.addresses.phones import Kind
from gendan.customers.models import Address, Customer, Identity, IdentityKind
from gendan.customers.queries import Key, owners
from gendan.journal.actors import Actor
from gendan.journal.writing import entry

# Two clerks who meet the same new customer at once must not make two of them.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('customers.find_or_make'))"

KEEP = """
INSERT INTO customers_address
  (customer_id, receiver_name, receiver_phone, province, city, district, street, address,
   division, zip, is_default, used_at)
SELECT DISTINCT ON (n.customer_id, n.receiver_phone, n.district, n.address) n.*, false, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::text[], %s::text[], %s::text[])
  AS n (customer_id, receiver_name, receiver_phone, province, city, district, street, address,
        division, zip)
WHERE NOT EXISTS (
  SELECT FROM customers_address a
  WHERE a.customer_id = n.customer_id AND a.receiver_name = n.receiver_name
    AND a.receiver_phone = n.receiver_phone AND a.district = n.district AND a.address = n.address)
"""


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


def find_or_make(people: Sequence[Acquaintance], *, by: Actor) -> list[int | None]:
    """Return the id of each one's customer, made if nobody knew them yet.

    Somebody without any usable phone, account or mail is nobody's customer: None.
    """
    keys = [person.keys for person in people]
    known = owners(keys)
    if any(own and not all(key in known for key in own) for own in keys):
        with entry("customer.met", by=by), connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME)
            known = owners(keys)
            _introduce(people, keys, known)
    return [next((known[key] for key in own if key in known), None) for own in keys]


def keep_addresses(addresses: Iterable[Address], *, by: Actor, now: datetime) -> int:
    """Remember where customers had something sent, once each; return how many were new."""
    columns = zip(*(_row(address) for address in addresses), strict=True)
    values = [list(column) for column in columns]
    if not values:
        return 0
    with entry("customer.address_kept", by=by), connection.cursor() as cursor:
        cursor.execute(KEEP, [now, *values])
        return int(cursor.rowcount)


def _row(address: Address) -> tuple[int | str, ...]:
    return (
        address.customer_id,
        address.receiver_name,
        address.receiver_phone,
        address.province,
        address.city,
        address.district,
        address.street,
        address.address,
        address.division,
        address.zip,
    )


def _introduce(
    people: Sequence[Acquaintance], keys: Sequence[Sequence[Key]], known: dict[Key, int]
) -> None:
    """Make the customers who are new, and learn the new names of those who are not."""
    whose: dict[Key, Customer | int] = dict(known)
    fresh: list[Customer] = []
    for person, own in zip(people, keys, strict=True):
        met = next((whose[key] for key in own if key in whose), None)
        if own and met is None:
            fresh.append(met := _customer(person))
        for key in own:
            whose.setdefault(key, met)  # type: ignore[arg-type]  # somebody with keys was met
    Customer.objects.bulk_create(fresh)
    learnt = {key: met for key, met in whose.items() if key not in known}
    known.update((key, met if isinstance(met, int) else met.pk) for key, met in learnt.items())
    Identity.objects.bulk_create(
        Identity(customer_id=known[key], kind=key[0], scope=key[1], value=key[2]) for key in learnt
    )


def _customer(person: Acquaintance) -> Customer:
    number = phone(person.phone)
    return Customer(
        name=(person.name or person.account or str(number))[:80],
        phone=str(number)[:40] if number.kind in (Kind.MOBILE, Kind.LANDLINE) else "",
        mail=person.mail.strip(),
    )
