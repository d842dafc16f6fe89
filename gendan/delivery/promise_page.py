"""What an order's page shows of its promise: forecast, risk, every date, and the urgent lane."""

from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from gendan.delivery.lane_page import lane_panel, urgencies_of
from gendan.delivery.models import Forecast, Promise, PromiseState, Risk
from gendan.delivery.queries.parts import parts_of
from gendan.orders.models import Order
from gendan.orders.page import Contribution, Panel, Rare, Step, contribute
from gendan.orders.stages import OVER
from gendan.people.access import Worker
from gendan.ui.prepared import Given, Prepared

FORECAST = Prepared(
    lambda: Forecast.objects.filter(order=Given("order")).select_related("warehouse", "carrier")
)
PROMISES = Rare(
    lambda: Promise.objects.filter(order=Given("order")).select_related("made_by").order_by("-pk")
)
TONES = {Risk.LATE: "bad", Risk.AT_RISK: "warn", Risk.NONE: "good"}


@contribute
def promise(order: Order, worker: Worker) -> Contribution:
    """Contribute forecast, promises and the urgent lane to the page of an order."""
    forecasts = [] if order.stage in OVER else FORECAST(order=order.pk)
    told = next(iter(forecasts), None)
    promises, records = PROMISES.of(order), urgencies_of(order)
    return Contribution(
        panels=[
            *([lane_panel(records)] if records else []),
            *([_panel(order, told, promises)] if told or promises else []),
        ],
        steps=list(_steps(order, told, promises)) if told else (),
        subjects={
            "delivery_promise": [row.pk for row in promises],
            "orders_urgency": [record.pk for record in records],
        },
    )


def _panel(order: Order, told: Forecast | None, promises: Sequence[Promise]) -> Panel:
    """Show where the promise stands; of an order that is over, the dates that it had."""
    context = {
        "order": order,
        "forecast": told,
        "tone": TONES[Risk(told.risk)] if told else "",
        "promises": promises,
        "parts": parts_of(order) if told else (),
    }
    return Panel("delivery/_order_promise.html", context, 15, aside=True)


def _steps(order: Order, told: Forecast, promises: Sequence[Promise]) -> Iterator[Step]:
    if not told.step:
        return
    asked = any(row.state == PromiseState.PROPOSED for row in promises)
    ask = reverse("promise-propose", args=[order.number])
    anew = reverse("promise-anew", args=[order.number])
    may = "delivery.promise"
    if not asked:
        place = 45 if told.risk != Risk.NONE else 75
        yield Step(_("Offer another date"), ask, may, place, post=False, dialog=True, icon="mail")
    yield Step(_("Promise another date"), anew, may, 76, post=False, dialog=True, icon="calendar")
