"""The words of an expression: where each begins and ends, and what it stands for.

A Chinese sentence has no spaces, so a word ends where a known field and its operator begin:
`店铺=天猫且金额>100` is two comparisons. The names of the fields are therefore part of reading.
"""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from lark import Token

from gendan.ui.finding.errors import FindingError

LONGEST = 8_000
DEEPEST = 40

OPERATORS = {
    **dict.fromkeys(("!=", "<>", "≠", "！=", "！＝"), "!="),
    **dict.fromkeys((">=", "≥", "＞＝", "＞="), ">="),
    **dict.fromkeys(("<=", "≤", "＜＝", "＜="), "<="),
    **dict.fromkeys(("!~", "！~", "！～"), "!~"),
    **dict.fromkeys(("=", "==", "＝"), "="),
    **dict.fromkeys((">", "＞"), ">"),
    **dict.fromkeys(("<", "＜"), "<"),
    **dict.fromkeys(("~", "～"), "~"),
    **dict.fromkeys((":", "："), ":"),
}
SPELLED = {
    "不等于": "!=",
    "大于等于": ">=",
    "不小于": ">=",
    "小于等于": "<=",
    "不大于": "<=",
    "不包含": "!~",
    "等于": "=",
    "大于": ">",
    "小于": "<",
    "包含": "~",
    "contains": "~",
}
CONNECTIVES = {"and": "AND", "且": "AND", "并且": "AND", "or": "OR", "或": "OR", "或者": "OR"}
CONNECTIVES |= {"not": "NOT", "非": "NOT"}
MARKS = {"(": "LPAR", "（": "LPAR", ")": "RPAR", "）": "RPAR"}
MARKS |= dict.fromkeys(",，、;；", "COMMA")
QUOTES = {'"': '"“”', "“": '”"', "”": '”"', "'": "'’", "‘": "’'", "「": "」"}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_SYMBOL = _any_of(OPERATORS)
_SPELLED = _any_of(SPELLED)
_LISTED = r"(?:not\s+in|in|不属于|属于|不在|在)(?=\s*[(（])"
_EMPTY = r"is\s+not\s+empty\b|is\s+empty\b|不为空|为空|非空"
_CLOCK = r"[ T]+\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?![^\s)）,，、])"
_DAY = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|today|yesterday|tomorrow|今天|昨天|明天"
_END = r"(?=[\s()（）\"“”「]|$)"
NULL = re.compile("[\x00\ud800-\udfff]")


