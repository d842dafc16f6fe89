"""What a field is in the database, and how a comparison with it becomes a condition."""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from django.db.models import Field as ModelField
from django.db.models import Q
from django.db.models.expressions import Combinable, Expression
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IContains,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

Answer: TypeAlias = Callable[[str, Any], Q]
"""A room's own condition: given `= > >= < <= ~ in empty` and a value, it answers with a `Q`.

The denied forms (`!=`, `!~`, `not in`, `is not empty`) are made from these by the finder.
"""

BY_OPERATOR: dict[str, Callable[..., Any]] = {
    "=": Exact,
    ">": GreaterThan,
    ">=": GreaterThanOrEqual,
    "<": LessThan,
    "<=": LessThanOrEqual,
    "~": IContains,
    "in": In,
}
PATHS = {
    "=": "exact",
    ">": "gt",
    ">=": "gte",
    "<": "lt",
    "<=": "lte",
    "~": "icontains",
    "in": "in",
    "has": "contains",
    "overlaps": "overlap",
}


class Target(Protocol):
    """Something a value is compared with."""

    def compare(self, operator: str, value: Any) -> Q: ...

    def empty(self, blank: Any) -> Q: ...

    def deny(self, condition: Q) -> Q: ...


class PathTarget:
    """A column, named by its path from the list's model."""

    def __init__(self, path: str) -> None:
        self.path = path

    def compare(self, operator: str, value: Any) -> Q:
        return Q(**{f"{self.path}__{PATHS[operator]}": value})

    def empty(self, blank: Any) -> Q:
        null = Q(**{f"{self.path}__isnull": True})
        return null if blank is None else null | Q(**{f"{self.path}__exact": blank})

    def deny(self, condition: Q) -> Q:
        return ~condition


class ExpressionTarget:
    """A computed value: a sum of columns or a subquery."""

    def __init__(self, expression: Expression | Combinable) -> None:
        self.expression = expression

    def compare(self, operator: str, value: Any) -> Q:
        if operator in ("has", "overlaps"):
            return Q(self._array_lookup(PATHS[operator])(self.expression, value))
        return Q(BY_OPERATOR[operator](self.expression, value))

    def empty(self, blank: Any) -> Q:
        null = Q(IsNull(self.expression, True))
        return null if blank is None else null | Q(Exact(self.expression, blank))

    def deny(self, condition: Q) -> Q:
        return ~condition | self.empty(None)

    def _array_lookup(self, name: str) -> Any:
        output: ModelField[Any, Any] = self.expression.output_field  # type: ignore[union-attr]
        return output.get_lookup(name)


class AnswerTarget:
    """A condition that the room writes itself, such as an `EXISTS` over another table."""

    SPOKEN = {"has": "=", "overlaps": "in"}

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def compare(self, operator: str, value: Any) -> Q:
        if operator == "has":
            value = value[0]
        return self.answer(self.SPOKEN.get(operator, operator), value)

    def empty(self, blank: Any) -> Q:
        return self.answer("empty", None)

    def deny(self, condition: Q) -> Q:
        return ~condition
