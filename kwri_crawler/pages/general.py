"""Pages of unknown make: metadata and the h1 for the fields, a vote of extractors for the body; invents nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice

from selectolax.lexbor import LexborNode

from kwri_crawler.items import DateKind, DateSource, DateText, Link
from kwri_crawler.pages.authors import author_of, host_name, is_name, person_of, written_by
from kwri_crawler.pages.blocks import BLOCKS, lines_of, paragraphs_of
from kwri_crawler.pages.bylines import as_shown, noted_author, shown_author
from kwri_crawler.pages.cards import is_own
from kwri_crawler.pages.credits import is_copyright, is_sign, roles_in, roles_of_sign_off, split_caption
from kwri_crawler.pages.date_forms import is_date
from kwri_crawler.pages.drawn import without_server_clock
from kwri_crawler.pages.fields import Fields
from kwri_crawler.pages.header import (
    LONGEST_HEADER,
    around,
    below,
    dates_in,
    is_labelled_update,
    undated,
    without_header,
)
from kwri_crawler.pages.kinds import Kind, kind_of_page
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.pictures import lead_picture, picture_below, picture_of, shown_picture, told_picture
from kwri_crawler.pages.sections import section_in_meta, section_of_article, sections_shown, sections_told, tags_of
from kwri_crawler.pages.source import Source, text_of, unwrap_open_links
from kwri_crawler.pages.stamps import date_in_url, dates_above, dates_elsewhere, own_lines
from kwri_crawler.pages.text import fold, once, person, words
from kwri_crawler.pages.titles import title_of, without_kicker
from kwri_crawler.pages.writers import author_in, name_above_date, name_beside_date

MOST_LINKS = 200  # of one body
_MOST_TIMES = 20  # <time>s that are looked at
_SIGNED_LINES = 4  # at a body's end that may only name people
_NO_TEXT = re.compile(r"disclaimer\s?:.{0,300}|load more\W{0,3}", re.IGNORECASE)
_AGENCY = re.compile(  # names and what they did, no sentence: "Reporting by A B in Jember; editing by C D"
    r"\(?Reporting by (?:(?:[A-Z][\w.'’-]{0,30}|in|and|by|with|for|[Aa]dditional|[Rr]eporting|[Ww]riting|[Ee]diting)"
    r"[\s,;.)]{1,3}){1,60}|Our Standards: The Thomson Reuters .{0,80}"
)
_NAME_ALONE = re.compile(r"[A-Z]{3,15}(?: [A-Z]\.?| [A-Z]{2,15}){1,3}")  # "DINI TEJA" as a last line
_A_TAG = 3  # words of a link that is a tag or a section
_A_TEXT = 150  # characters of a paragraph that is no teaser
_AN_OPENING = 100  # characters of a first paragraph that is no byline, caption or heading
_MOST_LIKE_IT = 20  # pieces of text that are looked at for a paragraph's beginning
_CELLS = re.compile(r"\s*\|\s*")


def read(source: Source, selectors: Mapping[str, str]) -> Fields:
    """Read a page by what it says about itself; a portal's selectors come before that."""
    unwrap_open_links(source)
    meta = source.metadata
    evidence: list[tuple[str, str]] = []

    def first(field: str, *choices: tuple[str | Callable[[], str | None] | None, str]) -> str | None:
        """Return the first choice that says something, and note where it was read; a callable is a fall-back."""
        chosen = [(text_of(source.tree.css_first(selectors[field])), selectors[field])] if field in selectors else []
        for choice, where in (*chosen, *choices):
            value = choice() if callable(choice) else choice
            if value:
                evidence.append((field, where))
                return value
        return None

    sites = (*meta.sites, host_name(source.url))
    shown_lines, parted = lines_of(source.tree.body) if source.tree.body else ((), ())
    title = first("title", title_of(source, lines=shown_lines))
    own, kind = selectors.get("body"), Kind.ARTICLE
    node = source.tree.css_first(own) if own else None
    if node is not None:
        paragraphs, body_at = paragraphs_of(node), f"selector {own}"
    else:
        from kwri_crawler.pages.bodies import vote  # here: a family's page never pays for the extractors

        found = vote(source)
        paragraphs, body_at = found.paragraphs, found.reader
        kind = kind_of_page(source, found.passages, found.chances)
        paragraphs = without_header(_without_headlines(source, paragraphs), title or "", _decks(source, paragraphs))
        if paragraphs[:1] != found.paragraphs[:1]:
            paragraphs = _without_section(source, paragraphs)
        paragraphs = _with_opening(source, paragraphs, shown_lines)
    paragraphs, signed = _without_credits(once(_without_what_is_above(paragraphs, shown_lines, title or "")))
    signed = {**_signed_below(shown_lines, paragraphs), **meta.credited, **signed}
    editor = person(signed.get("editor", ""))
    names_editor = editor is not None and meta.author == editor  # as JSON-LD of Media Indonesia and Kompas does
    evidence.append(("body", body_at))
    picked = source.tree.css_first(selectors["image"]) if "image" in selectors else None
    caption, credit = split_caption(text_of(source.tree.css_first("article figcaption, figcaption")))
    lines = around(parted, title or "", paragraphs)

    @cache
    def lines_below() -> list[str]:
        return below(own_lines(source), paragraphs, source.link_texts)

    printed = tuple(dates_in(lines)) or dates_above(source, title or "", parted)
    times = _stamped(source)
    if not (printed or meta.is_dated or times):
        printed = dates_elsewhere(source, title or "", paragraphs)
    printed = without_server_clock(source.html, printed, meta.dates)
    shown = shown_author(source, sites)
    tags, tags_at = tags_of(source)
    if tags:
        evidence.append(("tags", tags_at))
    return Fields(
        reader="general",
        title=without_kicker(source, title or ""),
        paragraphs=paragraphs,
        author=first(
            "author",
            (_with_coauthors(person_of(meta.author, sites), shown) if not names_editor else None, "json-ld"),
            (as_shown(author_of(author_in(lines, sites) or "", sites), shown), "byline"),
            (shown, "general"),
            (person(signed.get("author", "")), "body"),
            (name_above_date(lines) if names_editor else None, "byline"),
            (person_of(written_by(meta), sites), "meta twitter:data1"),
            (author_of(meta.first("author", "parsely-author", "sailthru.author"), sites), "meta author"),
            (author_of(meta.author, sites) if not names_editor else None, "json-ld"),
            (lambda: name_beside_date(lines, sites, sections_told(source)), "byline"),
            (lambda: author_of(author_in(lines_below(), sites) or "", sites), "byline below"),
            (lambda: noted_author(source, sites, paragraphs), "general"),
        ),
        section=first(
            "section",
            (section_of_article(source, title or ""), "json-ld"),
            (section_in_meta(source), "meta article:section"),
            *sections_shown(source, title or ""),
        ),
        tags=tags,
        lead=first(
            "lead",
            (meta.text("description"), "json-ld"),
            (meta.first("og:description", "description"), "meta description"),
        ),
        image_url=first(
            "image",
            (picture_of(source, picked), "selector"),
            (lambda: lead_picture(source, title or ""), "selector figure"),
            told_picture(source),
            (lambda: shown_picture(source) or picture_below(source, title or ""), "general"),
        ),
        image_caption=caption,
        image_credit=credit,
        editor=first("editor", (editor, "body")),
        source=first("source", (signed.get("source"), "body")),
        links=_links(source, paragraphs),
        dates=(*printed, *meta.dates, *times, *date_in_url(source.url)),
        evidence=tuple(evidence),
        kind=kind,
    )


