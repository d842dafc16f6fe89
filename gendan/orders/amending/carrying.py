"""Carrying amendments out: the changes themselves, and everything that follows, in its order."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db.models import Max
from django.utils.translation import gettext as _

from gendan.orders.amending import rules
from gendan.orders.amending.following import Act, Change, Consequence, Moment, come_to
from gendan.orders.amending.sheet import WRITTEN, CannotAmend, Sheet, by_code
from gendan.orders.amending.snapshot import Snapshot, digest, snapshots
from gendan.orders.amending.terms import telling, terms
from gendan.orders.amending.wanted import codes, read
from gendan.orders.go_on import go_on
from gendan.orders.models import Amendment, Instruction, Invoice, Line, Order
from gendan.orders.move import move
from gendan.orders.newcomers import Seller, promise
from gendan.orders.stages import Stage
from gendan.ui.errors import Refused


class WrongState(Refused):
    """Some of the amendments have been decided already, or don't exist."""


@dataclass(frozen=True)
class Preview:
    """What would come of an amendment; `digest` names exactly this."""

    amendment: Amendment
    before: Snapshot
    after: Snapshot
    consequences: Sequence[Consequence]
    difference_fen: int
    owed_fen: int

    @property
    def digest(self) -> str:
        told = [consequence.written() for consequence in self.consequences]
        return digest(self.before, self.after, told)


def carry_out(
    ids: Sequence[int], *, by: Seller, now: datetime, why: str = ""
) -> dict[int, Preview]:
    """Make the changes and let everything follow, within the act that is open."""
    orders, rows = _lock(ids)
    rules.refuse_over(orders.values())
    act = Act(changes_of(rows, orders), by, now, why)
    come_to(Moment.BEFORE, act)
    _read_again(act)
    before = snapshots(orders)
    for change in act.changes.values():
        rules.refuse_too_late(change)
        make(change)
        rules.refuse_beyond(change, by)
    _write(act.changes.values())
    come_to(Moment.CHANGED, act)
    _say_terms(act)
    for change in act.changes.values():
        change.goes = rules.goes_on(change)
    come_to(Moment.LEAVING, act)
    _write_beside(act.changes.values())
    _move(act)
    come_to(Moment.MOVED, act)
    _name_platforms(act)
    after = snapshots(orders)
    return {
        change.amendment.pk: Preview(
            change.amendment,
            before[pk],
            after[pk],
            change.consequences,
            change.difference_fen,
            change.owed_fen,
        )
        for pk, change in act.changes.items()
    }


def _lock(ids: Sequence[int]) -> tuple[dict[int, Order], list[Amendment]]:
    """Lock the orders, then what is to be decided about them.

    :raises WrongState: if any of it is decided, or several are about one order
    """
    about = Counter(Amendment.objects.numbered(ids).values_list("order_id", flat=True))
    if any(number > 1 for number in about.values()):
        raise WrongState(_("Two of these are about one order. Decide one after the other."))
    orders = {order.pk: order for order in orders_of(about, lock=True)}
    open_now = Amendment.objects.numbered(ids).open().order_by("order_id")
    rows = list(open_now.select_for_update(no_key=True))
    if len(rows) != len(ids):
        raise WrongState(_("This amendment has been decided already. Load the page again."))
    return orders, rows


def orders_of(ids: Iterable[int], *, lock: bool = False) -> Iterator[Order]:
    rows = Order.objects.numbered(ids).select_related("shop").order_by("pk")
    yield from rows.select_for_update(of=("self",), no_key=True) if lock else rows


def changes_of(rows: Sequence[Amendment], orders: Mapping[int, Order]) -> dict[int, Change]:
    actions = {row.order_id: read(row.wanted) for row in rows}
    lines = _lines(actions)
    skus = by_code(code for wanted in actions.values() for code in codes(wanted))
    for row in rows:
        row.order = orders[row.order_id]
    return {
        row.order_id: Change.of(
            row, actions[row.order_id], Sheet(orders[row.order_id], lines[row.order_id], skus)
        )
        for row in sorted(rows, key=attrgetter("order_id"))
    }


def _read_again(act: Act) -> None:
    """Read the lines under the lock of the parcels, too: gifts come and go with those."""
    lines = _lines(act.changes)
    for pk, change in act.changes.items():
        change.sheet.lines = lines[pk]


def _lines(orders: Iterable[int]) -> dict[int, list[Line]]:
    lines: dict[int, list[Line]] = defaultdict(list)
    ours = Line.objects.filter(order_id__any=list(orders)).select_related("sku")
    for line in ours.order_by("order_id", "position"):
        lines[line.order_id].append(line)
    return lines


