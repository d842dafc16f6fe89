"""What an order from a program names, looked up in one statement: key, shop, goods and buyer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gendan.catalog.models import Sku
from gendan.customers.meeting import Acquaintance
from gendan.customers.models import Identity
from gendan.customers.queries import Key
from gendan.people.api import KEYS, SHOPS
from gendan.people.models import ApiKey, Shop
from gendan.ui.statements import Look, Lookup

THE_SHOPS = "?"
"""The platform of whatever shop an order is for: it is read in the same statement."""

SKUS = Lookup(
    Sku,
    "code = ANY(%s)",
    *("id", "code", "title", "specification", "price_fen", "floor_fen", "is_active"),
)
OWNERS = Lookup(
    Identity,
    f"""(kind, scope, value) IN (
      SELECT k.kind, CASE k.scope WHEN '{THE_SHOPS}' THEN s.platform ELSE k.scope END, k.value
      FROM unnest(%s::text[], %s::text[], %s::text[]) AS k (kind, scope, value), people_shop s
      WHERE s.code = %s
    )""",  # noqa: S608 (a constant)
    *("kind", "scope", "value", "customer_id"),
)
LOOK = Look(KEYS, SHOPS, SKUS, OWNERS)


@dataclass(frozen=True)
class Found:
    """The rows, as far as they are there; `known`: whom the buyer's names belong to."""

    keys: Sequence[ApiKey]
    shops: Sequence[Shop]
    skus: Sequence[Sku]
    known: Mapping[Key, int]


def look(key: ApiKey, shop: str, skus: Sequence[str], buyer: Acquaintance) -> Found:
    """Look up what an order names: a key that must still be good, the codes of shop and goods."""
    names = [[key[part] for key in buyer.keys] for part in range(3)]
    keys, shops, found, owners = LOOK(key.hash, shop, list(skus), *names, shop)
    known = {(one.kind, one.scope, one.value): one.customer_id for one in owners}
    return Found(keys, shops, found, known)
