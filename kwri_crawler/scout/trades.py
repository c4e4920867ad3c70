"""Recognise sites that are no newsroom (betting, films, shop, business, school, forum) by their own words; pure.

Newsrooms write about gambling too, and hacked ones carry hidden links to casinos. So only titles, descriptions,
generators and headlines count, and where a newsroom could say the same, a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kwri_crawler.scout.verdicts import Judged, Verdict


def any_of(*alternatives: str) -> re.Pattern[str]:
    """Return what finds one of these as whole words, whatever their case."""
    return re.compile(rf"\b(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)


# What such sites call themselves to be found, 2023 to 2026; news of arrests says "judi online" and "bandar judi".
_BETS = any_of(
    "gacor", "maxwin", "scatter hitam", "anti rungkad", "togel", "toto ?(?:macau|hk|sgp|slot)", "rtp (?:live|slot)",
    "slot ?(?:88|77+|qris|dana|online|terpercaya|resmi|demo|thailand)", "situs (?:slot|judi|toto|bola)",
    "agen (?:slot|judi|bola|casino|poker)", "bandar (?:toto|slot|bola)", "casino", "judi (?:bola|slot|online)",
    "sbobet", "poker online", "link alternatif", "bonus new member", "deposit (?:pulsa|qris|dana)",
    "bet (?:kecil|murah)", "pragmatic play", "mahjong ways", "jackpot", "jp paus",
)  # fmt: skip
_FILMS = any_of("nonton (?:film|movie|drama|anime)", "sub indo", "lk ?21", "layarkaca ?21", "streaming film",
                "download (?:film|movie)", "ganool", "rebahin", "dramaqu")  # fmt: skip
_SEX = any_of("bokep", "porno?", "sex video", "video (?:sex|mesum)", "jav sub", "xnxx", "escort")
_APPS = any_of("mod apk", "apk mod", "unlimited money", "download apk", "crack(?:ed)? (?:software|full)", "keygen")
_SOLD = (("bets", _BETS), ("films without licence", _FILMS), ("sex", _SEX), ("cracked software", _APPS))
# Who writes of bets as news names who was caught, warned or harmed.
_NEWS_OF_IT = any_of(
    "polisi", "polres(?:ta(?:bes)?)?", "polsek", "polda", "polri", "bareskrim", "tangkap", "ditangkap", "tersangka",
    "ringkus", "diringkus", "bekuk", "dibekuk", "gerebek", "digerebek", "grebek", "ungkap", "bongkar", "razia",
    "sindikat", "blokir", "diblokir", "tutup", "ditutup", "komdigi", "kominfo", "ppatk", "ojk", "jaksa", "hakim",
    "sidang", "vonis", "divonis", "imbau", "jauhi", "kapolres", "kapolda", "korban", "kecanduan", "terjerat",
    "bahaya", "waspada", "berantas", "perangi", "larang", "dilarang", "pelaku",
)  # fmt: skip
_NEWSROOM = any_of(
    "berita", "kabar", "warta", "news", "media", "koran", "polisi", "polres", "polda", "polri", "harian", "tabloid",
    "majalah", "jurnalis", "jurnalistik", "portal", "pos", "post", "times", "tribun", "tribrata", "radar", "suara",
    "terkini", "terbaru", "pers", "press", "redaksi", "wartawan", "today", "hari ini", "informasi", "info", "lpm",
    "pemerintah", "pemkab", "pemkot", "pemprov", "dinas", "kabupaten", "provinsi", "kementerian", "diskominfo",
)  # fmt: skip
_LEAST_BETS = 2  # different words in a title and a description; one more where it calls itself news too
_MOST_HEADLINES = 2 / 3  # of a site's newest headlines
_SOME_HEADLINES = 1 / 4  # of many: a newsroom whose pages somebody else fills
_MANY = 8  # headlines

_GENERATORS = (
    ("a forum", re.compile(r"phpbb|discourse|xenforo|vbulletin|flarum|nodebb|mybb|smf\b|simple machines|invision")),
    ("a wiki", re.compile(r"mediawiki|dokuwiki|bookstack|tiki wiki")),
    ("a scholarly journal or repository", re.compile(r"open journal systems|dspace|eprints|open monograph press")),
    ("a place to learn", re.compile(r"moodle")),
    ("a shop", re.compile(r"prestashop|opencart|shopify|magento")),
    ("a code or file server", re.compile(r"gitlab|gitea|nextcloud|owncloud")),
)
_PRICE = re.compile(r"\b(?:Rp|IDR)\.?\s?\d{1,3}(?:[.,]\d{3})+", re.IGNORECASE)
_CART = any_of(
    "(?:tambah(?:kan)?|masuk(?:kan)?) (?:ke )?keranjang", "add to cart", "beli sekarang", "buy now", "checkout"
)
_PRICES = 6  # on a home page that sells
_TYPES = re.compile(r'"@type"\s{0,3}:\s{0,3}"(\w{3,40})"')
_OF_SHOPS = frozenset(("Store", "OnlineStore", "Product", "OfferCatalog"))
_OF_OTHERS = frozenset((
    "LocalBusiness", "Hotel", "Restaurant", "School", "HighSchool", "CollegeOrUniversity", "EducationalOrganization",
    "ProfessionalService", "LegalService", "MedicalClinic", "Dentist", "RealEstateAgent", "TravelAgency", "AutoDealer",
))  # fmt: skip
_OF_NEWS = frozenset(("NewsMediaOrganization", "NewsArticle"))
_TRADE = any_of(
    "pinjaman (?:online|cepat|tanpa)", "pinjol",
    "jasa", "jual", "distributor", "supplier", "kontraktor", "konsultan", "toko", "rental", "sewa", "tour", "travel",
    "hotel", "resto(?:ran)?", "klinik", "rumah sakit", "dealer", "showroom", "bengkel", "apotek", "catering",
    "katering", "properti", "perumahan", "pabrik", "law firm", "notaris", "software house", "web developer",
    "digital agency", "shop", "store", "olshop", "furniture", "mebel", "percetakan", "undangan",
    "harga (?:termurah|terbaik|murah|grosir)",
)  # fmt: skip
_SCHOOL = any_of(
    r"(?:sd|smp|sma|smk|mi|mts|man?|tk)[ -]?(?:n|negeri|islam|it|muhammadiyah|katolik|kristen|plus)(?: ?\d{1,3})?",
    "universitas", "institut", "politeknik", "sekolah tinggi", "sekolah", "madrasah", "pondok pesantren", "akademi",
    "kampus", "fakultas", "university", "school", "college",
)  # fmt: skip


class Self(NamedTuple):
    """What a home page says of itself."""

    title: str
    said: str  # its title, descriptions and names together
    generator: str  # in lower case
    html: str  # as far as it is looked at


def trade_of(home: Self) -> Judged | None:
    """Say what a home page surely is that is no newsroom; None where it may be one."""
    for what, words in _SOLD:
        if (found := _words_in(home.said[:2_000], words)) is not None:
            return Judged(Verdict.NOT_NEWS, f"it calls itself a place for {what}: {found}")
    for what, names in _GENERATORS:
        if names.search(home.generator):
            return Judged(Verdict.NOT_NEWS, f"it is {what}: {home.generator[:60]}")
    sells = _sells(home)
    if sells is not None and _NEWSROOM.search(home.said) is None and not _is_news(home):
        return Judged(Verdict.NOT_NEWS, f"it is a shop: {sells}")
    return None


def doubt_of(home: Self) -> Judged | None:
    """Say why a person should look whether a home page is a newsroom's, though its articles can be read; or None."""
    if (sells := _sells(home)) is not None and not _is_news(home):
        return Judged(Verdict.CHECK, f"its home page is a shop's: {sells}", "news")
    if _NEWSROOM.search(home.said) is not None or _is_news(home):
        return None
    if found := _SCHOOL.search(home.title) or _TRADE.search(home.title):
        what = "a school" if found.re is _SCHOOL else "a business"
        return Judged(Verdict.CHECK, f"it may be {what} ({found[0]}): it calls itself {home.title[:80]!r}", "news")
    if types := _OF_OTHERS.intersection(_TYPES.findall(home.html)):
        return Judged(Verdict.CHECK, f"its home page says that it is a {min(types)}", "news")
    return None