def make(change: Change) -> None:
    if not change.actions:
        raise CannotAmend(_("Nothing is to be changed. Say what the customer wants otherwise."))
    for action in change.actions:
        action.change(change.sheet)
    change.sheet.add_up()


def _write(changes: Iterable[Change]) -> None:
    """Write lines and orders; parts of a new set follow at `Moment.CHANGED`."""
    lines = [line for change in changes for line in change.sheet.lines]
    old = [line for line in lines if line.pk]
    Line.objects.bulk_update(_otherwise(old), [*WRITTEN, "is_cancelled"])
    Line.objects.bulk_create([line for line in lines if not line.pk])
    columns = {name for change in changes for name in change.sheet.columns}
    if columns:
        Order.objects.bulk_update([change.order for change in changes], sorted(columns))


def _otherwise(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that are not as they stand in the table: a price must touch nothing else."""
    names = [*("sku_id" if name == "sku" else name for name in WRITTEN), "is_cancelled"]
    known = Line.objects.filter(pk__any=[line.pk for line in lines])
    there = {row["pk"]: row for row in known.values("pk", *names)}
    return [
        line for line in lines if any(getattr(line, name) != there[line.pk][name] for name in names)
    ]


def _write_beside(changes: Iterable[Change]) -> None:
    """Write instructions and invoices, which papers and packing tables have let go of by now."""
    wished = {c.order.pk: c.sheet.instructions for c in changes if c.sheet.instructions is not None}
    old = Instruction.objects.filter(order_id__any=list(wished))
    there = {(one.order_id, one.code, one.text, one.on): one.pk for one in old}
    asked = {(pk, one.code, one.text, one.on) for pk, these in wished.items() for one in these}
    Instruction.objects.filter(
        pk__any=[pk for key, pk in there.items() if key not in asked]
    ).delete()
    Instruction.objects.bulk_create(
        Instruction(order_id=pk, code=code, text=text, on=on)
        for pk, code, text, on in sorted(asked - set(there), key=str)
    )
    invoices = {change.order.pk: change.sheet.invoice for change in changes if change.sheet.invoice}
    Invoice.objects.bulk_create(
        [Invoice(order_id=pk, title=to, tax_number=tax) for pk, (to, tax) in invoices.items()],
        update_conflicts=True,
        unique_fields=["order"],
        update_fields=["title", "tax_number"],
    )


def _say_terms(act: Act) -> None:
    for change in act.changes.values():
        order = change.order
        if "promise_at" in change.sheet.columns and order.promise_at:
            change.follows("PROMISE", at=order.promise_at.isoformat())
        change.consequences += terms(
            order,
            difference_fen=change.difference_fen,
            owed_fen=change.owed_fen,
            waits=rules.waits_for_money(change),
        )


def _name_platforms(act: Act) -> None:
    for change in act.changes.values():
        change.consequences += telling(change.order)


def _move(act: Act) -> None:
    """Let the orders go on: back to screening, back to payment, or on because all is paid now."""
    for stage in (Stage.SCREENING, Stage.UNPAID):
        going = {pk: change for pk, change in act.changes.items() if change.goes == stage}
        move(Order.objects.numbered(going), stage, warehouse_id=None)
        for change in going.values():
            change.follows("GOES_TO", stage=stage.value)
    paid = act.those(
        lambda change: (
            change.was == Stage.UNPAID
            and change.owed_fen <= 0
            and not rules.is_told_by_platform(change.order)
        )
    )
    _promise(paid.values(), act.now)
    go_on(Order.objects.numbered(paid))


def _promise(paid: Iterable[Change], now: datetime) -> None:
    """Let orders that are paid in full by their change be paid, and promised, from now on."""
    fresh = [change for change in paid if change.order.paid_at is None]
    for change in fresh:
        order = change.order
        order.paid_at = now
        if not order.wish_on:
            order.promise_at = promise(order.shop, None, now)
            change.follows("PAID", hours=order.shop.ship_hours)
    Order.objects.bulk_update([change.order for change in fresh], ["paid_at", "promise_at"])


def versions_of(orders: Iterable[int]) -> dict[int, int]:
    """Return the versions of the orders: the first, and one for each change carried out."""
    ids = list(orders)
    made = Amendment.objects.filter(order_id__any=ids, version__isnull=False)
    last = dict(made.values_list("order_id").annotate(Max("version")).order_by())
    return {pk: last.get(pk, 1) for pk in ids}
