"""The interface's texts: add what is missing to each room's catalogue, check, and compile.

`python -m gendan.config.messages` adds new texts, `--check` fails when one is untranslated,
`--compile` writes the `.mo` files when a catalogue is newer.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

from gendan.config import assets

BASE = assets.HOUSE
CALLS = {
    "_": (0,),
    "_now": (0,),  # said at once, where `_` waits for the reader
    "gettext": (0,),
    "gettext_lazy": (0,),
    "gettext_noop": (0,),
    "ngettext": (0, 1),
    "ngettext_lazy": (0, 1),
    "pgettext": ("c", 1),
    "pgettext_lazy": ("c", 1),
    "npgettext": ("c", 1, 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
Text = tuple[str, str, str]  # context, text, plural


def texts_of(room: Path) -> dict[Text, list[tuple[str, int]]]:
    """Return every text of a room's interface and where it stands."""
    found: dict[Text, list[tuple[str, int]]] = {}
    for file in sorted([*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.txt")]):
        place = file.relative_to(BASE.parent).as_posix()
        if "/tests/" in place or "/migrations/" in place:
            continue
        for text, line in _calls(_source(file)):
            found.setdefault(text, []).append((place, line))
    return found


def _source(file: Path) -> str:
    text = file.read_text()
    return text if file.suffix == ".py" else templatize(text, origin=str(file))


def _calls(source: str) -> Iterator[tuple[Text, int]]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        yield from _calls_by_line(source)
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (text := _text(node)):
            yield text, node.lineno


def _calls_by_line(source: str) -> Iterator[tuple[Text, int]]:
    """Read the output of `templatize`, which is calls between lines of noise."""
    for start in _starts(source):
        end = start
        while (end := source.find(")", end + 1)) != -1:
            try:
                node = ast.parse(source[start : end + 1].strip(), mode="eval").body
            except SyntaxError:
                continue
            if isinstance(node, ast.Call) and (text := _text(node)):
                yield text, source.count("\n", 0, start) + 1
            break


def _starts(source: str) -> Iterator[int]:
    for name in ("gettext(", "ngettext(", "pgettext(", "npgettext(", "_("):
        at = -1
        while (at := source.find(name, at + 1)) != -1:
            if at == 0 or not (source[at - 1].isalnum() or source[at - 1] == "_"):
                yield at


def _text(node: ast.Call) -> Text | None:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    shape = CALLS.get(name)
    if shape is None:
        return None
    context = "c" in shape
    values = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
    strings = [value for value in values if isinstance(value, str)]
    if len(strings) < len(shape):
        return None
    first = 1 if context else 0
    return (
        strings[0] if context else "",
        strings[first],
        strings[first + 1] if name.startswith(("ng", "np")) else "",
    )


def catalogue(room: Path) -> polib.POFile:
    """Return a room's Chinese catalogue, a new one where there is none yet."""
    place = room / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    if place.exists():
        return polib.pofile(str(place))
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = polib.POFile(wrapwidth=100)
    fresh.fpath = str(place)
    fresh.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Language": "zh_Hans",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return fresh


def add_missing(room: Path) -> list[str]:
    """Add a room's new texts to its catalogue and drop those that are gone; return what lacks."""
    texts, file = texts_of(room), catalogue(room)
    if not texts and not len(file):
        return []
    known = {_key(entry): entry for entry in file}
    for text in known.keys() - texts.keys():
        file.remove(known[text])
    for text in texts.keys() - known.keys():
        file.append(_entry(text))
    elsewhere = said_elsewhere(room)
    for entry in file:
        if not entry.translated() and not entry.msgid_plural:
            entry.msgstr = elsewhere.get((entry.msgctxt or "", entry.msgid), "")
        entry.occurrences = []
        if "%(" in entry.msgid and "python-format" not in entry.flags:
            entry.flags.append("python-format")
    file.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    file.save()
    return [entry.msgid for entry in file if not entry.translated()]


def said_elsewhere(room: Path) -> dict[tuple[str, str], str]:
    """Return what other rooms call the same things: one text has one translation in the house."""
    return {
        (entry.msgctxt or "", entry.msgid): entry.msgstr
        for other in BASE.glob("*/locale")
        if other.parent != room
        for entry in catalogue(other.parent)
        if entry.msgstr
    }


def _key(entry: polib.POEntry) -> Text:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def _entry(text: Text) -> polib.POEntry:
    context, msgid, plural = text
    more = {"msgid_plural": plural, "msgstr_plural": {0: ""}} if plural else {"msgstr": ""}
    return polib.POEntry(msgid=msgid, msgctxt=context or None, **more)


def untranslated(room: Path) -> list[str]:
    """Return the texts of a room without Chinese, those that stand twice or lost a placeholder."""
    file = catalogue(room)
    known = {_key(entry): entry for entry in file}
    missing = [t[1] for t in texts_of(room) if t not in known or not known[t].translated()]
    twice = [entry.msgid for entry in file if known[_key(entry)] is not entry]
    return missing + twice + [e.msgid for e in file if e.translated() and _placeholders_differ(e)]


def _placeholders_differ(entry: polib.POEntry) -> bool:
    wanted = set(PLACEHOLDER.findall(entry.msgid))
    texts = [entry.msgstr, *entry.msgstr_plural.values()]
    return any(not set(PLACEHOLDER.findall(text)) <= wanted for text in texts)


def main() -> int:
    rooms = [BASE / room for room in settings.ROOMS]
    if "--compile" in sys.argv:
        assets.compile_texts()
        return 0
    check = "--check" in sys.argv
    lacking = {room.name: (untranslated if check else add_missing)(room) for room in rooms}
    for room, texts in lacking.items():
        for text in texts:
            sys.stdout.write(f"{room}: no Chinese, twice, or other placeholders: {text!r}\n")
    return 1 if check and any(lacking.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
