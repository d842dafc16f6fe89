"""Rows written by their key in one statement: new ones added, changed ones changed, others left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q


@dataclass(frozen=True)
class Upserted:
    """The rows that an upsert met; `new` and `changed` have their ids."""

    new: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    unchanged: list[Any] = field(default_factory=list)

    @property
    def all(self) -> list[Any]:
        return [*self.new, *self.changed, *self.unchanged]


def upsert(model: type[Model], key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Upserted:
    """Write rows by their key; what a row does not mention stays. Call it inside an entry."""
    there = _there(model, key, rows)
    done = Upserted()
    names: set[str] = set()
    for values in rows:
        found = there.get(tuple(values[name] for name in key))
        if found is None:
            done.new.append(model(**values))
            names |= set(values)
            continue
        different = {n for n, value in values.items() if getattr(found, n) != value}
        for name in different:
            setattr(found, name, values[name])
        names |= different
        (done.changed if different else done.unchanged).append(found)
    _write(model, key, done, names)
    return done


def _there(
    model: type[Model], key: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> dict[tuple[Any, ...], Any]:
    """The rows that are there, in key order and locked: two files at once take turns."""
    same = (_same(name, {values[name] for values in rows}) for name in key)
    found = model._default_manager.filter(*same).order_by("pk").select_for_update(of=("self",))
    return {tuple(getattr(row, name) for name in key): row for row in found}


def _same(name: str, wanted: set[Any]) -> Q:
    """Rows with one of these values; where nothing is one of them, those without any, too."""
    same = Q(**{f"{name}__any": list(wanted - {None})})
    return same | Q(**{f"{name}__isnull": True}) if None in wanted else same


def _write(model: type[Model], key: Sequence[str], done: Upserted, names: set[str]) -> None:
    columns = sorted(names - set(key))
    if done.changed:
        model._default_manager.bulk_create(
            done.changed, update_conflicts=True, unique_fields=["pk"], update_fields=columns
        )
    if done.new:
        model._default_manager.bulk_create(done.new)
