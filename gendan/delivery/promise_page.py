"""What an order's page shows of its promise: forecast, risk, and every date it was promised for."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from gendan.delivery.models import Forecast, Promise, PromiseState, Risk
from gendan.orders.models import Order
from gendan.orders.page import Contribution, Panel, Step, contribute
from gendan.orders.stages import OVER
from gendan.people.access import Worker
from gendan.ui.prepared import Given, Prepared

FORECASTS = Prepared(
    lambda: Forecast.objects.filter(order=Given("order")).select_related("warehouse", "carrier")
)
PROMISES = Prepared(
    lambda: Promise.objects.filter(order=Given("order")).select_related("made_by").order_by("-pk")
)
TONES = {Risk.LATE: "bad", Risk.AT_RISK: "warn", Risk.NONE: "good"}


@contribute
def promise(order: Order, worker: Worker) -> Contribution:
    """Contribute forecast and promises to the page of an order."""
    told = next(iter(FORECASTS(order=order.pk)), None)
    promises = list(PROMISES(order=order.pk))
    if told is None and not promises:
        return Contribution()
    context = {
        "order": order,
        "forecast": told if order.stage not in OVER else None,
        "tone": TONES[Risk(told.risk)] if told else "",
        "promises": promises,
    }
    return Contribution(
        panels=[Panel("delivery/_order_promise.html", context, 15, aside=True)],
        steps=list(_steps(order, told, promises)) if told else (),
        subjects={"delivery_promise": [row.pk for row in promises]},
    )


def _steps(order: Order, told: Forecast, promises: list[Promise]) -> Iterator[Step]:
    if order.stage in OVER or not told.step:
        return
    asked = any(row.state == PromiseState.PROPOSED for row in promises)
    ask = reverse("promise-propose", args=[order.number])
    anew = reverse("promise-anew", args=[order.number])
    may = "delivery.promise"
    if not asked:
        place = 45 if told.risk != Risk.NONE else 75
        yield Step(_("Offer another date"), ask, may, place, post=False, dialog=True, icon="mail")
    yield Step(_("Promise another date"), anew, may, 76, post=False, dialog=True, icon="calendar")
