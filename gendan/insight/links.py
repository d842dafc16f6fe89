"""Where a figure leads: to the list that shows exactly the rows that were counted.

The search that a link carries is the definition of its figure; `tests/test_links.py` counts both.
"""

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def orders(q: str) -> str:
    """Return the address of the orders that a search finds."""
    return _listed("orders", q)


def shipments(q: str) -> str:
    """Return the address of the shipments that a search finds."""
    return _listed("shipments", q)


def parcels(q: str) -> str:
    """Return the address of the parcels that a search finds, which are shipments that left."""
    return _listed("parcels", q)


def work(kind: str) -> str:
    """Return the address of everybody's work items of a kind."""
    return f"{reverse('home')}?{urlencode({'whose': 'all', 'kind': kind})}"


def _listed(name: str, q: str) -> str:
    try:
        return f"{reverse(name)}?{urlencode({'tab': 'all', 'q': q})}"
    except NoReverseMatch:
        return ""
