"""Decode Content-Encoding, and packing that no header announces; refuses what is too large, or was cut off on the way.

The bytes are believed before the header: servers name what is no coding ("none", "UTF-8"), say gzip of plain text, and
pack twice or without a word. Browsers show all of these.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

import brotli

from kwri_crawler.items import Page

try:
    from isal import isal_zlib as zlib  # the same, in a third of the time, where there is one for the machine
except ImportError:
    import zlib  # type: ignore[no-redef]
try:
    from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # Python 3.14
except ImportError:
    from backports import zstd  # what Scrapy itself requires before 3.14

_InflateError: type[Exception] = zlib.error  # type: ignore[assignment, unused-ignore]
MAX_LAYERS = 3  # encodings in one Content-Encoding; honest servers use one, and sometimes compress a second time
GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"  # how their streams begin
_FAULTS: tuple[type[Exception], ...] = (_InflateError, brotli.error, zstd.ZstdError, EOFError)
_BEFORE_GZIP = re.compile(rb"(?:\xef\xbb\xbf|[\r\n\t ]){0,64}+(?=\x1f\x8b\x08)")
_HEAD_OF_GZIP = re.compile(
    rb"\x1f\x8b\x08(?:\x00.{6}|\x08.{6}[^\x00]{0,1000}\x00)", re.DOTALL
)  # bare, or with a file's name
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # what no text in an ASCII-like charset holds
_TEXT_BEGINS = 1024  # bytes by which text is told from packed bytes
_END = re.compile(rb"</(?:html|rss|feed|rdf:RDF|(?:\w{1,20}:)?(?:urlset|sitemapindex))\s{0,20}>", re.IGNORECASE)
_BEHIND_THE_END = 4096  # bytes: caches and counters write comments behind a document
_PIECE = 65_536  # bytes unpacked at a time; where one is broken, what those before it hold is not lost
MAX_MEMBERS = 100  # streams in a row in one body; 16 MiB of empty ones, 9 bytes each, would hold the crawl for hours


class NotTaken(ValueError):
    """Too large, or packed as we cannot read."""


class TooLarge(NotTaken):
    """Larger than is taken, or in more pieces."""


class CutOff(ValueError):
    """Not whole: it was cut off on the way, or is not what its header says."""


def encodings_in(header: str) -> tuple[str, ...]:
    """Return the encodings that a Content-Encoding header names, in the order applied."""
    return tuple(name for part in header.lower().split(",") if (name := part.strip()))


def unpacked(page: Page, maximum: int) -> Page:
    """Return a page of at most `maximum` bytes, ready to be read; raises NotTaken, CutOff."""
    if not page.packed and not _BEFORE_GZIP.match(page.body):
        return page
    return replace(page, body=unpack_announced_or_not(page.body, page.packed, maximum), packed=())


def unpack_announced_or_not(body: bytes, encodings: Iterable[str], maximum: int) -> bytes:
    """Undo encodings as unpack() does, then gzip that no header announced; raises NotTaken, CutOff."""
    body = unpack(body, encodings, maximum)
    for _ in range(MAX_LAYERS):
        if not body.startswith(GZIP):
            break
        body = unpack(body, ("gzip",), maximum)
    return body


def unpack(body: bytes, encodings: Iterable[str], maximum: int) -> bytes:
    """Undo encodings, named in the order applied; at most `maximum` bytes come out. Raises NotTaken, CutOff.

    Text stays as it is, whatever the header names; gzip and zstd are known by their first bytes under any name.
    """
    body = _without_blanks(body)
    names = [name for name in encodings if name != "identity"]
    if len(names) > MAX_LAYERS:
        raise NotTaken(f"the answer is encoded {len(names)} times over")
    for name in reversed(names):
        decoder = next((of for begin, of in _BEGINNINGS.items() if body.startswith(begin)), _DECODERS.get(name))
        if decoder is None:
            if is_text(body):
                continue
            raise NotTaken(f"the answer is encoded as {name[:40]!r}, which we cannot read")
        try:
            body = decoder(body, maximum)
        except _FAULTS as error:
            if not is_text(body):
                body = _undo_otherwise(body, maximum)
                if not body:
                    raise CutOff(f"the {name} answer is not whole: {error}") from error
    return body


def _without_blanks(body: bytes) -> bytes:
    """Return gzip without the line ends and marks that PHP prints before it."""
    found = _BEFORE_GZIP.match(body)
    return body[found.end() :] if found is not None else body


def _undo_otherwise(body: bytes, maximum: int) -> bytes:
    """Return a whole document of what is packed in another way than was said, or ends in a wrong sum; else nothing."""
    for decoder in (_gzip_without_sum, _deflate, _brotli):
        with contextlib.suppress(*_FAULTS):
            if is_whole(out := decoder(body, maximum)):
                return out
    return b""


def is_text(body: bytes) -> bool:
    """Tell text, in UTF-8 or in enough other bytes without control characters, from packed bytes; false for nothing."""
    start = body[:_TEXT_BEGINS]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return len(start) % 2 == 0
    if not start or _BINARY.search(start):
        return False
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return len(start) == _TEXT_BEGINS or error.start >= len(start) - 3  # a character cut in half at the end
    return True


def is_whole(body: bytes) -> bool:
    """Tell that an unpacked page, feed or sitemap came to its end, or that JSON did, whatever length was announced."""
    if _END.search(body[-_BEHIND_THE_END:]):
        return True
    text = body.strip()
    if text[:1] not in (b"[", b"{"):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def gunzip(body: bytes, maximum: int) -> tuple[bytes, bool]:
    """Undo gzip as far as it is whole and at most `maximum` bytes; return that, and whether it was all."""
    out = bytearray()
    for _ in range(MAX_MEMBERS):
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        for at in range(0, len(body), _PIECE):
            try:
                out += inflate.decompress(body[at : at + _PIECE], maximum + 1 - len(out))
            except _InflateError:
                return bytes(out), False
            if len(out) > maximum:
                return bytes(out[:maximum]), False
            if inflate.eof:
                break
        if not inflate.eof:
            return bytes(out), False
        body = inflate.unused_data + body[at + _PIECE :]
        if not body.startswith(GZIP):
            return bytes(out), True
    return bytes(out), False


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _undo(make: Callable[[], _Decoder], body: bytes, maximum: int, magic: bytes | None = None) -> bytes:
    """Decompress one stream, or several in a row that begin with `magic`, at most `maximum` bytes, each to its end.

    What stands behind the last one is left out, as browsers and gzip do: some servers append line ends.
    """
    whole = b""
    room = maximum + 1
    for _ in range(MAX_MEMBERS):
        decoder = make()
        piece = decoder.decompress(body, room)
        room -= len(piece)
        if room <= 0:
            raise TooLarge(f"larger than {maximum >> 20} MiB when decompressed")
        whole += piece
        if not decoder.eof:
            raise EOFError("it ends too early")
        body = decoder.unused_data
        if magic is None or not body.startswith(magic):
            return whole
    raise TooLarge(f"compressed in more than {MAX_MEMBERS} pieces")


def _gzip(body: bytes, maximum: int) -> bytes:
    return _undo(lambda: zlib.decompressobj(zlib.MAX_WBITS | 16), body, maximum, GZIP)


def _gzip_without_sum(body: bytes, maximum: int) -> bytes:
    """Undo one stream of gzip as far as it goes, and pass over the sum and length behind it."""
    head = _HEAD_OF_GZIP.match(body)
    if head is None:
        raise EOFError("no gzip")
    decoder = zlib.decompressobj(-zlib.MAX_WBITS)
    out: bytes = decoder.decompress(body[head.end() :], maximum + 1)
    if len(out) > maximum:
        raise TooLarge(f"larger than {maximum >> 20} MiB when decompressed")
    return out


def _deflate(body: bytes, maximum: int) -> bytes:
    try:
        return _undo(zlib.decompressobj, body, maximum)
    except _InflateError:
        return _undo(lambda: zlib.decompressobj(-zlib.MAX_WBITS), body, maximum)  # some servers send it bare


def _zstd(body: bytes, maximum: int) -> bytes:
    return _undo(zstd.ZstdDecompressor, body, maximum, _ZSTD)


def _brotli(body: bytes, maximum: int) -> bytes:
    decoder = brotli.Decompressor()
    whole: bytes = decoder.process(body, output_buffer_limit=maximum + 1)  # all of it, if that is less
    if len(whole) > maximum:
        raise TooLarge(f"larger than {maximum >> 20} MiB when decompressed")
    if not decoder.is_finished():
        raise EOFError("it ends too early")
    return whole


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
_BEGINNINGS = {GZIP: _gzip, _ZSTD: _zstd}
