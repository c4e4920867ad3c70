"""How text reaches a screen or a log: made safe, a line a line, in tables; and what is left of a pipe that was closed.

Whatever a portal sends passes through one_line(): it can neither steer a terminal nor forge a line.
"""

from __future__ import annotations

import codecs
import io
import json
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, TextIO, cast

# What moves a terminal's cursor, ends a line, turns the direction of writing or hides in it; halves of a character too.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def one_line(text: object) -> str:
    """Spell control characters out: what a portal sends must neither forge a line of the log nor steer a terminal."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), str(text))


def safe(text: object) -> str:
    """Return a text of several lines with each of them made safe."""
    return "\n".join(map(one_line, str(text).split("\n")))


def say(*texts: object) -> None:
    """Print texts, a line or more each, on standard output."""
    for text in texts:
        print(safe(text))


def complain(text: object) -> None:
    """Print what is wrong on standard error, after what stands on standard output."""
    sys.stdout.flush()
    print(safe(text), file=sys.stderr)


def say_json(value: Any, indent: int | None = None) -> None:
    """Print a value as JSON in which no character is raw that one_line() would spell out: it is the same JSON."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    print("\n".join(_UNSAFE.sub(_escaped, line) for line in text.split("\n")))


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1] if found[0] != "\x7f" else "\\u007f"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], left: Iterable[str] = (), indent: str = "") -> str:
    """Return rows under their heads, numbers to the right, and the columns of `left` to the left; safe to print.

    A cell that is None is empty; a last column to the left is not padded.
    """
    cells = [list(map(one_line, heads))]
    cells += [["" if cell is None else one_line(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heads))]
    to_left = [head in set(left) for head in heads]
    return "\n".join(
        (indent + "  ".join(
            cell.ljust(width) if is_left else cell.rjust(width)
            for cell, width, is_left in zip(row, widths, to_left, strict=True)
        )).rstrip()
        for row in cells
    )  # fmt: skip


class _Outliving(io.FileIO):
    """A standard stream whose reader may go away: what is written afterwards is nobody's, and no error."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)  # all of it: standard streams block
        except BrokenPipeError:
            return len(data)


class Shown(io.RawIOBase):
    """A terminal that is written to in UTF-8: control characters are spelt out, but for ends of lines and tabs."""

    def __init__(self, out: BinaryIO) -> None:
        super().__init__()
        self._out = out
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Write bytes, made safe; return how many were taken."""
        text = self._decoder.decode(bytes(data)).replace("\r\n", "\n")  # of a CSV
        self._out.write(
            _UNSAFE.sub(lambda found: found[0] if found[0] in "\n\t" else one_line(found[0]), text).encode()
        )
        return len(data)


def shown_file(out: BinaryIO) -> BinaryIO:
    """Return what to write standard output's text through: made safe where a terminal shows it."""
    return cast(BinaryIO, Shown(out)) if sys.stdout.isatty() else out


def outlive_readers() -> None:
    """Let a command go on to its end, with its own exit code, when `| head` has seen enough.

    A command that writes must not stop half-way because of that. Characters that the stream's encoding has not are
    spelt out.
    """
    sys.stdout, sys.stderr = _outliving(sys.stdout), _outliving(sys.stderr)


def _outliving(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper) or isinstance(getattr(stream.buffer, "raw", None), _Outliving):
        return stream
    try:
        stream.flush()
        raw = _Outliving(stream.fileno(), "wb", closefd=False)
    except (OSError, ValueError):  # of a test, or closed
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(raw), stream.encoding, "backslashreplace", line_buffering=stream.line_buffering
    )
