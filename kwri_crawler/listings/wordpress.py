"""WordPress's REST API: whole articles, a hundred a request; sets apart what a password protects."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from kwri_crawler.catalogue import Portal
from kwri_crawler.dates.faces import EARLIEST_YEAR
from kwri_crawler.listings.junk import read_json
from kwri_crawler.listings.listed import (
    Gatherer,
    ListingError,
    ListingPage,
    ToldArticle,
    seen_before,
    shows_pager,
)
from kwri_crawler.listings.xml import unpack
from kwri_crawler.pages.sections import section_among

_DIGITS = re.compile(r"[0-9]{1,9}")
PER_PAGE = 100  # the most that WordPress allows
READER = "wordpress-api"
# Without `_links` WordPress embeds nothing. Authors, sections and tags come embedded: separate calls would be fewer
# bytes before compression, but more requests, and many portals close /users.
_WHOLE = (
    "id,link,date,date_gmt,modified,modified_gmt,title,content,excerpt,"
    "jetpack_featured_media_url,yoast_head_json.og_image,yoast_head_json.author,_links.author,_links.wp:term"
)
_NAMES = "id,link,date,date_gmt,modified_gmt"
_MADE_BY_THE_CMS = re.compile(r"\[\s*(?:&hellip;|&#8230;|…|\.\.\.)\s*\]")  # an excerpt that no editor wrote


def posts_url(
    url: str,
    *,
    page: int = 1,
    after: datetime | None = None,
    before: datetime | None = None,
    changed_after: datetime | None = None,
    names_only: bool = False,
    by_number: bool = False,
) -> str:
    """Spell a request for posts: newest first; those changed after a moment, last changed first; or last come first."""
    query = {"per_page": str(PER_PAGE), "_fields": _NAMES if names_only else _WHOLE}
    if not names_only:
        query["_embed"] = "author,wp:term"
    for name, moment in (("after", after), ("before", before), ("modified_after", changed_after)):
        if moment is not None:
            query[name] = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if changed_after is not None:
        query["orderby"] = "modified"
    if by_number:
        query["orderby"] = "id"
    if page > 1:
        query["page"] = str(page)
    return _with(url, query)


def read_posts(body: bytes, url: str, portal: Portal, headers: dict[str, str]) -> ListingPage:
    """Read one answer; url may say how many posts were seen before it ("#seen=100")."""
    try:
        rows = read_json(unpack(body)[0])
    except ValueError as error:
        raise ListingError("no JSON: the REST API is off or in the way of a firewall") from error
    if isinstance(rows, dict) and isinstance(rows.get("code"), str):
        raise ListingError(f"the REST API says: {rows['code'][:80]}")
    if isinstance(rows, dict) and rows and all(key.isdecimal() for key in rows):
        rows = list(rows.values())  # PHP writes a list so from which a plug-in took a row
    if not isinstance(rows, list):
        raise ListingError("no list of posts")
    found = Gatherer(portal, url)
    bound = _asked(url).get("modified_after", "")
    beyond = False  # before 5.7 WordPress did not know modified_after, and answers with everything
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("link"), str):
            continue
        changed = _moment(row, "modified")
        beyond = beyond or bool(bound and _text(row.get("modified_gmt")) < bound[:19])
        if _content(row).get("protected") is True:
            found.refuse_protected(row["link"])
            continue
        told = _told(row) if "content" in row else None
        found.add(row["link"], _moment(row, "date"), changed=changed, told=told)
    page = _number(_asked(url).get("page", "")) or 1
    total, pages = _number(headers.get("x-wp-total", "")), _number(headers.get("x-wp-totalpages", ""))
    seen = seen_before(url) + len(rows)
    # Caches drop these headers or keep those of another request, hosts cap per_page, plug-ins withhold posts: the end
    # is proven where all that is counted was seen, by a page without posts, or by HTTP 400. A page of which every post
    # is withheld is no end where more are counted behind it.
    all_seen = total == seen and (pages is None or pages <= page)
    is_withheld = not rows and total is not None and pages is not None and page < pages and seen < total
    if is_withheld or (rows and not beyond and not all_seen):
        found.go_on_at(_with(url, {"page": str(page + 1)}), seen)
    return found.page(paged=True, total=total)


def refuses_size(body: bytes) -> bool:
    """Tell an error's answer that says that fewer posts at once are to be asked for: some hosts allow 50, or 20."""
    return b"per_page" in body[:4000]


