"""From the rows of a table to orders and lines, and to a named mistake for each bad cell."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

from gendan.channels.formats import states
from gendan.channels.formats.format import LINES, ORDERS, Format
from gendan.channels.formats.records import LineRecord, OrderRecord, Values
from gendan.channels.reading import receiver, values
from gendan.channels.reading.beside import suspect_neighbours
from gendan.channels.reading.problems import RowError, Unreadable
from gendan.channels.reading.reading import Reading
from gendan.channels.reading.remembered import Remembered
from gendan.ui.tables.cells import clean
from gendan.ui.tables.rows import RawRow
from gendan.ui.tables.table import Table

Read = Callable[[str], object]

KINDS: dict[str, Read] = {
    "identity": values.identity,
    "order_name": values.order_name,
    "code": values.code,
    "text": values.text,
    "money": values.money,
    "price": values.price,
    "count": values.count,
    "instant": values.instant,
    "phone": values.phone,
    "yes": values.yes,
}

_BY_NAME = {
    "platform_order": "identity",
    "sub_order": "identity",
    "sku_code": "code",
    "sku_code_other": "code",
    "product_code": "code",
    "buyer_id": "code",
    "unit_price": "price",
    "quantity": "count",
    "kinds": "count",
    "receiver_phone": "phone",
    "receiver_tel": "phone",
    "buyer_phone": "phone",
    "is_gift": "yes",
    "waybill": "code",
}

_ORDER_FIELDS = frozenset(each.name for each in fields(OrderRecord))
_LINE_FIELDS = frozenset(each.name for each in fields(LineRecord)) - {"carrier", "waybill"}


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A cell that cannot be read, and why."""

    cell: str
    problem: str


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    header: str
    place: int
    meanings: Remembered


def read_orders(table: Table, form: Format, *, after: int = 0) -> Iterator[Reading]:
    """Yield what each row below row `after` says, in the order of the file."""
    reader = RowReader(table.headers, form)
    readings: Iterator[Reading] = (reader.read(row) for row in table.rows() if row.number >= after)
    if not form.is_whole_order:
        readings = suspect_neighbours(readings)
    return (reading for reading in readings if reading.raw.number > after)


