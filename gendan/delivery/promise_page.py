"""What an order's page shows of its promise: forecast, risk, every date, and the urgent lane."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gendan.delivery.lane_page import lane_panel, urgencies_of
from gendan.delivery.models import Forecast, PartForecast, Promise, PromiseState, Risk
from gendan.delivery.queries.parts import parts_of
from gendan.orders.models import Order, Urgency
from gendan.orders.page import Contribution, Panel, Step, contribute
from gendan.orders.stages import OVER
from gendan.people.access import Worker
from gendan.ui.prepared import Given, Prepared

PROMISES = Prepared(
    lambda: Promise.objects.filter(order=Given("order")).select_related("made_by").order_by("-pk")
)
TONES = {Risk.LATE: "bad", Risk.AT_RISK: "warn", Risk.NONE: "good"}


@contribute
def promise(order: Order, worker: Worker) -> Contribution:
    """Contribute forecast, promises and the urgent lane to the page of an order."""
    told: Any = _forecasts().filter(order=order.pk).first()
    promises = list(PROMISES(order=order.pk)) if told and told.was_moved else []
    hasty = order.priority > 0 or (told and told.was_urgent)
    records = urgencies_of(order) if hasty else []
    return Contribution(
        panels=[
            *([lane_panel(records)] if records else []),
            *([_panel(order, told, promises)] if told else []),
        ],
        steps=list(_steps(order, told, promises)) if told else (),
        subjects={
            "delivery_promise": [row.pk for row in promises],
            "orders_urgency": [record.pk for record in records],
        },
    )


def _forecasts() -> "QuerySet[Forecast]":
    """Ask in one question for what most orders have not: another date, parts, and haste."""
    return Forecast.objects.select_related("warehouse", "carrier").annotate(
        was_moved=Exists(Promise.objects.filter(order=OuterRef("order"))),
        is_apart=Exists(PartForecast.objects.filter(order=OuterRef("order"))),
        was_urgent=Exists(Urgency.objects.filter(order=OuterRef("order"))),
    )


def _panel(order: Order, told: Any, promises: list[Promise]) -> Panel:
    context = {
        "order": order,
        "forecast": told if order.stage not in OVER else None,
        "tone": TONES[Risk(told.risk)],
        "promises": promises,
        "parts": parts_of(order) if told.is_apart and order.stage not in OVER else (),
    }
    return Panel("delivery/_order_promise.html", context, 15, aside=True)


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
