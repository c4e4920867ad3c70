"""Names of elements that are spelt against the standard -> as the standard spells them; CDATA stays as it is.

XML tells capitals from small letters, and allows no blank behind "<"; browsers and most readers of feeds do neither.
"""

from __future__ import annotations

import re

_ENTRIES = rb"(?i:item|entry|url|sitemap)"
_ROOTS = rb"rss|feed|rdf|urlset|sitemapindex"
_NAMES = (
    "item entry url sitemap rss feed RDF urlset sitemapindex channel title link guid id origLink pubDate published "
    "issued date updated modified description summary encoded content category author creator name loc lastmod news "
    "publication_date generator totalResults thumbnail comments"
)
_SPELLINGS = {name.lower().encode(): name.encode() for name in _NAMES.split()}
CDATA = rb"<!\[CDATA\[(?:(?!\]\]>|<!\[CDATA\[).)*+\]\]>"
PREFIX = rb"(?:[A-Za-z_][\w.-]{0,40}:)?"
_CAPITALS = re.compile(rb"<(?=[A-Z])(?:%s|(?i:%s))[\s>]|<[a-z_]{1,9}:(?=[A-Z])%s[\s>]" % (_ENTRIES, _ROOTS, _ENTRIES))
_TAG = re.compile(rb"%s|<(/?%s)(\w{2,20})((?:\s[^<>]{0,5000})?>)" % (CDATA, PREFIX), re.DOTALL)
_ATTRIBUTE = re.compile(rb"\s(?:HREF|REL|TYPE|TERM|URL|ISPERMALINK)(?=\s{0,9}=)", re.IGNORECASE)
# "Tag < item> di HTML" in a title is text: a tag with a blank begins where another has ended.
_BLANK = re.compile(rb"<(?:\s{1,9}/?|/\s)\s{0,9}%s(?:%s)[\s>]" % (PREFIX, _ENTRIES))
_WITH_BLANK = re.compile(
    rb"%s|(?<=>)(\s{0,99}+)<\s{1,9}(%s(?:%s)(?=[\s>]))|<\s{0,9}/\s{0,9}(%s(?:%s)\s{0,9}>)"
    % (CDATA, PREFIX, _ENTRIES, PREFIX, _ENTRIES),
    re.DOTALL,
)


def in_small_letters(body: bytes) -> bytes:
    """Return a listing with the names of its elements in the standard's letters; the same bytes where they are."""
    return _TAG.sub(_spell, body) if _CAPITALS.search(body) else body


def without_blanks(body: bytes) -> bytes:
    """Return a listing without blanks behind the "<" of its entries' tags: no parser takes such a document whole."""
    return _WITH_BLANK.sub(_without_blank, body) if _BLANK.search(body) else body


def _without_blank(found: re.Match[bytes]) -> bytes:
    if found[2] is not None:
        return found[1] + b"<" + found[2]
    return found[0] if found[3] is None else b"</" + found[3]


def _spell(found: re.Match[bytes]) -> bytes:
    spelt = _SPELLINGS.get((found[2] or b"").lower())
    if spelt is None:
        return found[0]
    about = _ATTRIBUTE.sub(lambda name: name[0].lower().replace(b"ispermalink", b"isPermaLink"), found[3])
    return b"<" + found[1] + spelt + about
