"""JSON as portals send it: found between a plug-in's notices and a cache's comment, without half characters.

What scripts that write JSON by hand get wrong is read as they meant it: a comma too many, a backslash before any sign.
"""

from __future__ import annotations

import json
import re
from typing import Any

from kwri_crawler.listings.mending import as_utf_8

MAX_JUNK = 200_000  # characters before the JSON
MAX_TRIES = 20
MAX_MENDED = 3  # of these, whose faults are looked for
_BEGINS = re.compile(r"\[[\s,]{0,9}(?:\{\s{0,9}\"|\])|\{\s{0,9}\"")
# A string, to its end or that of the text; or a comma before another one or an end; or commas behind a beginning.
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|,(?=\s*+[,\]}])|(?<=[\[{])\s*+,(?:\s*+,)*+', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_HALVES = re.compile("[\ud800-\udfff]")


def read_json(body: bytes) -> Any:
    """Read JSON, or the first of it that stands in other text; raises ValueError where there is none."""
    text = as_utf_8(body).decode("utf-8", "replace")
    try:
        try:
            value = json.loads(text, strict=False)
        except ValueError:
            value = _between_junk(text)
        if isinstance(value, str):  # packed into a string by whoever handed it on
            value = _between_junk(value)
        return _without_halves(value) if _has_halves(text) else value
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _between_junk(text: str) -> Any:
    """Find a list of objects, an error's object, or else an empty list; markup with JSON in its scripts is none."""
    decoder = json.JSONDecoder(strict=False)
    empty: list[Any] | None = None
    for tried, begin in enumerate(_BEGINS.finditer(text[:MAX_JUNK])):
        if tried == MAX_TRIES:
            break
        value, rest = _decode(decoder, text[begin.start() :], may_mend=tried < MAX_MENDED)
        if rest is None:
            continue
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict) and ("id" in first or "link" in first or "code" in first):
            return value
        if value == [] and not rest.strip():
            empty = value
    if empty is None:
        raise ValueError("no JSON")
    return empty


def _decode(decoder: json.JSONDecoder, text: str, *, may_mend: bool) -> tuple[Any, str | None]:
    """Return the JSON with which a text begins, and what is behind it; None in its place where there is none."""
    for form in (str, _mended) if may_mend else (str,):
        read = form(text)
        try:
            value, end = decoder.raw_decode(read)
        except ValueError:
            continue
        return value, read[end:]
    return None, None


def _mended(text: str) -> str:
    """Return JSON without the commas and backslashes that hand-made scripts write too many."""
    return _STRING_OR_COMMA.sub(lambda found: _ESCAPE.sub(_escape, found[0]) if found[0][0] == '"' else "", text)


def _escape(match: re.Match[str]) -> str:
    sign = match[1]
    if len(sign) > 1 or sign in '"\\/bfnrt':
        return match[0]
    return sign if sign in "'`$&<>-" else f"\\\\{sign}"


def _has_halves(text: str) -> bool:
    return "\\ud" in text or "\\uD" in text


def _without_halves(value: Any) -> Any:
    """Replace half characters in all that was read: Python joins the two halves of an emoji, and keeps a single one."""
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_halves(each) for each in value]
    if isinstance(value, dict):
        return {_without_halves(name): _without_halves(each) for name, each in value.items()}
    return value
