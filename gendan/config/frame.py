"""What the frame of every page shows: navigation by role, badge, language, theme."""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gendan.people.models import Person
from gendan.people.permissions import Role
from gendan.people.queries import merchant
from gendan.worklist.queries import number_waiting_for

LANGUAGES = {"zh-hans": "中文", "en": "English"}


class Link(NamedTuple):
    name: str  # of the URL
    label: Promise | str
    icon: str
    permission: str
    key: str = ""  # after `g`


class Item(NamedTuple):
    """A link as it is shown; `badge` is a number or empty."""

    name: str
    label: str
    icon: str
    key: str
    url: str
    active: bool
    badge: int | str


class Group(NamedTuple):
    """Links under a label; `folded` ones are opened by their label."""

    label: str
    items: tuple[Item, ...]
    folded: bool = False


class Who(NamedTuple):
    """The person as the frame names them."""

    name: str
    account: str


NAVIGATION: list[tuple[Promise | str, list[Link]]] = [
    (
        "",
        [
            Link("home", _("My work"), "inbox", "worklist.see", "h"),
            Link("board", _("Board"), "board", "insight.see", "b"),
        ],
    ),
    (
        _("Orders"),
        [
            Link("order-new", _("Place an order"), "plus", "orders.place", "n"),
            Link("orders", _("Orders"), "order", "orders.see", "o"),
            Link("intake", _("Intake"), "upload", "intake.see", "i"),
            Link("customers", _("Customers"), "people", "customers.see", "c"),
            Link("messages", _("Messages"), "mail", "desk.see", "m"),
        ],
    ),
    (
        _("Handling"),
        [
            Link("screening", _("Screening desk"), "hold", "screening.review", "r"),
            Link("screening-sweep", _("Sweep of held orders"), "clock", "screening.review"),
            Link("screening-finance", _("Finance review"), "money", "screening.finance"),
            Link("confirmations", _("Orders sent back"), "file", "orders.confirm"),
            Link("chasing", _("Chase payment"), "money", "orders.chase"),
            Link("amendments", _("Changes of orders"), "edit", "orders.amend"),
            Link("urgent-lane", _("Urgent lane"), "flag", "orders.see", "u"),
            Link("promises", _("Promises and risk"), "calendar", "delivery.see"),
        ],
    ),
    (
        _("Warehouse"),
        [
            Link("shipments", _("Shipments"), "box", "warehouse.see", "s"),
            Link("combinable", _("Could go together"), "combine", "warehouse.combine"),
            Link("waves", _("Waves"), "wave", "warehouse.see", "w"),
            Link("pack", _("Packing"), "scan", "warehouse.pack", "p"),
            Link("hand-over", _("Hand-over"), "truck", "delivery.ship"),
            Link("prints", _("Print ledger"), "print", "warehouse.see"),
            Link("surge", _("Big day"), "bell", "warehouse.surge"),
        ],
    ),
    (
        _("On the way"),
        [
            Link("parcels", _("Parcels"), "truck", "delivery.see", "t"),
            Link("write-backs", _("Write back"), "return", "delivery.write_back"),
            Link("reconcile", _("Reconcile"), "scale", "delivery.reconcile"),
        ],
    ),
    (
        _("Goods"),
        [
            Link("stock", _("Stock"), "stock", "stock.see", "k"),
            Link("shortages", _("Short goods"), "alert", "stock.see"),
            Link("arrivals", _("Expected arrivals"), "receive", "stock.see"),
            Link("publishing", _("Stock to the shops"), "shop", "stock.publish"),
            Link("skus", _("Goods"), "tag", "catalog.see", "g"),
            Link("gift-rules", _("Gift rules"), "gift", "catalog.manage"),
            Link("shop-codes", _("Shop codes"), "link", "catalog.see"),
        ],
    ),
    (
        _("Figures"),
        [
            Link("day-report", _("Day report"), "report", "insight.money", "d"),
            Link("mistakes", _("Mistakes"), "alert", "insight.mistakes"),
            Link("samples", _("Sent documents to check"), "check", "orders.sample"),
            Link("accountability", _("Who did what"), "history", "insight.people"),
        ],
    ),
    (
        _("House"),
        [
            Link("people", _("People"), "people", "people.manage"),
            Link("shops", _("Shops"), "shop", "people.manage"),
            Link("warehouses", _("Warehouses"), "warehouse", "people.manage"),
            Link("carriers", _("Carriers"), "truck", "warehouse.manage"),
            Link("screening-rules", _("Rules"), "rule", "screening.rules"),
            Link("sourcing", _("Choosing carriers"), "split", "warehouse.source"),
            Link("check-items", _("Checklist"), "check", "desk.scripts"),
            Link("scripts", _("Scripts"), "chat", "desk.see"),
            Link("business-hours", _("Business hours"), "calendar", "worklist.hours"),
            Link("api-keys", _("API keys"), "key", "people.manage"),
        ],
    ),
]

BOTTOM: dict[str, tuple[str, ...]] = {
    Role.WAREHOUSE: ("home", "pack", "waves", "stock"),
    Role.REVIEWER: ("home", "screening", "orders", "board"),
}
BOTTOM_ELSE = ("home", "orders", "order-new", "board")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's part of every template's context."""
    language = get_language() or "zh-hans"
    seen: dict[str, Any] = {
        "theme": request.COOKIES.get("theme", ""),
        "language": language,
        "other_languages": tuple(item for item in LANGUAGES.items() if item[0] != language),
    }
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return seen
    count = number_waiting_for(person)
    nav = _navigation(person.permissions, language, _active(request.path), count)
    links = {item.name: item for group in nav for item in group.items}
    names = next((BOTTOM[role] for role in person.roles if role in BOTTOM), BOTTOM_ELSE)
    return {
        **seen,
        "person": person,
        "who": Who(person.name, person.username),
        "merchant_name": merchant().name,
        "worklist_count": count,
        "nav": nav,
        "nav_bottom": tuple(links[name] for name in names if name in links),
    }


@lru_cache(maxsize=500)
def _navigation(
    permissions: frozenset[str], _language: str, active: str, count: int
) -> tuple[Group, ...]:
    groups = (
        _group(label, tuple(_items(links, permissions, active, count)))
        for label, links in NAVIGATION
    )
    return tuple(group for group in groups if group.items)


def _group(label: Promise | str, items: tuple[Item, ...]) -> Group:
    """What is set up once is folded, unless the person is there."""
    set_up_once = label == NAVIGATION[-1][0]
    return Group(str(label), items, set_up_once and not any(item.active for item in items))


def _items(
    links: list[Link], permissions: frozenset[str], active: str, count: int
) -> Iterator[Item]:
    for link in links:
        url = _url(link.name)
        if url and link.permission in permissions:
            badge = count if link.name == "home" and count else ""
            yield Item(
                link.name, str(link.label), link.icon, link.key, url, link.name == active, badge
            )


def _active(path: str) -> str:
    """Return the link whose address fits best: /orders/new is not also /orders."""
    urls = {name: _url(name) for _label, links in NAVIGATION for name, *_rest in links}
    fits = [name for name, url in urls.items() if url and _fits(path, url)]
    return max(fits, key=lambda name: len(urls[name]), default="")


def _fits(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


@cache
def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
