"""What lives at an address, by its home page and headlines: bets, a parked domain, a fresh install, or a portal; pure.

Newsrooms write about gambling and about domains too, and hacked ones carry hidden links to casinos. So only what a
site says of itself counts: its title, its description; its text and headings only where they are all there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from selectolax.lexbor import LexborHTMLParser

from kwri_crawler.pages.text import fold
from kwri_crawler.scout.verdicts import Judged, Verdict
from kwri_crawler.web.addresses import host_of
from kwri_crawler.web.hosts import is_of_domain


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)


# What such sites call themselves to be found, 2023 to 2026; news of arrests says "judi online" and "bandar judi".
_BETS = _any(
    "gacor", "maxwin", "scatter hitam", "anti rungkad", "togel", "toto ?(?:macau|hk|sgp|slot)", "rtp (?:live|slot)",
    "slot ?(?:88|77+|qris|dana|online|terpercaya|resmi|demo|thailand)", "situs (?:slot|judi|toto|bola)",
    "agen (?:slot|judi|bola|casino|poker)", "bandar (?:toto|slot|bola)", "casino", "judi (?:bola|slot|online)",
    "sbobet", "poker online", "link alternatif", "bonus new member", "deposit (?:pulsa|qris|dana)",
    "bet (?:kecil|murah)", "pragmatic play", "mahjong ways", "jackpot", "jp paus",
)  # fmt: skip
_NEWSROOM = _any("berita", "kabar", "warta", "news", "media", "koran", "polisi", "polres", "polda", "polri")
_LEAST_BETS = 2  # different words in a title and a description; one more where it calls itself news too
_MOST_HEADLINES = 2 / 3  # of a site's newest headlines

_FOR_SALE = _any(
    r"domain(?: name)?(?: \S{1,60})? (?:is|may be|might be) (?:for sale|parked|available|expired)", "buy this domain",
    "domain (?:ini )?(?:di ?jual|kedaluwarsa|kadaluarsa|telah berakhir|belum aktif)", "parked (?:free|domain|page)",
    "domain parking", "domain sudah terdaftar", "domain ini telah (?:terdaftar|didaftarkan)", "hosting default page",
    "account (?:has been )?suspended", "akun (?:ini )?(?:telah )?(?:ditangguhkan|disuspend)",
    "website (?:is )?suspended",
    "(?:situs|website|web site) (?:ini )?(?:is )?(?:sedang )?(?:dalam pembangunan|under construction|segera hadir)",
    "coming soon",
)  # fmt: skip
_PARKING_MARKS = (
    "sedoparking.com", "parkingcrew.net", "bodis.com", "hugedomains.com", "dan.com/buy-domain", "afternic.com/forsale",
    "above.com/marketplace", "parklogic.com", "cashparking.com", 'window.location.href="/lander"', "domainmarket.com",
    "data-adblockkey", "namebrightstatic.com", "dsparking.com",
)  # fmt: skip
_PARKING_HOSTS = frozenset((
    "sedoparking.com", "hugedomains.com", "dan.com", "afternic.com", "bodis.com", "above.com", "parkingcrew.net",
    "domainmarket.com", "sedo.com", "undeveloped.com",
))  # fmt: skip

_DEFAULT_TITLES = re.compile(
    "|".join((
        "(?:welcome to|selamat datang di) (?:nginx|centos|openresty|tengine|caddy|xampp|laragon).{0,40}",
        "apache2? .{0,30}(?:default|test) page.{0,40}", "(?:test|default) page for (?:the )?(?:apache|nginx).{0,60}",
        "http server test page.{0,60}", "it works!?", r"iis(?: ?windows)?(?: server)?\d{0,2}", "default web ?site page",
        "(?:web server's |domain |hosting )?default page", r"(?:plesk|directadmin|cyberpanel|aapanel|cpanel)\b.{0,60}",
        "index of /.{0,60}", "congratulations.{0,40}(?:site|website) is created successfully.{0,20}",
        "wordpress [›»] (?:installation|instalasi|setup configuration file).{0,30}",
        "(?:account|domain|website) (?:is )?(?:suspended|expired|parked)", "suspended domain", "coming soon",
        "(?:website |site )?under construction", "segera hadir", "domain for sale",
    )), re.IGNORECASE,
)  # fmt: skip
_DEFAULT_TEXT = _any(
    "if you see this page, the (?:nginx|openresty) web server is successfully installed",
    r"this is the default (?:welcome page|web page|index\.html)",
    "it works!",
    "the web server software is running but no content has been added",
    "this page is used to test the proper operation of the",
)
_FIRST_POSTS = frozenset(
    ("hello-world", "halo-dunia", "sample-page", "contoh-laman", "laman-contoh", "contoh-halaman", "hello-world-2")
)
_FIRST_TITLE = re.compile(r"(?:hello world|halo,? dunia|sample page|laman contoh)!?", re.IGNORECASE)

_LITTLE = 250  # words of a page that holds nothing else
_FEW_LINKS = 12
_LONGEST = 400_000  # characters of a home page that are looked at
_SAYS = ('meta[name="description" i]', 'meta[property="og:description"]', 'meta[property="og:title"]',
         'meta[property="og:site_name"]')  # fmt: skip


def what_lives(html: str, url: str) -> Judged | None:
    """Say what a home page shows that is no newsroom; None where it may be one."""
    if any(is_of_domain(host_of(url), root) for root in _PARKING_HOSTS):
        return Judged(Verdict.PARKED, f"it leads to {host_of(url)}, where domains are sold")
    tree = LexborHTMLParser(html[:_LONGEST])
    node = tree.css_first("title")
    title = fold(node.text()) if node is not None else ""
    said = [found.attributes.get("content") or "" for css in _SAYS for found in tree.css(css)[:2]]
    if (bets := _bets_in(f"{title} {' '.join(said)}"[:2_000])) is not None:
        return Judged(Verdict.NOT_NEWS, f"it calls itself a place for bets: {bets}")
    if _DEFAULT_TITLES.fullmatch(title[:200]):
        return Judged(Verdict.PARKED, f"nothing was put there: {title[:80]!r}")
    return _of_a_bare_page(tree, title, html)


def _of_a_bare_page(tree: LexborHTMLParser, title: str, html: str) -> Judged | None:
    """Judge a page by its text where that is all it has: a portal's home page links dozens of articles."""
    if len(tree.css("a[href]")) > _FEW_LINKS or tree.body is None:
        return None
    heads = " ".join(node.text() for node in tree.css("h1, h2")[:6])
    tree.strip_tags(["script", "style", "noscript", "template"])
    text = fold(tree.body.text(separator=" "))
    if len(text.split()) > _LITTLE:
        return None
    if found := _DEFAULT_TEXT.search(text):
        return Judged(Verdict.PARKED, f"nothing was put there: {found[0][:80]!r}")
    if found := _FOR_SALE.search(f"{title} {text}"):
        return Judged(Verdict.PARKED, f"it says: {found[0][:80]!r}")
    if mark := next((mark for mark in _PARKING_MARKS if mark in html), None):
        return Judged(Verdict.PARKED, f"a page of those who park domains: {mark}")
    if (bets := _bets_in(f"{title} {heads}"[:2_000])) is not None:
        return Judged(Verdict.NOT_NEWS, f"it calls itself a place for bets: {bets}")
    return None


