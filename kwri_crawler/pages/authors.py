"""Who wrote it, as elements and meta tags name them: people; no system, no portal, no button."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from kwri_crawler.pages.metadata import Metadata
from kwri_crawler.pages.text import person, squeezed, words

_A_JOB = 4  # words
_LONGEST_BYLINE = 300  # characters
_NO_PERSON = re.compile(
    r"\.(?:com?|id|net|org)\b|\bcyber media\b|^(?:super\s?)?admin(?:istrator)?\b|^admin\w{0,3}$|^(?:tim\s)?redaksi\b"
    r"|^tim\s(?:liputan|peliput|berita|kabar|media|cyber|web|it)\b|^(?:cv|pt|yayasan)\b|^(?:webmaster|istimewa|staff|guest"
    r"|wordpress\s?admin|root|operator|humas|(?:user|member|author|penulis|pengguna)(?:[\s_-]?\d+)?)$"
    r"|^(?:editor|reporter|wartawan|jurnalis|kontributor|redaktur|pewarta)$|://|@\S+\.|^[\w-]{4,60}(?-i:\.[a-z]{2,7})$"
    r"|^(?:unknown|anonymous|anonim|tanpa nama)$"
    r"|^(?:facebook|twitter|instagram|you ?tube|tik ?tok|dok(?=[\s.:])|tim\sdetik\w{0,12}$)"
    r"|popojicms|wordpress$|joomla|drupal|^\w{0,20}cms\b|\bcms$|^(?:lokomedia|blogger|null|undefined|newsroom|super\s?user)$"
    r"|^(?:member\s)?(?:log\s?in|view|follow|share|read|subscribe|contact)\b|bearbeiten$"
    r"|^\(?\s?(?:image|foto|photo|picture|gambar)\b|getty images|^page\.|^pin for later|\{\{"
    r"|\s(?:inc|llc|ltd|gmbh|corp)\.?$",
    re.IGNORECASE,
)
_AN_ACCOUNT = re.compile(r"\son (?:facebook|twitter|instagram|youtube|x)$", re.IGNORECASE)
_PARTS = re.compile(r"\s[-–—|]\s|\s?/|,\s|\s\((?=[^()]+\)$)|\s(?:for|untuk)\s")
_MOTTO = re.compile(r"\s[-–—|:]\s|\s?[|:]\s")
_MONTHS = "jan|feb|mar|mär|apr|mei|may|mai|jun|jul|ag|aug|sep|okt|oct|nov|des|dec|dez"
# "Tomas Spahn Fr, 18. Oktober 2019", "Sofia Gonzalez December 2, 2025"
_DATE_BEHIND = re.compile(
    rf"\s(?:(?:{_MONTHS})[a-z]{{0,7}}\.?\s\d|[A-Z][a-z]{{1,8}},\s\d|\d{{1,4}}[./ -]\s?\w)", re.IGNORECASE
)
# "andrew.keaveney", "rina_w2"
_USER_NAME = re.compile(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+){0,4}|\w{0,30}[0-9_]\w{0,30}")
_ONE_WORD_BY = re.compile(r"^(?:by|von|vom|written by|posted by)\s(?=\S+$)", re.IGNORECASE)
_WRITTEN_BY = frozenset(("written by", "ditulis oleh", "penulis", "verfasst von", "geschrieben von", "autor", "author"))
# "I Ketut Arya", "A. Rahman", "Ni Luh Sari", "Lê Phương", "Bill MCCARTHY", "John v. Berenberg-Consbruch"
_PARTICLE = r"(?:de|del|di|da|dos|du|van|von|der|den|bin|binti|al|el|la|le|v\.|’t)"
_NAME = re.compile(
    rf"(?!\d)\w[\w.'’-]{{0,30}}(?: (?:{_PARTICLE} )?(?=[^\W\d_a-z])[\w.'’-]{{1,30}}){{0,5}}"
    r"(?:,? ?(?:[A-Z]\w{0,4}\.){1,4}\w{0,5}|, [A-Z]{2,5}){0,4}"  # degrees: "S.Pd., M.Si.", "MD"
)
_BUTTON = re.compile(
    r"\b(?:komentar|comments?|about|view|more|posts?|share|read|latest|follow|baca|lihat|selengkapnya|berita|daftar|salam|wall?ahu|sumber"
    r"|copyright|updated?|published|home|beranda|tentang|profil|login|masuk|akun|account|saya|pin for|fact.?checked)\b",
    re.IGNORECASE,
)
_JOB = re.compile(
    r"\b(?:reporter|jurnalis|wartawan|kontributor|contributor|redaktur|editor|pewarta|penulis|writer|expert|columnist"
    r"|correspondent|analyst|specialist|manager|director|officer|founder|coordinator|head|dosen|guru|ketua|anggota"
    r"|mahasiswa|pengamat|aktivis|praktisi|staf|humas|fotografer|photographer)\b",
    re.IGNORECASE,
)
_OF_THE_PRESS = re.compile(
    r"\b(?:reporter|jurnalis|wartawan|kontributor|contributor|pewarta|penulis|writer|columnist|kolumnis|correspondent"
    r"|koresponden|journaliste?|redakteur(?:in)?|reporterin|periodista|jornalista|giornalista)\b",
    re.IGNORECASE,
)
# A portal's or a firm's name in other languages than ours; in Indonesian a portal's name is never taken for a person's.
_FIRM = re.compile(
    r"\b(?:press|presse|zeitung|nachrichten|magazine?|blog|times|post|daily|weekly|journal|herald|gazette|radio|studios?"
    r"|group|agency|foundation|institute?|university|college|school|association|cent(?:er|re)|company|services?|servers?"
    r"|solutions|systems|labs?|software|tech|technolog\w{1,4}|marketing|shop|store|guide|life|style|kitchen|recipes?|travel"
    r"|home|garden|health|fitness|club|inc|llc|ltd|gmbh|ag|the)\b",
    re.IGNORECASE,
)
_DESK = re.compile(r"\b(?:redaksi|tim|team|staff|desk|news|newsroom|online|portal|media)\b", re.IGNORECASE)


def written_by(meta: Metadata) -> str:
    """Return whom the card for Twitter names as the writer, as WordPress's plugins print it; empty when it does not."""
    for number in "12":
        if meta.first(f"twitter:label{number}").casefold() in _WRITTEN_BY:
            return meta.first(f"twitter:data{number}")
    return ""


