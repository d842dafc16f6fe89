"""Every act that the house writes into the journal can be told as a sentence, in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.utils.translation import override

import gendan
from gendan.journal.models import ActorKind, Entry
from gendan.journal.sentences import VERBS, sentence, verb_label
from gendan.journal.values import label_of

HOUSE = Path(gendan.__file__).parent
INSERT = "journal_insert"
SHAPE = set("abcdefghijklmnopqrstuvwxyz_.")


def verbs_written() -> set[str]:
    """Return each verb that any room passes to `entry(`, also by a name or a choice of two."""
    return {
        verb
        for file in HOUSE.rglob("*.py")
        if "tests" not in file.parts
        for verb in _verbs(ast.parse(file.read_text()))
    }


def _verbs(tree: ast.Module) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "entry" and call.args:
            yield from _texts(call.args[0], tree)


def _texts(said: ast.expr, tree: ast.Module) -> Iterator[str]:
    if isinstance(said, ast.Name):
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == said.id:
                yield from _texts(node.value, tree)
        return
    for node in ast.walk(said):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_verb(node.value):
            yield node.value


def _is_verb(text: str) -> bool:
    return "." in text and set(text) <= SHAPE


def test_every_verb_has_a_sentence() -> None:
    assert verbs_written() - set(VERBS) == set()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_sentence_reads_without_its_facts(language: str) -> None:
    with override(language):
        for verb in VERBS:
            entry = Entry(verb=verb, actor_kind=ActorKind.PERSON, actor_name="王小满", facts={})
            assert "%(" not in sentence(entry)
            assert verb_label(verb)


def test_every_sentence_is_chinese_for_chinese_readers() -> None:
    with override("zh-hans"):
        english = {verb for verb in VERBS if verb_label(verb).isascii()}
    assert english == set()


@pytest.mark.parametrize(("number", "said"), [(1, "1 shipment into"), (2, "2 shipments into")])
def test_a_sentence_is_right_for_one_and_for_many(number: int, said: str) -> None:
    facts = {"count": number}
    entry = Entry(
        verb="shipment.split", actor_kind=ActorKind.PERSON, actor_name="王小满", facts=facts
    )
    with override("en"):
        assert said in sentence(entry)
    with override("zh-hans"):
        assert f"{number} 个" in sentence(entry)


def journaled() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [INSERT])
        return {row[0] for row in cursor.fetchall()}


def test_every_column_that_is_shown_has_a_name_in_chinese(db: None) -> None:
    tables = journaled()
    with override("zh-hans"):
        named = {
            (model._meta.db_table, field.name): label_of(model._meta.db_table, field.attname)
            for model in apps.get_models()
            if model._meta.db_table in tables
            for field in model._meta.concrete_fields
            if not field.primary_key
        }
    latin = {place: name for place, name in named.items() if name and name.isascii()}
    assert set(latin.values()) <= {"SKU", "AppKey"}, latin
