"""Which of a page's headings is its title: the one that the page's own statements agree with; makes none up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from kwri_crawler.pages.places import elements_around, names_of
from kwri_crawler.pages.portal_names import MARK, is_portal, without_portal
from kwri_crawler.pages.source import Source, pieces_of, text_of
from kwri_crawler.pages.text import fold, squeezed, words

SPEAKS_OF_IT = 0.3  # of a heading's and a statement's words, as F1: an h1 may put it in other words
IS_IT = 0.6  # ... of a heading that is no h1, or of a selector's: a subheading shares half of them
SAYS_IT = 0.9  # ... of a selector's, where an h1 speaks of it; of an h3, and of what an address says
_MOST_HEADINGS = 30
_LONGEST = 400  # characters
_A_HEADLINE = 3  # words
_A_TEXT = 200  # characters of an h1 that is a description of the article, unless a statement says the same
_A_STEP_S = 4  # elements around a breadcrumb's step, at most
Statement = tuple[str, str]  # what it says, and where it was read
Place = tuple[str, str]  # an address's path and query


def statements(source: Source) -> tuple[Statement, ...]:
    """Return what a page says to machines that its article is called, without the portal's name."""
    meta = source.metadata
    told = (
        (meta.first("og:title"), "meta og:title"),
        (meta.text("headline"), "json-ld"),
        (meta.first("twitter:title"), "meta twitter:title"),
        (source.head_title, "meta title"),
    )
    sites = meta.sites
    stripped = ((without_portal(text[:_LONGEST], sites, source.url), where) for text, where in told)
    return tuple((text, where) for text, where in stripped if text and not is_portal(text, sites))


def title_of(source: Source, own: Sequence[Statement] = (), lines: Sequence[str] = ()) -> Statement:
    """Return a page's title and where it was read; `own` are headings that a family's selectors found, the best first.

    `lines` are what the page shows, for a page without headings. Empty when the page names none.
    """
    if own and own[0][0] and own[0][0] == source.metadata.first("og:title"):
        return own[0]  # as on most pages of a known make: nothing agrees more
    told = statements(source)
    sites = source.metadata.sites
    every = list(dict.fromkeys(text for text in _headings(source, told) if not is_portal(text, sites)))
    heads = [text for text in every if len(text) <= _A_TEXT or agreement(text, told) >= IS_IT]
    if len(told) == 1 and (behind := _behind_portal(source.head_title, heads, own, lines)):
        return behind
    if heads and (seen := _below_breadcrumb(source, told)):
        return seen
    address = _in_address(source)
    found = [(_spoken_of(text, told, address) + 0.2, (text, "general h1")) for text in heads]
    least = SAYS_IT if any(agreed >= SPEAKS_OF_IT + 0.2 for agreed, _ in found) else 0.0
    other = ((agreement(text, told), (text, where)) for text, where in own if text and text not in heads)
    found += [(agreed + 0.1, one) for agreed, one in other if agreed >= least]
    best = max(found, key=lambda one: one[0], default=(0.0, ("", "")))
    is_own = best[1] in own and best[1][0] not in heads
    if best[0] >= (IS_IT if is_own else SPEAKS_OF_IT + 0.2):
        if not is_own and (other_title := _other_in_address(told, best[1][0], address)):
            return other_title
        where = next((where for text, where in own if text == best[1][0]), best[1][1])
        return best[1][0], where
    for text, where in own:  # nobody contradicts it
        if text and not any(len(words(said)) > 1 for said, _ in told):
            return text, where
    if len(heads) == len(every) and (lower := _lower_heading(source, told)):  # below a description stand subheadings
        return lower
    if shown := _title_among(lines, source.metadata.first("og:title") or source.head_title):
        return shown, "general line"
    if told:
        return told[0]
    return (heads[0], "general h1") if heads else ("", "")


def _behind_portal(
    whole: str, heads: Sequence[str], own: Sequence[Statement], lines: Sequence[str]
) -> Statement | None:
    """Return the headline of a page whose <title> is "Portal: Headline" and whose h1 is the portal; null for any other.

    Blogger's oldest templates print the headline in an h3 in the post, some in a <div>.
    """
    rests = {squeezed(whole.removeprefix(f"{text}:")) for text in heads if whole.startswith(f"{text}:")}
    shown = ((text, "general line") for text in lines if len(text) < len(whole)) if rests else ()
    return next((one for one in (*own, *shown) if one[0] and squeezed(one[0]) in rests), None)


