"""The way from a row to one of its values: a path of attributes, or a function."""

from collections.abc import Callable, Mapping
from functools import cache, reduce
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.utils.functional import Promise

Way = Callable[[Any], Any]


def way(to: str | Way) -> Way:
    """Return the function that a column means; methods on a path are called."""
    if callable(to):
        return to
    steps = [_step(name) for name in to.split(".")]
    return steps[0] if len(steps) == 1 else lambda row: reduce(lambda one, on: on(one), steps, row)


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
    return lambda row: str(_labels(row._meta.label, field).get(code(row), code(row)))


@cache
def _labels(model: str, field: str) -> Mapping[Any, str | Promise]:
    choices = getattr(apps.get_model(model)._meta.get_field(field), "flatchoices", ())
    return dict(choices)
