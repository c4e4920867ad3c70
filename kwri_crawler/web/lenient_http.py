"""The head and the chunks of an HTTP answer as browsers read them: what a server writes oddly costs no page.

Where lengths contradict each other, the largest counts: an answer that ends before it is judged by what it holds.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable

from scrapy.core.downloader.handlers import http11
from twisted.web.http import PotentialDataLoss, _DataLoss

MAX_LINE = 262_144  # bytes of one line of the head, as browsers allow for all of it
_MAX_SIZE_LINE = 1024
_MAX_TRAILER = 65_536
_SIZE = re.compile(rb"([0-9a-fA-F]{1,15})[ \t]{0,99}(?:;.*)?", re.DOTALL)
_LENGTH = re.compile(rb"\d{1,15}")
_STATUS = re.compile(rb"(HTTP/\d)(?:\.(\d))?\s{1,99}(\d{3})(?:\s.*)?", re.IGNORECASE | re.DOTALL)
_NO_LENGTH = 1 << 32  # bytes: nothing that a portal publishes is as long, so it says nothing


class ChunkedBody:
    """Twisted's decoder of chunked bodies, but for blanks behind a size, and line ends without a carriage return.

    A body that begins with no size is not chunked, whatever its head says.
    """

    def __init__(self, on_data: Callable[[bytes], None], on_end: Callable[[bytes], None]) -> None:
        self._on_data, self._on_end = on_data, on_end
        self._buffer = bytearray()
        self._read: Callable[[], bool] = self._read_size
        self._left = 0  # bytes of the chunk that are still to come
        self._is_first = True
        self._trailer = 0  # bytes of it

    def dataReceived(self, data: bytes) -> None:  # Twisted's own name
        """Take what came; raises ValueError for what is no chunk."""
        self._buffer += data
        while self._buffer and self._read():
            pass

    def noMoreData(self) -> None:  # Twisted's own name
        """Raise PotentialDataLoss where nothing says how long the body is, _DataLoss where chunks are missing."""
        if self._is_first and self._buffer:  # not even a line
            self._read = self._read_plain
            self._read()
        if self._read == self._read_plain:
            raise PotentialDataLoss
        if self._read not in (self._read_trailer, self._refuse):
            raise _DataLoss("chunks are missing")

    def _read_size(self) -> bool:
        line = self._line(_MAX_SIZE_LINE)
        if line is None and len(self._buffer) < _MAX_SIZE_LINE:
            return False
        size = None if line is None else _SIZE.fullmatch(line.strip())
        if size is None and self._is_first:
            if line is not None:
                self._buffer[:0] = line
            self._read = self._read_plain
            return True
        if size is None:
            raise ValueError("no size of a chunk")
        self._is_first = False
        self._left = int(size[1], 16)
        self._read = self._read_chunk if self._left else self._read_trailer
        return True

    def _read_chunk(self) -> bool:
        chunk = bytes(self._buffer[: self._left])
        del self._buffer[: self._left]
        self._left -= len(chunk)
        if not self._left:
            self._read = self._read_end_of_chunk
        self._on_data(chunk)
        return True

    def _read_end_of_chunk(self) -> bool:
        if self._buffer == b"\r":
            return False
        end = re.match(rb"\r?\n", self._buffer)
        del self._buffer[: end.end() if end else 0]
        self._read = self._read_size
        return True

    def _read_trailer(self) -> bool:
        line = self._line(_MAX_TRAILER)
        self._trailer += len(line or b"")
        if max(self._trailer, len(self._buffer) if line is None else 0) > _MAX_TRAILER:
            raise ValueError("too much behind the last chunk")
        if line is None or line.strip():
            return line is not None
        rest = bytes(self._buffer)
        self._buffer.clear()
        self._read = self._refuse
        self._on_end(rest)
        return False

    def _read_plain(self) -> bool:
        data = bytes(self._buffer)
        self._buffer.clear()
        self._on_data(data)
        return False

    def _refuse(self) -> bool:
        raise ValueError("more than the last chunk")

    def _line(self, most: int) -> bytes | None:
        """Take a line with its end out of the buffer; None where its end is not there yet."""
        end = self._buffer.find(b"\n", 0, most)
        if end < 0:
            return None
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        return line


class AnswerParser(http11._LenientHTTPClientParser):
    """Scrapy's own, which fails for every odd line of a head: browsers read on."""

    MAX_LENGTH = MAX_LINE
    _transferDecoders = {b"chunked": ChunkedBody}  # type: ignore[dict-item]  # noqa: RUF012 - Twisted's own name and form

    def statusReceived(self, status: bytes) -> None:  # Twisted's own name
        """Read "HTTP/2 200" and several blanks too: what answers in HTTP/1.1 is HTTP/1.1."""
        found = _STATUS.fullmatch(status)
        if found is not None and not (found[1] == b"HTTP/1" and found[2]):
            status = b"HTTP/1.1 " + found[3]
        elif found is not None:
            status = b"%b.%b %b" % (found[1], found[2], found[3])
        super().statusReceived(status)  # type: ignore[no-untyped-call]

    def headerReceived(self, name: bytes, value: bytes) -> None:  # Twisted's own name
        """Pass over a line whose name is none."""
        with contextlib.suppress(ValueError):
            super().headerReceived(name.rstrip(), value)  # type: ignore[no-untyped-call]

    def allHeadersReceived(self) -> None:  # Twisted's own name
        """Read what head and body disagree about: how the body is cut, and how long it is.

        "identity" and names of no coding are none, "gzip, chunked" is chunked: gzip is seen by its bytes.
        """
        codings = b",".join(self.connHeaders.getRawHeaders(b"Transfer-Encoding", [])).lower()
        self.connHeaders.removeHeader(b"Transfer-Encoding")
        if b"chunked" in codings:
            self.connHeaders.setRawHeaders(b"Transfer-Encoding", [b"chunked"])
        named = b",".join(self.connHeaders.getRawHeaders(b"Content-Length", [])).split(b",")
        lengths = [int(length) for length in map(bytes.strip, named) if _LENGTH.fullmatch(length)]
        self.connHeaders.removeHeader(b"Content-Length")
        if lengths and max(lengths) < _NO_LENGTH:
            self.connHeaders.setRawHeaders(b"Content-Length", [b"%d" % max(lengths)])
        super().allHeadersReceived()  # type: ignore[no-untyped-call]
