"""Splitting an order by stock: what goes now, what waits, and what would come of it."""

from collections import Counter
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gendan.orders.models import Line, Order
from gendan.orders.stages import Stage as OrderStage
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.warehouse.actions.split_by_stock import send_all_together, split_by_stock
from gendan.warehouse.models import Shipment
from gendan.warehouse.queries.foreseen import Foreseen, foresee
from gendan.warehouse.queries.splitting import Way
from gendan.warehouse.stages import BEFORE_PACKING
from gendan.warehouse.views.doing import done


class Part(NamedTuple):
    """A line of the order: what of it goes now, and what waits."""

    line: Line
    now: int
    later: int


@require_safe
@allowed("warehouse.combine")
def order_split(request: StaffRequest, number: str) -> HttpResponse:
    """Show what of a short order would go now; another order is split parcel by parcel."""
    order = _one(request, number)
    if order.stage != OrderStage.SHORT and (parcel := _parcel(order)):
        return redirect("shipment-split", number=parcel.number)
    chosen = Order.objects.numbered([order.pk])
    foreseen = foresee(lambda: split_by_stock(chosen, by=request.user, now=timezone.now()), [])
    context = {
        "order": order,
        "parts": _parts(order, foreseen),
        "foreseen": foreseen,
        "ways": [way.label for way in Way],
    }
    return render(request, "warehouse/regroup/by_stock.html", context)


@require_POST
@allowed("warehouse.combine")
def order_split_now(request: StaffRequest, number: str) -> HttpResponse:
    """Send what is there of the order; the rest waits."""
    order, why = _one(request, number), request.POST.get("why", "").strip()
    chosen = Order.objects.numbered([order.pk])
    gone = done(
        request,
        lambda: split_by_stock(chosen, by=request.user, now=timezone.now(), why=why),
        _("What is there goes now; the rest follows when it comes."),
    )
    return redirect("order" if gone else "order-split", number)


@require_POST
@allowed("warehouse.combine")
def order_together(request: StaffRequest, number: str) -> HttpResponse:
    """Undo it: the order waits until everything is there."""
    order, why = _one(request, number), request.POST.get("why", "").strip()
    chosen = Order.objects.numbered([order.pk])
    done(
        request,
        lambda: send_all_together(chosen, by=request.user, now=timezone.now(), why=why),
        _("It goes all together, as soon as everything is there."),
    )
    return redirect("order", number)


def _one(request: StaffRequest, number: str) -> Order:
    return get_object_or_404(Order.objects.visible_to(request.user), number=number)


def _parcel(order: Order) -> Shipment | None:
    movable = Shipment.objects.filter(lines__order=order, stage__in=BEFORE_PACKING)
    return movable.order_by("pk").first()


def _parts(order: Order, foreseen: Foreseen) -> list[Part]:
    now: Counter[int] = Counter()
    for parcel in foreseen.parcels:
        now.update({line.line_id: line.quantity for line in parcel.lines})
    later = Counter({rest.line_id: rest.quantity for rest in foreseen.rests})
    wanted = Line.objects.filter(order=order, is_cancelled=False, is_set=False)
    lines = wanted.select_related("sku").order_by("position", "pk")
    return [Part(line, now[line.pk], later[line.pk]) for line in lines]
