"""What a page says about itself to machines: JSON-LD and meta tags; drops what is no text, caps what is too much."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from kwri_crawler.items import DateKind, DateSource, DateText
from kwri_crawler.pages.text import fold, person, squeezed, words

MAX_SCRIPT = 500_000  # characters of one JSON-LD script
MAX_SCRIPTS = 20
MAX_OBJECTS = 500  # looked at in one page's JSON-LD
_A_HEADLINE = 3  # words

# Family rules read "article:*" first; the others were seen on Indonesian portals (kompas, detik, antara, viva).
_META_DATES = {
    "article:published_time": DateKind.PUBLISHED,
    "article:modified_time": DateKind.UPDATED,
    "og:published_time": DateKind.PUBLISHED,
    "og:article:published_time": DateKind.PUBLISHED,
    "og:article:modified_time": DateKind.UPDATED,
    "og:updated_time": DateKind.UPDATED,
    "datepublished": DateKind.PUBLISHED,
    "datemodified": DateKind.UPDATED,
    "content_publisheddate": DateKind.PUBLISHED,
    "publishdate": DateKind.PUBLISHED,
    "dtk:publishdate": DateKind.PUBLISHED,
    "pubdate": DateKind.PUBLISHED,
    "published-date": DateKind.PUBLISHED,
    "publish-date": DateKind.PUBLISHED,
    "publication-date": DateKind.PUBLISHED,
    "publication_date": DateKind.PUBLISHED,
    "parsely-pub-date": DateKind.PUBLISHED,
    "sailthru.date": DateKind.PUBLISHED,
    "dc.date.issued": DateKind.PUBLISHED,
    "dc.date": DateKind.PUBLISHED,
    "dcterms.created": DateKind.PUBLISHED,
}
# "w-published-date", "cXenseParse:recs:publishtime", "DC.date.published": names of a CMS's own
_PUBLISHED = re.compile(
    r"(?:^|[.:_-])(?:publish(?:ed)?|publication|pub)[._-]?(?:date|time|at)(?:time)?$|date[._-]?published$"
)
_TYPES = "Article|BlogPosting|Report|VideoObject"  # how the types of an article end: NewsArticle, LiveBlogPosting
_ARTICLE_TYPE = re.compile(rf"(?:{_TYPES})$")
_NAMES_ARTICLE = re.compile(rf"{_TYPES}|\\u")  # or spells something in escapes
_NAMES_PERSON = re.compile(r'"@id"[^{}]{0,300}"name"|"name"[^{}]{0,300}"@id"')
_LAX = json.JSONDecoder(strict=False)  # line breaks inside of strings are common
_ADDSLASHES = re.compile(r"\\(?![\"\\/bfnrtu])")  # PHP's addslashes() writes \' , which JSON does not know
_TRAILING_COMMA = re.compile(r",(?=\s{0,50}[}\]])")
_TEXT_PAIR = re.compile(
    r'"(headline|articleSection|datePublished|dateModified|inLanguage)"\s{0,20}:\s{0,20}"((?:[^"\\\n]|\\.){1,400})"'
)
_FAMILY_NAME = re.compile(r"[A-Z]\w[\w’'-]{1,30}(?=,|\s[a-z–—-])")
_AUTHOR_NAME = re.compile(
    r'"author"\s{0,20}:\s{0,20}[\[{][^}]{0,300}?"name"\s{0,20}:\s{0,20}"((?:[^"\\\n]|\\.){1,200})"'
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """A page's own statements; each is folded text."""

    meta: dict[str, tuple[str, ...]]  # by property, name or itemprop in lower case
    article: dict[str, Any] = field(default_factory=dict)  # the JSON-LD object of the article; empty when there is none
    dates: tuple[DateText, ...] = ()
    named: dict[str, dict[str, Any]] = field(default_factory=dict)  # the JSON-LD objects that others name by @id
    authors: Any = None  # of the JSON-LD article, or of the page where there is no article
    breadcrumbs: tuple[dict[str, Any], ...] = ()  # the JSON-LD lists of steps that stand beside the article

    def first(self, *names: str) -> str:
        """Return the first meta tag among names that says anything."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), "")

    def text(self, key: str) -> str:
        """Return a text of the JSON-LD article; empty when it has none."""
        return _plain(self.article.get(key))

    @property
    def author(self) -> str:
        """Return the names of the people whom JSON-LD names as the article's authors; the portal is none."""
        found = (self._person(one) for one in _listed(self.authors)[:8])
        return ", ".join(dict.fromkeys(name for name in found if name and not name.startswith("http")))

    def _person(self, one: Any) -> str:
        """Return a person's name, whichever way it is written; empty for an organisation that is this portal."""
        if not isinstance(one, dict):
            return _plain(one)
        one = {**self.named.get(str(one.get("@id")), {}), **one}
        name = one.get("name")
        if isinstance(name, dict):
            name = name.get("name") or name.get("@value")
        parts = (_plain(one.get(key)) for key in ("givenName", "familyName"))
        said = _whole_name(_plain(name), _plain(one.get("description"))) or " ".join(part for part in parts if part)
        is_portal = "Organization" in str(one.get("@type")) and squeezed(said) in self._portal_names()
        return "" if is_portal else said

    def _portal_names(self) -> set[str]:
        publisher = self.article.get("publisher")
        publisher = publisher if isinstance(publisher, dict) else {}
        publisher = {**self.named.get(str(publisher.get("@id")), {}), **publisher}
        names = {squeezed(name) for name in (self.first("og:site_name"), _plain(publisher.get("name"))) if name}
        authors = (one for one in _listed(self.authors) if isinstance(one, dict))
        return names or {squeezed(_plain(one.get("name"))) for one in authors}  # then it is taken for the portal

    def organisations(self) -> set[str]:
        """Return the names, squeezed, of what JSON-LD calls an organisation and no person."""
        found = (one for one in (self.article.get("publisher"), *self.named.values()) if isinstance(one, dict))
        firms = (one for one in found if "Organization" in str(one.get("@type")) and "Person" not in str(one["@type"]))
        return {squeezed(_plain(one.get("name"))) for one in firms}

    @property
    def credited(self) -> dict[str, str]:
        """Return author and editor as the portals of Kompas Gramedia name them in their meta tags."""
        return {role: name for role in ("author", "editor") if (name := self.first(f"content_{role}"))}

    @property
    def sites(self) -> tuple[str, str]:
        """Return the portal's names by its meta tags; empty where it says none."""
        return self.first("og:site_name"), self.first("application-name")

    @property
    def is_dated(self) -> bool:
        """Say whether the page tells machines when it was published; an update is no publication."""
        return any(date.kind is DateKind.PUBLISHED for date in self.dates)

    @property
    def is_article(self) -> bool:
        """Say whether the page calls itself an article."""
        return (
            bool(self.article) or self.first("og:type").casefold() == "article" or "article:published_time" in self.meta
        )