def _headings(source: Source, told: Sequence[Statement]) -> Iterator[str]:
    """Yield what the h1s say, but for those that are a link to the home page or to another article, as cards' are."""
    own: tuple[Place, ...] = ()
    for node in source.tree.css("h1")[:_MOST_HEADINGS]:
        text = text_of(node)[:_LONGEST]
        link = _link_of(node, text)
        if link is not None:
            own = own or tuple(own_places(source))
            to = place_of(source.absolute(link) or source.url)
            if to not in own and (to == ("", "") or agreement(text, told) < SAYS_IT):
                continue
        if text:
            yield text


def _below_breadcrumb(source: Source, told: Sequence[Statement]) -> Statement | None:
    """Return the h2 that says to the letter what a statement says, where the page's h1 is a breadcrumb's last step.

    Such an h1 is the title for search engines, and the headline that a reader sees is the h2. Null for other pages.
    """
    steps = [text_of(node) for node in source.tree.css("h1")[:_MOST_HEADINGS] if _is_step(node)]
    said = {text for text, _ in told if len(words(text)) >= _A_HEADLINE and not any(text in step for step in steps)}
    for node in source.tree.css("h2")[:_MOST_HEADINGS] if steps and said else ():
        pieces = [text for piece in pieces_of(node) if (text := fold(piece))]
        for text in (text_of(node), *pieces[-1:]):  # with its kicker, or without
            if text in said and not _is_step(node):
                return text, "general h2"
    return None


def _is_step(node: LexborNode) -> bool:
    """Say whether a heading stands in a breadcrumb, or in another list of links."""
    return any(
        around.tag in ("li", "nav") or "crumb" in names_of(around).lower()
        for around in elements_around(node, _A_STEP_S)
    )


def _link_of(node: LexborNode, text: str) -> str | None:
    """Return where a heading leads that is a link as a whole; null where it is none, or only part of it is."""
    if node.parent is not None and node.parent.tag == "a":
        return node.parent.attributes.get("href")
    links = node.css("a[href]")
    return links[0].attributes.get("href") if len(links) == 1 and text_of(links[0]) == text else None


def own_places(source: Source) -> Iterator[Place]:
    """Yield where a page lies, by its address and by what it names as that."""
    canonical = source.tree.css_first('link[rel="canonical"]')
    named = None if canonical is None else canonical.attributes.get("href")
    for url in (source.url, source.absolute(named), source.absolute(source.metadata.first("og:url"))):
        if url:
            yield place_of(url)


def place_of(url: str) -> Place:
    """Return the path of an address; with its query only where that is all that tells pages apart ("/?p=12")."""
    parts = urlsplit(url)
    path = parts.path.strip("/")
    return path, "" if path else parts.query


def _spoken_of(heading: str, told: Sequence[Statement], address: Sequence[Statement]) -> float:
    """Return how far statements, or the address, speak of a heading; 1 for one with which the page's title begins."""
    if heading in (MARK.split(text, maxsplit=1)[0] for text, where in told if where == "meta title"):
        return 1.0
    agreed = agreement(heading, told)
    return max(agreed, agreement(heading, address)) if agreed >= SPEAKS_OF_IT else agreed


def _in_address(source: Source) -> list[Statement]:
    """Return the words of the longest part of a page's address: they were taken from its title, or an older one."""
    parts = unquote(urlsplit(source.url).path)[:_LONGEST].split("/")
    said = max((re.sub(r"[-_.]+", " ", part) for part in parts), key=lambda part: len(words(part)))
    return [(said, "url")] if len(words(said)) >= _A_HEADLINE else []


def _other_in_address(told: Sequence[Statement], heading: str, address: Sequence[Statement]) -> Statement | None:
    """Return the statement that the address repeats, where both speak of the heading less than half."""
    if agreement(heading, (*told, *address)) >= 0.5:
        return None
    says = ((text, where) for text, where in told if len(words(text)) >= _A_HEADLINE)
    return next((one for one in says if agreement(one[0], address) >= SAYS_IT), None)