def host_name(url: str) -> str:
    """Return the portal's name as its host spells it: "lestimes" of www.lestimes.com."""
    parts = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    return parts[0] if len(parts) <= 2 else ""


def author_of(name: str, sites: tuple[str, ...] = ()) -> str | None:
    """Return a name that a page gives as its author's; null for the portal's own, a system's and for a role."""
    return _author_of(name[:_LONGEST_BYLINE], sites)


@lru_cache(maxsize=256)  # a portal has few authors
def _author_of(name: str, sites: tuple[str, ...]) -> str | None:
    who = person(_ONE_WORD_BY.sub("", _DATE_BEHIND.split(name, maxsplit=1)[0].strip()))
    if who is None or who[0].isdigit() or _NO_PERSON.search(who) or not re.search(r"[^\W\d]{2}", who):
        return None
    parts = _PARTS.split(who)
    portals = _portals(sites)
    if len(parts) == 2 and is_job(parts[1]) and is_name(parts[0]):
        return parts[0]
    kept = [part for part in parts if squeezed(part) not in portals and not _AN_ACCOUNT.search(part)]
    if len(kept) == len(parts):
        return who
    # "Rina - Kabar Puger", "Kabar Puger - Rina Wati"; but "Kabar Puger /RW" is a desk's sign
    return kept[0] if kept and (kept[0] is parts[0] or is_name(kept[0])) else None


@lru_cache(maxsize=128)  # a portal's own names come with every page of it
def _portals(sites: tuple[str, ...]) -> frozenset[str]:
    """Return the names of a portal without their blanks, and what stands before the motto: "Kabar Puger - Aktual"."""
    return frozenset(squeezed(name) for site in sites if site for name in (site, _MOTTO.split(site)[0]))


def person_of(name: str, sites: tuple[str, ...] = ()) -> str | None:
    """Return an author as author_of() does; null for the name of an account: what a reader sees is better."""
    who = author_of(name, sites)
    return None if who is None or _USER_NAME.fullmatch(who) else who


def namesake(meta: Metadata, url: str) -> str | None:
    """Return the person whom metadata name as the author, and after whom the portal is called; None for a firm.

    On "Ben Nadel's blog" the portal's name is the author's. In Indonesia's press a user who is called like the portal
    is its desk: ask for no page in Indonesian.
    """
    name = person(meta.author or meta.first("author"))
    sites = (*meta.sites, host_name(url))
    if name is None or not is_name(name) or _FIRM.search(name) or squeezed(name) not in _portals(sites):
        return None
    return None if squeezed(name) in meta.organisations() else name


def is_job(text: str) -> bool:
    """Say whether a few words are what somebody does in the press: "Staff Writer", "Kontributor Jember"."""
    return len(words(text)) <= _A_JOB and text[:1].isupper() and _OF_THE_PRESS.search(text) is not None


def is_name(text: str, least: int = 2) -> bool:
    """Say whether a text has the form of a person's name, of so many words at least; of one word a desk's will do."""
    if not least <= len(words(text)) <= 8 or _NAME.fullmatch(text) is None or any(map(str.isdigit, text)):
        return False
    if _BUTTON.search(text) or _JOB.search(text):
        return False
    return least < 2 or not _DESK.search(text)
