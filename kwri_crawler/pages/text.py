"""Text as a page carries it -> text as we keep it: one line, folded, NFC; drops what nobody can see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import filterfalse

# Zero-width and bidi controls, soft hyphens, C0/C1 controls, lone surrogates: seen in titles, invisible, and each
# makes two equal texts differ. White space among the controls is kept for str.split().
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0e\ufeff\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]+"
)
_PRINTABLE = re.compile("[\u034f\ufe00-\ufe0e]")  # those of them that str.isprintable takes for visible
WORD = re.compile(r"\w+")
# Thai, Lao, Burmese, Khmer; Japanese and Chinese
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_A_WORD = 3  # signs of these
_OPENING = 4  # paragraphs, among which a lead is printed again
_REPEATED = 50  # characters of a paragraph that no text prints twice
_MARKS = ".,-–“”\"():/'!?;"  # the commonest that part words, and are of none


def fold(text: str) -> str:
    """Return text on one line: white space folded (nbsp too), invisible characters dropped, NFC."""
    is_ascii = text.isascii()
    # Most texts are folded already, which is seen in half the time: of white space only the blank is printable.
    if not text.isprintable() or not (is_ascii or _PRINTABLE.search(text) is None):
        text = " ".join(_INVISIBLE.sub("", text).split())
    elif "  " in text or text != text.strip():
        text = " ".join(text.split())
    return text if is_ascii or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def words(text: str) -> tuple[str, ...]:
    """Return the words of text, case-folded."""
    return split(casefolded(text), WORD)


@lru_cache(maxsize=4)  # an article's text is folded for its language, for its hash and for its sketch
def casefolded(text: str) -> str:
    """Return text without the difference between capitals and small letters."""
    return text.casefold()


@lru_cache(maxsize=128)  # a portal's own names come with every page of it
def squeezed(text: str) -> str:
    """Return the words of text, case-folded, without what parts them: names are compared so."""
    return "".join(words(text))


@lru_cache(maxsize=16)  # an article is split for its language and, mostly unchanged, for its hash
def split(text: str, word: re.Pattern[str]) -> tuple[str, ...]:
    """Return all that a pattern of letters and digits finds; it is asked only where plain means do not tell."""
    for mark in _MARKS:
        text = text.replace(mark, " ")
    pieces = text.split()
    if "".join(pieces).isalnum():
        return tuple(pieces)
    found: list[str] = []
    for piece in pieces:
        if piece.isalnum():
            found.append(piece)
        else:
            found += word.findall(piece)
    return tuple(found)


@lru_cache(maxsize=16)  # an article's are counted by its reader, by what refuses it and by what cleans it
def count_words(paragraphs: tuple[str, ...]) -> int:
    """Count what stands between blanks and holds a letter or a digit, and each third sign of scripts without blanks."""
    text = " ".join(paragraphs)
    found = text.split()
    odd = filterfalse(str.isalnum, found)
    marks = [word for word in odd if not word[0].isalnum() and not WORD.search(word)]  # "–", "(*)"
    unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text)) // _A_WORD
    return len(found) - len(marks) + unspaced


def once(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Return paragraphs, of longer ones that a page holds twice, as for phones and for desktops, the first.

    One that comes again by itself further down is a refrain: it stays.
    """
    if len(set(paragraphs)) == len(paragraphs):
        return paragraphs
    seen: set[str] = set()
    again: list[bool] = []
    for one in paragraphs:
        again.append(len(one) >= _REPEATED and one in seen)
        seen.add(one)
    runs = zip((False, *again), again, (*again[1:], False), strict=False)
    copied = (is_again and (before or after or i < _OPENING) for i, (before, is_again, after) in enumerate(runs))
    return tuple(one for one, is_copy in zip(paragraphs, copied, strict=True) if not is_copy)


# "Achmad Sarjono - JATIM.KWRI.OR.ID", "Dewi Lestari | kabarkota.com", "Putra - detikJatim"
_SITE_SUFFIX = re.compile(
    r"\s{1,5}[-–—|/]\s{1,5}(?:(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,12}|detik[a-z]{1,12}|sepakbola)$", re.IGNORECASE
)
# "Oleh" alone begins real names (Oleh Soleh), so without a colon it goes only before two words or more.
_ROLE_PREFIX = re.compile(
    r"^(?:(?:penulis|oleh|reporter|pewarta|wartawan|laporan|writer|author|autor(?:in)?|by|kontributor|jurnalis|fotografer)(?:/\w{1,20})?\s{0,3}:\s{0,3}"
    r"|kontributor\s[\w ]{3,30},\s"
    r"|(?:ditulis|diposting|diunggah|dipublikasikan)\soleh\s{0,3}:?\s{0,3}"
    r"|autor(?:in)?\s(?=[^\W\d])"
    r"|(?:oleh|by|penulis|reporter|posted by|view all posts by|von|vom|par|por|written by)\s(?=\S{1,40}\s\S))",
    re.IGNORECASE,
)

_JOB = (
    r"(?:(?:senior|junior|kontributor|staff|chief|political|sports|news|business|science|health)\s)?"
    r"(?:reporter|jurnalis|wartawan|penulis|pewarta|redakteurin|redakteur|journalist|kontributor|correspondent|editor)"
    r"(?:\s(?:senior|junior|daerah|lepas))?"
)
# "Dewi Lestari (Reporter Senior)", "Dewi Lestari, Jurnalis", "Dewi Lestari Wartawan", "Nama @handle"
_ROLE_SUFFIX = re.compile(
    rf"\s{{0,3}}(?:\(\s?{_JOB}\s?\)|[,|]\s{{0,3}}{_JOB}|\s[-–—]\s{_JOB}|(?<=\w)\s{_JOB}|\s@\w{{2,30}})$", re.IGNORECASE
)
_INITIALS = re.compile(r"[a-z]{2,6}(?:/[a-z]{2,6})+|[(\[][\w./-]{1,20}[)\]]")  # "(ant/rif)": a desk's signs, no name
_SIGN = re.compile(r"[a-z]{2,6}")


def person(byline: str) -> str | None:
    """Return the name in a byline, without its role and its site; null when no name is left."""
    return _person(byline[:300])


@lru_cache(maxsize=256)  # a portal has few authors
def _person(byline: str) -> str | None:
    name = fold(byline)
    for _ in range(3):
        name = _ROLE_SUFFIX.sub("", _ROLE_PREFIX.sub("", _SITE_SUFFIX.sub("", name))).strip(" -–—|,:;")
    return name if len(name) <= 120 and WORD.search(name) and not _INITIALS.fullmatch(name) else None


def labelled_person(byline: str) -> str | None:
    """Return the name behind "Pewarta:", as person() does; null for a desk's sign: a label introduces no user name."""
    name = person(byline)
    return None if name is None or _SIGN.fullmatch(name) else name


def without_site(title: str, sites: Iterable[str]) -> str:
    """Return a title without a trailing " - Site name", when that is one of sites."""
    for mark in (" - ", " | ", " – ", " — ", " :: "):
        head, found, tail = title.rpartition(mark)
        if found and head.strip() and tail.strip().casefold() in {site.casefold() for site in sites if site}:
            return head.strip()
    return title
