"""Read the records of a WARC or ARC file one by one; refuse a record whose header does not end.

warcio reads each record. What lies between records is read here: its own iterator ends at the first record that it
cannot read, prints what it finds there, and holds a line of any length in memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader

MAX_LINE = 64 << 10  # bytes; servers refuse headers of more than 8 to 32 KiB
MAX_HEAD = 1 << 20  # bytes of a record's lines before its page
_BLOCK = 8 << 10  # packed bytes at a time: 8 MiB at most when unpacked
_MAGIC = b"\x1f\x8b\x08"
_BEGINS = b"\nWARC/"


@dataclass(frozen=True, slots=True)
class Record:
    """One record, whose page is not read yet."""

    parsed: Any  # warcio's
    has_length: bool  # without one nobody knows where its page ends
    _reader: _Reader

    def page(self) -> bytes | None:
        """Return what stands behind the HTTP headers; null when the record's length is wrong or the file damaged."""
        stream = self.parsed.raw_stream
        try:
            page: bytes = stream.read()
            return page if stream.limit == 0 and self._reader.ends_record() else None
        except ArchiveLoadFailed:
            return None


def records(file: IO[bytes]) -> Iterator[Record | None]:
    """Yield the records, null for what cannot be read as one; raises ArchiveLoadFailed if the first cannot."""
    reader, loader = _Reader(file), _Loader(verify_http=False, arc2warc=True)
    while True:
        try:
            line = reader.next_line()
            parsed = loader.parse_record_stream(reader, line, reader.kind) if line else None
        except (ArchiveLoadFailed, ValueError, EOFError):
            if not reader.has_begun:
                raise ArchiveLoadFailed("its first bytes are of another kind of file") from None
            yield None
            reader.skip()
            continue
        if parsed is not None:
            reader.has_begun = True
            length = parsed.rec_headers.get_header("Content-Length") or ""
            has_length = length.isascii() and length.isdigit() and len(length) < 19
            yield Record(parsed, has_length, reader)
            reader.skip_page(parsed.raw_stream if has_length else None)
        elif not reader.read_next_member():
            break
    if not reader.has_begun:
        raise ArchiveLoadFailed("it is empty")
    if reader.is_cut_off:
        yield None


class _Reader(DecompressingBufferedReader):  # type: ignore[misc]
    """The file's lines and bytes, unpacked; a member of a packed file ends as a file does."""

    def __init__(self, file: IO[bytes]) -> None:
        self._is_fresh = True  # nothing of this member was read yet
        super().__init__(file, block_size=_BLOCK)
        self.buff: BytesIO | None
        self.kind = "arc"  # of the file; by its first line
        self.has_begun = False  # a record was read
        self._head = 0  # bytes of lines read since the record began
        self._waiting = b""  # the first line of the next record
        self._damaged = b""  # the block that could not be unpacked

    def readline(self, length: int | None = None) -> bytes:
        """Return a line, or as much of it as a line may have; raises ArchiveLoadFailed for a head without end."""
        line: bytes = super().readline(min(length or MAX_LINE, MAX_LINE))
        self._head += len(line)
        if self._head > MAX_HEAD:
            raise ArchiveLoadFailed("a record's head is too long")
        return line

    def next_line(self) -> bytes:
        """Return the next line that is not blank, or nothing at the end of a member or of the file."""
        line, self._waiting = self._waiting, b""
        while not line:
            self._head = 0
            line = self.readline()
            if not line:
                break
            line = line if line.strip(b"\0\r\n\t ") else b""  # tar and tapes fill up with zeros
        if line.startswith(b"WARC/") and not self.has_begun:
            self.kind = "warc"
        return line

    def ends_record(self) -> bool:
        """Tell whether a record may end here: what follows is an empty line, the next record or nothing."""
        line = self.readline()
        self._waiting = line if line.strip() else b""
        return not self._waiting or self._waiting.startswith(b"WARC/") or self.kind == "arc"

    def skip_page(self, stream: Any) -> None:
        """Go on behind a record; stream is what is left of it, null when nobody knows."""
        if stream is None:
            self.skip()
            return
        try:
            while stream.read(_BLOCK):
                pass
        except ArchiveLoadFailed:
            self.skip()

    def skip(self) -> None:
        """Go on behind what cannot be read: at the next line that begins a record, or with the next member."""
        self._waiting, before = b"", b"\n"
        try:
            while not self._damaged:
                self._fillbuff()
                if self.buff is None or self.empty():
                    return
                text = before + self.buff.read()
                if (at := text.find(_BEGINS)) >= 0:
                    self.buff, self.buff_size = BytesIO(text[at + 1 :]), len(text) - at - 1
                    return
                before = text[-len(_BEGINS) :]
        except ArchiveLoadFailed:
            pass
        self._begin_behind_damage()

    def _begin_behind_damage(self) -> None:
        block, at = self._damaged, 0
        while block and (at := block.find(_MAGIC, at + 1)) < 0:
            block = self.stream.read(_BLOCK)
        self._damaged, self.buff, self.starting_data = b"", None, block[at:] if block else None
        self._init_decomp(self.decomp_type if block else None)

    @property
    def is_cut_off(self) -> bool:
        """Whether a packed file ended within a member."""
        return self.decompressor is not None and not self.decompressor.eof

    def _init_decomp(self, decomp_type: str | None) -> None:
        super()._init_decomp(decomp_type)
        self._is_fresh = True

    def _decompress(self, data: bytes) -> bytes:
        if self._damaged:
            raise ArchiveLoadFailed("the file is damaged")
        if self._is_fresh and not data.startswith(_MAGIC[: len(data)]):
            self.decompressor = None
        self._is_fresh = False
        if not self.decompressor:
            return data
        try:
            unpacked: bytes = self.decompressor.decompress(data)
        except zlib.error as error:  # warcio prints it and goes on as at the end
            self._damaged, self.buff = data, None
            raise ArchiveLoadFailed("the file is damaged") from error
        return unpacked


class _Loader(ArcWarcRecordLoader):  # type: ignore[misc]
    """warcio's, for records without a target too, and without a word about blanks in one."""

    def load_http_headers(self, rec_type: str, uri: str | None, stream: Any, length: int | None) -> Any:
        """Return an answer's status and headers; null for what is none."""
        return super().load_http_headers(rec_type, uri or "", stream, length)

    def _ensure_target_uri_format(self, rec_headers: Any) -> str | None:
        uri: str | None = rec_headers.get_header("WARC-Target-URI")
        return None if uri is None else uri.strip("<>")  # wget writes the brackets
