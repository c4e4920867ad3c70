"""Find a portal's time zone from its pages, host, name and what others say; no network."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from kwri_crawler.items import Article
from kwri_crawler.scout.regions import REGIONS, WIB, ZONE_WORDS, ZONES, find_region
from kwri_crawler.scout.scouted import Found

_OFFSET = re.compile(r"\d{2}:?\d{2}(?::?\d{2}(?:\.\d+)?)?\s?([+-])(\d{2}):?(00)\b")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?\+\d\d:?\d\d")
_ZONE_WORD = re.compile(r"\b(WIB|WITA|WIT)\b", re.IGNORECASE)


def zone_of(
    articles: Iterable[Article],
    api_zone: str | None,
    host: str,
    name: str,
    pages: Iterable[str] = (),
    hint: str = "",
) -> tuple[Found, Found | None]:
    """Return the portal's zone, and its region where host or name tell one; pages are the articles' markup.

    A clock that a page prints counts before a region's: the portal of a region may keep Jakarta's time. `hint` is the
    region as others say, for a portal whose host and name tell none.
    """
    region = find_region(host, name)
    told = f'"{region[1]}" in its host or name' if region else "the directory says so"
    if region is None:
        region = next(((one, hint) for one in REGIONS if one.name == hint), None)
    found_region = Found(region[0].name, told) if region else None
    if api_zone in ZONES.values():
        return Found(str(api_zone), "timezone_string of WordPress's interface"), found_region
    said: Counter[tuple[str, str]] = Counter()
    for article in articles:
        texts = {(said_date.source.value, said_date.text) for said_date in article.dates}
        said.update({hint for source, text in texts for hint in _zones_in(source, text)})
    if not said:  # a date that no reader knows yet still has its offset
        said.update(
            hint for page in pages for hint in {h for t in _STAMP.findall(page) for h in _zones_in("markup", t)}
        )
    if said:
        (zone, hint), count = said.most_common(1)[0]
        return Found(zone, f"{hint} on {count} of the articles"), found_region
    if region:
        return Found(region[0].zone, f"{told}; no page prints an offset"), found_region
    return Found(
        WIB, "a guess: no page prints an offset, and neither host nor name tells a region", is_guess=True
    ), None


def _zones_in(source: str, text: str) -> Iterator[tuple[str, str]]:
    if (word := _ZONE_WORD.search(text)) is not None:
        yield ZONE_WORDS[word[1].upper()], f"{word[1].upper()} ({source})"
    elif (offset := _OFFSET.search(text)) is not None and offset[1] == "+" and int(offset[2]) in ZONES:
        yield ZONES[int(offset[2])], f"+{offset[2]}:00 ({source})"
