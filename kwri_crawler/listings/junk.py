"""JSON as portals send it: found between a plug-in's notices and a cache's comment, without half characters."""

from __future__ import annotations

import json
import re
from typing import Any

from kwri_crawler.listings.mending import as_utf_8

MAX_JUNK = 200_000  # characters before the JSON
MAX_TRIES = 20
_BEGINS = re.compile(r"\[\s{0,9}(?:\{\s{0,9}\"|\])|\{\s{0,9}\"")
_HALVES = re.compile("[\ud800-\udfff]")


def read_json(body: bytes) -> Any:
    """Read JSON, or the first of it that stands in other text; raises ValueError where there is none."""
    text = as_utf_8(body).decode("utf-8", "replace")
    try:
        try:
            value = json.loads(text, strict=False)
        except ValueError:
            value = _between_junk(text)
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
        try:
            value, end = decoder.raw_decode(text, begin.start())
        except ValueError:
            continue
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict) and ("id" in first or "link" in first or "code" in first):
            return value
        if value == [] and not text[end:].strip():
            empty = value
    if empty is None:
        raise ValueError("no JSON")
    return empty


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
