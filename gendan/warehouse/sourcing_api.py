"""Choosing warehouses and carriers over the API: the rules, and what they would do."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from gendan.people.api import key_of, needs, warehouse_of
from gendan.stock.actions.source import prefer, save_warehouse_rule
from gendan.stock.models.sourcing import Prefers, Sourcing, WarehouseRule
from gendan.warehouse.actions.source import drop_ground, save_carrier_rule
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import CarrierRule
from gendan.warehouse.queries.sourced import LAST, Placed, Tried, placed, tried

router = Router(tags=["sourcing"])
SCOPE = "warehouse.source"


class PrefersIO(Schema):
    prefers: Prefers = Field(description="Which warehouse is first where no rule says so.")
    why: str = ""


class RuleIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    expression: str = Field(description="In the finding language.")
    position: int = Field(100, ge=0, le=32_767, description="The first rule that is met decides.")
    is_on: bool = True
    why: str = ""


class WarehouseRuleIn(RuleIn):
    warehouse: str = Field(description="Its code.")
    is_only: bool = Field(False, description="From nowhere else: it waits there.")


class CarrierRuleIn(RuleIn):
    carrier: str = Field(description="Its code.")


class WarehouseRuleOut(Schema):
    id: int
    name: str
    expression: str
    warehouse: str
    is_only: bool
    position: int
    is_on: bool


class CarrierRuleOut(Schema):
    id: int
    name: str
    expression: str
    carrier: str
    position: int
    is_on: bool


class Switch(Schema):
    is_on: bool
    why: str = ""


class Try(Schema):
    warehouse_rules: list[WarehouseRuleIn] = Field([], description="Beside those that are kept.")
    carrier_rules: list[CarrierRuleIn] = []
    last: int = Field(LAST, ge=1, le=1000)


class ParcelTried(Schema):
    shipment: str
    now: str | None = Field(description="The carrier that has it, by its code.")
    then: str | None = Field(description="The one that it would get; none serves it: null.")
    ground: str = Field(description="WISH, RULE, FASTEST, CHEAPEST or RANK; empty: nobody.")
    fee_fen: int | None
    hours: float | None


class OrderTried(Schema):
    order: str
    now: str | None = Field(description="The warehouse that serves it, by its code.")
    then: str = Field(description="The one that would be asked first.")
    kilometres: int | None


class PreviewOut(Schema):
    parcels: list[ParcelTried] = Field(description="Those that would go another way.")
    all_parcels: int
    orders: list[OrderTried]
    all_orders: int


@router.get("", response=PrefersIO, summary="Which warehouse is asked first where no rule says so")
@needs(SCOPE)
def preference(request: HttpRequest) -> Any:
    row = Sourcing.objects.first()
    return {"prefers": row.prefers if row else Prefers.RANK}


@router.put("", response=PrefersIO, summary="Say which warehouse is asked first")
@needs(SCOPE)
def set_preference(request: HttpRequest, said: PrefersIO) -> Any:
    return {"prefers": prefer(said.prefers, by=key_of(request), why=said.why).prefers}


@router.get("/warehouse-rules", response=list[WarehouseRuleOut], summary="From where, in order")
@needs(SCOPE)
def warehouse_rules(request: HttpRequest) -> Any:
    return [_warehouse_rule(rule) for rule in WarehouseRule.objects.select_related("warehouse")]


@router.post("/warehouse-rules", response={201: WarehouseRuleOut}, summary="Add a warehouse rule")
@needs(SCOPE)
def add_warehouse_rule(request: HttpRequest, said: WarehouseRuleIn) -> Any:
    rule = _filled_warehouse_rule(request, WarehouseRule(), said)
    return Status(201, _warehouse_rule(save_warehouse_rule(rule, by=key_of(request), why=said.why)))


@router.put("/warehouse-rules/{pk}", response=WarehouseRuleOut, summary="Change a warehouse rule")
@needs(SCOPE)
def change_warehouse_rule(request: HttpRequest, pk: int, said: WarehouseRuleIn) -> Any:
    rule = _filled_warehouse_rule(request, get_object_or_404(WarehouseRule, pk=pk), said)
    return _warehouse_rule(save_warehouse_rule(rule, by=key_of(request), why=said.why))


@router.post("/warehouse-rules/{pk}/switch", response=WarehouseRuleOut, summary="Switch it on, off")
@needs(SCOPE)
def switch_warehouse_rule(request: HttpRequest, pk: int, said: Switch) -> Any:
    rule = get_object_or_404(WarehouseRule, pk=pk)
    rule.is_on = said.is_on
    return _warehouse_rule(save_warehouse_rule(rule, by=key_of(request), why=said.why))


@router.delete("/warehouse-rules/{pk}", response={204: None}, summary="Delete a warehouse rule")
@needs(SCOPE)
def drop_warehouse_rule(request: HttpRequest, pk: int) -> Any:
    drop_ground(get_object_or_404(WarehouseRule, pk=pk), by=key_of(request))
    return Status(204, None)


@router.get("/carrier-rules", response=list[CarrierRuleOut], summary="By whom, in order")
@needs(SCOPE)
def carrier_rules(request: HttpRequest) -> Any:
    return [_carrier_rule(rule) for rule in CarrierRule.objects.select_related("carrier")]


@router.post("/carrier-rules", response={201: CarrierRuleOut}, summary="Add a carrier rule")
@needs(SCOPE)
def add_carrier_rule(request: HttpRequest, said: CarrierRuleIn) -> Any:
    rule = _filled_carrier_rule(CarrierRule(), said)
    return Status(201, _carrier_rule(save_carrier_rule(rule, by=key_of(request), why=said.why)))


@router.put("/carrier-rules/{pk}", response=CarrierRuleOut, summary="Change a carrier rule")
@needs(SCOPE)
def change_carrier_rule(request: HttpRequest, pk: int, said: CarrierRuleIn) -> Any:
    rule = _filled_carrier_rule(get_object_or_404(CarrierRule, pk=pk), said)
    return _carrier_rule(save_carrier_rule(rule, by=key_of(request), why=said.why))


@router.post("/carrier-rules/{pk}/switch", response=CarrierRuleOut, summary="Switch it on, off")
@needs(SCOPE)
def switch_carrier_rule(request: HttpRequest, pk: int, said: Switch) -> Any:
    rule = get_object_or_404(CarrierRule, pk=pk)
    rule.is_on = said.is_on
    return _carrier_rule(save_carrier_rule(rule, by=key_of(request), why=said.why))


@router.delete("/carrier-rules/{pk}", response={204: None}, summary="Delete a carrier rule")
@needs(SCOPE)
def drop_carrier_rule(request: HttpRequest, pk: int) -> Any:
    drop_ground(get_object_or_404(CarrierRule, pk=pk), by=key_of(request))
    return Status(204, None)


@router.post(
    "/preview", response=PreviewOut, summary="What rules would have done with the last ones"
)
@needs(SCOPE)
def preview(request: HttpRequest, said: Try) -> Any:
    """Ask the rules that are kept, and those sent along; nothing is written."""
    key, now = key_of(request), timezone.now()
    with transaction.atomic():
        for warehouse_rule in said.warehouse_rules:
            filled = _filled_warehouse_rule(request, WarehouseRule(), warehouse_rule)
            save_warehouse_rule(filled, by=key)
        for carrier_rule in said.carrier_rules:
            save_carrier_rule(_filled_carrier_rule(CarrierRule(), carrier_rule), by=key)
        told = _tried(tried(key, now=now, last=said.last), placed(key, now=now, last=said.last))
        transaction.set_rollback(True)
    return told


def _filled_warehouse_rule(
    request: HttpRequest, rule: WarehouseRule, said: WarehouseRuleIn
) -> WarehouseRule:
    _fill(rule, said)
    rule.warehouse, rule.is_only = warehouse_of(request, said.warehouse), said.is_only
    return rule


def _filled_carrier_rule(rule: CarrierRule, said: CarrierRuleIn) -> CarrierRule:
    _fill(rule, said)
    rule.carrier = get_object_or_404(Carrier, code=said.carrier)
    return rule


def _fill(rule: WarehouseRule | CarrierRule, said: RuleIn) -> None:
    rule.name, rule.expression = said.name, said.expression
    rule.position, rule.is_on = said.position, said.is_on


def _warehouse_rule(rule: WarehouseRule) -> dict[str, Any]:
    names = WarehouseRuleOut.model_fields.keys() - {"warehouse"}
    return {name: getattr(rule, name) for name in names} | {"warehouse": rule.warehouse.code}


def _carrier_rule(rule: CarrierRule) -> dict[str, Any]:
    names = CarrierRuleOut.model_fields.keys() - {"carrier"}
    return {name: getattr(rule, name) for name in names} | {"carrier": rule.carrier.code}


def _tried(parcels: Sequence[Tried], orders: Sequence[Placed]) -> dict[str, Any]:
    return {
        "parcels": [_parcel(one) for one in parcels if one.differs],
        "all_parcels": len(parcels),
        "orders": [_order(one) for one in orders if one.differs],
        "all_orders": len(orders),
    }


def _parcel(one: Tried) -> dict[str, Any]:
    return {
        "shipment": one.shipment.number,
        "now": one.now.code if one.now else None,
        "then": one.then.code if one.then else None,
        "ground": one.option.ground if one.option else "",
        "fee_fen": one.option.fee_fen if one.option else None,
        "hours": one.option.hours if one.option else None,
    }


def _order(one: Placed) -> dict[str, Any]:
    return {
        "order": one.order.number,
        "now": one.now.code if one.now else None,
        "then": one.then.code,
        "kilometres": one.kilometres,
    }