def _stamped(source: Source) -> tuple[DateText, ...]:
    """Return the dates of the first <time> of the article that is no update, and of the first that is one.

    Before there was <time> an <abbr> held it: Blogger's, and Pelican's to this day.
    """
    nodes = source.tree.css("time[datetime], abbr.published[title]")[:_MOST_TIMES]
    found: dict[DateKind, DateText] = {}
    for node in nodes:
        attributes = node.attributes
        if is_own(source, node):
            kind = DateKind.UPDATED if is_labelled_update(node) else DateKind.PUBLISHED
            date = date_text(kind, DateSource.TIME, attributes.get("datetime") or attributes.get("title") or "")
            if date is not None:
                found.setdefault(kind, date)
    return tuple(found.values())


def _with_coauthors(told: str | None, shown: str | None) -> str | None:
    """Return the author that JSON-LD names, with those whom the byline that begins with it names beside."""
    return shown if told and shown and shown.startswith(f"{told}, ") else told


def _decks(source: Source, paragraphs: tuple[str, ...]) -> frozenset[str]:
    """Return the headings that may be a body's deck: none where its first lines are long, as mostly."""
    is_asked = any(len(line) <= LONGEST_HEADER and line[-1:] != "." for line in paragraphs[:2])
    return frozenset(map(text_of, source.tree.css("h2, h3")[:_MOST_LIKE_IT])) if is_asked else frozenset()


