"""Bytes and their content-type -> UTF-8, for any bytes; drops control characters, and of more than 4 MiB inline data.

What is past the first 4 MiB even so is dropped too.
"""

from __future__ import annotations

import codecs
import re

from kwri_crawler.pages.inline import without_inline

MAX_BYTES = 4 << 20  # the largest of 181 news pages measured has 1.1 MB

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes(i for i in range(32) if i not in b"\t\n\r\f") + b"\x7f"
_CONTROL_CHARS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]+")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# Only what pages are written in: Python also knows "utf-7" or "unicode_escape", which turn a page into nonsense.
_KNOWN = re.compile(
    r"(?:iso-?8859-|windows-|cp|koi8-|gb|big5|shift_?jis|sjis|euc-|latin|l\d|mac|tis-620|x-sjis|ks_c)[\w-]*|utf-?16(?:-?[lb]e)?",
    re.IGNORECASE,
)
# HTML's own rule: what says Latin-1 or ASCII is read as windows-1252.
_LATIN = frozenset({"iso8859-1", "ascii", "cp1252"})
# UTF-8 that was read as windows-1252 or Latin-1 and written again: “ -> â€œ or â and two control signs, nbsp -> Â nbsp;
# forms that no Indonesian text has.
_SIGNS_OF_TWICE = ("â€".encode(), "â\x80".encode(), "Â\xa0".encode())
_TWICE = re.compile("â€[\u0080-\u2122]?|â[\u0080-\u0084][\u0080-\u00bf]|Â[\u00a0-\u00bf]|Ã[\u0080-\u00bf]")


def decode(body: bytes, content_type: str) -> str:
    """Return the page as text, by the rule of to_utf8."""
    return to_utf8(body, content_type).decode()


def to_utf8(body: bytes, content_type: str) -> bytes:
    """Return the page as UTF-8: by its byte-order mark, else valid UTF-8, else what it declares, else windows-1252."""
    if len(body) > MAX_BYTES:
        body = _smaller(body)[:MAX_BYTES]
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _strip(body[len(mark) :].decode(encoding, "replace"))
    if _is_utf16(body):
        return _strip(body.decode("utf-16-le" if body[1:2] == b"\x00" else "utf-16-be", "replace"))
    body = body.translate(None, _CONTROLS)
    try:
        body.decode()
        return _undo_double(body) if b"\xc3" in body else body  # each of its signs begins with this byte
    except UnicodeDecodeError as error:
        if error.start >= len(body) - 3:  # sound up to the last character, which was cut
            return _undo_double(body.decode(errors="replace").encode())
    encoding = _declared(body, content_type)
    if encoding == "utf-8":
        return _decode_false_utf8(body)
    return _strip(body.decode(encoding, "replace"))


def is_too_large(body: bytes) -> bool:
    """Say whether a page has more than MAX_BYTES without its inline data, so that only its beginning is read."""
    return len(body) > MAX_BYTES and len(_smaller(body)) > MAX_BYTES


def _smaller(body: bytes) -> bytes:
    """Return a page without its inline data; UTF-16 and UTF-32 become UTF-8."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            body = body[len(mark) :].decode(encoding, "replace").encode()
            break
    else:
        if _is_utf16(body):
            body = body.decode("utf-16-le" if body[1:2] == b"\x00" else "utf-16-be", "replace").encode()
    return without_inline(body, MAX_BYTES)


def _declared(body: bytes, content_type: str) -> str:
    """Return the codec that header or page name: "utf-8", another known one, or windows-1252."""
    in_page = _META_CHARSET.search(body[:4096])
    for found in (_CHARSET.search(content_type), in_page and in_page[1].decode("ascii", "ignore")):
        name = found if isinstance(found, str) else found[1] if found else ""
        if name.casefold() in ("utf-8", "utf8"):
            return "utf-8"
        if not _KNOWN.fullmatch(name) or name.casefold().startswith("utf"):  # UTF-16 was ruled out by its bytes
            continue
        try:
            codec = codecs.lookup(name).name
        except LookupError:
            continue
        return "cp1252" if codec in _LATIN else codec
    return "cp1252"


def _decode_false_utf8(body: bytes) -> bytes:
    """Decode a false UTF-8: windows-1252 when nothing in it is UTF-8, else UTF-8 with its faults marked."""
    text = body.decode(errors="replace")
    faults = text.count("\ufffd")
    sound = sum(1 for char in text if char > "\x7f") - faults
    return (text if sound >= faults else body.decode("cp1252", "replace")).encode()


def _is_utf16(body: bytes) -> bool:
    """Say whether every second byte at the start is NUL, as in UTF-16 text without a byte-order mark."""
    start = body[:200]
    if len(start) < 8 or b"\x00" not in start:
        return False
    return any(
        part.count(0) * 10 >= len(part) * 8 and other.count(0) * 10 < len(other) for part, other in _halves(start)
    )


def _halves(start: bytes) -> tuple[tuple[bytes, bytes], tuple[bytes, bytes]]:
    even, odd = start[::2], start[1::2]
    return (even, odd), (odd, even)


def _strip(text: str) -> bytes:
    return _undo_double(_CONTROL_CHARS.sub("", text).encode())


def _undo_double(html: bytes) -> bytes:
    """Undo UTF-8 that was encoded twice, where that is certain."""
    if not any(sign in html for sign in _SIGNS_OF_TWICE):
        return html
    return _TWICE.sub(_read_again, html.decode()).encode()


def _read_again(found: re.Match[str]) -> str:
    if len(found[0]) == 2 and found[0].startswith("â€"):
        return "\u201d"  # its third byte is no letter in windows-1252, and was lost on the way
    try:
        return b"".join(char.encode("latin-1" if char < "\u00a0" else "cp1252") for char in found[0]).decode()
    except UnicodeError:
        return found[0]