def _is_news(home: Self) -> bool:
    return not _OF_NEWS.isdisjoint(_TYPES.findall(home.html))


def _sells(home: Self) -> str | None:
    prices, cart = len(_PRICE.findall(home.html)), _CART.search(home.html)
    if prices >= _PRICES and cart is not None:
        return f'{prices} prices and "{cart[0]}"'
    if prices >= _PRICES and (types := _OF_SHOPS.intersection(_TYPES.findall(home.html))):
        return f"{prices} prices, and it says that it is a {min(types)}"
    return None


def _words_in(said: str, wanted: re.Pattern[str]) -> str | None:
    """Return the words by which a site calls itself such a place; None if it does not."""
    words = {" ".join(found.lower().split()) for found in wanted.findall(said)}
    least = _LEAST_BETS + (_NEWSROOM.search(said) is not None)
    return ", ".join(sorted(words)[:4]) if len(words) >= least else None


def judge_headlines(titles: Sequence[str]) -> Judged | None:
    """Say what a site's articles sell; of many headlines some are enough to ask a person. None where they are news."""
    titles = [title for title in titles if title]
    for what, words in _SOLD:
        found = [title for title in titles if words.search(title) and not _NEWS_OF_IT.search(title)]
        if len(found) >= max(2, len(titles) * _MOST_HEADLINES):
            return Judged(Verdict.NOT_NEWS, f"its articles sell {what}: {found[0][:80]!r}")
        if len(titles) >= _MANY and len(found) >= len(titles) * _SOME_HEADLINES:
            why = f"{len(found)} of its {len(titles)} newest articles sell {what}: {found[0][:80]!r}"
            return Judged(Verdict.CHECK, why, "news")
    return None
