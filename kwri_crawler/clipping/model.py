"""The values that a clipping consists of, and the source line that every format prints for an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from kwri_crawler.archive.clipping_queries import Clip, Shown
from kwri_crawler.clipping.pictures import Picture
from kwri_crawler.clipping.template import NOT_SHOWN, Template
from kwri_crawler.clipping.words import ClippingWords

MOST_CARRIERS = 100  # named below an article; of the rest the number
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}  # hours east of Greenwich, in Indonesia
_INDONESIAN = frozenset(("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"))


class Text(StrEnum):
    """How much of an article is printed."""

    FULL = "full"
    LEAD = "lead"
    NONE = "none"


class Capture(NamedTuple):
    """A kept page as a browser shows it without a network."""

    pictures: tuple[Picture, ...]  # one below the other
    url: str  # that answered
    received_at: datetime  # aware
    sha256: str  # of the answer's body as it was received, in hexadecimal digits
    height: int  # pixels of the whole page
    top: int  # where the first picture begins
    is_own_page: bool  # the page that the article was read from; else another reception of its address


class NoCapture(StrEnum):
    """Why there is no picture of a page."""

    NOT_KEPT = "not kept"
    NO_BROWSER = "no browser"
    NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class Scope:
    """What was asked for; all may be None."""

    since: str | None = None  # local days
    until: str | None = None
    portal: str | None = None  # its name
    story: int | None = None
    search: str | None = None
    release: str | None = None  # its title
    unit: str | None = None
    starred: bool = False
    watch: str | None = None
    every_copy: bool = False


@dataclass(frozen=True)
class Clipping:
    """All that a clipping shows."""

    clips: Sequence[Clip]
    scope: Scope
    text: Text
    made_at: datetime  # aware, on the desk's clock
    template: Template = field(default_factory=Template)
    captures: Mapping[int, Capture | NoCapture] | None = None  # by article; None if none were asked for
    tones: Mapping[int, str] = field(default_factory=dict)  # set by hand, by article

    @property
    def media(self) -> int:
        """Return on how many portals its articles stand."""
        return len({clip.shown.portal for clip in self.clips})


class Source(NamedTuple):
    """What says where an article stands: no form leaves any of it out."""

    medium: str
    when: str
    url: str


def source_of(shown: Shown, w: ClippingWords) -> Source:
    """Return an article's source, as it is printed."""
    return Source(shown_text(shown.portal_name), when(shown, w), shown_text(shown.url))


def when(shown: Shown, w: ClippingWords) -> str:
    """Return when an article was out, as exactly as it is known, with its clock's name."""
    if shown.published_local is None:
        return w("undated", at=w.moment(datetime.fromisoformat(shown.first_seen_at)))
    at = datetime.fromisoformat(shown.published_local)
    if shown.published_precision == "day":
        return w.day(shown.published_local)
    clock = f"{w.clock(at)} {zone_name(at, shown.zone)}"
    return w("about", when=clock) if shown.published_precision == "approximate" else clock


def zone_name(at: datetime, zone: str) -> str:
    """Return the name of a moment's clock: WIB, or UTC+5.5 for one that is not Indonesian."""
    offset = at.utcoffset()
    hours = 0.0 if offset is None else offset.total_seconds() / 3600
    known = _ZONES.get(int(hours)) if zone in _INDONESIAN and hours.is_integer() else None
    return known or f"UTC{hours:+g}"


def shown_text(text: str) -> str:
    """Return a text without signs that no page holds or that turn the direction of what follows."""
    return NOT_SHOWN.sub("", text)


def paragraphs_of(clip: Clip, text: Text) -> list[tuple[str, str]]:
    """Return what is printed of an article: each paragraph with its kind, p h2 h3 h4 li or quote."""
    if text is Text.NONE:
        return []
    parts = [shown_text(part) for part in clip.body.split("\n\n")]
    if text is Text.LEAD:
        return [("p", shown_text(clip.lead) if clip.lead else parts[0])]
    kinds = dict(clip.marks)
    return [(kinds.get(place, "p"), part) for place, part in enumerate(parts)]


def title_of(clipping: Clipping, w: ClippingWords) -> str:
    """Return the clipping's title."""
    return shown_text(clipping.template.title) or w("title")


def scope_lines(scope: Scope, w: ClippingWords) -> list[str]:
    """Return what was asked for, a line a bound."""
    days = []
    if scope.since and scope.until and scope.since != scope.until:
        days.append(w("days", first=w.day(scope.since), last=w.day(scope.until)))
    elif scope.since and scope.until:
        days.append(w.day(scope.since, "EEEE, d MMMM y"))
    elif scope.since:
        days.append(w("since", day=w.day(scope.since)))
    elif scope.until:
        days.append(w("until", day=w.day(scope.until)))
    named = {
        "of_portal": scope.portal, "of_unit": scope.unit, "of_release": scope.release, "of_search": scope.search,
        "of_story": scope.story and str(scope.story), "of_watch": scope.watch,
    }  # fmt: skip
    lines = [w(key, name=shown_text(value)) for key, value in named.items() if value]
    return days + lines + [w("of_starred")] * scope.starred


def closing_of(clipping: Clipping) -> list[tuple[str, str]]:
    """Return what stands at the end, by its word's key, without what the template leaves out."""
    texts = {"conclusion": clipping.template.conclusion, "suggestions": clipping.template.suggestions}
    return [(key, text) for key, text in texts.items() if text is not None]


def parts_of(text: str) -> list[str]:
    """Return the paragraphs of a text of the template, a line each."""
    return [part.strip() for part in shown_text(text).split("\n") if part.strip()]


def counts(clipping: Clipping, w: ClippingWords) -> str:
    """Return how many articles on how many portals, and that copies stand below where they do."""
    told = w("counts", articles=w.count(len(clipping.clips), "articles"), media=w.count(clipping.media, "media"))
    return told if clipping.scope.every_copy else f"{told} {w('one_a_story')}"


def also_on(clip: Clip, w: ClippingWords) -> str:
    """Return on how many other portals an article's text stands; empty for none."""
    others = len({one.portal for one in clip.carriers} - {clip.shown.portal})
    return w("also_on", portals=w.number(others)) if others else ""


def capture_lines(capture: Capture | NoCapture, w: ClippingWords) -> list[str]:
    """Return what stands beneath a page's picture, or in its place."""
    if isinstance(capture, NoCapture):
        return [w(f"capture_{capture.value.replace(' ', '_')}")]
    lines = [w("received", at=w.moment_s(capture.received_at)), f"SHA-256: {capture.sha256}"]
    shown = sum(picture.height for picture in capture.pictures)
    if shown < capture.height:
        lines.append(w("captured_part", first=w.number(capture.top), last=w.number(capture.top + shown),
                       height=w.number(capture.height)))  # fmt: skip
    if not capture.is_own_page:
        lines.append(w("other_reception"))
    return lines
