"""The section and the tags of an article, as a page of any make shows them; no menu's links."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from kwri_crawler.pages.cards import is_own
from kwri_crawler.pages.date_forms import is_date
from kwri_crawler.pages.places import elements_around, is_of_article, names_of
from kwri_crawler.pages.portal_names import is_portal
from kwri_crawler.pages.source import Source, text_of
from kwri_crawler.pages.text import fold, words

_CRUMBS = (
    ".breadcrumb a, .breadcrumbs a, #breadcrumb a, #breadcrumbs a, nav[aria-label='breadcrumb' i] a, .breadcrumb__link",
    "[itemtype*='BreadcrumbList'] a, [class*='breadcrumb'] a, [class*='bread-crumb'] a, .crumb a, .crumbs a",
)
_CATEGORY = (
    "a[rel~='category'], a[rel='category tag'], a[href*='/category/'], a[href*='/kategori/'], a[href*='/kanal/'],"
    " a[href*='/rubrik/']"
)
_TAGS = (
    "a[rel~='tag']:not([rel~='category'], [href*='/category/'], [href*='/kategori/'])",
    ".tag a, .tags a, .tag-list a, .tagcloud a, .tag-cloud a, .post-tags a, .article-tags a, .tags-links a",
    "a[href*='/tag/'], a[href*='/tags/'], a[href*='/topik/'], a[href*='/label/'], a[href*='/topic/'],"
    " a[href*='/kata-kunci/']",
)
NO_SECTION = frozenset(
    (
        "home", "homepage", "beranda", "depan", "front page", "halaman depan", "startseite", "inicio", "accueil",
        "detail artikel", "index", "indeks", "current page", "uncategorized", "all", "semua", "post", "posts",
    )
)  # fmt: skip
# WordPress's category of what has none, as its translations name it
_UNFILED = r"uncategori[sz]ed|(?:tak|tidak) (?:ber)?kategori(?:kan|sasi)?|tanpa kategori"
_NONE = re.compile(
    rf"{_UNFILED}|@\w+|\S+@\S+|(?:https?://)?[\w-]+(?:\.[\w-]+){{0,3}}\.(?:com|net|org|info|co|id)"  # a host, a handle
    r"|.*\{\{.*|(?:[<←‹«]\s?)?(?:back to|kembali ke)\b.*"  # of a script that did not run; a button
)
# What an editor ticks beside the section: where an article is shown, not what it is about.
_ANY_NEWS = frozenset(
    (
        "aktuell", "aktual", "headline", "headlines", "highlight", "highlights", "utama", "berita utama", "topik utama",
        "terkini", "terbaru", "berita terkini", "berita terbaru", "featured", "slider", "slide", "news", "berita",
        "articles", "artikel", "top news", "breaking news", "hot news", "pilihan", "pilihan editor", "sorotan",
        "trending", "viral",
    )
)  # fmt: skip
_NO_BLANK = re.compile(r",(?=\S)")
_MOST = 60
_MOST_STEPS = 20  # links of breadcrumbs on one page; what a theme's <body> names "breadcrumb" has more
_MOST_IN_MENUS = 300  # links to categories: a menu that shows cards has 200
_ALL_CATEGORIES = 4
_A_LABEL = 3  # letters; "co" is none
_OF_MANY_SITES = frozenset(("www", "com", "net", "org"))
_FAR = 12  # elements around a link that are looked at for a menu
_LONGEST = 60  # characters of a section's name
_NAV = re.compile(r"(?:^|[\s_-])nav(?=$|[\s_-])")


def sections_shown(source: Source, title: str) -> tuple[tuple[Callable[[], str], str], ...]:
    """Return what else names a section than a page's own statement, the surest first, each to be asked when needed."""
    return (
        (lambda: shown_section(source, title), "selector breadcrumb"),
        (lambda: linked_section(source), "selector category"),
        (lambda: section_in_breadcrumb(source, title), "json-ld breadcrumb"),
    )


def shown_section(source: Source, title: str) -> str:
    """Return the last step of the breadcrumb that a page shows; empty when it shows none."""
    for selector in _CRUMBS:
        nodes = source.tree.css(selector)
        steps = [text_of(node) for node in nodes] if len(nodes) <= _MOST_STEPS else []
        steps = [step for step in steps if is_section(step) and words(step) != words(title)[: len(words(step))]]
        if steps:
            return steps[-1]
    return ""


def linked_section(source: Source) -> str:
    """Return the name of the first category that the article's own part links; empty when it links none."""
    for node in source.tree.css(_CATEGORY)[:_MOST_IN_MENUS]:
        if not is_section(name := text_of(node)) or _is_in_menu(node) or _is_in_list(node):
            continue
        if not _is_of_another_site(source, node) and is_own(source, node):
            return name
    return ""


def _is_in_list(node: LexborNode) -> bool:
    """Say whether a link stands in a list of all categories: no article has so many."""
    item = node.parent
    around = item.parent if item is not None and item.tag in ("li", "option") else item
    return around is not None and around.tag != "body" and len(around.css(_CATEGORY)) >= _ALL_CATEGORIES


def _is_of_another_site(source: Source, node: LexborNode) -> bool:
    """Say whether a link leads to another site, whose categories are no sections here."""
    to = source.absolute(node.attributes.get("href"))
    here, there = ((urlsplit(url).hostname or "").removeprefix("www.") for url in (source.url, to or source.url))
    return here != there and not (_labels(here) & _labels(there))