def _without_section(source: Source, paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Return a body that stood below a header without the linked section's name right behind that."""
    first = paragraphs[0]
    is_section = len(paragraphs) > 1 and len(first.split()) <= _A_TAG and first in source.link_texts
    return paragraphs[1:] if is_section else paragraphs


def _without_headlines(source: Source, paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Return a body without the headlines and dates of other articles at its end, and the few words above them."""
    linked = source.link_texts
    end = len(paragraphs)
    while end > 1:
        line = paragraphs[end - 1].strip("-•» ")
        told = undated(line)
        if line and not is_date(line) and not ((line in linked or told in linked) and len(told.split()) > 3):
            break
        end -= 1
    if 1 < end < len(paragraphs) and len(paragraphs[end - 1].split()) <= 3:
        end -= 1
    return paragraphs[:end]


def _with_opening(source: Source, paragraphs: tuple[str, ...], shown: tuple[str, ...]) -> tuple[str, ...]:
    """Return a body with the text that extractors lose when it stands bare in a <div>, before the first <p>."""
    at = shown.index(paragraphs[0]) if paragraphs and paragraphs[0] in shown else 0
    opening = shown[at - 1] if at else ""
    return (opening, *paragraphs) if len(opening) >= _AN_OPENING and _is_bare(source, opening) else paragraphs


def _is_bare(source: Source, text: str) -> bool:
    """Say whether a text shares its block with other blocks, and so is no paragraph by its markup."""
    told = " ".join(words(text))
    for node in islice(_beginning(source, text), _MOST_LIKE_IT):
        block = node.parent
        while block is not None and block.tag not in BLOCKS:
            block = block.parent
        whole = " ".join(words(text_of(block)))
        if told in whole:
            return len(told) < len(whole)
    return False


def _beginning(source: Source, text: str) -> Iterator[LexborNode]:
    """Yield the pieces of text on a page with which a text may begin."""
    for node in source.tree.body.traverse(include_text=True) if source.tree.body is not None else ():
        raw = (node.text_content or "").lstrip() if node.tag == "-text" else ""
        said = fold(raw) if raw and (raw[0] == text[0] or not raw[0].isprintable()) else ""
        if len(said) >= 3 and text.startswith(said):
            yield node


def _without_what_is_above(paragraphs: tuple[str, ...], shown: tuple[str, ...], title: str) -> tuple[str, ...]:
    """Return a body without first paragraphs that the page shows above its title alone: teasers of other articles."""
    text_at = next((shown.index(one) for one in paragraphs if len(one) > _A_TEXT and one in shown), 0)
    if title not in shown[:text_at]:
        return paragraphs
    title_at = text_at - 1 - shown[:text_at][::-1].index(title)
    above, below = set(shown[:title_at]), set(shown[title_at:])
    start = 0
    while start < min(4, len(paragraphs) - 1) and paragraphs[start] in above - below:
        start += 1
    return paragraphs[start:]


def _without_credits(paragraphs: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return a body without the lines at its end that only sign it, and whom they name: author, editor, source."""
    kept, signed = list(paragraphs), dict[str, str]()
    for line in paragraphs[:0:-1][:_SIGNED_LINES]:
        roles = roles_of_sign_off(_CELLS.sub(" ", line).strip())  # "| Penulis | : Nama |" in a table
        if _NAME_ALONE.fullmatch(line) and "author" not in signed and is_name(line.title()):
            roles = {"author": line.title()}
        if not (
            roles or is_copyright(line) or is_sign(line) or _NO_TEXT.fullmatch(line) or _AGENCY.fullmatch(f"{line} ")
        ):
            break
        signed = {**roles, **signed}
        kept.pop()
    return tuple(kept), signed


def _signed_below(shown: tuple[str, ...], paragraphs: tuple[str, ...]) -> dict[str, str]:
    """Return whom lines name that the page shows right below the body: "Penulis : Nama", "Editor : Nama"."""
    if not paragraphs or paragraphs[-1] not in shown:
        return {}
    end = len(shown) - shown[::-1].index(paragraphs[-1])
    signed: dict[str, str] = {}
    for line in shown[end : end + _SIGNED_LINES]:
        signed = {**roles_in(_CELLS.sub(" ", line).strip()), **signed}
    return signed


def _links(source: Source, paragraphs: tuple[str, ...]) -> tuple[Link, ...]:
    """Return the links whose words stand inside of the body's paragraphs, in order."""
    body = " ".join(paragraphs)
    found: dict[str, Link] = {}
    for node in source.tree.css("p a[href]")[:1_000]:
        said = text_of(node)
        if 3 <= len(said) <= 200 and said in body and (url := source.absolute(node.attributes.get("href"))):
            found.setdefault(url, Link(url, said))
    return tuple(found.values())[:MOST_LINKS]
