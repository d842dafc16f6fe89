"""The month's mistakes: what they cost, by what, cause, owner, team and kind, beside last month."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.insight import days
from gendan.insight.models import Because, Mistake, MistakeQuerySet, MistakeState, What
from gendan.insight.models.mistake import SORTS
from gendan.insight.tables import Column, Table
from gendan.people.access import Worker
from gendan.people.models import Person
from gendan.people.permissions import Role

MONTHS = 12  # that the trend shows


@dataclass(frozen=True)
class Heap:
    """Mistakes that have something in common, this month and the month before."""

    code: str
    label: str
    number: int
    cost_fen: int
    before: int
    before_fen: int

    @property
    def more(self) -> int:
        """Return how many more there are than the month before."""
        return self.number - self.before


@dataclass(frozen=True)
class Slice:
    """One bar of the Pareto chart: its cost, and what share all up to it have."""

    heap: Heap
    fen: int
    upto: float


@dataclass(frozen=True)
class Past:
    """How many mistakes a month had, and what they cost."""

    on: date
    number: int
    cost_fen: int


@dataclass(frozen=True)
class MonthOfMistakes:
    on: date
    number: int
    cost_fen: int
    estimated_fen: int  # of it: nobody has said it yet
    before: int
    before_fen: int
    unknown: int  # want a cause and an owner
    undone: int  # have an owner, and nothing was done yet
    by_what: Sequence[Heap]
    by_cause: Sequence[Heap]
    by_owner: Sequence[Heap]
    by_team: Sequence[Heap]
    by_sort: Sequence[Heap]
    done: Sequence[Mistake]
    trend: Sequence[Past]  # the last months up to this one

    @property
    def pareto(self) -> list[Slice]:
        """Return what went wrong by cost, the dearest first; by number where nothing has a cost."""
        valued = [(heap.cost_fen if self.cost_fen else heap.number, heap) for heap in self.by_what]
        whole, upto, slices = sum(value for value, _heap in valued) or 1, 0, []
        for value, heap in sorted(valued, key=lambda one: -one[0]):
            if value:
                upto += value
                slices.append(Slice(heap, value, upto / whole))
        return slices

    @property
    def tables(self) -> list[Table]:
        """Return the month as tables, for the page and for the file."""
        parts = (
            (gettext_lazy("What went wrong"), self.by_what),
            (gettext_lazy("Cause"), self.by_cause),
            (gettext_lazy("Team"), self.by_team),
            (gettext_lazy("Owner"), self.by_owner),
            (gettext_lazy("The five kinds"), self.by_sort),
        )
        return [_table(title, heaps) for title, heaps in parts]


def month_of_mistakes(worker: Worker, on: date) -> MonthOfMistakes:
    """Return the month that a day belongs to; what was no mistake is left out."""
    first = days.first_of(on)
    mine = Mistake.objects.visible_to(worker).exclude(state=MistakeState.DISMISSED)
    now, before = _of(mine, on), _of(mine, first - timedelta(days=1))
    sums, last = _sums(now), _sums(before)
    done = now.filter(state=MistakeState.CLOSED).select_related("order", "owner")
    what = _heaps(now, before, "what", _in(What))
    return MonthOfMistakes(
        on=first,
        number=sums[0],
        cost_fen=sums[1],
        estimated_fen=_sums(now.filter(is_estimate=True))[1],
        before=last[0],
        before_fen=last[1],
        unknown=now.filter(state=MistakeState.PROPOSED).count(),
        undone=now.filter(state=MistakeState.OPEN).count(),
        by_what=what,
        by_cause=_heaps(now, before, "because", _in(Because, _("Not known yet"))),
        by_owner=_heaps(now, before, "owner", _names(now, before)),
        by_team=_heaps(now, before, "team", _in(Role, _("No team"))),
        by_sort=_by_sort(what),
        done=list(done.order_by("-cost_fen", "-closed_at")[:12]),
        trend=_trend(mine, first),
    )


def _trend(mistakes: MistakeQuerySet, last: date) -> list[Past]:
    """Return the months up to the last one, also those in which nothing went wrong."""
    months = [last]
    while len(months) < MONTHS:
        months.insert(0, days.first_of(months[0] - timedelta(days=1)))
    since, until = days.month(months[0]).since, days.month(last).until
    rows = (
        mistakes.filter(found_at__gte=since, found_at__lt=until)
        .order_by()
        .values_list(TruncMonth("found_at"))
        .annotate(n=Count("pk"), fen=Sum("cost_fen"))
    )
    found = {timezone.localdate(at): (number, fen) for at, number, fen in rows}
    return [Past(month, *found.get(month, (0, 0))) for month in months]


def _of(mistakes: MistakeQuerySet, on: date) -> MistakeQuerySet:
    span = days.month(on)
    return mistakes.filter(found_at__gte=span.since, found_at__lt=span.until)


def _sums(mistakes: MistakeQuerySet) -> tuple[int, int]:
    sums = mistakes.aggregate(number=Count("pk"), fen=Sum("cost_fen"))
    return sums["number"], sums["fen"] or 0


def _heaps(
    now: MistakeQuerySet, before: MistakeQuerySet, column: str, name: Callable[[object], str]
) -> list[Heap]:
    counted: dict[object, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for place, rows in ((0, now), (2, before)):
        grouped = rows.order_by().values_list(column).annotate(n=Count("pk"), fen=Sum("cost_fen"))
        for code, number, fen in grouped:
            counted[code][place : place + 2] = [number, fen]
    heaps = [Heap(str(code or ""), name(code), *sums) for code, sums in counted.items()]
    return sorted(heaps, key=lambda heap: (-heap.cost_fen, -heap.number, heap.label))


def _in(choices: type, nothing: str = "") -> Callable[[object], str]:
    return lambda code: str(choices(code).label) if code else nothing


def _names(*sets: MistakeQuerySet) -> Callable[[object], str]:
    ids = {pk for rows in sets for pk in rows.order_by().values_list("owner", flat=True) if pk}
    names = dict(Person.objects.filter(pk__any=list(ids)).values_list("pk", "name"))
    return lambda pk: names[pk] if isinstance(pk, int) else _("Nobody in particular")


def _by_sort(what: Iterable[Heap]) -> list[Heap]:
    """Put what went wrong into the five kinds."""
    found: dict[str, Heap] = {}
    for heap in what:
        sort = SORTS[What(heap.code)]
        old = found.get(sort, Heap(sort, str(sort.label), 0, 0, 0, 0))
        found[sort] = Heap(
            old.code,
            old.label,
            old.number + heap.number,
            old.cost_fen + heap.cost_fen,
            old.before + heap.before,
            old.before_fen + heap.before_fen,
        )
    return sorted(found.values(), key=lambda heap: (-heap.cost_fen, -heap.number))


def _table(title: object, heaps: Sequence[Heap]) -> Table:
    return Table(
        str(title),
        (
            Column(str(title), "text"),
            Column(_("Mistakes")),
            Column(_("Cost"), "money"),
            Column(_("Month before")),
            Column(_("Cost then"), "money"),
        ),
        [(heap.label, heap.number, heap.cost_fen, heap.before, heap.before_fen) for heap in heaps],
        empty=_("Nothing went wrong."),
    )
