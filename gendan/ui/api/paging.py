"""Rows page by page, the newest first, found by an expression of the finding language."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Field, Query, Schema

from gendan.ui.finding import Finder

Row = TypeVar("Row")


class Paged(Schema):
    """How a list is asked for."""

    q: str = Field("", description="A search in the finding language, e.g. `stage = HELD`.")
    cursor: int | None = Field(None, ge=1, description="`next` of the page before.")
    limit: int = Field(50, ge=1, le=500, description="How many rows a page has.")


Asked = Annotated[Paged, Query()]


class Page(Schema, Generic[Row]):
    """Some rows, and the cursor of the page behind them; null on the last one."""

    rows: list[Row]
    next: int | None


@dataclass(frozen=True)
class Listed:
    rows: list[Any]
    next: int | None


def page(
    rows: QuerySet[Any, Any], asked: Paged, finder: Finder, told: Callable[[Any], Any]
) -> Listed:
    """Return a page of what a search finds, each row as it is told.

    :raises FindingError: if the search cannot be read
    """
    found = rows.filter(finder.q(asked.q, now=timezone.now())).order_by("-pk")
    if asked.cursor:
        found = found.filter(pk__lt=asked.cursor)
    some = list(found[: asked.limit + 1])
    shown = some[: asked.limit]
    return Listed([told(row) for row in shown], shown[-1].pk if len(some) > len(shown) else None)
