"""Clocks of pages that a script draws anew in its reader's browser: what was sent shows the server's, mostly in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from kwri_crawler.dates.faces import Face
from kwri_crawler.dates.printed import read_printed
from kwri_crawler.dates.words import clean
from kwri_crawler.items import DateSource, DateText

# What Next, React, Nuxt, Vue, Angular and Svelte leave in a page that was drawn on a server.
_MARKS = (
    b"__NEXT_DATA__",
    b"/_next/static/",
    b"data-reactroot",
    b"data-reactid",
    b"__NUXT__",
    b"data-server-rendered",
    b"ng-server-context",
    b"data-sveltekit",
)
_SAME_FACE = timedelta(minutes=1)


def without_server_clock(html: bytes, printed: tuple[DateText, ...], told: Iterable[DateText]) -> tuple[DateText, ...]:
    """Return the dates that a page prints, less those whose clock without a zone is one that its metadata have in UTC.

    On any other page such a clock is what an editor saw, and the metadata's "Z" is false; on these nobody sees it.
    """
    faces = [face.naive for one in told if (face := _face(one)) is not None and face.has_clock and _is_utc(face)]
    if not (faces and printed) or not any(mark in html for mark in _MARKS):
        return printed
    return tuple(one for one in printed if not _is_server_s(one, faces))


def _is_server_s(printed: DateText, faces: list[datetime]) -> bool:
    face = _face(printed) if printed.source is DateSource.BYLINE else None
    if face is None or not face.has_clock or face.offset is not None:
        return False
    return any(abs(face.naive - one) < _SAME_FACE for one in faces)


def _face(printed: DateText) -> Face | None:
    face = read_printed(clean(printed.text), date.max)
    return face if isinstance(face, Face) else None


def _is_utc(face: Face) -> bool:
    return face.offset is not None and not face.offset.utcoffset(None)
