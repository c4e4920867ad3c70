"""What health finds, as codes that the archive keeps; and in English, with what an operator would try."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum

from kwri_crawler.causes import Cause
from kwri_crawler.clock import local_text, moment_of

Figure = str | int | float  # a moment is ISO 8601, UTC; a share is 0 to 1
Piece = tuple[str, bool]  # text, and whether it is what a crawl or the ledger noted, in its own words

# One name under all is an account of the CMS, or the portal, more often than a paper of one writer.
SAME_AUTHOR = (
    'each of its articles looked at is signed "{name}"; look at one, and add: [selectors] author = "CSS of the byline"'
)


class Says(StrEnum):
    """What was found of a portal. The archive keeps these values, so none is ever renamed."""

    NEVER = "never crawled"
    YOUNG = "young"
    NEVER_READ = "never read"
    UNREAD = "unread"
    READ_IN_PART = "read in part"
    LOST = "lost"
    FUTURE = "future"
    EARLIER = "earlier"
    LATER = "later"
    FEWER = "fewer"
    AUTHORS = "authors"
    SECTIONS = "sections"
    IMAGES = "images"
    MINUTES = "minutes"
    SHORTER = "shorter"


ENGLISH = {
    Says.NEVER: "it was never crawled",
    Says.YOUNG: "crawled for less than two weeks",
    Says.NEVER_READ: "no article of it ever came, since {since} ({told})",
    Says.UNREAD: "no crawl read it whole since {since} ({told})",
    Says.READ_IN_PART: "no crawl read it whole since {since} ({told}); {stored} articles came by its other listings",
    Says.LOST: "{lost} of {total} pages brought no article in {days} days: {told}",
    Says.FUTURE: "its clock jumped: {ahead} of {total} articles in {days} days are dated in the future",
    Says.EARLIER: "its clock jumped: articles of {days} days are dated {hours:.1f} hours earlier than they come",
    Says.LATER: "its clock jumped: articles of {days} days are dated {hours:.1f} hours later than they come",
    Says.FEWER: "{came} articles in {days} days of news; usual is {usual:.0f}",
    Says.AUTHORS: "{have} of {total} articles in {days} days have an author; usual is {usual:.0%}",
    Says.SECTIONS: "{have} of {total} articles in {days} days have a section; usual is {usual:.0%}",
    Says.IMAGES: "{have} of {total} articles in {days} days have an image; usual is {usual:.0%}",
    Says.MINUTES: "{have} of {total} articles in {days} days have a date to the minute; usual is {usual:.0%}",
    Says.SHORTER: "the middle article in {days} days has {words:.0f} words; usual is {usual:.0f}",
}

_WAIT = "wait a day; if it stays so, see whether the portal has moved to another host"
_LISTING = "find the listing's new address on the portal's home page and write it into its file"
_SELECTORS = "look at an address: if the portal was redesigned, override [selectors] or change family in its file"
_CURES: Mapping[Cause | None, str] = {
    Cause.BLOCK: "open an address in a browser; ask the portal to let our user agent in; raise DOWNLOAD_DELAY",
    Cause.ROBOTS: "read its robots.txt; respect it, and ask the portal, or set active = false in its file",
    Cause.PROTECTED: "look at an address: does the portal ask its readers to log in, or to pay?",
    Cause.DNS: _WAIT,
    Cause.CONNECTION_REFUSED: _WAIT,
    Cause.TIME_OUT: _WAIT,
    Cause.TLS: "open an address in a browser: is its certificate valid? tell the portal; see whether it has moved",
    Cause.NO_CONNECTION: _WAIT,
    Cause.CUT_OFF: _WAIT,
    Cause.SERVER_ERROR: _WAIT,
    Cause.ROBOTS_UNREACHABLE: "wait a day: nothing may be asked for while its robots.txt fails; then tell the portal",
    Cause.GONE: _LISTING,
    Cause.MOVED: _LISTING,
    Cause.UNREAD: _SELECTORS,
    Cause.NOT_TAKEN: _SELECTORS,
    Cause.RULE: _LISTING,
    Cause.OUT_OF_REACH: "name a listing of it that leads to older articles: an index page, a sitemap",
    Cause.OURS: "nothing is wrong with the portal: update kwri-crawler; if it stays so, report what its log says",
}
_UNKNOWN = "look at an address, and at the log of its last crawl"

_CLOCK = "compare a page's date with your clock; set the portal's zone, or tell the portal that its clock is wrong"
_PAGE = "look at a page: if it still prints what is missing, override [selectors] in the portal's file"
_CURES_OF = {
    Says.NEVER: "nothing: it is judged by its past once it has one",
    Says.YOUNG: "nothing: it is judged by its past once it has one",
    Says.FUTURE: _CLOCK,
    Says.EARLIER: _CLOCK,
    Says.LATER: _CLOCK,
    Says.FEWER: "look at the portal: did it stop, move, or is the newest news elsewhere on it?",
    Says.AUTHORS: _PAGE,
    Says.SECTIONS: _PAGE,
    Says.IMAGES: _PAGE,
    Says.MINUTES: _PAGE,
    Says.SHORTER: _PAGE,
}

# Why an address brought no article, in a few words.
LABELS: Mapping[Cause | None, str] = {
    Cause.BLOCK: "it refuses us",
    Cause.ROBOTS: "its robots.txt forbids it",
    Cause.PROTECTED: "it asks for a login or a password",
    Cause.DNS: "its name leads nowhere",
    Cause.CONNECTION_REFUSED: "the connection was refused",
    Cause.TIME_OUT: "no answer in time",
    Cause.TLS: "no TLS connection",
    Cause.NO_CONNECTION: "no connection",
    Cause.CUT_OFF: "the answer was cut off",
    Cause.SERVER_ERROR: "it answers with an error of its own",
    Cause.ROBOTS_UNREACHABLE: "its robots.txt answers with an error",
    Cause.GONE: "no longer there",
    Cause.MOVED: "redirected elsewhere",
    Cause.UNREAD: "a page came, and no article could be read from it",
    Cause.NOT_TAKEN: "a file, or larger than we take",
    Cause.RULE: "not asked for",
    Cause.OUT_OF_REACH: "no listing leads so far back",
    Cause.OURS: "an error of our own",
}


def label(cause: Cause | None) -> str:
    """Return a cause in a few words."""
    return LABELS.get(cause, "unknown")


def cure_of(says: Says, cause: Cause | None) -> str:
    """Return what an operator would try."""
    return _CURES_OF.get(says) or _CURES.get(cause, _UNKNOWN)


def fill(sentence: str, figures: Mapping[str, Figure], told: str | None) -> list[Piece]:
    """Put the figures of a finding into its sentence; return it in pieces, what was told apart from the rest."""
    values = {name: _spoken(name, figure) for name, figure in figures.items()}
    before, _, behind = sentence.partition("{told}")
    pieces = [(before.format(**values), False), (told or "", True), (behind.format(**values), False)]
    return [piece for piece in pieces if piece[0]]


def in_english(says: Says, figures: Mapping[str, Figure], told: str | None) -> str:
    """Return a finding as a sentence."""
    return "".join(text for text, _ in fill(ENGLISH[says], figures, told))


def _spoken(name: str, figure: Figure) -> Figure:
    """Return a moment as people read it: 2024-06-20 10:00 WIB."""
    if name == "since" and isinstance(figure, str):
        with suppress(ValueError):
            return local_text(moment_of(figure))
    return figure
