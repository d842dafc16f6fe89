"""The way from a row to one of its values: a path of attributes, or a function."""

from collections.abc import Callable, Mapping
from functools import cache, reduce
from operator import attrgetter
from typing import Any, TypeAlias

from django.apps import apps
from django.db.models.expressions import Combinable
from django.utils.translation import get_language

Way = Callable[[Any], Any]
Part: TypeAlias = str | Combinable  # a path, or what only the database can tell


class Of:
    """A function of some values of a row: `Of(masked_name, "receiver_name")`.

    It says what a value is made of, so that a file can do without the row's model. The function
    asks the database nothing; without one, the value is what it is.
    """

    def __init__(self, function: Callable[..., Any] | None, *parts: Part) -> None:
        self.function = function
        self.parts = parts


def way(to: str | Way | Of) -> Way:
    """Return the function that a column means; methods on a path are called."""
    if isinstance(to, Of):
        return _way_of(to)
    if callable(to):
        return to
    steps = [_step(name) for name in to.split(".")]
    return steps[0] if len(steps) == 1 else lambda row: reduce(lambda one, on: on(one), steps, row)


def _way_of(of: Of) -> Way:
    function, ways = of.function, [way(part) for part in of.parts if isinstance(part, str)]
    if function is None:
        return ways[0]
    return lambda row: function(*(taken(row) for taken in ways))


def _step(name: str) -> Way:
    if name.startswith("get_") and name.endswith("_display"):
        return _label_of(name.removeprefix("get_").removesuffix("_display"))
    return lambda value: _attribute(value, name)


def _attribute(value: Any, name: str) -> Any:
    found = getattr(value, name, None)
    return found() if callable(found) else found


def _label_of(field: str) -> Way:
    """What `get_…_display` answers, without making the table of choices anew for each row."""
    code = attrgetter(field)
    return lambda row: labels(row._meta.label, field, get_language()).get(code(row), code(row))


@cache
def labels(model: str, field: str, _language: str | None) -> Mapping[Any, str]:
    """Return what the codes of a field are called; nothing for a field without choices."""
    choices = getattr(apps.get_model(model)._meta.get_field(field), "flatchoices", ())
    return {code: str(label) for code, label in choices}
