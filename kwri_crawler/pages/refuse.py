"""Pages that carry no article: why, or null; empty ones, soft 404s, challenges, shells, logins, lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kwri_crawler.causes import Cause
from kwri_crawler.items import Outcome
from kwri_crawler.pages import bodies
from kwri_crawler.pages.kinds import Kind
from kwri_crawler.pages.shells import SHELL, TRY, is_shell, shows_fewer
from kwri_crawler.pages.source import PageError, Source, text_of, unreadable
from kwri_crawler.pages.text import count_words, words

# One caption of a photo is an article too: 15 words must pass, a stray "Loading ..." must not.
MIN_WORDS_FAMILY = 5  # where the family's own body was found
MIN_WORDS_GENERAL = 12
MIN_WORDS_UNDATED = 60  # of a page of unknown make whose metadata neither date it nor call it an article
_SHORT_BODY = 60  # words of a body that may be a wall in the text's place; more than any of the above
_SHORT_PAGE = 200  # words on a page that may be an error page; articles about error pages are longer

_NOT_FOUND = re.compile(
    r"(?:error\s{0,3})?404(?:\s{0,3}$|\s{0,3}[-–|:!.,]|\s{1,3}(?:error|not\sfound|halaman|page|tidak))"
    r"|(?:(?:oops|ops|ups|maaf|sorry|mohon\smaaf)\W{0,5}\s{0,3})?(?:halaman|page|berita|artikel|konten|content|post|article|url)\b"
    r"[^.|–]{0,50}?(?:(?:tidak|tak|belum|not?\slonger|not?)\s(?:dapat\s|bisa\s|be\s)?(?:di)?(?:temukan|temui|tersedia|ada|found|exists?|available)"
    r"|(?:could|can)\s?not\sbe\sfound|telah\sdihapus|sudah\sdihapus)\W{0,5}(?:$|[-–|])"
    r"|(?:nothing|not)\sfound\W{0,5}(?:$|[-–|])|tidak\sditemukan\W{0,5}(?:$|[-–|])",
    re.IGNORECASE,
)
_FEED = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,300}-->\s*|<\?[^>]{0,200}>\s*)*<(?:rss|feed|urlset|sitemapindex)\b"
)
_CHALLENGE_TITLE = re.compile(
    r"just a moment|attention required|checking your browser|one moment, please|ddos-guard"
    r"|access denied|verify(?:ing)? you are"
    r"|you are being redirected|sucuri website firewall|bot verification|tunggu sebentar"
    r"|harap tunggu|are you a robot|security check",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^>]{0,100}>([^<]{0,200})", re.IGNORECASE)
_CHALLENGE_MARKS = (
    "_cf_chl_opt",
    "cf-browser-verification",
    "cf-turnstile",
    "slowAES.decrypt",
    "g-recaptcha",
    "ddos-guard",
    "__jsl_clearance",
)
_LOGIN_TITLE = re.compile(r"^(?:log\s?in|sign\s?in|masuk|register|daftar|login anggota)\b.{0,40}$", re.IGNORECASE)
_WALL = re.compile(
    r"(?:silakan|harap|please)\s(?:login|log\sin|masuk|berlangganan|subscribe)\b|(?:khusus|untuk)\spelanggan\b"
    r"|(?:subscribers?|members?)\sonly\b|(?:login|masuk|berlangganan|subscribe)\s(?:untuk|to)\s(?:membaca|melanjutkan|read|continue)\b",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r"\b(?:cookies?|kuki)\b.{0,300}\b(?:accept|consent|setuju|terima|izinkan|privacy|privasi)\b",
    re.IGNORECASE | re.DOTALL,
)
_LIST_TITLE = re.compile(
    r"^(?:indeks?(?:\s+berita)?|index|arsip|archives?|kategori|category|tag|hasil pencarian|search results?(?: for)?"
    r"|berita ter(?:baru|kini|populer))"
    r"(?:\s*[:\-–|].*|\s+(?:berita|terbaru|terkini|hari ini).*)?$",
    re.IGNORECASE,
)

_LONG_PAGE = 300  # words
_VERY_LONG_PAGE = 1_000  # words: no page about a portal is, but its rules, whose names are known
_OWN_PAGE = frozenset(
    words(
        "redaksi tentang about kontak contact hubungi pedoman etik privacy privasi kebijakan disclaimer sanggahan terms"
        " syarat ketentuan beriklan advertise karir karier career careers sitemap struktur visi misi profil login"
        " register imprint impressum datenschutz cookie cookies wartawan donasi donate faq indeks arsip"
    )
)

_BESIDE_THEM = frozenset(words("kami kita us media siber of use and dan html htm php"))

_FILES = {b"%PDF-": "a PDF", b"PK\x03\x04": "a ZIP file", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture"}


def file_kind(body: bytes) -> str | None:
    """Say what file it is that came in a page's place; null for what may be a page."""
    return next((what for signature, what in _FILES.items() if body.startswith(signature)), None)