def read_metadata(tree: LexborHTMLParser, url: str = "") -> Metadata:
    """Collect meta tags, the JSON-LD object of the article at url, and every date these print."""
    meta: dict[str, tuple[str, ...]] = {}
    for node in tree.css("meta[content]")[:300]:
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if name:
            name = name.lower()
            meta[name] = (*meta.get(name, ())[:50], fold((attributes["content"] or "")[:5_000]))
    found: list[dict[str, Any]] = []
    named: dict[str, dict[str, Any]] = {}
    breadcrumbs: list[dict[str, Any]] = []
    for script in tree.css('script[type="application/ld+json"]')[:MAX_SCRIPTS]:
        said = script.text()[:MAX_SCRIPT]
        if _NAMES_ARTICLE.search(said) or _NAMES_PERSON.search(said):
            for one in islice(_objects(parse_lenient(said)), MAX_OBJECTS):
                if _is_article(one):
                    found.append(one)
                elif isinstance(one.get("@id"), str) and "name" in one:
                    named[one["@id"]] = one
                elif one.get("@type") == "BreadcrumbList":
                    breadcrumbs.append(one)
    article = found[0] if len(found) == 1 else _own_article(found, tree, meta, url)
    article = {} if article and _is_another_s(article, tree, meta, url) else article
    page = article or _own_page(named.values(), url)
    return Metadata(meta, article, tuple(_dates(meta, page)), named, page.get("author"), tuple(breadcrumbs))


