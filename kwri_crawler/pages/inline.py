"""Pictures, fonts, programs and blanks that stand inside a page -> nothing, for a page that is large by them alone.

Text stays: what is dropped holds no blank for thousands of signs, or is one attribute's value, or is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONG = 4096  # bytes without a blank: an address has at most 2,083
_MOST_PARTS = 12_000  # drawings, styles, programs and comments: more tags than are read of a page
_LONG_DATA = 256  # bytes of a picture that an attribute holds: a page may have thousands of small ones
_LONG_VALUE = 65_536  # bytes of one attribute: a drawing's path has blanks, and no text of an article is so long

# Each begins where no other can, and never gives back what it took: the time grows with the page's length alone.
_RUN = b"(?<![^\\s<>\"'()])[^\\s<>\"'()]{%d,}+" % LONG
_VALUES = [
    b"(?<=%b)data:[\\w.+-]{1,40}/[^%b]{%d,}+|(?<==%b)[^%b<>]{%d,}+(?=%b)"
    % (quote, quote, _LONG_DATA, quote, quote, _LONG_VALUE, quote)
    for quote in (b'"', b"'")
]
_INLINE = re.compile(b"|".join((*_VALUES, _RUN)))
_NEVER_SHOWN = re.compile(
    rb"<(svg|style|script(?![^>]{0,200}json)|template(?![^>]{0,200}shadowroot))(?=[\s>])|<!--", re.IGNORECASE
)
_BLANKS = re.compile(rb"\s{16,}+")


def without_inline(html: bytes, enough: int) -> bytes:
    """Return a page, in UTF-8 or a charset like it, without inline data; as little of it as leaves `enough` bytes."""
    html = _BLANKS.sub(b"\n", _INLINE.sub(b"", html))
    return html if len(html) <= enough else b"".join(_shown(html))


def _shown(html: bytes) -> Iterator[bytes]:
    """Yield a page without large drawings, styles, programs and comments."""
    at = 0
    unclosed: set[bytes] = set()
    for _ in range(_MOST_PARTS):
        begin = _NEVER_SHOWN.search(html, at)
        if begin is None:
            break
        name = (begin[1] or b"").lower()
        close = re.compile(b"</%b" % name if name else b"-->", re.IGNORECASE)
        end = None if name in unclosed else close.search(html, begin.end())
        if end is None:
            unclosed.add(name)
        stop = begin.end() if end is None else end.start()
        yield html[at : begin.end()]
        if stop - begin.end() < LONG:
            yield html[begin.end() : stop]
        elif name:
            yield b">"  # the rest of its first tag is dropped too
        at = stop
    yield html[at:]
