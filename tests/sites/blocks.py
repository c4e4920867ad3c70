"""What an editor puts into an article's body, by block: as HTML out of TinyMCE, and as the text a reader sees."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Lines:
    """One paragraph whose lines are parted by <br>; each line is a sentence."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Quote:
    text: str


@dataclass(frozen=True)
class ReadAlso:
    """ "Baca juga: ...", typed by the editor: not the article's text."""

    title: str
    slug: str


@dataclass(frozen=True)
class Figure:
    """A picture inside of the body; its caption is not the article's text."""

    image: str
    caption: str


Block = str | Heading | Bullets | Table | Lines | Quote | ReadAlso | Figure

_ENTITIES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "“": "&ldquo;",
        "”": "&rdquo;",
        "–": "&ndash;",
        "‘": "&lsquo;",
        "’": "&rsquo;",
    }
)


def text_of(block: Block) -> tuple[str, ...]:
    """Return the paragraphs that a right reader makes of a block."""
    match block:
        case str():
            return (block,)
        case Heading(text) | Quote(text):
            return (text,)
        case Bullets(items):
            return items
        case Table(rows):
            return tuple(" | ".join(row) for row in rows)
        case Lines(lines):
            return lines
        case ReadAlso() | Figure():
            return ()


def escape(text: str) -> str:
    """Escape as TinyMCE does: named entities, straight quotes as they are."""
    return text.translate(_ENTITIES)


def html_of(block: Block, base: str, style: int = 0) -> str:
    """Return the block's HTML; style 0-3 is one of the ways in which editors' paragraphs look."""
    match block:
        case str():
            return _paragraph(block, style)
        case Heading(text):
            return f"<h3>{escape(text)}</h3>"
        case Quote(text):
            return f"<blockquote>\n<p>{escape(text)}</p>\n</blockquote>"
        case Bullets(items, ordered):
            tag = "ol" if ordered else "ul"
            return f"<{tag}>\n" + "\n".join(f"<li>{escape(item)}</li>" for item in items) + f"\n</{tag}>"
        case Table(rows):
            cells = ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
            body = "\n".join(cells)
            style = "border-collapse: collapse; width: 100%;"
            return f'<table style="{style}" border="1">\n<tbody>\n{body}\n</tbody>\n</table>'
        case Lines(lines):
            return "<p>" + "<br />".join(escape(line) for line in lines) + "</p>"
        case ReadAlso(title, slug):
            return f'<p><strong>Baca juga:</strong> <a href="{base}/{slug}">{escape(title)}</a></p>'
        case Figure(image, caption):
            return (
                f'<figure class="image"><img src="{base}/{image}" alt="" width="750" height="422" />'
                f"<figcaption>{escape(caption)}</figcaption></figure>"
            )


def _paragraph(text: str, style: int) -> str:
    inner = escape(text)
    if style == 1:
        return f'<p style="text-align: justify;">{inner}</p>'
    if style == 2:  # pasted from a word processor
        inner = inner.replace(", ", ",&nbsp; ", 1)
        return f'<p class="MsoNormal"><span style="font-size: 12pt; font-family: Arial;">{inner}</span></p>'
    if style == 3:
        return f"<p>{inner}</p>\n<p>&nbsp;</p>"
    dateline, dash, rest = inner.partition(" &ndash; ")
    return f"<p><strong>{dateline}</strong>{dash}{rest}</p>" if dash and dateline.isupper() else f"<p>{inner}</p>"