def _labels(host: str) -> set[str]:
    """Return the parts of a host that may name its site: "detik" of news.detik.com."""
    return {label for label in host.split(".")[:-1] if len(label) >= _A_LABEL} - _OF_MANY_SITES


def section_in_breadcrumb(source: Source, title: str) -> str:
    """Return the last step before the page itself of the breadcrumb that JSON-LD lists; empty when there is none."""
    here = source.url.partition("://")[2].rstrip("/")
    for one in source.metadata.breadcrumbs or source.objects("BreadcrumbList"):
        elements = one.get("itemListElement")
        steps = [_step(element) for element in elements[:_MOST]] if isinstance(elements, list) else []
        for name, link in reversed(steps):
            path = link.partition("://")[2].rstrip("/")
            if "/" in path and path != here and is_section(name) and words(name) != words(title)[: len(words(name))]:
                return name
    return ""


def _step(element: object) -> tuple[str, str]:
    """Return the name and the address of a breadcrumb's step; empty where it has none."""
    if not isinstance(element, dict):
        return "", ""
    item = element.get("item")
    name, link = element.get("name"), item
    if isinstance(item, dict):
        name, link = name or item.get("name"), item.get("@id") or item.get("url")
    said = fold(html.unescape(name)) if isinstance(name, str) else ""
    return said, link if isinstance(link, str) else ""


def tags_of(source: Source) -> tuple[tuple[str, ...], str]:
    """Return an article's tags and where they were read: its meta tags, its links to tags, else JSON-LD's keywords."""
    meta = source.metadata
    if told := unique(meta.meta.get("article:tag", ())):
        return told, "meta article:tag"
    for selector in _TAGS:
        nodes = [node for node in source.tree.css(selector)[:_MOST] if is_of_article(node) and not _is_in_menu(node)]
        if found := unique(text_of(node) for node in nodes):
            return found, f"selector {selector}"
    keywords = meta.article.get("keywords")
    listed = keywords if isinstance(keywords, list) else str(keywords or "").split(",")
    if found := unique(one for one in listed[:_MOST] if isinstance(one, str)):
        return found, "json-ld"
    return unique(meta.first("news_keywords").split(",")[:_MOST]), "meta news_keywords"


def section_of_article(source: Source, title: str) -> str:
    """Return the section that JSON-LD names, of several the one that the breadcrumb names too; empty when none."""
    said = source.metadata.article.get("articleSection")
    told = _not_the_portal(source, _listed(said if isinstance(said, list) else source.metadata.text("articleSection")))
    shown = next((name for ask, _ in sections_shown(source, title) if (name := ask())), "") if len(told) > 1 else ""
    return section_among(told, (shown,))


def section_in_meta(source: Source) -> str:
    """Return the section that a meta tag names; empty when none does."""
    return section_among(_not_the_portal(source, _listed(source.metadata.first("article:section"))))


def _not_the_portal(source: Source, names: Iterable[str]) -> list[str]:
    return [name for name in names if not is_portal(name, source.metadata.sites)]


def sections_told(source: Source) -> Iterator[str]:
    """Yield what may be a section's name on a page: what it links, and what it tells machines."""
    yield from source.link_texts
    said = source.metadata.article.get("articleSection")
    yield from _listed(said if isinstance(said, list) else source.metadata.text("articleSection"))
    yield from source.metadata.meta.get("article:section", ())


def section_among(names: Iterable[str], named: Iterable[str] = ()) -> str:
    """Return an article's section of all that it is filed under; empty when none is one.

    One rule for pages, feeds and APIs: the section that is named elsewhere too, else the first that says more than
    "news".
    """
    sections = [name for name in names if is_section(name)]
    telling = [name for name in sections if name.casefold() not in _ANY_NEWS] or sections
    elsewhere = {words(name) for name in named if name}
    return next((name for name in telling if words(name) in elsewhere), telling[0] if telling else "")


def _listed(said: str | list[object]) -> list[str]:
    """Return the sections of a list, or of one text: "Aktuell,FinTech"; but "Ekonomi, Bisnis" is one section's name."""
    if isinstance(said, list):
        told = [fold(html.unescape(one)) for one in said[:_MOST] if isinstance(one, str)]
    else:
        told = [part.strip() for part in (said.split(",") if said.count(",") > 1 else _NO_BLANK.split(said))]
    return told


def is_section(name: str) -> bool:
    """Say whether a text can be a section's name; "Uncategorized" is none."""
    said = name.casefold().strip(" .»>/")
    return 2 <= len(name) <= _LONGEST and said not in NO_SECTION and not (_NONE.fullmatch(said) or is_date(name))


def unique(texts: Iterable[str]) -> tuple[str, ...]:
    """Return tags without blanks, marks and repetitions, in order."""
    return tuple(dict.fromkeys(tag for text in texts if (tag := fold(text).strip(" #,;")) and len(tag) <= 100))


def _is_in_menu(node: LexborNode) -> bool:
    for around in elements_around(node, _FAR):
        if around.tag == "header" and around.parent is not None and around.parent.tag == "body":
            return True
        names = names_of(around).lower()
        if "menu" in names or "navbar" in names or (around.tag in ("ul", "li") and _NAV.search(names)):
            return True
    return False
