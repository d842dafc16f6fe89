"""Work items over the API. A key is nobody who works: it hands items over, or finishes them."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema

from gendan.people.api import all_of, key_of, needs
from gendan.people.models import Person
from gendan.people.permissions import Role
from gendan.ui.api import Page, page
from gendan.ui.api.paging import Asked
from gendan.ui.finding import Field as Found
from gendan.ui.finding import Finder
from gendan.worklist import actions
from gendan.worklist.models import Item, ItemQuerySet, Kind

router = Router(tags=["worklist"])
ITEMS = Finder(
    Item,
    (
        Found("kind", _("kind"), "choice", choices=Kind.choices),
        Found("role", _("role"), "choice", choices=Role.choices),
        Found("due_at", _("due"), "instant"),
        Found("opened_at", _("opened"), "instant"),
    ),
    quick=lambda text: Q(kind=text.upper()) | Q(detail=text),
)


class ItemOut(Schema):
    id: int
    kind: str
    role: str
    owner: str | None = Field(description="The sign-in name of who has taken it.")
    subject: str
    subject_id: int
    detail: str
    facts: dict[str, Any]
    opened_at: datetime
    due_at: datetime


class ItemsChosen(Schema):
    ids: list[int] = Field(min_length=1, max_length=1_000)
    why: str = ""


class HandOver(ItemsChosen):
    to: str = Field(description="The sign-in name of a colleague with the role.")


class Finished(Schema):
    finished: int


@router.get("", response=Page[ItemOut], summary="What waits for people")
@needs("worklist.see")
def list_items(request: HttpRequest, asked: Asked) -> Any:
    return page(_seen(request).select_related("owner"), asked, ITEMS, _told)


@router.post("/claim", response=list[int], summary="Give items to a colleague")
@needs("worklist.assign")
def claim(request: HttpRequest, chosen: HandOver) -> Any:
    to = get_object_or_404(Person, username=chosen.to, is_active=True)
    handed = actions.hand_over(_chosen(request, chosen), to, by=key_of(request), why=chosen.why)
    return [item.pk for item in handed]


@router.post("/finish", response=Finished, summary="Say that items are dealt with")
@needs("worklist.work")
def finish(request: HttpRequest, chosen: ItemsChosen) -> Any:
    items = _chosen(request, chosen)
    done = actions.finish(items, by=key_of(request), now=timezone.now(), why=chosen.why)
    return {"finished": done}


def _seen(request: HttpRequest) -> ItemQuerySet:
    return Item.objects.open().visible_to(key_of(request))


def _chosen(request: HttpRequest, chosen: ItemsChosen) -> ItemQuerySet:
    found: ItemQuerySet = all_of(_seen(request), "pk", chosen.ids)
    return found


def _told(item: Item) -> dict[str, Any]:
    return {
        **{name: getattr(item, name) for name in ItemOut.model_fields},
        "owner": item.owner.username if item.owner else None,
    }
