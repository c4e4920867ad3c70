"""A PDF to paragraphs: its lines joined, of its first pages; a scan has none."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from kwri_crawler.copies.texts import LONGEST
from kwri_crawler.desk.bounds import Fault, Unread
from kwri_crawler.desk.lines import joined

MOST_PAGES = 50
HEADS = 2  # lines at the top and at the foot of a page, that may stand on others too


def read_pdf(data: bytes) -> list[str]:
    """Return the paragraphs of a PDF; raises Unread, and ImportError without pypdf."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PyPdfError, WrongPasswordError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it has a warning for each slip of a file
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):  # many are, with no password, against changes
            raise Unread(Fault.PASSWORD)
        pages: list[list[str]] = []
        for page in reader.pages[:MOST_PAGES]:
            pages.append([line for line in page.extract_text().splitlines() if line.strip()])
            if sum(len(line) for lines in pages for line in lines) > LONGEST:
                break
    except (FileNotDecryptedError, WrongPasswordError) as error:
        raise Unread(Fault.PASSWORD) from error
    except PyPdfError as error:
        raise Unread(Fault.DAMAGED) from error
    paragraphs = joined(_without_heads(pages))
    if not paragraphs:
        raise Unread(Fault.SCAN)
    return paragraphs


def _without_heads(pages: Sequence[Sequence[str]]) -> Iterator[str]:
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


def _masked(line: str) -> str:
    return re.sub(r"[0-9]+", "0", " ".join(line.split()))
