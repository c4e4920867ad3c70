"""Recognise what is at an address from its home page: parked domain, fresh install, log-in, fault, other trade; pure.

Newsrooms write about domains and gambling too. So only what a site says of itself counts: its title, its description,
its generator; its text and headings only where they are all there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from selectolax.lexbor import LexborHTMLParser

from kwri_crawler.pages.text import fold
from kwri_crawler.scout.trades import Self, any_of, doubt_of, trade_of
from kwri_crawler.scout.verdicts import Judged, Verdict
from kwri_crawler.web.addresses import host_of
from kwri_crawler.web.hosts import bare_host, is_of_domain

_FOR_SALE = any_of(
    r"domain(?: name)?(?: \S{1,60})? (?:is|may be|might be) (?:for sale|parked|available|expired)", "buy this domain",
    r"domain (?:ini |\S{3,60} )?(?:sedang |telah |sudah )?"
    "(?:di ?jual|kedaluwarsa|kadaluarsa|berakhir|habis|(?:belum )?aktif|terdaftar|didaftarkan)",
    "parked (?:free|domain|page)", "domain parking", "hosting default page", "masa aktif (?:domain|hosting|layanan)",
    "account (?:has been )?suspended", "website (?:is )?suspended",
    "(?:akun|situs|website|layanan|hosting)(?: ini)? (?:telah |sedang )?(?:ditangguhkan|disuspend|dinonaktifkan)",
    "(?:situs|website|web site) (?:ini )?(?:is )?(?:sedang )?(?:dalam pembangunan|under construction)",
    "segera hadir", "coming soon", "upload your website files", "belum ada (?:berkas|file|konten) yang diunggah",
    "unggah (?:berkas|file) (?:website|situs)", "domain is not configured",
)  # fmt: skip
_PARKING_MARKS = (
    "sedoparking.com", "parkingcrew.net", "bodis.com", "hugedomains.com", "dan.com/buy-domain", "afternic.com/forsale",
    "above.com/marketplace", "parklogic.com", "cashparking.com", 'window.location.href="/lander"', "domainmarket.com",
    "data-adblockkey", "namebrightstatic.com", "dsparking.com", "parking-lander",
)  # fmt: skip
_PARKING_HOSTS = frozenset((
    "sedoparking.com", "hugedomains.com", "dan.com", "afternic.com", "bodis.com", "above.com", "parkingcrew.net",
    "domainmarket.com", "sedo.com", "undeveloped.com",
))  # fmt: skip
# To which a newsroom without a site of its own, or without one any more, sends its readers.
_SOCIAL_HOSTS = frozenset((
    "facebook.com", "fb.com", "fb.me", "instagram.com", "twitter.com", "x.com", "tiktok.com", "youtube.com", "youtu.be",
    "linktr.ee", "lynk.id", "wa.me", "whatsapp.com", "t.me", "telegram.me", "threads.net", "linkedin.com",
    "play.google.com", "apps.apple.com", "tokopedia.com", "shopee.co.id", "google.com", "google.co.id",
))  # fmt: skip
_LOG_IN_HOSTS = frozenset(("accounts.google.com", "blogger.com", "login.microsoftonline.com"))
_OWN_SITES = frozenset(("sites.google.com",))  # of people, at hosts of others

_DEFAULT_TITLES = re.compile(
    "|".join((
        "(?:welcome to|selamat datang di) (?:nginx|centos|openresty|tengine|caddy|xampp|laragon|codeigniter|lighttpd"
        "|symfony|yii|cakephp|fedora|debian|ubuntu).{0,40}",
        "apache2? .{0,30}(?:default|test) page.{0,40}", "(?:test|default) page for (?:the )?(?:apache|nginx).{0,60}",
        "http server test page.{0,60}", "it works!?", r"iis(?: ?windows)?(?: server)?\d{0,2}", "default web ?site page",
        "(?:web server's |domain |hosting )?default page", r"(?:plesk|directadmin|cyberpanel|aapanel|cpanel)\b.{0,60}",
        "index of /.{0,60}", "congratulations.{0,40}(?:site|website) is created successfully.{0,20}",
        "wordpress [›»] (?:installation|instalasi|setup configuration file).{0,30}", "laravel",
        "(?:account|domain|website) (?:is )?(?:suspended|expired|parked)", "suspended domain", "coming soon",
        "(?:website |site )?under construction", "segera hadir", "domain for sale", "masa aktif (?:domain )?habis",
    )), re.IGNORECASE,
)  # fmt: skip
_DEFAULT_TEXT = any_of(
    "if you see this page, the (?:nginx|openresty) web server is successfully installed",
    r"this is the default (?:welcome page|web page|index\.html)",
    "it works!",
    "the web server software is running but no content has been added",
    "this page is used to test the proper operation of the",
    "if you are the owner of this (?:web ?site|domain), please contact (?:your|the) (?:web )?host(?:ing)?",
    "you are all set to go!",
    "your web server is working",
    "has not put up any web pages",
)
_DOWN = any_of(
    "(?:sedang )?(?:dalam )?(?:masa )?(?:pemeliharaan|perbaikan|maintenance)", "(?:will )?be (?:right )?back soon",
    "under (?:scheduled )?maintenance", "down for (?:scheduled )?maintenance", "akan segera kembali",
    "error establishing a database connection", "fatal error", "access denied for user", "too many connections",
    "(?:dalam|masa) perawatan", "sambungan basis data", "something went wrong",
    "service (?:temporarily )?unavailable", "database error", "internal server error",
)  # fmt: skip
_FIRST_POSTS = frozenset(
    ("hello-world", "halo-dunia", "sample-page", "contoh-laman", "laman-contoh", "contoh-halaman", "hello-world-2")
)
_FIRST_TITLE = re.compile(r"(?:hello world|halo,? dunia|sample page|laman contoh)!?", re.IGNORECASE)
_FILLER = any_of("lorem ipsum", "dolor sit amet", "consectetur adipiscing", "adipiscing elit", "do eiusmod tempor",
                 "tempor incididunt", "ut labore et dolore")  # fmt: skip

_LITTLE = 250  # words of a page that holds nothing else
_FEW_LINKS = 12
_A_SENTENCE = 40  # words, or two of them
_HEADLINE = 4  # words of a link; who asks for a log-in has none
_LONGEST = 400_000  # characters of a home page that are looked at
_SAYS = ('meta[name="description" i]', 'meta[property="og:description"]', 'meta[property="og:title"]',
         'meta[property="og:site_name"]')  # fmt: skip


def what_lives(html: str, url: str) -> Judged | None:
    """Say what a home page shows that is no newsroom; None where it may be one."""
    host = host_of(url)
    if _is_of(host, _PARKING_HOSTS):
        return Judged(Verdict.PARKED, f"it leads to {host}, where domains are sold")
    if _is_of(host, _LOG_IN_HOSTS):
        return Judged(Verdict.BLOCKED, f"it leads to a log-in: {host}")
    if _is_of(host, _SOCIAL_HOSTS) and bare_host(host) not in _OWN_SITES:
        return Judged(Verdict.NOT_NEWS, f"it is a page on {host}, which has no listing to read")
    tree = LexborHTMLParser(html[:_LONGEST])
    home = _self(tree, html)
    if (found := trade_of(home)) is not None:
        return found
    if _DEFAULT_TITLES.fullmatch(home.title[:200]):
        return Judged(Verdict.PARKED, f"nothing was put there: {home.title[:80]!r}")
    return _of_a_bare_page(tree, home)


def _is_of(host: str, domains: Iterable[str]) -> bool:
    return any(is_of_domain(host, domain) for domain in domains)


def doubt_about(html: str) -> Judged | None:
    """Say why a person should look whether a home page is a newsroom's; None where nothing speaks against it."""
    return doubt_of(_self(LexborHTMLParser(html[:_LONGEST]), html))


