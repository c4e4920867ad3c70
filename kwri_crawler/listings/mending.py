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
_BEGINNINGS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))  # of documents without a mark
_DECLARED = re.compile(rb"<\?xml[^<>]{0,200}?\bencoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})[\"']")
_DECLARATION = re.compile(rb"\s*<\?xml[^<>]{0,300}>")
# Charsets that a portal may truly use beside UTF-8. WHATWG reads Latin-1 as windows-1252, as all browsers do.
_TRUE_CHARSET = re.compile(
    r"(?:windows|cp)-?12(?:5[013-8])|iso-?8859-(?:[2-9]|1[0-6])|koi8-[ru]|gb[k\d]+|big5|euc-\w{2}|shift.jis"
)
# Bytes that are control characters in ISO 8859, and quotation marks and dashes in the Windows charset of those letters.
_ISO, _CONTROLS = re.compile(r"iso-?8859-(\d{1,2})"), re.compile(rb"[\x80-\x9f]")
_WINDOWS = {2: "cp1250", 5: "cp1251", 6: "cp1256", 7: "cp1253", 8: "cp1255", 9: "cp1254", 13: "cp1257"}
_NO_CHARACTERS = bytes(code for code in range(32) if code not in b"\t\n\r")  # XML allows none of them, in no spelling
_BEGIN_A_CHARACTER = bytes(range(0xC2, 0xF5))  # of several bytes, in UTF-8

_CDATA, _CDATA_END = re.compile(rb"<!\[CDATA\["), re.compile(rb"\]\]>")
_FIELD_BEFORE = re.compile(rb"<([A-Za-z_][\w:.-]{0,60})(?:\s[^<>]{0,100})?>[^<>]{0,100}\Z")
# An emoji as two references, each half of it: JSON's spelling in XML. Each half alone is no character at all.
_HALVES = re.compile(
    rb"&#(?:(5[56]\d{3})|[xX]0{0,4}([dD][89abAB][\da-fA-F]{2}));&#(?:(5[67]\d{3})|[xX]0{0,4}([dD][c-fC-F][\da-fA-F]{2}));"
)
# libxml2 drops a bare "&" with the name after it ("?a=1&b=2" becomes another address), and after one undeclared name
# like "&nbsp;" every "&amp;" that follows. So names become numbers, and what a document declares is never expanded.
_AMPERSAND = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos);)"
    rb"(?:#(?P<number>\d{1,7});|#[xX](?P<hex>[0-9a-fA-F]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?"
)


def mend(body: bytes) -> bytes:
    """Return a document in UTF-8 with nothing in it that is no character; raises ListingError beyond MAX_MENDS."""
    body = body.translate(None, _NO_CHARACTERS)
    body = body.replace(b"\xef\xbf\xbe", b"").replace(b"\xef\xbf\xbf", b"")  # U+FFFE and U+FFFF
    return b"".join(_parts(_HALVES.sub(_join_halves, body)))


def as_utf_8(body: bytes) -> bytes:
    """Recode by the bytes themselves, and by what they declare only where that may be true; drop the declaration."""
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return _without_declaration(_recode(body.removeprefix(mark), charset))
    for beginning, charset in _BEGINNINGS:
        if body.startswith(beginning):
            return _without_declaration(_recode(body, charset))
    declared = _DECLARED.search(body[:4096])
    body = _without_declaration(body)
    try:
        body.decode()
    except UnicodeDecodeError:
        return _recode(body, _charset_of(body, declared[1].decode().lower() if declared else ""))
    return body


def _without_declaration(body: bytes) -> bytes:
    declaration = _DECLARATION.match(body)
    return body if declaration is None else body[declaration.end() :]


def _charset_of(body: bytes, declared: str) -> str:
    """Choose for bytes that are not all UTF-8: nearly so, cut somewhere; or what they declare; or else windows-1252."""
    bad = body.decode("utf-8", "replace").count("\ufffd")
    begun = len(body) - len(body.translate(None, _BEGIN_A_CHARACTER))
    if begun > 2 * bad:
        return "utf-8"
    if (iso := _ISO.fullmatch(declared)) is not None and _CONTROLS.search(body):
        return _WINDOWS.get(int(iso[1]), "cp1252")
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
    at, end = 0, None
    while (begin := _CDATA.search(body, at)) is not None:
        start = begin.start()
        parts.append(ampersands.mend(body[at:start]))
        if end is None or end < start:
            closing = _CDATA_END.search(body, start)
            end = len(body) if closing is None else closing.start()
        inner = _CDATA.search(body, begin.end(), end)
        text = body[start : end if inner is None else inner.start()]
        close = None
        if inner is not None or end == len(body):
            field = _FIELD_BEFORE.search(body, max(at, start - 200), start)
            close = None if field is None else re.search(rb"</" + re.escape(field[1]), text)
        if close is None:
            at = end + 3
            parts.append(body[start:at])
        else:
            parts += (text[: close.start()], b"]]>")
            at = start + close.start()
    parts.append(ampersands.mend(body[at:]))
    return parts


class _Ampersands:
    """Mends references, and counts how often."""

    def __init__(self) -> None:
        self._left = MAX_MENDS

    def mend(self, text: bytes) -> bytes:
        return _AMPERSAND.sub(self._mend_one, text)

    def _mend_one(self, match: re.Match[bytes]) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise ListingError(f"more than {MAX_MENDS:,} ampersands that are none in XML")
        if match["number"] or match["hex"]:
            code = int(match["number"]) if match["number"] else int(match["hex"], 16)
            return match[0] if _is_character(code) else b"\xef\xbf\xbd"
        named = name2codepoint.get((match["name"] or b"").decode())
        return b"&#38;" + match[0].removeprefix(b"&") if named is None else b"&#%d;" % named


def _join_halves(match: re.Match[bytes]) -> bytes:
    high, low = (int(match[n]) if match[n] else int(match[n + 1], 16) for n in (1, 3))
    if 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return b"&#%d;" % ord((chr(high) + chr(low)).encode("utf-16", "surrogatepass").decode("utf-16"))
    return match[0]


def _is_character(code: int) -> bool:
    return code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
