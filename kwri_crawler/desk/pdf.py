"""A PDF to paragraphs: its lines joined, of its first pages; a scan has none."""

from __future__ import annotations

import io
import logging

from kwri_crawler.copies.texts import LONGEST
from kwri_crawler.desk.bounds import Fault, Unread
from kwri_crawler.desk.lines import joined

MOST_PAGES = 50


def read_pdf(data: bytes) -> list[str]:
    """Return the paragraphs of a PDF; raises Unread, and ImportError without pypdf."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PyPdfError, WrongPasswordError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it has a warning for each slip of a file
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):  # many are, with no password, against changes
            raise Unread(Fault.PASSWORD)
        lines: list[str] = []
        size = 0
        for page in reader.pages[:MOST_PAGES]:
            text = page.extract_text()
            lines += [*text.splitlines(), ""] if text.strip() else []
            size += len(text)
            if size > LONGEST:
                break
    except (FileNotDecryptedError, WrongPasswordError) as error:
        raise Unread(Fault.PASSWORD) from error
    except PyPdfError as error:
        raise Unread(Fault.DAMAGED) from error
    paragraphs = joined(lines)
    if not paragraphs:
        raise Unread(Fault.SCAN)
    return paragraphs
