"""Releases as files, made for tests: each kind that a desk keeps them in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from xml.sax.saxutils import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)
_ODT = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'
)


def packed(parts: dict[str, str | bytes]) -> bytes:
    """Return a zip of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def word(paragraphs: Sequence[str], inside: str = "") -> bytes:
    """Return a .docx of paragraphs; `inside` is XML of the body behind them."""
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs) + inside
    document = f"<w:document {_W} {_MC}><w:body>{body}</w:body></w:document>"
    return packed({"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document})


def open_document(paragraphs: Sequence[str], inside: str = "", manifest: str = "") -> bytes:
    """Return an .odt of paragraphs."""
    body = "".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs) + inside
    content = (
        f"<office:document-content {_ODT}><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>"
    )
    return packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content,
                   "META-INF/manifest.xml": _MANIFEST.format(manifest)})  # fmt: skip


def pdf(pages: Sequence[Sequence[str | tuple[int, str]]], compressed: bytes = b"") -> bytes:
    """Return a PDF with lines on its pages, set in a font of every reader; `compressed` is its last page, deflated.

    A line is set in 10 points; where a size stands before it, in that.
    """
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in pages:
        shown = " T* ".join(map(_shown, lines))
        stream = f"BT /F1 10 Tf 12 TL 40 800 Td {shown} ET"
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number + 1} 0 R /Resources"
                       " << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>")  # fmt: skip
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    written = [each.encode("latin-1") for each in objects]
    if compressed:
        written[-1] = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(compressed), compressed)
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(written, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>"
    return out + f"{end}\nstartxref\n{len(out)}\n%%EOF\n".encode()


def _shown(line: str | tuple[int, str]) -> str:
    size, text = (10, line) if isinstance(line, str) else line
    return f"/F1 {size} Tf {1.2 * size:.1f} TL ({text.replace('(', '[').replace(')', ']')}) Tj"


def letter(
    paragraphs: Sequence[str],
    date: str | None = "Thu, 27 Jun 2024 09:10:00 +0700",
    html: bool = False,
    attached: tuple[str, bytes] | None = None,
) -> bytes:
    """Return an e-mail."""
    message = EmailMessage()
    message["Subject"], message["From"] = "Banjir di tiga desa", "Humas <humas@contoh.example>"
    if date:
        message["Date"] = date
    if html:
        text = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
        message.set_content(f"<html><head><style>p {{}}</style></head><body>{text}</body></html>", subtype="html")
    else:
        message.set_content("\n\n".join(paragraphs), cte="quoted-printable")
    if attached:
        name, content = attached
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()
