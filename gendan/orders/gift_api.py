"""Gift rules over the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from gendan.catalog.models import Sku
from gendan.orders.actions.save_gift_rule import (
    NewTier,
    save_gift_rule,
    switch_gift_rules,
    try_gift_rule,
)
from gendan.orders.models import GiftRule, Measure, Reach, Scope, WhenOut
from gendan.people.api import key_of, needs
from gendan.ui.api import Problem

router = Router(tags=["gifts"])


class TierIO(Schema):
    mark: int = Field(
        ge=0, description="Fen, or pieces, from which on (EVERY: for every so many) it is given."
    )
    sku: str
    quantity: int = Field(1, ge=1)


class GiftRuleIn(Schema):
    name: str = Field(max_length=80, description="Tells rules apart; one that is there changes.")
    name_en: str = ""
    expression: str = Field("", description="In the finding language; empty: every order.")
    counts: list[str] = Field([], description="SKUs or styles that count; empty: all goods.")
    measure: Measure = Measure.AMOUNT
    reach: Reach = Field(Reach.TIER, description="EVERY: each tier as often as it is reached.")
    most_times: int | None = Field(None, ge=1, le=32_767, description="With EVERY: at most.")
    scope: Scope = Field(Scope.ORDER, description="PARCEL: what goes in one parcel, together.")
    from_at: AwareDatetime
    until_at: AwareDatetime
    limit: int | None = Field(None, ge=0, description="Pieces to give in all.")
    when_out: WhenOut = WhenOut.SKIP
    position: int = Field(100, ge=0, le=32_767)
    is_exclusive: bool = False
    is_on: bool = False
    tiers: list[TierIO] = Field(min_length=1)
    why: str = ""


class GiftRuleOut(Schema):
    name: str
    expression: str
    counts: list[str]
    measure: str
    reach: str
    most_times: int | None
    scope: str
    from_at: datetime
    until_at: datetime
    limit: int | None
    given: int
    when_out: str
    position: int
    is_exclusive: bool
    is_on: bool
    tiers: list[TierIO]


class TrialOut(Schema):
    orders: int = Field(description="So many of the last would have got it.")
    of: int
    pieces: int
    companies: int | None = Field(description="Times that orders shared a parcel; null: not asked.")
    shared_pieces: int = Field(description="Pieces that they earn only together.")
    samples: list[str]


class Switch(Schema):
    is_on: bool
    why: str = ""


@router.get("", response=list[GiftRuleOut], summary="All gift rules, in their order")
@needs("catalog.see")
def rules(request: HttpRequest) -> Any:
    return [_told(rule) for rule in GiftRule.objects.prefetch_related("tiers__sku")]


@router.post("", response=GiftRuleOut, summary="Add a gift rule, or change it by its name")
@needs("catalog.manage")
def save(request: HttpRequest, said: GiftRuleIn) -> Any:
    rule = _rule(said)
    return _told(save_gift_rule(rule, _tiers(said.tiers), by=key_of(request), why=said.why))


@router.post("/try", response=TrialOut, summary="Try a gift rule on the past; nothing is kept")
@needs("catalog.manage")
def attempt(request: HttpRequest, said: GiftRuleIn) -> Any:
    """Say what it would have given to the last 10,000 orders of the key's shops."""
    key, now = key_of(request), timezone.now()
    trial = try_gift_rule(_rule(said), _tiers(said.tiers), by=key, now=now)
    return {**vars(trial), "samples": [order.number for order in trial.samples]}


@router.post("/{name}/switch", response=GiftRuleOut, summary="Switch a gift rule on or off")
@needs("catalog.manage")
def switch(request: HttpRequest, name: str, said: Switch) -> Any:
    rule = get_object_or_404(GiftRule, name=name)
    chosen = GiftRule.objects.filter(pk=rule.pk)
    switch_gift_rules(chosen, said.is_on, by=key_of(request), why=said.why)
    return _told(chosen.get())


def _rule(said: GiftRuleIn) -> GiftRule:
    rule = GiftRule.objects.filter(name=said.name).first() or GiftRule()
    for name, value in said.model_dump(exclude={"tiers", "why"}).items():
        setattr(rule, name, value)
    if rule.until_at <= rule.from_at:
        raise Problem(422, _("It ends before it begins."))
    return rule


def _tiers(tiers: list[TierIO]) -> list[NewTier]:
    known = dict(Sku.objects.filter(code__any=[t.sku for t in tiers]).values_list("code", "pk"))
    unknown = [tier.sku for tier in tiers if tier.sku not in known]
    if unknown:
        raise Problem(422, _("We have no SKU %(code)s.") % {"code": unknown[0]})
    return [NewTier(tier.mark, known[tier.sku], tier.quantity) for tier in tiers]


def _told(rule: GiftRule) -> dict[str, Any]:
    names = GiftRuleOut.model_fields.keys() - {"tiers"}
    tiers = [
        {"mark": tier.mark, "sku": tier.sku.code, "quantity": tier.quantity}
        for tier in rule.tiers.all()
    ]
    return {name: getattr(rule, name) for name in names} | {"tiers": tiers}
