"""Pages of unknown make: metadata and the h1 for the fields, a vote of extractors for the body; invents nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kwri_crawler.items import DateKind, DateSource, Link
from kwri_crawler.pages.blocks import paragraphs_of
from kwri_crawler.pages.credits import roles_in, split_caption
from kwri_crawler.pages.family import Reading, date_in_url, image_link, unique
from kwri_crawler.pages.header import around, author_in, dates_in
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.source import Source, text_of
from kwri_crawler.pages.text import person, without_site, words

_AUTHOR = "[rel=author], [itemprop=author] [itemprop=name], [itemprop=author]"
MOST_LINKS = 200  # of one body
_SIGNED_LINES = 4  # at a body's end that may only name people
_NO_TEXT = re.compile(
    r"(?:copyright|hak cipta)\b.{0,80}|©.{0,80}|disclaimer\s?:.{0,300}|load more\W{0,3}", re.IGNORECASE
)
_NAME_ALONE = re.compile(r"[A-Z]{3,15}(?: [A-Z]\.?| [A-Z]{2,15}){1,3}")  # "DINI TEJA" as a last line
_A_TEXT = 150  # characters of a paragraph that is no teaser
_CELLS = re.compile(r"\s*\|\s*")
_NO_PERSON = re.compile(r"\.(?:com?|id|net|org)\b|\bcyber media\b|^(?:admin|redaksi|administrator)$|://", re.IGNORECASE)


def read(source: Source, selectors: Mapping[str, str]) -> Reading:
    """Read a page by what it says about itself; a portal's selectors come before that."""
    meta = source.metadata
    evidence: list[tuple[str, str]] = []

    def first(field: str, *choices: tuple[str | None, str]) -> str | None:
        chosen = [(text_of(source.tree.css_first(selectors[field])), selectors[field])] if field in selectors else []
        for value, where in (*chosen, *choices):
            if value:
                evidence.append((field, where))
                return value
        return None

    sites = (meta.first("og:site_name"), meta.first("application-name"))
    shown = _shown_title(source)
    title = first(
        "title",
        (shown, "general h1"),
        (without_site(meta.text("headline"), sites), "json-ld"),
        (without_site(meta.first("og:title"), sites), "meta og:title"),
        (text_of(source.tree.css_first("h1")), "general h1"),
        (without_site(source.head_title, sites), "meta title"),
    )
    own = selectors.get("body")
    node = source.tree.css_first(own) if own else None
    if node is not None:
        paragraphs, body_at = paragraphs_of(node), f"selector {own}"
    else:
        from kwri_crawler.pages.bodies import vote  # here: a family's page never pays for the extractors

        root = source.tree.css_first("html")
        declared = ((root.attributes.get("lang") if root is not None else None) or "id")[:2].lower()
        paragraphs, body_at = vote(source.text, declared)
        paragraphs = _without_header(_without_headlines(source, paragraphs), title or "")
    shown_lines = paragraphs_of(source.tree.body, keep_furniture=True) if source.tree.body else ()
    paragraphs, signed = _without_credits(_without_what_is_above(paragraphs, shown_lines, title or ""))
    evidence.append(("body", body_at))
    image = source.tree.css_first(selectors["image"]) if "image" in selectors else None
    caption, credit = split_caption(text_of(source.tree.css_first("article figcaption, figcaption")))
    lines = around(shown_lines, title or "")
    stamped = source.tree.css_first("time[datetime]")
    times = date_text(
        DateKind.PUBLISHED, DateSource.TIME, (stamped.attributes.get("datetime") or "") if stamped else ""
    )
    return Reading(
        reader="general",
        title=title or "",
        paragraphs=paragraphs,
        author=first(
            "author",
            (author_of(meta.author), "json-ld"),
            (author_in(lines), "byline"),
            (author_of(text_of(source.tree.css_first(_AUTHOR))), "general"),
            (person(signed.get("author", "")), "body"),
            (author_of(meta.first("author"), sites), "meta author"),
        ),
        section=first(
            "section", (meta.text("articleSection"), "json-ld"), (meta.first("article:section"), "meta article:section")
        ),
        tags=unique(meta.meta.get("article:tag", ())),
        lead=first(
            "lead",
            (meta.text("description"), "json-ld"),
            (meta.first("og:description", "description"), "meta description"),
        ),
        image_url=first("image", (source.absolute(image_link(image) or meta.first("og:image")), "meta og:image")),
        image_caption=caption,
        image_credit=credit,
        editor=first("editor", (person(signed.get("editor", "")), "body")),
        source=first("source", (signed.get("source"), "body")),
        links=_links(source, paragraphs),
        dates=(*dates_in(lines), *meta.dates, *((times,) if times else ()), *date_in_url(source.url)),
        evidence=tuple(evidence),
    )


def author_of(name: str, sites: tuple[str, ...] = ()) -> str | None:
    """Return a name that a page gives as its author's; null for the portal's own and for a role."""
    who = person(name)
    if who is None or _NO_PERSON.search(who) or who.casefold() in {site.casefold() for site in sites if site}:
        return None
    return who


def _shown_title(source: Source) -> str:
    """Return the heading that the page's own <title> or og:title contains: the title without the portal's name."""
    told = " ".join(words(source.metadata.first("og:title") or source.head_title))
    found = ""
    for node in source.tree.css("h1, h2, [itemprop=headline]")[:20]:
        shown = text_of(node)
        key = " ".join(words(shown))
        if len(key.split()) >= 3 and key in told and len(shown) > len(found):  # the portal's name may be an h1 too
            found = shown
    return found


def _without_header(paragraphs: tuple[str, ...], title: str) -> tuple[str, ...]:
    """Return a body without the title and the byline that extractors leave at its head."""
    start = 0
    while start < min(3, len(paragraphs) - 1):
        line = paragraphs[start]
        if line != title and not (len(line) <= 80 and author_in([line])):
            break
        start += 1
    return paragraphs[start:]


def _without_headlines(source: Source, paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Return a body without the headlines of other articles at its end, and the few words above them."""
    linked = {text_of(node) for node in source.tree.css("a[href]")[:3_000]}
    end = len(paragraphs)
    while end > 1 and paragraphs[end - 1].strip("-•» ") in linked and len(paragraphs[end - 1].split()) > 3:
        end -= 1
    if 1 < end < len(paragraphs) and len(paragraphs[end - 1].split()) <= 3:
        end -= 1
    return paragraphs[:end]


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
        roles = roles_in(_CELLS.sub(" ", line).strip())  # "| Penulis | : Nama |" in a table
        if _NAME_ALONE.fullmatch(line) and "author" not in signed:
            roles = {"author": line.title()}
        if not roles and not _NO_TEXT.fullmatch(line):
            break
        signed = {**roles, **signed}
        kept.pop()
    return tuple(kept), signed


def _links(source: Source, paragraphs: tuple[str, ...]) -> tuple[Link, ...]:
    """Return the links whose words stand inside of the body's paragraphs, in order."""
    body = " ".join(paragraphs)
    found: dict[str, Link] = {}
    for node in source.tree.css("p a[href]")[:1_000]:
        said = text_of(node)
        if 3 <= len(said) <= 200 and said in body and (url := source.absolute(node.attributes.get("href"))):
            found.setdefault(url, Link(url, said))
    return tuple(found.values())[:MOST_LINKS]
