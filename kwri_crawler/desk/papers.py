"""Read one file into a title, paragraphs and a date; its first bytes say what kind it is, then its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from kwri_crawler.copies.texts import LONGEST
from kwri_crawler.desk.bounds import MOST_SECONDS, Fault, Unread, open_zip, read_bytes, within_seconds
from kwri_crawler.desk.lines import joined
from kwri_crawler.missing import LibraryMissing
from kwri_crawler.pages.decode import decode

KINDS = (".docx", ".odt", ".pdf", ".txt", ".md", ".eml", ".html", ".htm")
_OFFICE = (".doc", ".docm", ".rtf", ".dot")  # in a folder named as not read; pictures and others are passed over
NAMED_KINDS = (*KINDS, *_OFFICE)
_OTHER_NAMES = {".xlsx": Fault.SPREADSHEET, ".xls": Fault.SPREADSHEET, ".ods": Fault.SPREADSHEET, ".zip": Fault.PACKED,
                ".rar": Fault.PACKED, ".7z": Fault.PACKED}  # fmt: skip
# Address, number, subject, day: what headlines have not. "Pilkada 2024" they do, and "BPBD: Warga Tiga Desa Mengungsi".
_OF_A_LETTER = re.compile(
    r"\s:|[0-9]:|:(?!(?:\s+\S+){5})|@|[0-9]{5}|/ ?[0-9]{4}|[0-9] +[a-z]+ +[0-9]{4}"
    r"|(?<![0-9])(?!(?:19|20)[0-9]{2}\b)[0-9]{4}|^\W*[0-9]|^(?:jalan|jl\.)"
    r"|^\W*(?:nomor|no|sifat|lampiran|lamp|hal|perihal|kepada|yth|dari|untuk|up|tanggal|tgl|hari|waktu|pukul|jam|tempat"
    r"|acara|tembusan|klasifikasi|embargo|foto|kontak|narahubung|cp|telepon|telp|hp|wa|faks?|e-?mail|surel|laman|situs"
    r"|website)\b(?:\s+\S+){0,2}\s*:",
    re.IGNORECASE,
)
MOST_CONTROLS = 0.01  # of a text's bytes
_CONTROLS = bytes(number for number in range(32) if number not in b"\t\n\r\f")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # a .docx with a password is packed so
_LIBRARIES = {".docx": "docx", ".pdf": "pypdf"}
_TITLE_WORDS = range(4, 26)
_MARKS = "*_~ "  # by which messengers set bold and italics
_GREETING = re.compile(
    r"\W*(?:yth\b|kepada yth|dengan hormat|salam\b|assalamu|bersama ini|rekan-rekan|selamat (?:pagi|siang|sore|malam))",
    re.IGNORECASE,
)


class Paper(NamedTuple):
    """A paper as it was read."""

    title: str
    paragraphs: tuple[str, ...]
    sent_at: datetime | None = None  # aware: an e-mail's date; None for what has none


def check_libraries(paths: Iterable[Path]) -> None:
    """Raise LibraryMissing where a library that one of these files needs is not installed."""
    suffixes = {path.suffix.lower() for path in paths}
    for suffix, library in _LIBRARIES.items():
        if suffix in suffixes and find_spec(library) is None:
            raise LibraryMissing(f"{suffix} needs {library}; run: pip install 'kwri-crawler[desk]'")


def read_paper(path: Path, most_s: float = MOST_SECONDS) -> Paper:
    """Read a file; raises Unread with the reason, OSError, and LibraryMissing where its library is not installed."""
    data = read_bytes(path)
    with within_seconds(most_s):
        try:
            paper = _read(path.name, data)
        except ImportError as error:
            raise LibraryMissing(f"{path.name} needs {error.name}; run: pip install 'kwri-crawler[desk]'") from error
        except (Unread, OSError):
            raise
        except Exception as error:  # of libraries that read what anybody may have written
            raise Unread(Fault.DAMAGED) from error
    return paper


def _read(name: str, data: bytes) -> Paper:
    from kwri_crawler.desk import letters  # here and below: every command of the project loads this module

    suffix = Path(name).suffix.lower()
    if suffix == ".eml":
        letter = letters.read_letter(data, lambda attached, content: list(_read(attached, content).paragraphs)
                                     if Path(attached).suffix.lower() in KINDS[:5] else [])  # fmt: skip
        return _paper(letter.subject, letter.paragraphs, letter.sent_at)
    if suffix in (".html", ".htm"):
        return _paper(*letters.read_web_page(data))
    return _paper(None, _paragraphs(suffix, data))


def _paragraphs(suffix: str, data: bytes) -> list[str]:
    from kwri_crawler.desk import office, pdf

    if suffix in _OTHER_NAMES:
        raise Unread(_OTHER_NAMES[suffix])
    if data.startswith(_OLE):
        raise Unread(Fault.PASSWORD if _ENCRYPTED in data else Fault.OLD_WORD)
    if data.startswith(b"{\\rtf"):
        raise Unread(Fault.RICH_TEXT)
    if data.startswith(b"%PDF"):
        return pdf.read_pdf(data)
    if data.startswith(b"PK\x03\x04"):
        packed = open_zip(data)
        if "content.xml" in packed.namelist():
            return office.read_open_document(packed)
        return office.read_word(data)
    if suffix not in (".txt", ".md"):
        raise Unread(Fault.DAMAGED if suffix in KINDS else Fault.OTHER_KIND)
    if not data.startswith(_UTF16) and len(data.translate(None, _CONTROLS)) < len(data) * (1 - MOST_CONTROLS):
        raise Unread(Fault.NOT_TEXT)
    return joined(decode(data, "").splitlines())


def _paper(title: str | None, paragraphs: Sequence[str], sent_at: datetime | None = None) -> Paper:
    kept, size = [], 0
    for paragraph in paragraphs:
        text = " ".join(paragraph.split())
        if text and size < LONGEST:
            kept.append(text[: LONGEST - size])
            size += len(text)
    if not any(character.isalpha() for text in kept for character in text):
        raise Unread(Fault.EMPTY)
    return Paper(title or title_of(kept), tuple(kept), sent_at)


def title_of(paragraphs: Sequence[str]) -> str:
    """Return the line that is most like a headline, the last one before the text begins; else how the text begins.

    The text has begun too where a line goes on in small letters.
    """
    found = ""
    for paragraph, below in zip(paragraphs, [*paragraphs[1:], ""], strict=True):
        line = paragraph.strip(_MARKS)
        words = line.split()
        if _GREETING.match(line):
            continue
        if _is_text(line, words) or (below[:1].islower() and len(below.split()) in _TITLE_WORDS):
            found = found or line
            break
        if len(words) in _TITLE_WORDS and not _OF_A_LETTER.search(line):
            found = line
    return " ".join((found or paragraphs[0].strip(_MARKS)).split()[: _TITLE_WORDS.stop])


def _is_text(line: str, words: Sequence[str]) -> bool:
    return len(words) > _TITLE_WORDS.stop or (line.endswith(".") and len(words) > _TITLE_WORDS.start)
