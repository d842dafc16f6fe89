"""Pictures of every page: `python -m tests.shots [FOLDER] [--only NAME,NAME]`.

A house with the demo is opened for it. Each page is taken in both languages, at the desk's width
and the phone's; some in the dark. Exit status 1: a page answered with an error of ours, or the
browser complained.
"""

import argparse
import html
import sys
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from itertools import product
from pathlib import Path
from typing import NamedTuple

import click
from playwright.sync_api import Page

from tests.browsing import DESK, PHONE, Door, chromium
from tests.living import living

LANGUAGES = {"zh": "zh-CN", "en": "en"}
SIZES = {"desk": DESK, "phone": PHONE}
DARK = ("home", "orders", "order", "order-new", "board", "pack", "track", "combine", "split")
DEMO = ("-m", "gendan.config.cli", "demo")


class Sight(NamedTuple):
    """A page to take: its name, where it is, and who looks at it."""

    name: str
    path: str
    who: str = "admin"


ENTRANCE = (
    Sight("sign-in", "/sign-in/", ""),
    Sight("track", "/track", ""),
    Sight("no-such-link", "/confirm/broken/", ""),
)
PLACES = (
    Sight("home", "/", "zhao"),
    Sight("home-warehouse", "/", "chen"),
    Sight("home-everybody", "/?whose=all", "zhao"),
    Sight("board", "/board/"),
    Sight("order-new", "/orders/new"),
    Sight("orders", "/orders/?tab=all"),
    Sight("orders-found", "/orders/?tab=all&q=total+%3E+300"),
    Sight("orders-mistake", "/orders/?tab=all&q=total+%3E+%3E"),
    Sight("orders-nothing", "/orders/?tab=all&q=nobody-has-this"),
    Sight("search", "/search/?q=1390000"),
    Sight("intake", "/intake/"),
    Sight("screening", "/screening/"),
    Sight("screening-rules", "/screening/rules/"),
    Sight("screening-sweep", "/screening/sweep/", "zhao"),
    Sight("screening-finance", "/screening/?review=FINANCE", "zhao"),
    Sight("gift-rules", "/gifts/"),
    Sight("gift-rule-new", "/gifts/new"),
    Sight("gift-rule", "/gifts/1/"),
    Sight("screening-rule-new", "/screening/rules/new"),
    Sight("urgent-lane", "/urgent/", "zhao"),
    Sight("lane-rules", "/urgent/rules/", "zhao"),
    Sight("promises", "/promises/", "zhao"),
    Sight("promise-terms", "/promises/terms/", "zhao"),
    Sight("chasing", "/chasing/?tab=all", "wang"),
    Sight("chasing-due", "/chasing/", "wang"),
    Sight("chase-gain", "/chasing/gain/"),
    Sight("chase-plans", "/chasing/plans/"),
    Sight("chase-plan", "/chasing/plans/NEW/"),
    Sight("mistakes", "/mistakes/?tab=all"),
    Sight("mistakes-month", "/mistakes/month/"),
    Sight("customers", "/customers/"),
    Sight("customers-import", "/customers/import/"),
    Sight("customer-new", "/customers/new/"),
    Sight("surge", "/surge/"),
    Sight("big-day-new", "/surge/new/"),
    Sight("prepacks", "/prepacks/"),
    Sight("labels", "/prepacks/labels/", "chen"),
    Sight("sourcing", "/sourcing/"),
    Sight("carrier-rule-new", "/sourcing/carrier-rule/new"),
    Sight("standard-new", "/sourcing/standard/new"),
    Sight("discount-new", "/sourcing/discount/new"),
    Sight("messages", "/messages/?tab=all"),
    Sight("scripts", "/scripts/"),
    Sight("shipments", "/shipments/?tab=all"),
    Sight("combinable", "/combine/"),
    Sight("combine-rules", "/combine/rules/"),
    Sight("shop-limits", "/write-backs/limits/"),
    Sight("waves", "/waves/?tab=all"),
    Sight("pack", "/pack/", "chen"),
    Sight("put-back", "/put-back/", "chen"),
    Sight("amendments", "/amendments/?tab=all", "wang"),
    Sight("hand-over", "/hand-over/"),
    Sight("loading", "/hand-over/scan/", "chen"),
    Sight("write-backs", "/write-backs/?tab=all"),
    Sight("prints", "/prints/"),
    Sight("parcels", "/parcels/?tab=all"),
    Sight("stock", "/stock/"),
    Sight("stock-receive", "/stock/receive/"),
    Sight("stock-adjust", "/stock/adjust/"),
    Sight("stock-count", "/stock/count/"),
    Sight("stock-opening", "/stock/opening/"),
    Sight("stocktake", "/stock/stocktake/"),
    Sight("publishing", "/publishing/"),
    Sight("publish-outbox", "/publishing/outbox/"),
    Sight("publish-rules", "/publishing/rules/"),
    Sight("publish-rule-new", "/publishing/rules/new"),
    Sight("reconcile", "/reconcile/"),
    Sight("carrier-fees", "/reconcile/fees/"),
    Sight("shortages", "/shortages/"),
    Sight("short-goods", "/shortages/goods/"),
    Sight("arrivals", "/arrivals/"),
    Sight("arrival-new", "/arrivals/new/"),
    Sight("arrivals-import", "/arrivals/import/"),
    Sight("presales", "/presales/"),
    Sight("presale-new", "/presales/new/"),
    Sight("parting-rules", "/presales/rules/"),
    Sight("substitutes", "/substitutes/"),
    Sight("substitutes-import", "/substitutes/import/"),
    Sight("products", "/products/"),
    Sight("product-new", "/products/new/"),
    Sight("skus", "/skus/"),
    Sight("skus-import", "/skus/import/"),
    Sight("shop-codes", "/shop-codes/"),
    Sight("shop-codes-import", "/shop-codes/import/"),
    Sight("day-report", "/reports/day/"),
    Sight("accountability", "/who-did-what/"),
    Sight("people", "/people/"),
    Sight("person-new", "/people/new/"),
    Sight("me", "/me/"),
    Sight("change-password", "/me/password/"),
    Sight("shops", "/shops/"),
    Sight("shop-new", "/shops/new/"),
    Sight("shops-import", "/shops/import/"),
    Sight("warehouses", "/warehouses/"),
    Sight("warehouse-new", "/warehouses/new/"),
    Sight("warehouses-import", "/warehouses/import/"),
    Sight("carriers", "/carriers/"),
    Sight("carrier-new", "/carriers/new/"),
    Sight("carriers-import", "/carriers/import/"),
    Sight("number-ranges", "/number-ranges/"),
    Sight("number-range-new", "/number-ranges/new/"),
    Sight("merchant", "/merchant/"),
    Sight("business-hours", "/business-hours/"),
    Sight("api-keys", "/api-keys/"),
    Sight("api-key-new", "/api-keys/new/"),
    Sight("api-docs", "/api/docs"),
    Sight("confirmations", "/confirmations/?tab=all"),
    Sight("checklist", "/checklist/", "zhao"),
    Sight("check-rules", "/checklist/rules/", "zhao"),
    Sight("samples", "/samples/?tab=all", "zhao"),
    Sight("messages", "/messages/?tab=all", "zhao"),
    Sight("scripts", "/scripts/", "zhao"),
    Sight("components", "/ui/"),
    Sight("forbidden", "/people/", "li"),
    Sight("not-found", "/no-such-page/"),
)
TALLEST = 6000
ANSWER_NO = ("forbidden", "not-found", "no-such-link")
# The page of one is that of the first row of a list.
FIRST_OF = {
    "order": "/orders/?tab=all&q=stage+%3D+COMPLETED",
    "order-allocated": "/orders/?tab=all&q=stage+%3D+ALLOCATED",
    "order-urgent": "/orders/?tab=all&q=urgent+%3D+yes",
    "order-late": "/promises/?tab=risky",
    "order-held": "/orders/?tab=all&q=stage+%3D+HELD",
    "order-read": "/orders/?tab=all&q=stage+%3D+DRAFT",
    "order-unpaid": "/orders/?tab=all&q=stage+%3D+UNPAID",
    "amendment": "/amendments/?tab=open",
    "amendment-done": "/amendments/?tab=confirmed&q=difference+%21%3D+0",
    "put-back-parcel": "/put-back/",
    "chase": "/chasing/?tab=all&q=source+%21%3D+FILE",
    "chase-due": "/chasing/?q=source+%21%3D+FILE",
    "mistake": "/mistakes/?tab=open",
    "intake-file": "/intake/",
    "screening-rule": "/screening/rules/",
    "customer": "/customers/",
    "shipment": "/shipments/?tab=all",
    "combine": "/combine/?tab=alerts",
    "wave": "/waves/?tab=all",
    "parcel": "/parcels/?tab=all",
    "shortage": "/shortages/",
    "arrival": "/arrivals/",
    "presale": "/presales/",
    "product": "/products/",
    "sku": "/skus/",
    "sku-stock": "/stock/",
    "sample": "/samples/?tab=all",
    "document": "/confirmations/?tab=all",
    "message": "/messages/?tab=all",
    "person": "/people/",
    "shop": "/shops/",
    "warehouse": "/warehouses/",
    "carrier": "/carriers/",
    "accountability-person": "/who-did-what/",
}

