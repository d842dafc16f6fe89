"""What waits, summed up: one question to the database says for everybody what waits for them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import xor

from django.contrib.postgres.aggregates import BitXor
from django.db.models import BigIntegerField, Count, Func

from gendan.people.models import Person
from gendan.worklist.models import Item
from gendan.worklist.queries import waiting_of

EVERYBODYS = "all"

# A number for each open item: another one when what can change about it while it is open has.
MARK = "hashint8extended(id, coalesce(owner_id, 0) * 2 + (escalated_at IS NOT NULL)::int)"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many items of a role, an owner and a place wait, and their marks taken together."""

    role: str
    owner_id: int | None
    shop_id: int | None
    warehouse_id: int | None
    count: int
    mark: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What somebody has to do with: everybody with the same outlook sees the same free items."""

    roles: frozenset[str]
    shop_ids: frozenset[int] | None
    warehouse_ids: frozenset[int] | None
    sees_all: bool

    def has(self, waiting: Waiting) -> bool:
        """Say whether items are in places of this outlook."""
        return _among(waiting.shop_id, self.shop_ids) and _among(
            waiting.warehouse_id, self.warehouse_ids
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """How much waits for a person, and a digest of what they see: another one when it changes."""

    count: int
    digest: str


def _among(place: int | None, seen: frozenset[int] | None) -> bool:
    return place is None or seen is None or place in seen


def outlook(person: Person, whose: str) -> Outlook:
    """Return what the person sees; of everybody's items, if they ask for those and may."""
    shops, warehouses = person.shop_ids, person.warehouse_ids
    return Outlook(
        frozenset(person.roles),
        None if shops is None else frozenset(shops),
        None if warehouses is None else frozenset(warehouses),
        whose == EVERYBODYS and person.may("worklist.assign"),
    )


def digest_of(person: Person, whose: str) -> str:
    """Return the digest of one person, for the page that shows the items themselves."""
    seen = waiting_of(person, whose if whose == EVERYBODYS else "")
    return _digest(seen.aggregate(mark=_mark())["mark"] or 0)


def _mark() -> BitXor:
    return BitXor(Func(template=MARK, output_field=BigIntegerField()))


def _digest(mark: int) -> str:
    return f"{mark & 0xFFFF_FFFF_FFFF_FFFF:016x}"


class Everything:
    """All that waits at one moment, sorted so that each person's share is soon added up."""

    def __init__(self, rows: Iterable[Waiting]) -> None:
        self.rows = frozenset(rows)
        self.free: dict[str, list[Waiting]] = defaultdict(list)
        self.owned: dict[int, list[Waiting]] = defaultdict(list)
        for row in self.rows:
            if row.owner_id is None:
                self.free[row.role].append(row)
            else:
                self.owned[row.owner_id].append(row)
        self.shares: dict[Outlook, tuple[int, int]] = {}

    def figures(self, person_id: int, outlook: Outlook) -> Figures:
        """Return a person's figures; those of one outlook are added up once."""
        free_count, mark = self._share(outlook)
        own = [row for row in self.owned.get(person_id, ()) if outlook.has(row)]
        if not outlook.sees_all:
            mark = reduce(xor, (row.mark for row in own), mark)
        return Figures(free_count + sum(row.count for row in own), _digest(mark))

    def _share(self, outlook: Outlook) -> tuple[int, int]:
        if outlook not in self.shares:
            self.shares[outlook] = self._added_up(outlook)
        return self.shares[outlook]

    def _added_up(self, outlook: Outlook) -> tuple[int, int]:
        """Return how many free items an outlook has, and the mark of all that it sees."""
        free = [row for role in outlook.roles for row in self.free[role] if outlook.has(row)]
        seen = filter(outlook.has, self.rows) if outlook.sees_all else free
        return sum(row.count for row in free), reduce(xor, (row.mark for row in seen), 0)


def everything() -> Everything:
    """Read all that waits."""
    groups = Item.objects.open().values_list("role", "owner", "shop", "warehouse")
    return Everything(Waiting(*row) for row in groups.annotate(Count("pk"), mark=_mark()))
