"""What this room does when orders are changed: pieces are given back, and taken, in the same act.

An order that goes back to screening keeps what it had of its goods while the rules are asked, and
gives back what it needs no more; if it passes, it stands where it stood. One that wants other or
more goods gives everything back first and is served anew, whole or not at all. Nobody comes
between: the balances of all its goods, of before and of now, and of the gifts that it may get,
stay locked from `LEAVING` on.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.journal.writing import entry
from gendan.orders.amending.following import Act, Change, Moment, Told, explain, follow
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.people.models import Warehouse
from gendan.stock.actions import release, reserve
from gendan.stock.locking import lock
from gendan.stock.models import Movement, Reservation, Rest, Shortage
from gendan.stock.needs import needs
from gendan.stock.presold import follow_on_their_day, held_back
from gendan.stock.writing import Change as Written
from gendan.stock.writing import write
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind

ROOM = "stock"
WAITED = (Stage.SHORT, Stage.ALLOCATED)

explain(
    {
        "GIVEN_BACK": Told(
            gettext_lazy(
                "%(pieces)s × %(sku)s go back to the shelf in %(warehouse)s, free for others."
            ),
            "",
            "return",
        ),
        "TAKEN": Told(
            gettext_lazy("%(pieces)s × %(sku)s are set aside in %(warehouse)s."), "good", "stock"
        ),
        "LACKING": Told(
            gettext_lazy("%(pieces)s × %(sku)s are missing: the order is short."), "bad", "alert"
        ),
        "WAITS": Told(gettext_lazy("It waits for its turn at the stock again."), "", "clock"),
    },
    {"warehouse": lambda code: _named(code)},
)


class Piece(NamedTuple):
    """Where pieces of a line are set aside."""

    line: int
    sku: int
    warehouse: int


@dataclass
class Having:
    """What an order had set aside when it was changed, and what each line wants now.

    `codes` tells the same by the codes of SKU and warehouse.
    """

    pieces: dict[Piece, int] = field(default_factory=dict)
    codes: dict[tuple[str, str], int] = field(default_factory=dict)
    wanted: dict[tuple[int, int], int] = field(default_factory=dict)  # by line and SKU
    may_stay: bool = False

    @property
    def stays_at(self) -> int | None:
        """The warehouse that has everything wanted set aside already, if there is one."""
        places = {piece.warehouse for piece in self.pieces}
        if not self.may_stay or len(places) != 1:
            return None
        (place,) = places
        enough = all(
            self.pieces.get(Piece(*goods, place), 0) >= pieces
            for goods, pieces in self.wanted.items()
        )
        return place if self.wanted and enough else None

    @property
    def surplus(self) -> dict[Piece, int]:
        """What is set aside beyond what the lines want."""
        left = {piece: self.wanted.get(piece[:2], 0) for piece in self.pieces}
        return {
            piece: pieces - left[piece]
            for piece, pieces in sorted(self.pieces.items())
            if pieces > left[piece]
        }


@follow(Moment.LEAVING)
def give_back(act: Act) -> None:
    """Free what orders that go back had set aside and do not need any more."""
    going = act.those(_goes_back)
    if not going:
        return
    lock(going)
    having = _having(going)
    for pk, change in going.items():
        change.beside[ROOM] = having[pk]
    _free_surplus(act, [having[pk] for pk in going if having[pk].stays_at])
    release(_orders(pk for pk in going if not having[pk].stays_at), by=act.by, why=act.why)
    waited = [pk for pk, change in going.items() if change.was == Stage.SHORT]
    why = _("the order was changed")
    close_items([Kind.SHORT], "order", waited, by=act.by, now=act.now, why=why)


@follow(Moment.MOVED)
def take_again(act: Act) -> None:
    """Let those that pass screening have their goods; say what became of all."""
    going = act.those(_goes_back)
    if not going:
        return
    had: dict[int, Having] = {pk: change.beside[ROOM] for pk, change in going.items()}
    served = _orders(pk for pk, change in going.items() if change.was == Stage.ALLOCATED)
    passing = set(served.filter(stage=Stage.READY).values_list("pk", flat=True))
    passing -= held_back(passing)
    having = _having(going)  # gifts may have come or gone
    staying = {pk: place for pk in passing if (place := having[pk].stays_at)}
    _free_surplus(act, [having[pk] for pk in sorted(staying)])
    _let_stay(staying, act.now)
    if leaving := [pk for pk in going if having[pk].pieces and pk not in staying]:
        release(_orders(leaving), by=act.by, why=act.why)
    reserve(_orders(passing - set(staying)), by=act.by, now=act.now)
    _tell(going, had)


def _goes_back(change: Change) -> bool:
    return change.begins_anew and change.was in WAITED


def _orders(ids: Iterable[int]) -> OrderQuerySet:
    return Order.objects.numbered(sorted(ids))


def _having(going: Mapping[int, Change]) -> dict[int, Having]:
    having = {pk: Having(may_stay=change.goes == Stage.SCREENING) for pk, change in going.items()}
    for order, piece, code, pieces in _set_aside(going):
        having[order].pieces[piece] = pieces
        having[order].codes[code] = having[order].codes.get(code, 0) + pieces
    for demand in needs(list(going)):
        having[demand.order_id].wanted = {(line, sku): n for line, sku, n in demand.needs}
    return having


def _set_aside(
    orders: Iterable[int],
) -> Iterator[tuple[int, Piece, tuple[str, str], int]]:
    rows = Reservation.objects.filter(line__order_id__any=list(orders)).order_by("line")
    names = ("line", "sku", "warehouse", "sku__code", "warehouse__code", "quantity")
    for order, line, sku, place, sku_code, code, pieces in rows.values_list("line__order", *names):
        yield order, Piece(line, sku, place), (sku_code, code), pieces


def _free_surplus(act: Act, staying: Iterable[Having]) -> None:
    changes = [
        Written(piece.sku, piece.warehouse, 0, -pieces, piece.line)
        for having in staying
        for piece, pieces in having.surplus.items()
    ]
    if changes:
        with entry("stock.released", by=act.by, why=act.why) as opened:
            write(changes, Movement.RELEASED, entry=opened)


def _let_stay(places: Mapping[int, int], now: datetime) -> None:
    """Bring orders whose goods stayed set aside (by id) back to the warehouse that has them.

    Only what is presold can follow later of them.
    """
    for place in sorted(set(places.values())):
        there = [pk for pk, at in places.items() if at == place]
        move(Order.objects.numbered(there), Stage.ALLOCATED, warehouse_id=place)
    Rest.objects.filter(order_id__any=list(places)).delete()
    follow_on_their_day(places, now)


def _tell(going: Mapping[int, Change], had: Mapping[int, Having]) -> None:
    have: dict[int, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for order, _piece, code, pieces in _set_aside(going):
        have[order][code] += pieces
    lacking = _lacking(going)
    stages = dict(_orders(going).values_list("pk", "stage"))
    for pk, change in going.items():
        _tell_pieces(change, had[pk].codes, have[pk])
        for sku, pieces in lacking[pk]:
            change.follows("LACKING", sku=sku, pieces=pieces)
        if stages[pk] == Stage.READY:
            change.follows("WAITS")


def _tell_pieces(
    change: Change, had: Mapping[tuple[str, str], int], have: Mapping[tuple[str, str], int]
) -> None:
    for sku, place in sorted({*had, *have}):
        more = have.get((sku, place), 0) - had.get((sku, place), 0)
        if more:
            kind = "TAKEN" if more > 0 else "GIVEN_BACK"
            change.follows(kind, sku=sku, pieces=abs(more), warehouse=place)


def _lacking(orders: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
    lacking: dict[int, list[tuple[str, int]]] = defaultdict(list)
    rows = Shortage.objects.filter(order_id__any=list(orders)).order_by("order", "sku__code")
    for order, sku, missing in rows.values_list("order", "sku__code", "missing"):
        lacking[order].append((sku, missing))
    return lacking


def _named(code: str) -> str:
    found = Warehouse.objects.filter(code=code).first()
    return found.name if found else code
