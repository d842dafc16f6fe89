"""What can be asked about publishing: which shops wait, how they are told, and how late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from procrastinate.contrib.django.models import ProcrastinateJob

from gendan.channels.models import Offer, Publication, PublicationState, PublishRule
from gendan.channels.models.publishing import OfferQuerySet, PublicationQuerySet
from gendan.channels.publishing.contract import account_of
from gendan.channels.publishing.files import UPLOADS
from gendan.channels.publishing.outbox import IN_TROUBLE, to_turn
from gendan.people.access import Worker, at_shops
from gendan.people.models import Platform, Shop

OPEN = (PublicationState.WAITING, PublicationState.SENDING, PublicationState.EXPORTED)
COUNTING = "gendan.channels.publishing.tasks.publish_shops"  # the job that looks at large shops
UNMEASURED = timedelta(minutes=15)

# How long it took from the picture to the shop, of the last that went out.
DELAYS = """
SELECT shop_id, avg(done_at - captured_at) FROM (
  SELECT shop_id, done_at, captured_at FROM channels_publication WHERE state = 'DONE'
  ORDER BY id DESC LIMIT 2000) last GROUP BY shop_id
"""


@dataclass(frozen=True)
class ShopQueue:
    """How a shop is told of our stock, and how much it has not been told."""

    shop: Shop
    listings: int
    waiting: int
    exported: int
    troubled: int
    since: datetime | None
    file: str
    by_api: bool

    @property
    def has_upload(self) -> bool:
        return not self.by_api and self.shop.platform in UPLOADS


def queues(worker: Worker) -> list[ShopQueue]:
    """Return the web shops that publish, those with most to tell first."""
    seen = Shop.objects.filter(at_shops(worker, "pk"), is_active=True)
    shops = list(seen.exclude(platform=Platform.OWN).order_by("code"))
    offers = dict(
        Offer.objects.filter(shop__in=shops).values_list("shop").annotate(Count("pk")).order_by()
    )
    waiting = {row["shop"]: row for row in _waiting(shops)}
    found = [_queue(shop, offers.get(shop.pk, 0), waiting.get(shop.pk, {})) for shop in shops]
    return sorted(found, key=lambda queue: (-queue.waiting - queue.exported, queue.shop.code))


def _waiting(shops: list[Shop]) -> list[dict[str, Any]]:
    found = (
        Publication.objects.filter(shop__in=shops, state__in=OPEN)
        .values("shop")
        .annotate(
            waiting=Count("pk", filter=~Q(state=PublicationState.EXPORTED)),
            exported=Count("pk", filter=Q(state=PublicationState.EXPORTED)),
            troubled=Count("pk", filter=Q(tries__gte=IN_TROUBLE)),
            since=Min("captured_at"),
            last_file=Min("file", filter=Q(state=PublicationState.EXPORTED)),
        )
        .order_by()
    )
    return [dict(row) for row in found]


def _queue(shop: Shop, listings: int, row: dict[str, Any]) -> ShopQueue:
    return ShopQueue(
        shop=shop,
        listings=listings,
        waiting=row.get("waiting", 0),
        exported=row.get("exported", 0),
        troubled=row.get("troubled", 0),
        since=row.get("since"),
        file=row.get("last_file") or "",
        by_api=account_of(shop) is not None,
    )


def offers(worker: Worker) -> OfferQuerySet:
    """Return the listings with what is on its way to them: `under_way`, `state`, `trouble`."""
    last = Publication.objects.filter(code=OuterRef("code"), state__in=OPEN).order_by("-version")
    return (
        Offer.objects.visible_to(worker)
        .select_related("code__sku", "shop")
        .annotate(
            way=Coalesce(Subquery(last.values("state")[:1]), Value("")),
            trouble=Coalesce(Subquery(last.values("trouble")[:1]), Value("")),
            under_way_since=Subquery(last.values("captured_at")[:1]),
        )
    )


def rules() -> "QuerySet[PublishRule]":
    """Return the rules, the widest first."""
    return PublishRule.objects.select_related("shop", "sku")


def in_file(shop: Shop, file: str) -> PublicationQuerySet:
    """Return what stands in a file and is not settled."""
    return Publication.objects.filter(shop=shop, file=file, state=PublicationState.EXPORTED)


def due_shops(*, now: datetime) -> list[Shop]:
    """Return the shops with an API for which something is due."""
    waiting = Publication.objects.filter(
        state__in=(PublicationState.WAITING, PublicationState.SENDING), due_at__lte=now
    )
    shops = Shop.objects.filter(pk__in=waiting.values("shop")).order_by("pk")
    return [shop for shop in shops if account_of(shop)]


def shops_to_turn(*, now: datetime) -> list[Shop]:
    """Return the shops with an API of which an item is to be listed or delisted."""
    shops = Shop.objects.filter(is_active=True).order_by("pk")
    return [shop for shop in shops if account_of(shop) and to_turn(shop.pk, now=now)]


def being_counted() -> bool:
    """Tell whether the worker still has large shops to look at."""
    waiting = ProcrastinateJob.objects.filter(task_name=COUNTING, status__in=("todo", "doing"))
    return waiting.exists()


def delays() -> dict[int, timedelta]:
    """Return for each shop how long it takes from a change in the house to its shelf."""
    with connection.cursor() as cursor:
        cursor.execute(DELAYS)
        return dict(cursor.fetchall())