class Reader:
    """Cuts texts into tokens, knowing the names of one list's fields."""

    def __init__(self, names: Iterable[str]) -> None:
        named = f"(?:{_any_of(names) or '(?!)'})"
        after = rf"(?=\s*(?:{_SYMBOL}|{_SPELLED}|{_LISTED}|{_EMPTY}))"
        joined = rf"(?:并且|且|或者|或)\s*(?:非\s*)?(?:[(（]\s*)*{named}{after}"
        inside = r"\s\"“”「」()（）,，、;；"
        self._bare = re.compile(
            rf"(?:(?!{joined}|[!！][=＝~～])[^{inside}=<>≠≥≤~:＝＞＜～：])+|[!！](?![=＝~～])"
        )
        self._value = re.compile(rf"(?:{_DAY}){_CLOCK}|(?:(?!{joined})[^{inside}])+", re.I)
        self._name = re.compile(named + after, re.I)
        self._joint = re.compile(
            rf"(?:and|or|not){_END}|(?:并且|且|或者|或|非)(?:{_END}|(?=非|{named}{after}))", re.I
        )
        self._operator = re.compile(_SYMBOL)
        self._spelled = re.compile(_SPELLED, re.I)
        self._listed = re.compile(_LISTED, re.I)
        self._empty = re.compile(_EMPTY, re.I)

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of the text.

        :raises FindingError: if it is too long, too deep, or a quotation mark is never closed
        """
        _refuse_the_impossible(text)
        found: list[Token] = []
        position, depth, listing = 0, 0, False
        while position < len(text):
            if text[position].isspace():
                position += 1
                continue
            token = self._next(text, position, found[-1].type if found else "", listing)
            position = _end(token)
            if token.type == "LPAR":
                depth += 1
                listing = bool(found) and found[-1].type in ("IN", "NOT_IN")
                _refuse_depth(token, depth)
            elif token.type == "RPAR":
                depth, listing = depth - 1, False
            elif token.type in ("OPERATOR", "IN", "NOT_IN", "EMPTY", "NOT_EMPTY"):
                _name_the_word_before(found)
            found.append(token)
        return found

    def _next(self, text: str, at: int, before: str, listing: bool) -> Token:
        if kind := MARKS.get(text[at]):
            return token(kind, text[at], at, at + 1)
        if closers := QUOTES.get(text[at]):
            return _quoted(text, at, closers)
        if before == "OPERATOR" or listing:
            return self._take_value(text, at)
        return next(self._candidates(text, at, before))

    def _take_value(self, text: str, at: int) -> Token:
        match = self._value.match(text, at)
        end = match.end() if match else at + 1
        return token("VALUE", text[at:end], at, end)

    def _candidates(self, text: str, at: int, before: str) -> Iterator[Token]:
        if before == "NAME" and (match := self._spelled.match(text, at)):
            yield token("OPERATOR", SPELLED[match[0].lower()], at, match.end())
        if before in ("NAME", "TEXT"):
            yield from self._tests(text, at)
        if match := self._operator.match(text, at):
            yield token("OPERATOR", OPERATORS[match[0]], at, match.end())
        if match := self._name.match(text, at):
            yield token("NAME", match[0], at, match.end())
        if match := self._joint.match(text, at):
            yield token(CONNECTIVES[match[0].lower()], match[0], at, match.end())
        match = self._bare.match(text, at)
        end = match.end() if match else at + 1
        yield token("TEXT", text[at:end], at, end)

    def _tests(self, text: str, at: int) -> Iterator[Token]:
        if match := self._listed.match(text, at):
            denied = match[0].lower().startswith(("not", "不"))
            yield token("NOT_IN" if denied else "IN", match[0], at, match.end())
        if match := self._empty.match(text, at):
            denied = "not" in match[0].lower() or match[0][0] in "不非"
            yield token("NOT_EMPTY" if denied else "EMPTY", match[0], at, match.end())


def token(kind: str, value: str, start: int, end: int) -> Token:
    """Return a token that knows where it stands."""
    return Token(kind, value, start_pos=start, end_pos=end)


def start_of(token: Token) -> int:
    """Return the position of the token's first character."""
    return token.start_pos or 0


def length_of(token: Token) -> int:
    """Return how many characters the token takes in the text."""
    return max(_end(token) - start_of(token), 1)


def quoted(text: str) -> str:
    """Return the text so that it reads as one value, in quotation marks where it needs them."""
    plain = re.fullmatch(r"[^\s\"“”'‘’「」()（）,，、;；=<>≠≥≤~:＝＞＜～：!！\\]+", text)
    if plain and text.lower() not in CONNECTIVES and not re.search("[且或非]|为空", text):
        return text
    escaped = re.sub(r"([\"“”\\])", r"\\\1", text)
    return f'"{escaped}"'


def _end(token: Token) -> int:
    return token.end_pos or 0


def _quoted(text: str, at: int, closers: str) -> Token:
    match = re.compile(rf"(?:\\.|[^{closers}\\])*[{closers}]", re.S).match(text, at + 1)
    if not match:
        raise FindingError(
            _("This quotation mark is never closed."),
            at,
            len(text) - at,
            _("Close it, or leave it out."),
        )
    inner = re.sub(r"\\(.)", r"\1", match[0][:-1], flags=re.S)
    return token("QUOTED", inner, at, match.end())


def _name_the_word_before(found: list[Token]) -> None:
    if found and found[-1].type == "TEXT":
        last = found[-1]
        found[-1] = token("NAME", str(last), start_of(last), _end(last))


def _refuse_the_impossible(text: str) -> None:
    if len(text) > LONGEST:
        raise FindingError(
            _("The search is too long."),
            LONGEST,
            len(text) - LONGEST,
            _("Leave out some of it; %(n)d characters are read.") % {"n": LONGEST},
        )
    if match := NULL.search(text):
        raise FindingError(_("This character cannot be searched."), match.start())


def _refuse_depth(bracket: Token, depth: int) -> None:
    if depth > DEEPEST:
        raise FindingError(_("Too many brackets inside each other."), start_of(bracket))
