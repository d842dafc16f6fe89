"""Where a work item leads: each room says the page of its subjects."""

from collections.abc import Callable

from gendan.worklist.models import Item

PAGES: dict[str, Callable[[Item], str]] = {}


def leads_to(subject: str, page: Callable[[Item], str]) -> None:
    """Let items about a subject lead to a page; the address is made from the item."""
    PAGES[subject] = page


def page_of(item: Item) -> str:
    """Return the address of what an item is about, or nothing where there is no page."""
    page = PAGES.get(item.subject)
    return page(item) if page else ""