def _lower_heading(source: Source, told: Sequence[Statement]) -> Statement | None:
    """Return the h2 that the statements speak of, or the h3 that says what one says; null when there is none."""
    found: list[tuple[float, str]] = []
    for node in source.tree.css("h2, h3, [itemprop=headline]")[: 2 * _MOST_HEADINGS]:
        text = text_of(node)
        if len(text) <= _LONGEST and (agreed := agreement(text, told)) >= (SAYS_IT if node.tag == "h3" else IS_IT):
            found.append((agreed, text))
    if not found:
        return None
    near = max(found, key=lambda one: one[0])[1]
    same = [one for one in told if near.startswith(f"{one[0]} ")]  # less a date or a tag that it prints behind
    if not same or any(text == near for text, _ in told):
        return near, "general h2"
    return max(same, key=lambda one: len(one[0]))


def _title_among(lines: Iterable[str], told: str) -> str:
    """Return the longest line with which told, as <title> is, begins; else ends, for the most part; else nothing.

    What is left of told is the portal's name, however it is written.
    """
    told = told[:_LONGEST]
    found = words(told)
    begins = ends = ""
    for line in lines:
        said = words(line) if len(line) <= len(told) else ()
        if len(said) < _A_HEADLINE:
            continue
        if found[: len(said)] == said:
            begins = max(begins, line, key=len)
        elif found[-len(said) :] == said and 2 * len(said) >= len(found):
            ends = max(ends, line, key=len)
    return begins or ends


def without_kicker(source: Source, heading: str, nodes: Sequence[LexborNode] = ()) -> str:
    """Return a heading without the kicker that its h1 holds in an element of its own, where a statement has none.

    `nodes` are those that may print the heading; none means any heading of the page.
    """
    for node in nodes or source.tree.css("h1, h2, h3")[: 3 * _MOST_HEADINGS]:
        if next(node.iter(), None) is None or text_of(node) != heading:
            continue
        parts = [text for child in _innermost(node, heading).iter() if (text := text_of(child))]
        if parts and (bare := _bare(heading, parts, [squeezed(text) for text, _ in statements(source)])):
            return bare
    return heading


def _bare(heading: str, parts: Sequence[str], told: Sequence[str]) -> str:
    """Return what a statement says of a heading, less its first or its last element; empty when none says so."""
    if squeezed(shorter := heading.removesuffix(parts[-1]).rstrip(" -–—|:·•»(")) in told:
        return shorter  # a date, or how often it was read
    bare = heading.removeprefix(parts[0]).lstrip(" -–—|:·•»")
    if bare != heading and len(words(bare)) > 1 and squeezed(bare) in told:
        return bare
    last, whole = parts[-1], squeezed(heading)
    is_whole = len(parts) > 1 and squeezed("".join(parts)) == whole  # no bare words between them
    if is_whole and len(words(last)) > 1:
        said = squeezed(last)
        ends = len(words(last)) >= _A_HEADLINE and any(text.endswith(said) for text in told)
        if said in told or (ends and not any(whole in text for text in told)):
            return last
    return ""


def _innermost(node: LexborNode, said: str) -> LexborNode:
    """Return the innermost element that holds all that a heading says: of one that is a link, the link."""
    while (only := next(node.iter(), None)) is not None and text_of(only) == said:
        node = only
    return node


def agreement(title: str, told: Iterable[Statement]) -> float:
    """Return how far a title says what any statement says, 0 to 1: the F1 of their words."""
    mine = set(words(title))
    best = 0.0
    for text, _ in told:
        theirs = set(words(text))
        if mine and theirs:
            best = max(best, 2 * len(mine & theirs) / (len(mine) + len(theirs)))
    return best


def is_another_s(source: Source, heading: LexborNode, body: LexborNode, title: str) -> bool:
    """Say whether the heading of a body is another article's: it stands outside of the body and speaks of no title."""
    said = text_of(heading)[:_LONGEST]
    if said == title or len(words(said)) < _A_HEADLINE:
        return False
    told = ((title, ""), *statements(source))
    return agreement(said, told) < SPEAKS_OF_IT and not _is_within(heading, body)


def _is_within(node: LexborNode, outer: LexborNode) -> bool:
    around = node.parent
    while around is not None and around.mem_id != outer.mem_id:
        around = around.parent
    return around is not None
