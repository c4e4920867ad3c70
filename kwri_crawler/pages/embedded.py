"""The data that a page carries for its own scripts: Next.js, Nuxt, Inertia, a state in a variable; runs none of them.

What is no JSON is passed over: a program's text, data that was cut off.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from kwri_crawler.pages.literals import read_call

MOST_BYTES = 4 << 20  # of one piece of data; what is longer is passed over
MOST_PIECES = 12  # that are looked at
MOST_PARTS, MOST_ROWS = 2_000, 5_000  # of Next.js's stream
MOST_DEEP = 200
MOST_SHARED = 200_000  # values of Nuxt's list that are unfolded

# Where frameworks put it: Next.js, Nuxt 3, Gatsby and hand-made shells; Inertia (Laravel); Nuxt 2, Redux, Vue.
_SCRIPT = re.compile(
    rb"<script\b[^>]{0,200}?\bid=[\"']?(__NEXT_DATA__|__NUXT_DATA__|__APOLLO_STATE__|__INITIAL_STATE__|initial-state)\b[^>]{0,300}>"
)
_JSON_LD = re.compile(rb"<script\b[^>]{0,200}?\btype=[\"']?application/ld\+json\b[^>]{0,200}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"\bdata-page=(?:\"([^\"]{2,4194304})\"|'([^']{2,4194304})')")
_FLIGHT = re.compile(rb"\bself\.__next_f\.push\(\[1,\s?(\"(?:[^\"\\]|\\.)*+\")\]\)")  # Next.js since 13, in pieces
_ROW = re.compile(r"([0-9a-f]{1,6}):(?:T([0-9a-f]{1,6}),)?")
_VARIABLE = re.compile(rb"\bwindow\.(__[A-Z][A-Z_]{2,30}__)\s{0,5}=\s{0,5}(?=[\[{]|\(function\()")
MARKS = (b"__NEXT_DATA__", b"__next_f", b"__NUXT", b"data-page=", b"_STATE__")  # of these a page with data holds one

_LAX = json.JSONDecoder(strict=False)  # line breaks inside of strings are common
_SPECIAL = {-1: None, -2: None, -3: None, -4: None, -5: None, -6: 0}  # undefined, hole, NaN, infinities, minus zero


def has_data(page: bytes) -> bool:
    """Say whether a page may carry data for its scripts, without reading it."""
    return any(mark in page for mark in MARKS)


def data_of(page: bytes) -> Iterator[Any]:
    """Yield the pieces of data that a page (in UTF-8) carries, at most MOST_PIECES, as JSON values."""
    if not has_data(page):
        return
    for name, text in islice(_pieces(page), MOST_PIECES):
        value = read_call(text) if text.startswith("(") else _value(text)
        if name == b"__NUXT_DATA__" and isinstance(value, list):
            value = _unfolded(value)
        if isinstance(value, dict | list):
            yield value
    if b"__next_f" in page:
        yield from _flight(page)


def json_ld_of(page: bytes) -> Iterator[Any]:
    """Yield the pieces of JSON-LD that a page (in UTF-8) carries, at most MOST_PIECES."""
    for found in islice(_JSON_LD.finditer(page), MOST_PIECES):
        end = page.find(b"</script", found.end(), found.end() + MOST_BYTES)
        value = _value(page[found.end() : end].decode(errors="replace")) if end > 0 else None
        if isinstance(value, dict | list):
            yield value


def _flight(page: bytes) -> Iterator[Any]:
    """Yield the rows of data that Next.js sends for its components: "1a:[...]", "1b:T4f2,a long text"."""
    size, parts = 0, []
    for found in islice(_FLIGHT.finditer(page), MOST_PARTS):
        part = _value(found[1].decode(errors="replace"))
        size += len(found[1])
        if not isinstance(part, str) or size > MOST_BYTES:
            break
        parts.append(part)
    stream = "".join(parts).encode(errors="replace")
    values: dict[str, Any] = {}
    at = 0
    while (row := _ROW.match(stream[at : at + 20].decode(errors="replace"))) is not None and len(values) < MOST_ROWS:
        begin = at + row.end()
        if row[2] is not None:  # so many bytes of text, and no line's end behind them
            at = begin + int(row[2], 16)
            values[row[1]] = stream[begin:at].decode(errors="replace")
            continue
        line = stream.find(b"\n", begin)
        at = line + 1 if line >= 0 else len(stream)
        values[row[1]] = _value(stream[begin:at].decode(errors="replace"))
    texts = {f"${name}": value for name, value in values.items() if isinstance(value, str)}
    yield from (_with_texts(value, texts) for value in values.values() if isinstance(value, dict | list))


def _with_texts(value: Any, texts: dict[str, str], depth: int = 0) -> Any:
    """Return a row with the long texts that it names by their own rows."""
    if isinstance(value, str):
        return texts.get(value, value)
    if depth > MOST_DEEP:
        return None
    if isinstance(value, list):
        return [_with_texts(one, texts, depth + 1) for one in value]
    if isinstance(value, dict):
        return {name: _with_texts(one, texts, depth + 1) for name, one in value.items()}
    return value


def _pieces(page: bytes) -> Iterator[tuple[bytes, str]]:
    for found in islice(_SCRIPT.finditer(page), MOST_PIECES):
        end = page.find(b"</script", found.end(), found.end() + MOST_BYTES)
        if end > 0:
            yield found[1], page[found.end() : end].decode(errors="replace")
    for found in _ATTRIBUTE.finditer(page):
        yield b"data-page", html.unescape((found[1] or found[2]).decode(errors="replace"))
    for found in _VARIABLE.finditer(page):
        yield found[1], page[found.end() : found.end() + MOST_BYTES].decode(errors="replace")


def _value(text: str) -> Any:
    """Return the JSON value with which a text begins; None where it begins with none."""
    try:
        return _LAX.raw_decode(text.lstrip())[0]
    except (ValueError, RecursionError):
        return None


def _unfolded(shared: list[Any]) -> Any:
    """Return what Nuxt 3 writes as one list, in which each object names its values by their place."""
    left = MOST_SHARED

    def at(place: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if not isinstance(place, int) or isinstance(place, bool) or left < 0 or depth > MOST_DEEP:
            return None
        if place < 0 or place >= len(shared):
            return _SPECIAL.get(place)
        value = shared[place]
        if isinstance(value, dict):
            return {name: at(inner, depth + 1) for name, inner in value.items()}
        if isinstance(value, list):
            if value and isinstance(value[0], str):  # ["Reactive", 3]: what a type of Vue's wraps; ["Date", "2026-..."]
                return (
                    at(value[1], depth + 1)
                    if len(value) > 1 and isinstance(value[1], int)
                    else (value[1:2] or [None])[0]
                )
            return [at(inner, depth + 1) for inner in value]
        return value

    return at(0, 0) if shared else None