class RowReader:
    """Reads rows under one header in one format."""

    def __init__(self, headers: tuple[str, ...], form: Format) -> None:
        self._form = form
        self._width = len(headers)
        self._longest = 0
        self._columns = [
            _Column(name, headers[place], place, _meanings(KINDS[_kind(name, form)]))
            for name, place in form.positions(headers).items()
        ]
        names = [column.name for column in self._columns]
        self._must = [column for column in self._columns if column.name in form.must]
        self._of_order = [name for name in names if name in _ORDER_FIELDS]
        self._of_line = [name for name in names if name in _LINE_FIELDS]
        self._state = Remembered(
            lambda words: states.mapped(words, form.states, otherwise=states.UNKNOWN)
        )
        self._refund = Remembered(
            lambda words: states.mapped(words, form.refunds, otherwise=states.REFUND_ASKED)
        )

    def read(self, raw: RawRow) -> Reading:
        """Return what a row says; a mistake never raises."""
        reading = Reading(raw)
        self._longest = self._longest or max(self._width, len(raw.cells))
        problem = raw.problem or _ragged(raw.cells, self._width, self._longest)
        if problem:
            reading.errors.append(RowError(raw.number, "", _excerpt(raw.cells), problem))
            reading.is_stray = True
            self._name_order(reading)
            return reading
        found = self._values(reading)
        if not reading.errors:
            self._records(reading, found)
        return reading

    def _values(self, reading: Reading) -> Values:
        cells = reading.raw.cells
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        found: dict[str, object] = {}
        for column in self._columns:
            value = column.meanings[cells[column.place]]
            if value.__class__ is _Wrong:
                self._complain(reading, column, value.cell, value.problem)
            else:
                found[column.name] = value
        reading.platform_order = str(found.get("platform_order") or "")
        if not reading.platform_order and _names_goods(found):
            reading.is_stray, reading.number_cell = True, self._number_cell(cells)
        self._check(reading, found)
        return Values(found)

    def _check(self, reading: Reading, found: dict[str, object]) -> None:
        for column in self._must:
            if found.get(column.name, 0) in ("", None):
                self._complain(reading, column, "", "MISSING")
        quantity = found.get("quantity")
        cancels = self._cancels(reading.platform_order)
        if isinstance(quantity, int) and quantity <= 0 and not cancels:
            self._complain(
                reading, self._column("quantity"), str(quantity), "QUANTITY_NOT_POSITIVE"
            )
        if self._form.rows != ORDERS and not reading.errors and not _names_goods(found):
            self._complain(reading, self._column("title", "sku_code"), "", "MISSING")

    def _column(self, *names: str) -> _Column:
        named = (column for column in self._columns if column.name in names)
        return next(named, self._columns[0])

    def _complain(self, reading: Reading, column: _Column, cell: str, problem: str) -> None:
        reading.errors.append(
            RowError(reading.raw.number, column.header, cell[:200], problem, reading.platform_order)
        )

    def _number_cell(self, cells: list[str]) -> str:
        return clean(cells[self._column("platform_order").place])

    def _name_order(self, reading: Reading) -> None:
        """Say whose row a broken row is, when its order number can still be read."""
        for column in self._columns:
            if column.name == "platform_order" and column.place < len(reading.raw.cells):
                number = column.meanings[reading.raw.cells[column.place]]
                reading.platform_order = number if isinstance(number, str) else ""

    def _cancels(self, platform_order: str) -> bool:
        return bool(self._form.cancels_with) and platform_order.startswith(self._form.cancels_with)

    def _records(self, reading: Reading, found: Values) -> None:
        rows = self._form.rows
        order = OrderRecord() if rows == LINES else self._order(found)
        line = LineRecord() if rows == ORDERS else self._line(found)
        lines = self._form.finish(order, line, found)
        if self._cancels(order.platform_order):
            order.state, order.close_reason = states.CLOSED, "CANCELLATION"
        receiver.settle(order)
        reading.order = None if rows == LINES else order
        reading.lines = [_keyed(each) for each in lines]

    def _order(self, found: Values) -> OrderRecord:
        order = OrderRecord(**{name: found.found[name] for name in self._of_order})  # type: ignore[arg-type]
        order.raw_status = found.words("status")
        if order.raw_status:
            order.state = self._state[order.raw_status]
        elif self._form.paid_when_silent:
            order.state = states.PAID if order.paid_at else states.UNPAID
        return order

    def _line(self, found: Values) -> LineRecord:
        known = {name: found.found[name] for name in self._of_line}
        if known.get("quantity") is None:
            known.pop("quantity", None)
        line = LineRecord(**known)  # type: ignore[arg-type]
        line.quantity = abs(line.quantity) or 1
        line.sku_code = line.sku_code or found.words("sku_code_other")
        line.title = line.title or line.sku_code or line.product_code
        _price(line, found)
        self._line_states(line, found)
        return line

    def _line_states(self, line: LineRecord, found: Values) -> None:
        line.raw_status = found.words("line_status") or found.words("status")
        if line.raw_status:
            line.state = self._state[line.raw_status]
        line.raw_refund = found.words("refund_status")
        if line.raw_refund:
            line.refund_state = self._refund[line.raw_refund]


def _meanings(read: Read) -> Remembered:
    def meaning(cell: str) -> object:
        cell = clean(cell)
        try:
            return read(cell)
        except Unreadable as wrong:
            return _Wrong(cell, wrong.problem)

    return Remembered(meaning)


def _names_goods(found: dict[str, object]) -> bool:
    return any(found.get(name) for name in ("title", "sku_code", "sku_code_other", "product_code"))


def _price(line: LineRecord, found: Values) -> None:
    """Multiply the price as exactly as it is written, then round to the fen."""
    price = found.found.get("unit_price")
    if isinstance(price, int | Decimal):
        line.unit_price_fen = round(price)
        line.total_fen = round(price * line.quantity)


def _keyed(line: LineRecord) -> LineRecord:
    """Name a line by what it is, so that the same line has the same name in any export."""
    if line.sub_order:
        line.line_key = line.sub_order
        return line
    goods = line.sku_code or line.product_code or line.title
    key = "/".join(filter(None, (goods, line.spec)))
    if len(key) > 48:
        key = f"{key[:32]}~{hashlib.blake2b(key.encode(), digest_size=6).hexdigest()}"
    line.line_key = key
    return line


def _kind(name: str, form: Format) -> str:
    if name in form.kinds:
        return form.kinds[name]
    if name.endswith("_fen"):
        return "money"
    if name.endswith("_at"):
        return "instant"
    return _BY_NAME.get(name, "text")


def _ragged(cells: list[str], width: int, longest: int) -> str:
    """Tell whether a row does not fit its header.

    Empty fields at the end do no harm if the first row has them too: a platform ends all its rows
    alike. A longer row holds a comma too many, and its cells stand under the wrong names.
    """
    if len(cells) == width:
        return ""
    if len(cells) > longest or any(cell.strip() for cell in cells[width:]):
        return "TOO_MANY_FIELDS"
    if len(cells) < width - 1 and len(cells) < width // 2:
        return "TOO_FEW_FIELDS"
    return ""


def _excerpt(cells: list[str]) -> str:
    return ",".join(cells)[:200]
