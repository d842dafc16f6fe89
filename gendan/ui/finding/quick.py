"""What bare words in the search box mean where a list needs nothing special."""

from collections.abc import Callable

from django.db.models import Q


def contains(*paths: str) -> Callable[[str], Q]:
    """Return a quick search: the words stand somewhere in one of these columns."""

    def search(text: str) -> Q:
        return Q(*((f"{path}__icontains", text) for path in paths), _connector=Q.OR)

    return search
