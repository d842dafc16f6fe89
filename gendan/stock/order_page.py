"""What this room shows on an order's page: which pieces are promised where, what is missing."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.orders.models import Order
from gendan.orders.page import Contribution, Milestone, Panel, Rare, Step, Turn, contribute
from gendan.orders.stages import OVER, Stage
from gendan.people.access import Worker
from gendan.stock import at_order as at_order  # it registers itself
from gendan.stock import sure as sure  # so does this
from gendan.stock.models import (
    LIVE,
    CaseState,
    PresaleClaim,
    Reservation,
    Shortage,
    ShortageCase,
)
from gendan.stock.queries import PROMISED, SHORTAGES, reserved_at, standing
from gendan.stock.tones import TONES
from gendan.ui.prepared import Given

CASES = Rare(lambda: ShortageCase.objects.filter(order=Given("order")).order_by("pk"))
CLAIMS = Rare(lambda: PresaleClaim.objects.filter(order=Given("order")).order_by("pk"))
SHORT_AT = (Stage.READY, Stage.SHORT, Stage.ALLOCATED, Stage.UNPAID, *OVER)
PRESOLD_AT = (Stage.SCREENING, Stage.HELD, Stage.READY, Stage.SHORT, Stage.ALLOCATED)
SHOWN_AT = (Stage.READY, Stage.SHORT, Stage.ALLOCATED)


@contribute
def stock(order: Order, worker: Worker) -> Contribution:
    """Contribute where the goods of an order lie, while that matters."""
    promised = _promised(order)
    shortages = SHORTAGES(order.pk) if order.stage == Stage.SHORT else []
    cases = CASES.of(order) if order.stage in SHORT_AT else ()
    claims = CLAIMS.of(order) if order.stage in PRESOLD_AT else ()
    live = next((case for case in cases if case.state in LIVE), None)
    return Contribution(
        panels=(*_panels(order, promised, shortages), *_short_panels(cases, claims)),
        steps=[*_steps(order, is_promised=bool(promised)), *_case_steps(live)],
        milestones=(Milestone("reserved", _("Reserved"), reserved_at(order), 50),),
        turns=_turns(live),
        subjects={
            "stock_shortage": [short.pk for short in shortages],
            "stock_shortagecase": [case.pk for case in cases],
            "stock_presaleclaim": [claim.pk for claim in claims],
        },
    )


def _promised(order: Order) -> Sequence[Reservation]:
    return PROMISED(order=order.pk) if order.stage in SHOWN_AT else ()


def _panels(
    order: Order, promised: Sequence[Reservation], shortages: Sequence[Shortage]
) -> tuple[Panel, ...]:
    if order.stage not in SHOWN_AT:
        return ()
    lines = standing(order, promised, shortages)
    if order.stage == Stage.ALLOCATED and not any(line.promised for line in lines):
        return ()
    is_allocated = order.stage == Stage.ALLOCATED
    follows = is_allocated and any(line.to_follow for line in lines)
    shown = {
        "lines": lines,
        "follows": follows,
        "is_whole": is_allocated and not follows,  # then the panel has nothing to say, and folds
    }
    return (Panel("stock/_order_stock.html", shown, 28),)


def _short_panels(
    cases: Sequence[ShortageCase], claims: Sequence[PresaleClaim]
) -> tuple[Panel, ...]:
    panels = []
    if cases:
        shown = [(case, TONES[CaseState(case.state)]) for case in reversed(cases)]
        panels.append(Panel("stock/_order_short.html", {"cases": shown}, 27))
    if waiting := [claim for claim in claims if claim.waits_until > timezone.now()]:
        panels.append(Panel("stock/_order_presale.html", {"claims": waiting}, 26))
    return tuple(panels)


def _case_steps(case: ShortageCase | None) -> list[Step]:
    if case is None:
        return []
    url, label = reverse("shortage", args=[case.pk]), _("Settle with the customer")
    return [Step(label, url, "stock.settle", 25, post=False, icon="chat")]


def _turns(case: ShortageCase | None) -> tuple[Turn, ...]:
    if case is None or case.state != CaseState.WAITING:
        return ()
    what = _("waits until %(day)s for what is short") % {"day": case.waits_until}
    return (Turn(_("Customer"), what, case.chosen_at),)


def _steps(order: Order, *, is_promised: bool) -> list[Step]:
    if order.stage in (Stage.READY, Stage.SHORT):
        url = reverse("order-reserve", args=[order.number])
        return [Step(_("Reserve now"), url, "stock.reserve", 30, icon="stock")]
    if order.stage == Stage.ALLOCATED and is_promised:
        url = reverse("order-unreserve", args=[order.number])
        label = _("Take the reservation back")
        return [Step(label, url, "stock.reserve", 90, needs_why=True, icon="undo")]
    return []
