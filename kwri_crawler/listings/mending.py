"""Bytes that call themselves XML -> bytes that a parser takes: honest UTF-8, no half characters, no bare ampersand.

Nothing here looks at what an element means. Every step is linear, and bounded where each match costs a call.
"""

from __future__ import annotations

import codecs
import re
from html.entities import name2codepoint

from kwri_crawler.listings.listed import ListingError

MAX_MENDS = (
    200_000  # references and bare ampersands; 50 KB of gzip hold 48 MB of "&", which once took a harvest with it
)

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"<\?xml[^<>]{0,200}?\bencoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})[\"']")
_DECLARATION = re.compile(rb"\s*<\?xml[^<>]{0,300}>")
# Charsets that a portal may truly use beside UTF-8. WHATWG reads Latin-1 as windows-1252, as all browsers do.
_TRUE_CHARSET = re.compile(
    r"(?:windows|cp)-?12(?:5[013-8])|iso-?8859-(?:[2-9]|1[0-6])|koi8-[ru]|gb[k\d]+|big5|euc-\w{2}|shift.jis"
)
_NO_CHARACTERS = bytes(code for code in range(32) if code not in b"\t\n\r")  # XML allows none of them, in no spelling
_BEGIN_A_CHARACTER = bytes(range(0xC2, 0xF5))  # of several bytes, in UTF-8

_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_FIELD_BEFORE = re.compile(rb"<([A-Za-z_][\w:.-]{0,60})(?:\s[^<>]{0,100})?>[^<>]{0,100}\Z")
# An emoji as two references, each half of it: JSON's spelling in XML. Each half alone is no character at all.
_HALVES = re.compile(
    rb"&#(?:(5[56]\d{3})|[xX]0{0,4}([dD][89abAB][\da-fA-F]{2}));&#(?:(5[67]\d{3})|[xX]0{0,4}([dD][c-fC-F][\da-fA-F]{2}));"
)
# libxml2 drops a bare "&" with the name after it ("?a=1&b=2" becomes another address), and after one undeclared name
# like "&nbsp;" every "&amp;" that follows. So names become numbers, and what a document declares is never expanded.
_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")


def mend(body: bytes) -> bytes:
    """Return a document in UTF-8 with nothing in it that is no character; raises ListingError beyond MAX_MENDS."""
    body = body.translate(None, _NO_CHARACTERS)
    if b"\xef\xbf" in body:  # U+FFFE and U+FFFF
        body = body.replace(b"\xef\xbf\xbe", b"").replace(b"\xef\xbf\xbf", b"")
    if b"&" not in body and _CDATA not in body:
        return body
    return b"".join(_parts(_HALVES.sub(_join_halves, body)))


def as_utf_8(body: bytes) -> bytes:
    """Recode by the bytes themselves, and by what they declare only where that may be true; drop the declaration."""
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return _DECLARATION.sub(b"", _recode(body[len(mark) :], charset), count=1)
    if body[:2] in (b"<\0", b"\0<"):
        return _DECLARATION.sub(b"", _recode(body, "utf-16-le" if body[1:2] == b"\0" else "utf-16-be"), count=1)
    declared = _DECLARED.search(body, 0, 4096)
    body = _DECLARATION.sub(b"", body, count=1) if _DECLARATION.match(body) else body
    if body.isascii():
        return body
    try:
        body.decode()
    except UnicodeDecodeError:
        return _recode(body, _charset_of(body, declared[1].decode().lower() if declared else ""))
    return body


def _charset_of(body: bytes, declared: str) -> str:
    """Choose for bytes that are not all UTF-8: nearly so, cut somewhere; or what they declare; or else windows-1252."""
    bad = body.decode("utf-8", "replace").count("\ufffd")
    begun = len(body) - len(body.translate(None, _BEGIN_A_CHARACTER))
    if begun > 2 * bad:
        return "utf-8"
    return declared if _TRUE_CHARSET.fullmatch(declared) else "cp1252"


def _recode(body: bytes, charset: str) -> bytes:
    try:
        text = body.decode(charset, "replace")
    except LookupError:
        text = body.decode("cp1252", "replace")
    return text.encode("utf-8", "replace")


def _parts(body: bytes) -> list[bytes]:
    """Mend what stands outside of CDATA, and close CDATA that runs over the end of its element into another."""
    ampersands = _Ampersands()
    parts: list[bytes] = []
    at, end = 0, -1
    while (start := body.find(_CDATA, at)) >= 0:
        parts.append(ampersands.mend(body[at:start]))
        if end < start and end != len(body):
            end = body.find(_CDATA_END, start)
            end = len(body) if end < 0 else end
        inner = body.find(_CDATA, start + len(_CDATA), end)
        close = -1
        if (inner >= 0 or end == len(body)) and (field := _FIELD_BEFORE.search(body, max(at, start - 200), start)):
            close = body.find(b"</" + field[1], start, inner if inner >= 0 else end)
        if close >= 0:
            parts += (body[start:close], _CDATA_END)
            at = close
        else:
            at = min(end + len(_CDATA_END), len(body))
            parts.append(body[start:at])
    parts.append(ampersands.mend(body[at:]))
    return parts


class _Ampersands:
    """Mends references, and counts how often."""

    def __init__(self) -> None:
        self._left = MAX_MENDS

    def mend(self, text: bytes) -> bytes:
        return _AMPERSAND.sub(self._mend_one, text) if b"&" in text else text

    def _mend_one(self, match: re.Match[bytes]) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise ListingError(f"more than {MAX_MENDS:,} ampersands that are none in XML")
        name = (match[1] or b"").decode()
        if name.startswith("#"):
            code = int(name[2:-1], 16) if name[1] in "xX" else int(name[1:-1])
            return match[0] if _is_character(code) else b"\xef\xbf\xbd"
        code = name2codepoint.get(name[:-1], 0)
        return f"&#{code};".encode() if code else b"&#38;" + name.encode()


def _join_halves(match: re.Match[bytes]) -> bytes:
    high, low = (int(match[n]) if match[n] else int(match[n + 1], 16) for n in (1, 3))
    if 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return f"&#{0x10000 + ((high - 0xD800) << 10) + low - 0xDC00};".encode()
    return match[0]


def _is_character(code: int) -> bool:
    return code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