def _self(tree: LexborHTMLParser, html: str) -> Self:
    node = tree.css_first("title")
    title = fold(node.text()) if node is not None else ""
    said = [found.attributes.get("content") or "" for css in _SAYS for found in tree.css(css)[:2]]
    made_by = [found.attributes.get("content") or "" for found in tree.css('meta[name="generator" i]')[:4]]
    return Self(title, f"{title} {' '.join(said)}", " ".join(made_by).lower(), html[:_LONGEST])


def _of_a_bare_page(tree: LexborHTMLParser, home: Self) -> Judged | None:
    """Judge a page by its text where that is all it has: a portal's home page links dozens of articles."""
    links = tree.css("a[href]")
    if len(links) > _FEW_LINKS or tree.body is None:
        return None
    heads = " ".join(node.text() for node in tree.css("h1, h2")[:6])
    headlines = sum(len(fold(link.text()).split()) >= _HEADLINE for link in links)
    if tree.css_first('input[type="password" i]') is not None and headlines < 3:
        return Judged(Verdict.BLOCKED, f"its home page asks for a log-in: {home.title[:80]!r}")
    text = _all_text(tree)
    if len(text.split()) > _LITTLE:
        return None
    if found := _DEFAULT_TEXT.search(text):
        return Judged(Verdict.PARKED, f"nothing was put there: {found[0][:80]!r}")
    if found := _FOR_SALE.search(f"{home.title} {text}"):
        return Judged(Verdict.PARKED, f"it says: {found[0][:80]!r}")
    if mark := next((mark for mark in _PARKING_MARKS if mark in home.html), None):
        return Judged(Verdict.PARKED, f"a page of those who park domains: {mark}")
    if headlines < 3 and (found := _DOWN.search(f"{home.title} {text}")):
        return Judged(Verdict.DEAD, f"its server fails, or is under repair; it says: {found[0][:80]!r}")
    return trade_of(home._replace(said=f"{home.title} {heads}"))


def says_little(html: str) -> str:
    """Return all that a page says, where that is a sentence or two; empty for a page that says more, or nothing."""
    tree = LexborHTMLParser(html[:_LONGEST])
    text = _all_text(tree)
    return text[:200] if 0 < len(text.split()) <= _A_SENTENCE else ""


def _all_text(tree: LexborHTMLParser) -> str:
    """Return all that a page shows, whose scripts and styles are gone from then on."""
    tree.strip_tags(["script", "style", "noscript", "template"])
    return fold(tree.body.text(separator=" ")) if tree.body is not None else ""


def judge_filler(titles: Sequence[str], texts: Sequence[str]) -> Judged | None:
    """Say that a site holds what its CMS or theme was installed with, by all of its articles; None if it does not."""
    if titles and all(_FIRST_TITLE.fullmatch(title.strip()) for title in titles):
        return Judged(Verdict.PARKED, f"its CMS as it was installed: the one article is {titles[0][:40]!r}")
    if titles and all(_FILLER.search(f"{title} {text[:500]}") for title, text in zip(titles, texts, strict=True)):
        return Judged(Verdict.PARKED, f"its theme's own filler in place of articles: {titles[0][:60]!r}")
    return None


def is_first_post(slug: str) -> bool:
    """Tell the post or page that a CMS comes with, by the last part of its address."""
    return slug in _FIRST_POSTS


def is_first_install(slugs: Iterable[str]) -> bool:
    """Tell a CMS in which nobody has written yet, by the last parts of the addresses that its listings name."""
    found = set(slugs)
    return bool(found) and found <= _FIRST_POSTS