_LISTS = re.compile(r"(?:tag|tags|topik|topic|category|kategori|kanal|rubrik|author|penulis|page|hal|halaman)/", re.I)
_NUMBERED = re.compile(r"[0-9]{3}")


def refuse_early(source: Source) -> None:
    """Raise PageError for a page that shows on its face that it carries no article."""
    tree = source.tree
    start = source.start
    if tree.body is None or (not start.strip() and not source.text.strip()):
        raise unreadable("empty page")
    if _FEED.match(start):
        raise unreadable("a feed or a sitemap, not a page")
    titles = [title for title in (source.head_title, text_of(tree.css_first("h1"))) if title]
    for title in titles:
        if _NOT_FOUND.match(title[:200]) and shows_fewer(tree, _SHORT_PAGE):
            raise PageError(Outcome.GONE, f"says that the page is not there: {title[:80]!r}")
    is_login = bool(titles) and all(_LOGIN_TITLE.match(text[:80]) for text in titles)
    if is_login:  # else it is only a box
        heads = [text_of(node) for node in tree.css("h1")[:5]]
        is_login = all(_LOGIN_TITLE.match(text[:80]) for text in heads if text)
    if is_login and not source.metadata.is_article and tree.css_first('input[type="password"]') is not None:
        raise unreadable("a login page", Cause.PROTECTED)
    if any(_CHALLENGE_TITLE.match(title) for title in titles) and shows_fewer(tree, _SHORT_PAGE):
        raise unreadable(f"a challenge instead of the page: {titles[0][:80]!r}", Cause.BLOCK)


def refuse_protected(part: LexborNode | LexborHTMLParser) -> None:
    """Raise PageError when WordPress asks for a password in the part of a page that an article lies in."""
    if part.css_first("form.post-password-form") is not None:
        raise unreadable("protected by a password", Cause.PROTECTED)


def shows_challenge(html: str) -> bool:
    """Tell whether an answer is a challenge to browsers, whatever was asked for; for what is read as no page."""
    title = _TITLE.search(html[:20_000])
    return bool(title and _CHALLENGE_TITLE.search(title[1])) or any(mark in html for mark in _CHALLENGE_MARKS)


def refuse_cut_off(source: Source) -> None:
    """Raise PageError when the page ends within a tag or a word, and so before its end."""
    end = source.end.rstrip()
    if not end.endswith((">", ";")) and "</html" not in end.lower() and "</body" not in end.lower():
        raise PageError(Outcome.FAILED, "the page is cut off: it ends in the middle of its text")


def no_body(source: Source) -> PageError:
    """Return why a page without a body has none."""
    if any(mark.encode() in source.html for mark in _CHALLENGE_MARKS):
        return unreadable("a challenge instead of the page", Cause.BLOCK)
    if is_shell(source.tree):
        return unreadable(f"{SHELL}; {TRY}")
    if bodies.is_too_deep(source.text):
        return unreadable("its elements are nested deeper than those of any news page")
    reason = _list_reason(source, ())
    return no_article(source, f"a list page: {reason}") if reason else unreadable("no body")


def no_article(source: Source, reason: str) -> PageError:
    """Return why a page is no article's; by Cause.RULE where its address is a section's, which loses nothing.

    Where it is an article's ("/berita/512/jalan-desa-rusak"), the page is one that we read wrongly, or a new design.
    """
    path = urlsplit(source.url[:2_000]).path.strip("/")
    last = path.rpartition("/")[2]
    is_list = _LISTS.match(path) is not None or (last.count("-") < 2 and not _NUMBERED.search(path))
    return unreadable(reason, Cause.RULE if is_list else Cause.UNREAD)


