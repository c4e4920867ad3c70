"""The values that a program is written with, read without running it: Nuxt 2's (function(a,b){return {...}}("x",1)).

Objects, lists, texts, numbers, dates and the names of what is passed in; whatever computes anything ends the reading.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

MOST_TOKENS = 400_000
MOST_VALUES = 200_000  # that are unfolded: what is passed in once may stand in many places
MOST_DEEP = 100

_TOKEN = re.compile(
    r"""\s*+(?:(?P<text>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')|(?P<number>-?(?:\d++\.?\d*|\.\d++)(?:[eE][+-]?\d++)?)"""
    r"""|(?P<name>[A-Za-z_$][\w$]*+)|(?P<sign>[][{}():,;=.!]))""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_WORDS = {"null": None, "undefined": None, "NaN": None, "Infinity": None, "true": True, "false": False}


class _Named(NamedTuple):
    """What is passed in under a name."""

    name: str


class _NoLiteral(ValueError):
    """The program does more than write values down."""


def read_call(program: str) -> Any:
    """Return what a function that is called at once returns, with what it is given put in.

    None where the text does not begin with such a call, computes anything or is too large.
    """
    try:
        return _Reader(program).call()
    except (_NoLiteral, RecursionError):
        return None


class _Reader:
    """Reads a program from its beginning, a token at a time."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._at = 0
        self._left = MOST_TOKENS
        self._next()

    def _next(self) -> None:
        """Go on to the next token."""
        self._left -= 1
        found = _TOKEN.match(self._program, self._at) if self._left > 0 else None
        self.kind, self.token = (found.lastgroup, found[found.lastgroup or 0]) if found else (None, "")
        self._at = found.end() if found else self._at

    def _is(self, *signs: str) -> bool:
        return self.kind != "text" and self.token in signs

    def _take(self, *signs: str) -> str:
        """Return the present token, which is one of these, and go on."""
        if not self._is(*signs):
            raise _NoLiteral
        token = self.token
        self._next()
        return token

    def _name(self) -> str:
        if self.kind != "name":
            raise _NoLiteral
        return self._take(self.token)

    def call(self) -> Any:
        """Read (function(NAMES){STATEMENTS return VALUE}(VALUES))."""
        self._take("(")
        self._take("function")
        names = self._several("(", ")", self._name)
        self._take("{")
        statements = []
        while not self._is("return"):
            statements.append(self._statement())
        self._take("return")
        value = self._value(0)
        if self._is(";"):
            self._take(";")
        self._take("}")
        given = dict(zip(names, self._several("(", ")", lambda: self._value(0)), strict=False))
        for name, key, inner in statements:
            self._put(given.get(name), key, inner)
        return _Unfolding(given).of(value, 0)

    def _several(self, first: str, last: str, read: Any) -> list[Any]:
        """Read what stands between brackets, commas between; what was left out between two commas is None."""
        self._take(first)
        found: list[Any] = []
        while not self._is(last):
            found.append(None if self._is(",") else read())
            if not self._is(last):
                self._take(",")
        self._take(last)
        return found

    def _statement(self) -> tuple[str, Any, Any]:
        """Read NAME.KEY = VALUE; or NAME[KEY] = VALUE; by which what is passed in is filled."""
        name, key = self._name(), None
        if self._take(".", "[") == ".":
            key = self._name()
        else:
            key = self._value(0)
            self._take("]")
        self._take("=")
        value = self._value(0)
        self._take(";", ",")
        return name, key, value

    @staticmethod
    def _put(into: Any, key: Any, value: Any) -> None:
        if isinstance(into, dict) and isinstance(key, str):
            into[key] = value
        elif isinstance(into, list) and isinstance(key, int) and 0 <= key <= len(into) < MOST_VALUES:
            into[key : key + 1] = [value]

    def _value(self, depth: int) -> Any:
        """Read a value."""
        if depth > MOST_DEEP:
            raise _NoLiteral
        if self.kind == "text":
            return self._text()
        if self.kind == "number":
            token = self.token
            self._next()
            return float(token) if {".", "e", "E"} & set(token) or len(token) > 20 else int(token)
        if self._is("["):
            return self._several("[", "]", lambda: self._value(depth + 1))
        if self._is("{"):
            return dict(self._several("{", "}", lambda: self._pair(depth)))
        if self._is("!"):  # !0 and !1
            self._take("!")
            return self._take("0", "1") == "0"
        return self._word(depth)

    def _word(self, depth: int) -> Any:
        """Read what begins with a name."""
        name = self._name()
        if name == "void":
            self._take("0")
            return None
        if name == "new":  # new Date("2026-11-28") or of milliseconds
            self._take("Date")
            (moment,) = self._several("(", ")", lambda: self._value(depth + 1)) or [None]
            return moment
        if name == "Array" and self._is("("):
            self._several("(", ")", lambda: self._value(depth + 1))
            return []
        return _WORDS[name] if name in _WORDS else _Named(name)

    def _pair(self, depth: int) -> tuple[str, Any]:
        key = self._text() if self.kind == "text" else self._take(self.token) if self.kind else ""
        self._take(":")
        return key, self._value(depth + 1)

    def _text(self) -> str:
        text = self.token[1:-1]
        self._next()
        if "\\" not in text:
            return text
        written = _ESCAPE.sub(_unescaped, text)
        return written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(found: re.Match[str]) -> str:
    if found[3] is not None:
        return _ESCAPED.get(found[3], found[3])
    return chr(int(found[1] or found[2], 16))


class _Unfolding:
    """Puts what was passed in where it is named, also within itself, to a bounded size."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given
        self._left = MOST_VALUES

    def of(self, value: Any, depth: int) -> Any:
        """Return a value without names."""
        self._left -= 1
        if self._left < 0 or depth > MOST_DEEP:
            return None
        if isinstance(value, _Named):
            return self.of(self._given.get(value.name), depth + 1)
        if isinstance(value, list):
            return [self.of(inner, depth + 1) for inner in value]
        if isinstance(value, dict):
            return {key: self.of(inner, depth + 1) for key, inner in value.items()}
        return value
