"""Take out of an article what theme and editors put between its text; refuse one of which nothing is left."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from kwri_crawler.items import Article, Outcome
from kwri_crawler.pages.source import PageError
from kwri_crawler.pages.text import count_words, fold, person, without_site
from kwri_crawler.web.hosts import bare_host

MOST_TAKEN = 0.3  # of the words; where the patterns would take more they have met something that they do not know

# Whole paragraphs that say nothing of the event, whatever page they stand on. Each pattern matches from end to end of a
# short paragraph: an open-ended one ("^Laporan Wartawan.*") once deleted whole one-line bodies and made false copies.
LONGEST_FIXED = 80
_FIXED = re.compile(
    r"(?:(?:advertisements?|iklan|sponsored|adv)\W{0,5})?(?:scroll|gulir|geser)\s(?:untuk|to|ke\sbawah|down)\b.{0,60}"
    r"|(?:advertisements?|iklan|sponsored|report\sthis\sad|example\s\d{2,4}\s?x\s?\d{2,4}|\[?gambas\s?:.{0,40})"
    r"|(?:url|link|tautan)\s(?:berhasil\s|telah\s)?(?:di-?copy|disalin|copied)|copy\s(?:link|url)|salin\s(?:link|tautan)"
    r"|(?:no\sresult)?\s?(?:view\sall\sresults?)?|(?:[\d.,]{1,9}\s?[kmr]?b?\s)?(?:shares?|views?)|connect\swith\sus"
    r"|(?:share|bagikan|sebarkan|tweet)(?:\s(?:this|ini|artikel|berita|post|ke|on|via|it|to))?(?:\s(?:ini|article|post|teman|news))?"
    r"|(?:post\sviews|dibaca|dilihat|views|hits)\s?:\s?[\d.,]{1,12}(?:\s?(?:kali|x))?"
    r"|(?:berita|artikel|baca|konten|topik)\s(?:terkait|lain(?:nya)?|selengkapnya)|related\s(?:posts?|news|articles?)"
    r"|(?:halaman|laman)\s(?:selanjutnya|berikutnya|sebelumnya)|(?:halaman|pages?)\s?:?(?:\s\d{1,2}){1,20}"
    r"|(?:tinggalkan|beri|tulis)\s(?:komentar|balasan)|batalkan\sbalasan|leave\sa\s(?:comment|reply)"
    r"|loading|memuat|please\swait|read\smore|selengkapnya|daftar\sisi|table\sof\scontents|inhaltsverzeichnis"
    r"|komentar|comments?|(?:lihat|see|view)\s(?:semua|all)|print|cetak|like\sthis|tags?(?:\s?:\s?\S.{0,70})?"
    r"|(?:berita\s)?ter(?:populer|kini|baru)|populer|(?:ukuran\s(?:huruf|teks|font)\s?:?\s?)?a-?(?:\sa)?\s?a\+?",
    re.IGNORECASE,
)
# What a plug-in that was switched off leaves: "[irp posts=12]", "[ad_1]", "[/vc_row]"; "[Red]" is a sign-off.
_SHORTCODE = re.compile(
    r"\[/?[a-z]{2,20}(?:[_-][a-z0-9]{1,20}){1,4}(?:\s[^\[\]]{0,200})?\]|\[[a-z]\w{1,30}\s[^\[\]]{0,100}=[^\[\]]{0,200}\]"
    r"|\[/[a-z]\w{1,30}\]",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"&(?:nbsp|quot|amp|apos|[lr][sd]quo|[nm]dash|hellip|#0?39|#82\d\d|#160);")
# What a page's template held before there was a text.
_FILLER = re.compile(r"lorem ipsum(?:(?:\s\d{1,2})?[\W]{0,3}$|\sdolor\ssit\samet,?\sconse)", re.IGNORECASE)
_NETWORKS = frozenset(
    [
        "share",
        "tweet",
        "facebook",
        "twitter",
        "whatsapp",
        "telegram",
        "line",
        "copy",
        "link",
        "email",
        "pinterest",
        "linkedin",
        "messenger",
        "x",
        "wa",
        "fb",
        "instagram",
        "threads",
        "tiktok",
        "youtube",
        "salin",
        "print",
        "cetak",
        "pin",
        "send",
        "bagikan",
        "ke",
        "via",
    ]
)
# Lines of free text that lead to another page.
LONGEST_LINK = 250
_LINK = re.compile(
    r"(?:\W{0,3}\s?)?(?:baca|simak|lihat|tonton|saksikan)\s?(?:juga|pula|artikel\slainnya)(?:\svideo)?\s?[:;»>–-].{1,230}"
    r"|(?:\W{0,3}\s?)?(?:baca|simak|lihat|tonton|saksikan)\s(?:juga|pula)\b.{0,150}[^.!?\"”]"
    r"|(?:baca|simak|lihat)\s?:\s.{1,150}"
    r"|(?:ikuti|follow|dapatkan|cek|gabung|bergabung|mari|yuk|simak)\b.{0,150}\b(?:google\snews|grup\stelegram"
    r"|(?:saluran|kanal|channel|grup)\s(?:whatsapp|telegram|wa)|(?:whatsapp|telegram|wa)\schannel)\b.{0,80}"
    r"|(?:read|see)\s(?:more|also|next)\s?[:»>].{1,150}"
    r"|(?:jangan\slupa\s)?(?:ikuti|follow|subscribe|kunjungi)\b.{0,40}\b(?:kami|us|our|channel|kanal)\b.{0,40}"
    r"\b(?:instagram|facebook|twitter|tiktok|you\s?tube|threads)\b.{0,40}",
    re.IGNORECASE,
)


def clean_article(article: Article) -> Article:
    """Return the article without boilerplate, fields folded, words counted; raises PageError if none are left."""
    host = urlsplit(article.url).hostname or ""
    title = without_site(fold(_unescaped(article.title)), (host, bare_host(host)))
    lead = fold(article.lead or "") or None
    paragraphs = tuple(text for paragraph in article.paragraphs if (text := fold(_unescaped(paragraph))))
    paragraphs = _without_repetition(_without_boilerplate(paragraphs), title, lead)
    word_count = count_words(paragraphs)
    if not title or not word_count:
        raise PageError(Outcome.UNREADABLE, "no text is left after cleaning")
    text = "\n".join(paragraphs)  # links of what was taken out ("Baca juga") go with it
    return replace(
        article,
        title=title,
        paragraphs=paragraphs,
        subtitle=fold(article.subtitle or "") or None,
        author=person(article.author or ""),
        editor=person(article.editor or ""),
        links=tuple(link for link in article.links if not link.text or link.text in text),
        section=fold(article.section or "") or None,
        tags=tuple({tag.casefold(): tag for raw in reversed(article.tags) if (tag := fold(raw))}.values())[::-1],
        lead=None if lead == title else lead,
        word_count=word_count,
    )


def _unescaped(text: str) -> str:
    """Return a text that htmlspecialchars() met twice, as on many pages by hand, as it was: "&amp;quot;"."""
    return _ESCAPED.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def is_fixed_boilerplate(paragraph: str) -> bool:
    """Say whether a paragraph is one of the theme's own words."""
    if (paragraph[:1] == "[" and _SHORTCODE.fullmatch(paragraph)) or _FILLER.match(paragraph):
        return True
    text = paragraph.strip(" .:;!…|[]()-–*")
    if not text:
        return not paragraph.strip(" .:;!…|-–")  # a rule or a bar; "(*)" and "***" are sign-offs, and stay
    if len(text) > LONGEST_FIXED:
        return False
    if _FIXED.fullmatch(text):
        return True
    words = re.split(r"[\s,|/·•]+", text.casefold())
    return len(words) > 1 and _NETWORKS.issuperset(words)


