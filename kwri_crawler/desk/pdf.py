"""Read the first pages of a PDF into paragraphs; refuse a scan, which has no text."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kwri_crawler.copies.texts import LONGEST
from kwri_crawler.desk.bounds import Fault, Unread
from kwri_crawler.desk.headlines import Line, paragraphs_of, with_headlines

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MOST_PAGES = 50
# Bytes of a page's text or of a font's table, unpacked. With pypdf's own 75 MB a file of 60 kB took a gigabyte and more
# than 20 seconds; 100 pages of text have 1 MB.
MOST_STREAM = 4_000_000
HEADS = 4  # lines at the top and at the foot of a page, that may stand on others too


def read_pdf(data: bytes) -> list[str]:
    """Return the paragraphs of a PDF; raises Unread, and ImportError without pypdf."""
    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import FileNotDecryptedError, LimitReachedError, PyPdfError, WrongPasswordError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it has a warning for each slip of a file
    try:
        with apply_configuration(
            zlib_maximum_output_length=MOST_STREAM,
            lzw_maximum_output_length=MOST_STREAM,
            run_length_maximum_output_length=MOST_STREAM,
            array_based_stream_maximum_output_length=MOST_STREAM,
        ):
            pages = _lines_of(PdfReader(io.BytesIO(data)))
    except (FileNotDecryptedError, WrongPasswordError) as error:
        raise Unread(Fault.PASSWORD) from error
    except LimitReachedError as error:
        raise Unread(Fault.TOO_LARGE) from error
    except PyPdfError as error:
        raise Unread(Fault.DAMAGED) from error
    paragraphs = paragraphs_of(list(_without_heads(pages)))
    if not paragraphs:
        raise Unread(Fault.SCAN)
    return paragraphs


def _lines_of(reader: PdfReader) -> list[list[Line]]:
    """Return the lines of each page, blank ones left out; raises Unread for a file with a password."""
    if reader.is_encrypted and not reader.decrypt(""):  # many are, with no password, against changes
        raise Unread(Fault.PASSWORD)
    pages: list[list[Line]] = []
    for page in reader.pages[:MOST_PAGES]:
        pages.append(with_headlines(_set_lines(page)))
        if sum(len(line.text) for lines in pages for line in lines) > LONGEST:
            break
    return pages


def _set_lines(page: PageObject) -> list[Line]:
    """Return the lines of a page with their type, blank ones left out; without it where pypdf tells a text twice."""
    pieces: list[Line] = []

    def take(text: str, page: Sequence[float], line: Sequence[float], font: dict[str, Any] | None, size: float) -> None:
        points = round(size * abs(line[3] * page[3]), 1)
        pieces.append(Line(text, points, str((font or {}).get("/BaseFont", "")), line[5] * page[3] + page[5]))

    text = page.extract_text(visitor_text=take)
    if "".join(piece.text for piece in pieces) != text:
        pieces = [Line(text)]
    lines: list[list[Line]] = [[]]
    for piece in pieces:
        first, *others = (piece._replace(text=part) for part in piece.text.split("\n"))
        lines[-1].append(first)
        lines += ([other] for other in others)
    return [_one_line(line) for line in lines if any(piece.text.strip() for piece in line)]


def _one_line(pieces: Sequence[Line]) -> Line:
    """Put the pieces of a line together."""
    seen = [piece for piece in pieces if piece.text.strip()]
    return Line(
        "".join(piece.text for piece in pieces).strip(),
        seen[0].size if len({piece.size for piece in seen}) == 1 else 0,
        seen[0].font if len({piece.font for piece in seen}) == 1 else "",
        seen[0].height,
    )


def _without_heads(pages: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """Yield the lines of all pages in a row, without those at the top or foot that stand on half of them."""
    edges = [{_masked(line) for line in (*lines[:HEADS], *lines[-HEADS:])} for lines in pages]
    often = Counter(line for edge in edges for line in edge)
    heads = {line for line, count in often.items() if count > 1 and 2 * count >= len(pages)}
    for lines in pages:
        last = len(lines) - HEADS
        yield from (
            line for place, line in enumerate(lines)
            if HEADS <= place < last or _masked(line) not in heads
        )  # fmt: skip


def _masked(line: Line) -> str:
    return re.sub(r"[0-9]+", "0", " ".join(line.text.split()))