def smaller_pages(url: str) -> str | None:
    """Spell a request again for fewer posts at once, beginning no later; null when it asks for few already."""
    size = (_number(_asked(url).get("per_page", "")) or PER_PAGE) // 5
    if size < 4:
        return None
    page = seen_before(url) // size + 1
    asked = _with(url, {"per_page": str(size), "page": str(page)}).partition("#")[0]
    return f"{asked}#seen={(page - 1) * size}"


def _told(row: dict[str, Any]) -> ToldArticle | None:
    html = _content(row).get("rendered")
    html = html.strip() if isinstance(html, str) else ""
    title = row.get("title")
    if not isinstance(title, dict):
        return None
    embedded = row.get("_embedded")
    embedded = embedded if isinstance(embedded, dict) else {}
    terms = [term for group in _dicts_in(embedded.get("wp:term")) for term in group]
    sections = [_text(term.get("name")) for term in terms if term.get("taxonomy") == "category"]
    listed = embedded.get("author")
    people = listed if isinstance(listed, list) else []
    authors = [_text(person.get("name")) for person in people if isinstance(person, dict)]
    yoast = row.get("yoast_head_json")
    yoast = yoast if isinstance(yoast, dict) else {}
    images = yoast.get("og_image")
    image = images[0].get("url") if isinstance(images, list) and images and isinstance(images[0], dict) else None
    excerpt = row.get("excerpt")
    lead = _text(excerpt.get("rendered")) if isinstance(excerpt, dict) else ""
    return ToldArticle(
        title=_text(title.get("rendered")),
        html="" if shows_pager(html) else html,  # a page builder's is empty: only the page has it
        published=_moment(row, "date"),
        updated=_moment(row, "modified"),
        author=next(filter(None, authors), "") or _text(yoast.get("author")) or None,
        section=section_among(sections) or None,
        tags=tuple(_text(term.get("name")) for term in terms if term.get("taxonomy") == "post_tag"),
        lead=lead if lead and not _MADE_BY_THE_CMS.search(lead) else None,
        image_url=_text(row.get("jetpack_featured_media_url") or image) or None,
        reader=READER,
    )


def _moment(row: dict[str, Any], name: str) -> str | None:
    """Write a moment with the offset that lies between the portal's clock and UTC; `date_gmt` alone is true UTC."""
    local, utc = row.get(name), row.get(f"{name}_gmt")
    true = _day_and_clock(utc)
    if true is None:
        return local if isinstance(local, str) else None
    try:
        gap = datetime.fromisoformat(str(local)) - true
    except (ValueError, TypeError):
        return f"{utc}Z"
    if abs(gap) > timedelta(hours=14) or gap.seconds % 900:
        return f"{utc}Z"
    minutes = int(gap.total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return f"{local}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _day_and_clock(utc: Any) -> datetime | None:
    """Return what a `date_gmt` says; None for nothing, and for MySQL's zero as PHP prints it: 0000, -0001, 1970."""
    try:
        found = datetime.fromisoformat(utc)
    except (ValueError, TypeError):
        return None
    return found if found.year >= EARLIEST_YEAR else None


def _content(row: dict[str, Any]) -> dict[str, Any]:
    content = row.get("content")
    return content if isinstance(content, dict) else {}


def _dicts_in(groups: Any) -> list[list[dict[str, Any]]]:
    groups = groups if isinstance(groups, list) else []
    return [[term for term in group if isinstance(term, dict)] for group in groups if isinstance(group, list)]


def _number(text: str) -> int | None:
    return int(text) if _DIGITS.fullmatch(text) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _asked(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _with(url: str, query: dict[str, str]) -> str:
    split = urlsplit(url)
    asked = dict(parse_qsl(split.query, keep_blank_values=True)) | query
    return urlunsplit(split._replace(query=urlencode(asked, safe=",:/")))
