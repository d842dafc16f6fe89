"""The calls that rules of every kind share: listed, added, changed, switched, deleted."""

from collections.abc import Callable
from dataclasses import dataclass
from types import GenericAlias
from typing import Any, TypeVar

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from gendan.people.api import key_of, needs

SCOPE = "warehouse.source"
CALLS = "gendan_warehouse_sourcing_api"  # how programs know them, wherever they are written
Call = TypeVar("Call", bound=Callable[..., Any])


class RuleIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    expression: str = Field(description="In the finding language.")
    position: int = Field(100, ge=0, le=32_767, description="The first rule that is met decides.")
    is_on: bool = True
    why: str = ""

    def columns(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the rule will say; what is named by its code is looked up."""
        return self.model_dump(exclude={"why"})


class Switch(Schema):
    is_on: bool
    why: str = ""


@dataclass(frozen=True)
class RuleKind:
    """A kind of rule: what its calls take and tell, and the acts that keep and delete one.

    `noun` is also the name of the column that says where the rule leads.
    """

    noun: str
    summary: str
    model: Any
    sent: type[RuleIn]
    told: type[Schema]
    save: Callable[..., Any]
    drop: Callable[..., None]

    def filled(self, request: HttpRequest, rule: Any, said: RuleIn) -> Any:
        """Return the rule as it is said to be; it is not kept yet."""
        for name, value in said.columns(request).items():
            setattr(rule, name, value)
        return rule


def takes(sent: type[Schema]) -> Callable[[Call], Call]:
    """Let a call take in its body what a kind says; no type can be written there."""

    def typed(call: Call) -> Call:
        call.__annotations__["said"] = sent
        return call

    return typed


def offer(router: Router, kind: RuleKind) -> None:
    """Give the router the five calls of a kind of rule."""
    place, noun, told, save = f"/{kind.noun}-rules", f"{kind.noun}_rule", kind.told, kind.save
    one, words = f"{place}/{{pk}}", noun.replace("_", " ")

    def known(call: str) -> str:
        return f"{CALLS}_{call}"

    @router.get(
        place,
        response=GenericAlias(list, told),
        summary=kind.summary,
        operation_id=known(f"{noun}s"),
    )
    @needs(SCOPE)
    def rules(request: HttpRequest) -> Any:
        return kind.model.objects.select_related(kind.noun)

    @router.post(
        place,
        response={201: told},
        summary=f"Add a {words}",
        operation_id=known(f"add_{noun}"),
    )
    @needs(SCOPE)
    @takes(kind.sent)
    def add(request: HttpRequest, said: Any) -> Any:
        rule = kind.filled(request, kind.model(), said)
        return Status(201, save(rule, by=key_of(request), why=said.why))

    @router.put(
        one, response=told, summary=f"Change a {words}", operation_id=known(f"change_{noun}")
    )
    @needs(SCOPE)
    @takes(kind.sent)
    def change(request: HttpRequest, pk: int, said: Any) -> Any:
        rule = kind.filled(request, get_object_or_404(kind.model, pk=pk), said)
        return save(rule, by=key_of(request), why=said.why)

    @router.post(
        f"{one}/switch",
        response=told,
        summary="Switch it on, off",
        operation_id=known(f"switch_{noun}"),
    )
    @needs(SCOPE)
    def switch(request: HttpRequest, pk: int, said: Switch) -> Any:
        rule = get_object_or_404(kind.model, pk=pk)
        rule.is_on = said.is_on
        return save(rule, by=key_of(request), why=said.why)

    @router.delete(
        one,
        response={204: None},
        summary=f"Delete a {words}",
        operation_id=known(f"drop_{noun}"),
    )
    @needs(SCOPE)
    def drop(request: HttpRequest, pk: int) -> Any:
        kind.drop(get_object_or_404(kind.model, pk=pk), by=key_of(request))
        return Status(204, None)