def refuse_own_page(source: Source, paragraphs: tuple[str, ...], title: str, reader: str) -> None:
    """Raise PageError for a WordPress *page*, unless the portal keeps an article as one.

    It does where the page calls itself an article in JSON-LD, names when it was published, is very long, or is long
    and lies below another or was read by the general reader; never where its title or address names what only portals
    have: the newsroom, its rules, its contacts.
    """
    classes = (source.tree.body.attributes.get("class") or "") if source.tree.body is not None else ""
    if "page-id-" not in classes or "page" not in classes.split():
        return
    steps = [step for step in source.url.partition("://")[2].partition("?")[0].split("/")[1:] if step]
    names = words(title) + words(steps[-1].replace("-", " ") if steps else "")
    kinds = source.metadata.article.get("@type")
    says_so = "Article" in str(kinds) or "article:published_time" in source.metadata.meta
    said = count_words(paragraphs)
    is_long = said >= _VERY_LONG_PAGE or (said >= _LONG_PAGE and (len(steps) > 1 or reader == "general"))
    if not (says_so or is_long) or not _OWN_PAGE.isdisjoint(names):
        raise no_article(source, "a page about the portal, not an article: its body says so")


def refuse_list(source: Source, paragraphs: tuple[str, ...], kind: Kind, is_dated: Callable[[], bool]) -> None:
    """Raise PageError when what was read is a page of teasers, a forum's or a shop's page, not an article."""
    reason = _list_reason(source, paragraphs)
    if reason:
        raise no_article(source, f"a list page: {reason}")
    if kind is not Kind.ARTICLE:
        raise no_article(source, f"{kind.value}, as what it shows is built")
    steps = source.url.partition("://")[2].partition("?")[0].strip("/").split("/")[1:]
    named = set(words(re.sub(r"[-_.]", " ", steps[0]))) if len(steps) == 1 else set()
    if named & _OWN_PAGE and named <= _OWN_PAGE | _BESIDE_THEM and not is_dated():
        raise no_article(source, "a page about the portal, not an article: its address says so, and nothing dates it")
    if count_words(paragraphs) < MIN_WORDS_UNDATED and not source.metadata.is_article and not is_dated():
        raise unreadable(
            "no article: a short text that does not say of itself that it is one, nor when it was published"
        )


def _list_reason(source: Source, paragraphs: tuple[str, ...]) -> str | None:
    path = source.url.partition("://")[2].partition("/")[2].partition("?")[0].partition("#")[0].strip("/")
    if not path and "?" not in source.url:  # "/?p=12" is an article of a WordPress with plain permalinks
        return "the portal's home page"
    for title in (text_of(source.tree.css_first("h1")), source.head_title):
        if _LIST_TITLE.match(title[:150]) and not source.metadata.is_article:
            return f"its title is {title[:60]!r}"
    anchors = source.tree.css("a")[:3_000]
    links = [said for link in anchors if len(said := words(link.text()[:500])) >= 4]
    linked = {run for said in links for run in _runs(said)}
    body = words(" ".join(paragraphs))[: bodies.MOST_WORDS]
    runs = _runs(body)
    share = sum(run in linked for run in runs) / len(runs) if runs else 0
    if share > 0.4:
        return f"{share:.0%} of its text are links"
    if not source.metadata.is_article and len(body) < 60 and len(links) >= 15 and sum(map(len, links)) > 8 * len(body):
        return f"{len(body)} words among {len(links)} headlines"
    return None


def _runs(said: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(said, said[1:], said[2:], said[3:], strict=False))


def refuse_too_short(paragraphs: tuple[str, ...], least: int, *, is_teaser: bool = False) -> None:
    """Raise PageError when a body has fewer words than an article; a teaser may stand above its wall."""
    count = count_words(paragraphs)
    if count >= _SHORT_BODY:
        return
    said = " ".join(paragraphs)
    beside = sum(count_words((one,)) for one in paragraphs if not _WALL.search(one)) if is_teaser else 0
    if _WALL.search(said) and beside < least:
        raise unreadable("a login or paywall instead of the text", Cause.PROTECTED)
    if _COOKIES.search(said) and said.casefold().count("cookie") + said.casefold().count("kuki") > 1:
        raise unreadable("a cookie wall instead of the text")
    if count < least:
        raise unreadable(f"too short: {count} words, at least {least}")
