"""Choosing warehouses and carriers over the API: rules, prices, and what they would do."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema

from gendan.people.api import key_of, needs, warehouse_of
from gendan.stock.actions.source import drop_warehouse_rule, prefer, save_warehouse_rule
from gendan.stock.models.sourcing import Prefers, Sourcing, WarehouseRule
from gendan.warehouse.actions.source import drop_ground, save_carrier_rule
from gendan.warehouse.ground_calls import offer_tables
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import CarrierRule
from gendan.warehouse.queries.kept import By, kept
from gendan.warehouse.queries.sourced import LAST, Placed, Tried, placed, tried
from gendan.warehouse.rule_calls import SCOPE, RuleIn, RuleKind, offer

router = Router(tags=["sourcing"])


class PrefersIO(Schema):
    prefers: Prefers = Field(description="Which warehouse is first where no rule says so.")
    why: str = ""


class WarehouseRuleIn(RuleIn):
    warehouse: str = Field(description="Its code.")
    is_only: bool = Field(False, description="From nowhere else: it waits there.")

    def columns(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the rule will say."""
        return super().columns(request) | {"warehouse": warehouse_of(request, self.warehouse)}


class CarrierRuleIn(RuleIn):
    carrier: str = Field(description="Its code.")

    def columns(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the rule will say."""
        return super().columns(request) | {"carrier": get_object_or_404(Carrier, code=self.carrier)}


class WarehouseRuleOut(Schema):
    id: int
    name: str
    expression: str
    warehouse: str
    is_only: bool
    position: int
    is_on: bool

    @staticmethod
    def resolve_warehouse(rule: WarehouseRule) -> str:
        """Tell it by its code."""
        return rule.warehouse.code


class CarrierRuleOut(Schema):
    id: int
    name: str
    expression: str
    carrier: str
    position: int
    is_on: bool

    @staticmethod
    def resolve_carrier(rule: CarrierRule) -> str:
        """Tell it by its code."""
        return rule.carrier.code


WAREHOUSE_RULES = RuleKind(
    noun="warehouse",
    summary="From where, in order",
    model=WarehouseRule,
    sent=WarehouseRuleIn,
    told=WarehouseRuleOut,
    save=save_warehouse_rule,
    drop=drop_warehouse_rule,
)
CARRIER_RULES = RuleKind(
    noun="carrier",
    summary="By whom, in order",
    model=CarrierRule,
    sent=CarrierRuleIn,
    told=CarrierRuleOut,
    save=save_carrier_rule,
    drop=drop_ground,
)


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
    percent: int | None = Field(description="Off already, by contract.")
    charged_g: int | None = Field(description="Its weight, or its volume's where that is more.")
    hours: float | None


class OrderTried(Schema):
    order: str
    now: str | None = Field(description="The warehouse that serves it, by its code.")
    then: str = Field(description="The one that would be asked first.")
    kilometres: int | None


class KeptOut(Schema):
    province: str = Field(description="Empty where it is counted by warehouse.")
    carrier: str | None = Field(description="Its code, where it is counted by carrier.")
    warehouse: str | None = Field(description="Its code, where it is counted by warehouse.")
    parcels: int = Field(description="Those that should have arrived by now.")
    in_time: int
    heard: int = Field(description="Those of which something was heard on their way.")
    picked_in_time: int
    median_hours: float | None


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


offer(router, WAREHOUSE_RULES)
offer(router, CARRIER_RULES)
offer_tables(router)


@router.get("/kept", response=list[KeptOut], summary="How well standards are kept")
@needs(SCOPE)
def standards_kept(request: HttpRequest, by: By = By.REGION) -> Any:
    """Of the parcels of the last 30 days that the key sees."""
    return [
        {
            **vars(row),
            "carrier": row.carrier.code if row.carrier else None,
            "warehouse": row.warehouse.code if row.warehouse else None,
        }
        for row in kept(key_of(request), by=by, now=timezone.now())
    ]


@router.post(
    "/preview", response=PreviewOut, summary="What rules would have done with the last ones"
)
@needs(SCOPE)
def preview(request: HttpRequest, said: Try) -> Any:
    """Ask the rules that are kept, and those sent along; nothing is written."""
    key, now = key_of(request), timezone.now()
    with transaction.atomic():
        _keep(request, WAREHOUSE_RULES, said.warehouse_rules)
        _keep(request, CARRIER_RULES, said.carrier_rules)
        told = _tried(tried(key, now=now, last=said.last), placed(key, now=now, last=said.last))
        transaction.set_rollback(True)
    return told


def _keep(request: HttpRequest, kind: RuleKind, rules: Iterable[RuleIn]) -> None:
    for said in rules:
        kind.save(kind.filled(request, kind.model(), said), by=key_of(request))


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
        "percent": one.option.percent if one.option else None,
        "charged_g": one.option.grams if one.option else None,
        "hours": one.option.hours if one.option else None,
    }


def _order(one: Placed) -> dict[str, Any]:
    return {
        "order": one.order.number,
        "now": one.now.code if one.now else None,
        "then": one.then.code,
        "kilometres": one.kilometres,
    }
