"""A JSON API as a portal's file describes it, or the data of an HTML page read so; runs no script.

Its end is proven by what the answers say, or by a page that names nothing; nothing else makes such a listing whole.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from kwri_crawler.catalogue import Portal
from kwri_crawler.catalogue.json_api import PLACES, JsonApi, address_of, text_at, text_of, value_at, values_at
from kwri_crawler.causes import Cause
from kwri_crawler.listings.junk import read_json
from kwri_crawler.listings.listed import Gatherer, ListingError, ListingPage, ToldArticle, mark_of, seen_before
from kwri_crawler.listings.xml import unpack
from kwri_crawler.pages.embedded import data_of, json_ld_of
from kwri_crawler.web.addresses import http_fault

READER = "json-api"
MOST_TAGS = 50
MOST_TEXT = 1_000_000  # characters of one article's HTML
_HTML = (b"<!", b"<h", b"<H", b"<b", b"<?")
_NO = ("", "0", "false", "no", "null")


def read_api(body: bytes, url: str, api: JsonApi, portal: Portal) -> ListingPage:
    """Read one answer; url says by its fragment how many items were seen before it, and which page it is."""
    body, whole = unpack(body)
    answer, items = _found(body, api)
    found = Gatherer(portal, portal.home)
    nameless = 0
    for item in items:
        link, missing = address_of(item, api.address) if isinstance(item, dict) else (api.address, "item")
        if missing is None:
            told = _told(item, api)
            found.add(link, told.published, changed=told.updated, told=told)
        else:
            nameless += 1
            found.refuse(link, f"an item without {missing[:60]}", Cause.UNREAD)
    if items and nameless == len(items):
        raise ListingError(f"none of its {nameless} items has an address {api.address[:80]!r}")
    incomplete = None if whole else "it was cut off"
    said = text_at(answer, api.total)
    total = int(said) if said.isdecimal() else None
    if api.is_paged:
        incomplete = _go_on(answer, items, url, api, total, found) or incomplete
    return found.page(incomplete, paged=api.is_paged, total=total)


def _found(body: bytes, api: JsonApi) -> tuple[Any, list[Any]]:
    """Return the answer and its items; of a page's data the first that has them. Raises ListingError."""
    if body.lstrip()[:2] in _HTML:
        answers = [*data_of(body), *json_ld_of(body)]
        if not answers:
            raise ListingError("an HTML page without data in it: a wall, an error, or no API")
    else:
        try:
            answers = [read_json(body)]
        except ValueError as error:
            raise ListingError(f"no JSON: {error}"[:200]) from error
    for answer in answers:
        for path in api.items:
            lists = [items for value in values_at(answer, path) if (items := _list_of(value)) is not None]
            if lists:
                return answer, [item for items in lists for item in items]
    raise ListingError(f"no list at {', '.join(api.items)}{_complaint(answers[0])}"[:300])


def _list_of(value: Any) -> list[Any] | None:
    """Return a list as JSON writes it; PHP writes one from which something was taken as an object of numbers."""
    if isinstance(value, dict) and all(key.isdecimal() for key in value):
        return list(value.values())
    return value if isinstance(value, list) else None


def _complaint(answer: Any) -> str:
    """Return what an answer says that went wrong, as GraphQL and most frameworks write it."""
    said = text_at(answer, ("errors.message", "errors.0.message", "message", "error.message", "error"))
    return f": it says {said[:120]!r}" if said else ""


def _go_on(answer: Any, items: list[Any], url: str, api: JsonApi, total: int | None, found: Gatherer) -> str | None:
    """Name the next page, unless the answer proves that there is none; return why its end is not proven."""
    seen = seen_before(url) + len(items)
    page = int(mark_of(url, "page") or api.first)
    more = _says_more(value_at(answer, api.more))
    if api.next:
        return None if more is False else _go_on_by_name(answer, url, seen, bool(more), api, total, found)
    if more is None:
        more = bool(items) and not (total is not None and seen >= total)
    if more and not items:
        return "it says that it goes on, and names nothing"
    if more:
        found.go_on_at(api.url(page=page + 1, seen=seen), seen, page=page + 1)
    return None


def _go_on_by_name(
    answer: Any, url: str, seen: int, more: bool, api: JsonApi, total: int | None, found: Gatherer
) -> str | None:
    """Go to the next page that an answer names; return why it is not the last one for certain where it names none.

    Where answers stop naming a next page they have named one before; one that never does may be an API that changed.
    """
    if token := text_at(answer, api.next):
        return _at_token(token, url, seen, api, found)
    if more:
        return "it says that it goes on, and names no next page"
    if seen_before(url) or seen == 0 or (total is not None and seen >= total):
        return None
    named = any(True for path in api.next for _ in values_at(answer, path))
    return None if named else f"nothing lies at {', '.join(api.next)[:100]}: whether it goes on is not said"


def _says_more(value: Any) -> bool | None:
    """Return what an answer says of further pages: yes, no, or None where it says nothing of them."""
    if value is None or isinstance(value, bool):
        return value
    return text_of(value).casefold() not in _NO


def _at_token(token: str, url: str, seen: int, api: JsonApi, found: Gatherer) -> str | None:
    if PLACES["next"] in api.template:
        found.go_on_at(api.url(token=quote(token[:2_000], safe="")), seen)
        return None
    following = found.resolve(token, url)
    if http_fault(following) is not None or not found.portal.owns(following):
        return f"its next page is on another host: {urlsplit(following).netloc[:80]!r}"
    found.go_on_at(following, seen)
    return None


def _told(item: Any, api: JsonApi) -> ToldArticle:
    """Return what an item says of its article; a body makes it whole."""
    tags = [text for path in api.tags for one in values_at(item, path) for text in _texts(one)]
    return ToldArticle(
        title=text_at(item, api.title)[:1_000],
        html=text_at(item, api.body)[:MOST_TEXT],
        published=text_at(item, api.date) or None,
        updated=text_at(item, api.updated) or None,
        author=text_at(item, api.author)[:300] or None,
        section=text_at(item, api.section)[:300] or None,
        tags=tuple(dict.fromkeys(tags))[:MOST_TAGS],
        lead=text_at(item, api.lead)[:5_000] or None,
        image_url=text_at(item, api.image)[:2_000] or None,
        reader=READER,
    )


def _texts(value: Any) -> list[str]:
    return [text[:200] for one in (value if isinstance(value, list) else [value]) if (text := text_of(one))]