# A page that the page of one leads to.
BEYOND = {
    "split": ("/shipments/?tab=planned&q=pieces+%3E+2", "split?way=GOODS"),
    "split-by-stock": ("/orders/?tab=short&q=platform_order+~+30142", "split/"),
}


class Picture(NamedTuple):
    """A picture that was taken."""

    sight: Sight
    file: str
    status: int
    is_wide: bool  # the page does not fit: it scrolls sideways


def main() -> None:
    """Read the command line, take the pictures, say what is wrong."""
    parser = argparse.ArgumentParser(prog="tests.shots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("shots"))
    parser.add_argument("--only", default="", help="names of pages, separated by commas")
    wish = parser.parse_args()
    wish.folder.mkdir(parents=True, exist_ok=True)
    with living(DEMO) as house, chromium() as browser:
        door = Door(house, browser)
        pictures = list(_take(door, wish.folder, set(filter(None, wish.only.split(",")))))
    (wish.folder / "index.html").write_text(_index(pictures))
    _report(pictures, door.complaints)
    sys.exit(1 if door.complaints else 0)


def _take(door: Door, folder: Path, only: set[str]) -> Iterator[Picture]:
    sights = [sight for sight in _sights(door) if not only or sight.name in only]
    looks = list(product(LANGUAGES, SIZES, (False, True)))
    for number, sight in enumerate(sights, 1):
        click.echo(f"{number:3} / {len(sights)}  {sight.name}  {sight.path}")
        for language, size, dark in looks:
            if dark and (sight.name not in DARK or language != "zh"):
                continue
            page = door.open(sight.who, language=LANGUAGES[language], size=SIZES[size], dark=dark)
            yield _picture(page, sight, folder, f"{sight.name}-{language}-{size}{'-dark' * dark}")
            door.close()


def _sights(door: Door) -> list[Sight]:
    """Return what there is to see."""
    page = door.open("admin")
    firsts = [Sight(name, _first_row(page, path)) for name, path in FIRST_OF.items()]
    beyond = {name: (_first_row(page, path), more) for name, (path, more) in BEYOND.items()}
    door.close()
    firsts += [Sight(name, row + more) for name, (row, more) in beyond.items() if row]
    return [*ENTRANCE, *PLACES, *(sight for sight in firsts if sight.path)]


def _first_row(page: Page, path: str) -> str:
    page.goto(path)
    link = page.locator("main [data-open-row], main tbody td a").first
    return str(link.get_attribute("href")) if link.count() else ""


def _picture(page: Page, sight: Sight, folder: Path, name: str) -> Picture:
    answer = page.goto(sight.path)
    page.locator(".loading-container").first.wait_for(state="detached")  # the API's page
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    _unroll(page)
    page.screenshot(path=folder / f"{name}.png")
    return Picture(sight, f"{name}.png", answer.status if answer else 0, wide)


def _unroll(page: Page) -> None:
    """Make the window as high as the page, so that what sticks to its edges does so in the end."""
    width = page.evaluate("innerWidth")
    height = page.evaluate("Math.max(innerHeight, document.documentElement.scrollHeight)")
    page.set_viewport_size({"width": width, "height": min(height, TALLEST)})


def _index(pictures: Sequence[Picture]) -> str:
    figures = "".join(
        f'<figure><a href="{each.file}"><img src="{each.file}" loading="lazy" width="320"></a>'
        f"<figcaption>{html.escape(each.file)}</figcaption></figure>"
        for each in pictures
    )
    style = "body{display:flex;flex-wrap:wrap;gap:1rem;font:12px sans-serif}figure{margin:0}"
    return f'<!doctype html><meta charset="utf-8"><style>{style}</style>{figures}'


def _report(pictures: Sequence[Picture], complaints: Sequence[str]) -> None:
    """Say what was taken, what is missing, what is too wide, and what the browser said."""
    told = [f"{len(pictures)} pictures"]
    told += [
        f"{each.sight.path} answers {each.status}"
        for each in pictures
        if each.status >= HTTPStatus.BAD_REQUEST and each.sight.name not in ANSWER_NO
    ]
    told += [f"{each.file} scrolls sideways" for each in pictures if each.is_wide]
    click.echo("\n".join(dict.fromkeys([*told, *complaints])))


if __name__ == "__main__":
    main()
