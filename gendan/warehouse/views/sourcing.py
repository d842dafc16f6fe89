"""How warehouses and carriers are chosen: rules, prices, places, standards; tried on the past."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gendan.journal.queries import timeline
from gendan.orders.finding import order_finder
from gendan.people.access import allowed
from gendan.people.models import Person
from gendan.people.requests import StaffRequest
from gendan.stock.actions.source import drop_warehouse_rule, prefer, save_warehouse_rule
from gendan.stock.models.sourcing import Prefers, Sourcing, WarehouseRule
from gendan.stock.queries.sourcing import nowhere
from gendan.ui.errors import Refused
from gendan.ui.finding import FindingError
from gendan.ui.importing import import_view
from gendan.warehouse.actions.carry import refuse
from gendan.warehouse.actions.source import drop_ground, save_carrier_rule, save_ground
from gendan.warehouse.forms import (
    CarrierRuleForm,
    DiscountForm,
    StandardForm,
    TariffForm,
    UnservedForm,
    WarehouseRuleForm,
)
from gendan.warehouse.imports import STANDARDS, TARIFFS
from gendan.warehouse.models import Shipment
from gendan.warehouse.models.carriage import CarrierRule, Discount, Standard, Tariff, Unserved
from gendan.warehouse.queries.kept import By, kept
from gendan.warehouse.queries.sourced import placed, tried
from gendan.warehouse.views.shipments import one

FORMS: dict[str, Any] = {
    "warehouse-rule": WarehouseRuleForm,
    "carrier-rule": CarrierRuleForm,
    "tariff": TariffForm,
    "discount": DiscountForm,
    "unserved": UnservedForm,
    "standard": StandardForm,
}


@require_safe
@allowed("warehouse.source")
def sourcing(request: StaffRequest) -> HttpResponse:
    """Show everything that decides from where orders go and who carries them."""
    standards = Standard.objects.select_related("carrier").order_by("province", "carrier")
    shown = _kept(request) | {"standards": standards}
    if request.headers.get("HX-Target") == "kept":
        return render(request, "warehouse/_kept.html", shown)
    row = Sourcing.objects.first()
    context = {
        "prefers": row.prefers if row else Prefers.RANK,
        "ways": Prefers.choices,
        "nowhere": nowhere(),
        "warehouse_rules": _told(WarehouseRule.objects.select_related("warehouse")),
        "carrier_rules": _told(CarrierRule.objects.select_related("carrier")),
        "tariffs": Tariff.objects.select_related("carrier").order_by("carrier", "province"),
        "discounts": Discount.objects.select_related("carrier").order_by(
            "carrier", "province", "-from_on"
        ),
        "unserved": Unserved.objects.select_related("carrier").order_by("carrier", "province"),
    }
    return render(request, "warehouse/sourcing.html", shown | context)


def _kept(request: StaffRequest) -> dict[str, Any]:
    """Count how standards are kept, in the way that is asked for."""
    asked = request.GET.get("kept", "")
    by = By(asked) if asked in By.values else By.REGION
    rows = kept(request.user, by=by, now=timezone.now())
    return {"kept": rows, "kept_by": by, "kept_ways": By.choices}


def _told(rules: Iterable[Any]) -> list[Any]:
    """Give each rule its condition in the reader's language."""
    told = list(rules)
    for rule in told:
        try:
            rule.explained = order_finder.explain(rule.expression)
        except FindingError as error:  # a field it names is gone
            rule.explained = f"{rule.expression}: {error.message}"
    return told


@require_safe
@allowed("warehouse.source")
def attempt(request: StaffRequest) -> HttpResponse:
    """Show what today's rules would have done with the last orders and parcels."""
    return render(request, "warehouse/_sourcing_trial.html", _attempted(request.user))


def _attempted(person: Person) -> dict[str, Any]:
    now = timezone.now()
    parcels, orders = tried(person, now=now), placed(person, now=now)
    return {
        "parcels": [each for each in parcels if each.differs][:50],
        "all_parcels": len(parcels),
        "other_parcels": sum(each.differs for each in parcels),
        "orders": [each for each in orders if each.differs][:50],
        "all_orders": len(orders),
        "other_orders": sum(each.differs for each in orders),
    }


@require_POST
@allowed("warehouse.source")
def choose_way(request: StaffRequest) -> HttpResponse:
    """Say which warehouse is asked first where no rule says so."""
    if request.POST.get("prefers") in Prefers.values:
        prefer(request.POST["prefers"], by=request.user)
        messages.success(request, _("Saved. The next reservation follows it."))
    return redirect("sourcing")


@allowed("warehouse.source")
def ground(request: StaffRequest, kind: str, pk: int = 0) -> HttpResponse:
    """Show a rule, a price, a place or a standard, or a new one; save or delete it."""
    if kind not in FORMS:
        raise Http404(kind)
    model = FORMS[kind]._meta.model
    found = get_object_or_404(model, pk=pk) if pk else model()
    posted = request.POST if request.method == "POST" else None
    if posted and "drop" in posted and pk:
        drop = drop_warehouse_rule if isinstance(found, WarehouseRule) else drop_ground
        drop(found, by=request.user)
        return redirect("sourcing")
    form, complaint, trial = FORMS[kind](posted, instance=found), "", None
    if posted and form.is_valid():
        try:
            if "try" not in posted:
                _save(form.save(commit=False), request.user)
                return redirect("sourcing")
            trial = _what_if(form.save(commit=False), request.user)
        except Refused as refused:
            complaint = refused.sentence
    acts = timeline({model._meta.db_table: [pk]}) if pk else []
    shown = {"is_kept": bool(pk), "form": form, "complaint": complaint, "acts": acts}
    shown["title"] = str(model._meta.verbose_name)
    shown |= trial or {}
    status = 422 if posted and trial is None else 200
    return render(request, "warehouse/ground.html", shown, status=status)


def _what_if(row: Model, person: Person) -> dict[str, Any]:
    """Keep what the form says, look what it would have done, and take it back."""
    with transaction.atomic():
        _save(row, person)
        trial = _attempted(person)
        transaction.set_rollback(True)
    return trial | {"is_tried": True}


def _save(row: Model, by: Person) -> None:
    if isinstance(row, WarehouseRule):
        save_warehouse_rule(row, by=by)
    elif isinstance(row, CarrierRule):
        save_carrier_rule(row, by=by)
    else:
        save_ground(row, by=by)


@allowed("warehouse.source")
def import_tariffs(request: HttpRequest) -> HttpResponseBase:
    return import_view(request, TARIFFS)


@allowed("warehouse.source")
def import_standards(request: HttpRequest) -> HttpResponseBase:
    return import_view(request, STANDARDS)


@require_POST
@allowed("warehouse.wave")
def refuse_one(request: StaffRequest, number: str) -> HttpResponse:
    """Note that the carrier did not take a shipment; the next choice gets it."""
    shipment = one(request, number)
    why = request.POST.get("why", "").strip()
    try:
        refuse(
            Shipment.objects.numbered([shipment.pk]), by=request.user, now=timezone.now(), why=why
        )
        shipment.refresh_from_db()
        if shipment.carrier:
            messages.success(request, _("%(name)s takes it now.") % {"name": shipment.carrier})
        else:
            messages.error(request, _("No other carrier serves this place. Choose one by hand."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("shipment", number)
