"""The architecture: what must be true of every room, whoever writes it."""

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from inspect import Parameter, getmembers, isfunction, signature
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

import gendan
from gendan.config.messages import BASE, catalogue, texts_of, untranslated
from gendan.journal.sentences import VERBS
from gendan.people.access import PUBLIC, SIGNED_IN
from gendan.people.permissions import GRANTS, PERMISSIONS, Role

ROOMS = [BASE / room for room in settings.ROOMS]

# Tables that need no journal, and why.
UNJOURNALED = {
    "orders_draft": "a half-filled form of one person",
    "insight_day": "counted again from the other tables at any time",
    "insight_bookmark": "how far the journal has been read",
    "screening_lookout": "how far the journal has been read",
    "orders_urgentlap": "its instants are those of the stages, which are journaled",
    "stock_balance": "follows the ledger",
    "stock_reservation": "follows the ledger",
    "delivery_forecast": "counted again from the other tables every few minutes",
    "delivery_partforecast": "counted again with delivery_forecast",
    "delivery_pace": "measured again from the other tables at any time",
    "delivery_transit": "measured again from the other tables at any time",
    "delivery_subscription": "what a provider told us last; its history is the traces",
    "ui_savedsearch": "a personal setting",
    "ui_columnchoice": "a personal setting",
    "ui_upload": "a file between being tried and being taken in",
}
APPEND_ONLY = {"people_usedpassword", "stock_ledger", "warehouse_printpage", "delivery_trace"}


def our_tables() -> list[str]:
    return [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("gendan.") and model._meta.managed
    ]


@pytest.mark.django_db
def test_every_table_is_journaled_or_named_with_a_reason() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, array_agg(tgname::text) FROM pg_trigger "
            "WHERE NOT tgisinternal GROUP BY 1"
        )
        triggers = dict(cursor.fetchall())
    for table in our_tables():
        has = set(triggers.get(table, ()))
        journaled = {"journal_insert", "journal_update", "journal_delete"} <= has
        assert journaled or "only_grows" in has or table in UNJOURNALED or _staging(table), table


def _staging(table: str) -> bool:
    """Say whether a table only holds what arrived, raw, before it becomes anything."""
    return table.startswith("channels_")


# The history of a table that was given up stays.
THERE = "SELECT name, columns FROM journal_subject WHERE to_regclass(name) IS NOT NULL"


@pytest.mark.django_db
def test_the_journal_knows_every_column() -> None:
    with connection.cursor() as cursor:
        cursor.execute(THERE)
        for table, known in cursor.fetchall():
            cursor.execute(
                "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass "
                "AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
                [table],
            )
            columns = {name for (name,) in cursor.fetchall()} - {"id"}
            assert columns - set(known) <= {"password", "hash", "signed_in_at"}, table


def urls(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from urls(pattern.url_patterns)
        else:
            yield pattern


def test_every_page_names_its_permission() -> None:
    for pattern in urls(get_resolver().url_patterns):
        view = pattern.callback
        if view.__module__.startswith(("django.", "ninja.")):
            continue
        permission = getattr(view, "permission", None)
        assert permission in {PUBLIC, SIGNED_IN, *PERMISSIONS}, f"{pattern.name}: {permission}"


def test_every_grant_is_on_the_list() -> None:
    assert set(GRANTS) == set(Role)
    for permissions in GRANTS.values():
        assert permissions <= set(PERMISSIONS)


def modules(name: str) -> Iterator[str]:
    for room in settings.ROOMS:
        for module in pkgutil.walk_packages([str(BASE / room)], f"gendan.{room}."):
            if f".{name}" in module.name and ".tests" not in module.name:
                yield module.name


def test_every_action_says_by_whom() -> None:
    for name in modules("actions"):
        for verb, action in getmembers(importlib.import_module(name), isfunction):
            if action.__module__ != name or verb.startswith("_"):
                continue
            by = signature(action).parameters.get("by")
            assert by is not None, f"{name}.{verb} takes no `by`"
            assert by.kind is Parameter.KEYWORD_ONLY, f"{name}.{verb}: `by` is not keyword-only"


def python_files() -> Iterator[Path]:
    for file in Path(gendan.__file__).parent.rglob("*.py"):
        if "tests" not in file.parts and "migrations" not in file.parts:
            yield file


def test_every_verb_has_a_sentence() -> None:
    missing = set()
    for file in python_files():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "entry" and node.args:
                verb = getattr(node.args[0], "value", "")
                if isinstance(verb, str) and verb and verb not in VERBS:
                    missing.add(f"{verb} ({file.name})")
    assert not missing, sorted(missing)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_text_is_translated(room: Path) -> None:
    assert untranslated(room) == []


def test_one_text_has_one_translation_in_the_whole_house() -> None:
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for room in ROOMS:
        if texts_of(room):
            for entry in catalogue(room):
                if not entry.translated():
                    continue
                said[entry.msgctxt or "", entry.msgid].add(
                    entry.msgstr or "|".join(entry.msgstr_plural.values())
                )
    assert {text: words for text, words in said.items() if len(words) > 1} == {}


def test_pages_obey_the_content_security_policy() -> None:
    forbidden = re.compile(
        r"<script(?![^>]*\bsrc=)[^>]*>|\sstyle=\"|\son[a-z]+=\"|hx-on|javascript:"
    )
    for room in ROOMS:
        for file in room.rglob("templates/**/*.html"):
            found = forbidden.findall(file.read_text())
            assert found == [], file.relative_to(BASE)
