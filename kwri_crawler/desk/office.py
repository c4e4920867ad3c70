"""Read Word and LibreOffice files into paragraphs as a reader sees them: insertions kept, deletions left out.

Left out are comments, footnotes, hidden words, and the second telling of a text box; the page's head and foot are in
other parts of the file.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from lxml import etree

from kwri_crawler.desk.bounds import Fault, Unread

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_M = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"

_SIGNS = {
    _W + "tab": " ", _W + "br": " ", _W + "cr": " ", _W + "noBreakHyphen": "-",
    _T + "tab": " ", _T + "line-break": " ", _T + "s": " ",
}  # fmt: skip
_WORD_LEFT_OUT = frozenset((_W + "del", _W + "moveFrom", _MC + "Fallback"))
_OPEN_LEFT_OUT = frozenset((_T + "tracked-changes", _T + "note", _O + "annotation"))
_WORD_PARAGRAPHS = frozenset((_W + "p",))
_OPEN_PARAGRAPHS = frozenset((_T + "p", _T + "h"))


def read_word(data: bytes) -> list[str]:
    """Return the paragraphs of a .docx, those of tables and text boxes too; raises Unread, ImportError without docx."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        body: Any = Document(io.BytesIO(data)).element.body
    except (KeyError, ValueError, PackageNotFoundError) as error:  # no main part, or of another program
        raise Unread(Fault.OTHER_ZIP) from error
    return list(_paragraphs(body, _WORD_PARAGRAPHS, _WORD_LEFT_OUT))


def read_open_document(packed: ZipFile) -> list[str]:
    """Return the paragraphs of an .odt; raises Unread."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        manifest = etree.fromstring(packed.read("META-INF/manifest.xml"), parser)
        if next(manifest.iter(_M + "encryption-data"), None) is not None:
            raise Unread(Fault.PASSWORD)
        root = etree.fromstring(packed.read("content.xml"), parser)
    except (KeyError, etree.XMLSyntaxError) as error:
        raise Unread(Fault.DAMAGED) from error
    return list(_paragraphs(root, _OPEN_PARAGRAPHS, _OPEN_LEFT_OUT))


def _paragraphs(root: Any, paragraphs: frozenset[str], left_out: frozenset[str]) -> Iterator[str]:
    """Yield the text of each paragraph; one inside another, as in a text box, before it."""
    is_word = paragraphs is _WORD_PARAGRAPHS
    open_: list[list[str]] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, node in walk:
        if event == "end":
            if node.tag in paragraphs and (text := " ".join("".join(open_.pop()).split())):
                yield text
            if open_ and not is_word and node.tail and node is not root:
                open_[-1].append(node.tail)
            continue
        if node.tag in paragraphs:
            open_.append([])
        if node.tag in left_out or (node.tag == _W + "r" and _is_hidden(node)):
            walk.skip_subtree()
        elif open_:
            open_[-1].append(_SIGNS.get(node.tag, ""))
            if node.text and (node.tag == _W + "t" or not is_word):
                open_[-1].append(node.text)


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(_W + "val", "true") not in ("0", "false", "off")