def is_link_line(paragraph: str) -> bool:
    """Say whether a paragraph only leads to another page: "Baca juga: ..."."""
    return len(paragraph) <= LONGEST_LINK and _LINK.fullmatch(paragraph) is not None


def _without_boilerplate(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    text = tuple(paragraph for paragraph in paragraphs if not is_fixed_boilerplate(paragraph))
    kept = tuple(paragraph for paragraph in text if not is_link_line(paragraph))
    if len(kept) == len(text):
        return text
    return kept if count_words(text) - count_words(kept) <= MOST_TAKEN * count_words(text) else text


def _without_repetition(paragraphs: tuple[str, ...], title: str, lead: str | None) -> tuple[str, ...]:
    """Drop first paragraphs that only say title or subtitle again, and each one that repeats the one before."""
    once = tuple(_once(paragraphs))
    # A summary that is a sentence of the body is the body's first: without it the text would differ from its copies.
    subtitle = lead if lead and lead[-1:] not in '.!?"”' else None
    while len(once) > 1 and once[0] in (title, subtitle):
        once = once[1:]
    return once


def _once(paragraphs: tuple[str, ...]) -> Iterator[str]:
    before = None
    for paragraph in paragraphs:
        if paragraph != before:
            yield paragraph
        before = paragraph