def _bets_in(said: str) -> str | None:
    """Return the words by which a site calls itself a place for bets; None if it does not."""
    words = {" ".join(found.lower().split()) for found in _BETS.findall(said)}
    least = _LEAST_BETS + (_NEWSROOM.search(said) is not None)
    return ", ".join(sorted(words)[:4]) if len(words) >= least else None


def judge_headlines(titles: Sequence[str]) -> Judged | None:
    """Say what a site's articles show that is no newsroom; None where they may be news."""
    titles = [title for title in titles if title]
    if not titles:
        return None
    if all(_FIRST_TITLE.fullmatch(title.strip()) for title in titles):
        return Judged(Verdict.PARKED, f"its CMS as it was installed: the one article is {titles[0][:40]!r}")
    bets = [title for title in titles if _BETS.search(title) and not _NEWSROOM.search(title)]
    if len(bets) >= max(2, len(titles) * _MOST_HEADLINES):
        return Judged(Verdict.NOT_NEWS, f"its articles sell bets: {bets[0][:80]!r}")
    return None


def is_first_install(slugs: Iterable[str]) -> bool:
    """Tell a CMS in which nobody has written yet, by the last parts of the addresses that its listings name."""
    found = set(slugs)
    return bool(found) and found <= _FIRST_POSTS