def objects_of(tree: LexborHTMLParser, kind: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects of a type that no article need stand beside."""
    for script in tree.css('script[type="application/ld+json"]')[:MAX_SCRIPTS]:
        said = script.text()[:MAX_SCRIPT]
        if kind in said:
            yield from (
                one for one in islice(_objects(parse_lenient(said)), MAX_OBJECTS) if kind in _listed(one.get("@type"))
            )


def _own_article(
    found: list[dict[str, Any]], tree: LexborHTMLParser, meta: dict[str, tuple[str, ...]], url: str
) -> dict[str, Any]:
    """Return of several articles the one that the page is about: by its address, by its headline; else the fullest."""
    titles = [set(words(text)) for text in (*meta.get("og:title", ()), *_headings(tree))]
    path = urlsplit(url).path.strip("/")

    def score(one: dict[str, Any]) -> tuple[bool, bool, int]:
        page = one.get("mainEntityOfPage")
        links = (one.get("url"), one.get("@id"), page.get("@id") if isinstance(page, dict) else page)
        headline = set(words(_plain(one.get("headline"))))
        is_here = bool(path) and any(isinstance(link, str) and _path(link) == path for link in links)
        is_named = any(headline and len(headline & title) * 3 >= len(headline) * 2 for title in titles)
        return is_here, is_named, ("headline" in one) + ("datePublished" in one)

    return max(found, key=score, default={})


def _is_another_s(article: dict[str, Any], tree: LexborHTMLParser, meta: dict[str, tuple[str, ...]], url: str) -> bool:
    """Say whether an article is another page's: it names that page, and no title of this one is its headline."""
    link = article.get("url")
    headline = set(words(_plain(article.get("headline"))))
    if not (isinstance(link, str) and len(headline) >= _A_HEADLINE and url):
        return False
    canonical = tree.css_first('link[rel="canonical"]')
    own = (url, *meta.get("og:url", ()), (canonical.attributes.get("href") or "") if canonical is not None else "")
    if not _path(link) or _path(link) in {_path(one) for one in own}:
        return False
    titles = [set(words(text)) for text in (*meta.get("og:title", ()), *_headings(tree))]
    return any(titles) and all(len(headline & title) * 3 < len(headline) for title in titles)


def _own_page(named: Iterable[dict[str, Any]], url: str) -> dict[str, Any]:
    """Return the JSON-LD WebPage of an address, which Yoast dates and signs where it names no article."""
    path = urlsplit(url).path.strip("/")
    pages = (one for one in named if path and "WebPage" in _listed(one.get("@type")))
    return next((one for one in pages if _path(str(one.get("url") or one["@id"])) == path), {})


def _headings(tree: LexborHTMLParser) -> Iterator[str]:
    for node in (*tree.css("h1")[:5], *tree.css("title")[:1]):
        yield node.text(separator=" ")[:400]


def _path(link: str) -> str:
    try:
        return urlsplit(link).path.strip("/")
    except ValueError:
        return ""


def date_text(kind: DateKind, source: DateSource, text: str) -> DateText | None:
    """Make a DateText of what was printed; null when that is nothing, or too much to be a date."""
    text = fold(text)
    return DateText(kind, source, text) if 4 <= len(text) <= 200 else None


def _dates(meta: dict[str, tuple[str, ...]], article: dict[str, Any]) -> Iterator[DateText]:
    for key, kind in (
        ("datePublished", DateKind.PUBLISHED),
        ("uploadDate", DateKind.PUBLISHED),
        ("dateModified", DateKind.UPDATED),
    ):
        if found := date_text(kind, DateSource.JSON_LD, _plain(article.get(key))):
            yield found
    is_dated = bool(article.get("datePublished"))
    for name, kind in _META_DATES.items():
        if name in meta and (found := date_text(kind, DateSource.META, meta[name][0])):
            is_dated |= kind is DateKind.PUBLISHED
            yield found
    named = (meta[name][0] for name in meta if _PUBLISHED.search(name)) if not is_dated else iter(())
    if found := date_text(DateKind.PUBLISHED, DateSource.META, next(named, "")):
        yield found


def parse_lenient(script: str) -> Any:
    """Parse JSON-LD as pages write it; of what cannot be parsed keep the texts that are plain to see."""
    script = script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    for text in (script, _TRAILING_COMMA.sub("", _ADDSLASHES.sub("", script))):
        try:
            return _LAX.decode(text)
        except (ValueError, RecursionError):
            continue
    if "Article" not in script:
        return None
    article: dict[str, Any] = {}
    for key, value in _TEXT_PAIR.findall(script):
        article.setdefault(key, value)
    if author := _AUTHOR_NAME.search(script):
        article["author"] = author[1]
    return {"@type": "NewsArticle", **article} if article else None


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-LD script that may be the page's article, outermost first."""
    waiting = [data]
    for _ in range(MAX_OBJECTS):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting += one[:MAX_OBJECTS]
        elif isinstance(one, dict):
            yield one
            waiting += [one[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in one]


def _is_article(one: dict[str, Any]) -> bool:
    return any(isinstance(kind, str) and _ARTICLE_TYPE.search(kind) for kind in _listed(one.get("@type")))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _whole_name(said: str, about: str) -> str:
    """Return a first name with the family name that the person's description begins with: "Rina Wati is ..."."""
    if not said or " " in said or not about.startswith(f"{said} "):
        return said
    family = _FAMILY_NAME.match(about, len(said) + 1)
    whole = f"{said} {family[0]}" if family is not None else said
    return whole if person(whole) == whole else said  # no "Rina Reporter at ..."


def _plain(value: Any) -> str:
    """Return a JSON text folded, its HTML entities undone (Varient 2.2 escapes inside of JSON); "" for all else."""
    value = _listed(value)[0] if value != [] else None
    return fold(html.unescape(value)) if isinstance(value, str) else ""
