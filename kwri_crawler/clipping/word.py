"""Write a clipping as a DOCX that the desk can edit; text from portals stays text, links are plain hyperlinks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kwri_crawler.archive.clipping_queries import Clip
from kwri_crawler.clipping import model
from kwri_crawler.clipping.model import Capture, Clipping, Text
from kwri_crawler.clipping.pictures import Picture
from kwri_crawler.clipping.words import ClippingWords
from kwri_crawler.missing import LibraryMissing
from kwri_crawler.own_pages import web_link
from kwri_crawler.version import __version__

_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_WIDTH_CM = 17.0  # between the margins of A4
_MOST_HIGH_CM = 22.0
_CONTENTS_CM = {"number": 1.0, "medium": 3.2, "time": 3.6, "headline": 0.0, "tone": 1.8, "page": 1.4}
_CARRIERS_CM = (3.6, 4.2, 9.2)


def check_word() -> Any:
    """Return python-docx; raises LibraryMissing."""
    try:
        import docx
    except ImportError as error:
        raise LibraryMissing("DOCX needs python-docx; run: pip install 'kwri-crawler[desk]'") from error
    return docx


def write_word(clipping: Clipping, lang: str) -> bytes:
    """Return the document; raises LibraryMissing."""
    return _Writer(check_word(), clipping, ClippingWords(lang)).write()


class _Writer:
    """Writes one document."""

    def __init__(self, docx: Any, clipping: Clipping, w: ClippingWords) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt

        self._element, self._qn, self._cm, self._pt, self._align = OxmlElement, qn, Cm, Pt, WD_ALIGN_PARAGRAPH
        self._clipping, self._w = clipping, w
        self._doc = docx.Document()
        self._marks = 0

    def write(self) -> bytes:
        self._page()
        self._letterhead()
        self._title()
        if self._clipping.clips:
            self._contents()
        for place, clip in enumerate(self._clipping.clips):
            self._article(clip, new_page=place == 0 or self._clipping.text is Text.FULL)
        self._closing()
        out = io.BytesIO()
        self._doc.save(out)
        return out.getvalue()

    def _page(self) -> None:
        (section,) = self._doc.sections
        section.page_width, section.page_height = self._cm(21), self._cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = self._cm(2)
        normal = self._doc.styles["Normal"]
        normal.font.size, normal.paragraph_format.space_after = self._pt(10.5), self._pt(5)
        for name, size in (("Title", 22), ("Heading 1", 14), ("Heading 2", 11)):
            self._doc.styles[name].font.size = self._pt(size)
        foot = section.footer.paragraphs[0]
        foot.alignment = self._align.RIGHT
        self._field(foot, "PAGE")
        properties = self._doc.core_properties
        properties.title, properties.author = model.title_of(self._clipping, self._w), ""
        properties.created = properties.modified = self._clipping.made_at.replace(tzinfo=None)
        properties.comments = ""

    def _letterhead(self) -> None:
        template = self._clipping.template
        lines = [*((line, True) for line in template.head), *([(template.address, False)] if template.address else [])]
        if template.logo is not None:
            self._picture(template.logo, most_high_cm=2.2, most_wide_cm=4)
        for text, is_bold in lines:
            self._plain(text, bold=is_bold).alignment = self._align.CENTER

    def _title(self) -> None:
        self._doc.add_heading(model.title_of(self._clipping, self._w), 0)
        for line in model.scope_lines(self._clipping.scope, self._w):
            self._plain(line)
        self._plain(model.counts(self._clipping, self._w) if self._clipping.clips else self._w("empty"))
        self._parts(self._clipping.template.introduction)

    def _contents(self) -> None:
        w, clipping = self._w, self._clipping
        self._doc.add_heading(w("contents"), 1)
        widths = {key: width for key, width in _CONTENTS_CM.items() if key != "tone" or clipping.tones}
        widths["headline"] = _WIDTH_CM - sum(widths.values())
        rows = self._table(list(widths.values()), len(clipping.clips) + 1, has_head=True)
        for cell, key in zip(rows[0], widths, strict=True):
            self._set(cell, w(key), bold=True)
        for number, (cells, clip) in enumerate(zip(rows[1:], clipping.clips, strict=True), 1):
            source, also = model.source_of(clip.shown, w), model.also_on(clip, w)
            title = model.shown_text(clip.shown.title) + (f" ({also})" if also else "")
            tone = clipping.tones.get(clip.article)
            texts = {"number": str(number), "medium": source.medium, "time": source.when, "headline": title,
                     "tone": w(tone) if tone else ""}  # fmt: skip
            for cell, key in zip(cells, widths, strict=True):
                if key == "page":
                    self._field(cell.paragraphs[0], f"PAGEREF a{clip.article} \\h", shown="…")
                else:
                    self._set(cell, texts[key])

    def _article(self, clip: Clip, new_page: bool) -> None:
        w, clipping = self._w, self._clipping
        source = model.source_of(clip.shown, w)
        heading = self._doc.add_heading(model.shown_text(clip.shown.title), 1)
        heading.paragraph_format.page_break_before = new_page
        self._bookmark(heading, f"a{clip.article}")
        if clip.subtitle and clipping.text is not Text.NONE:
            self._plain(clip.subtitle, italic=True)
        told = [source.medium, source.when, *([clip.author] if clip.author else [])]
        line = self._plain(" · ".join(told))
        line.add_run().add_break()
        self._link(line, source.url, clip.shown.url)
        if clip.access == "paywall":
            self._plain(w("paywall"), italic=True)
        if clip.shown.gone_at:
            self._plain(w("gone", at=w.moment(datetime.fromisoformat(clip.shown.gone_at))), italic=True)
        for kind, text in model.paragraphs_of(clip, clipping.text):
            if kind in ("h2", "h3", "h4"):
                self._doc.add_heading(text, 2)
            elif kind in ("li", "quote"):
                self._doc.add_paragraph(text, style="List Bullet" if kind == "li" else "Quote")
            else:
                self._plain(text)
        if clip.carriers:
            self._carriers(clip)
        if clipping.captures is not None:
            self._capture(clipping.captures[clip.article])

    def _carriers(self, clip: Clip) -> None:
        w = self._w
        self._doc.add_heading(w("carriers"), 2)
        shown = clip.carriers[: model.MOST_CARRIERS]
        for cells, other in zip(self._table(_CARRIERS_CM, len(shown)), shown, strict=True):
            source = model.source_of(other, w)
            self._set(cells[0], source.medium)
            self._set(cells[1], source.when)
            line = cells[2].paragraphs[0]
            if other.title != clip.shown.title:
                line.add_run(w("changed_title", title=model.shown_text(other.title))).add_break()
            self._link(line, source.url, other.url)
        if len(clip.carriers) > len(shown):
            self._plain(w("carriers_more", number=w.number(len(clip.carriers) - len(shown))))

    def _capture(self, capture: Capture | model.NoCapture) -> None:
        lines = model.capture_lines(capture, self._w)
        if isinstance(capture, Capture):
            self._doc.add_heading(self._w("capture"), 2)
            for picture in capture.pictures:
                self._picture(picture, _MOST_HIGH_CM, _WIDTH_CM)
            lines.append(self._w("offline"))
        note = self._plain("")
        for place, line in enumerate(lines):
            run = note.add_run(line)
            run.font.size = self._pt(8.5)
            if place < len(lines) - 1:
                run.add_break()

    def _closing(self) -> None:
        template = self._clipping.template
        for key, text in model.closing_of(self._clipping):
            self._doc.add_heading(self._w(key), 1)
            if text:
                self._parts(text)
            else:
                self._table([_WIDTH_CM], 1)[0][0].paragraphs[0].paragraph_format.space_after = self._pt(90)
        if template.name or template.signer:
            day = self._w.day(self._clipping.made_at.date().isoformat())
            above = [f"{template.place}, {day}" if template.place else day, *template.signer]
            signed = (*above, "\n\n", template.name, *template.below)
            for place, text in enumerate(signed, 1):
                line = self._plain(text, bold=bool(text) and text == template.name)
                line.alignment = self._align.CENTER
                line.paragraph_format.left_indent, line.paragraph_format.space_after = self._cm(9), self._pt(0)
                line.paragraph_format.keep_with_next = place < len(signed)
        made = self._w("made", at=self._w.moment(self._clipping.made_at), version=__version__)
        self._plain(made).runs[0].font.size = self._pt(8)

    def _parts(self, text: str) -> None:
        for part in model.parts_of(text):
            self._plain(part)

    def _plain(self, text: str, bold: bool = False, italic: bool = False) -> Any:
        line = self._doc.add_paragraph()
        if text:
            run = line.add_run(model.shown_text(text))
            run.bold, run.italic = bold or None, italic or None
        return line

    def _set(self, cell: Any, text: str, bold: bool = False) -> None:
        cell.paragraphs[0].add_run(text).bold = bold or None

    def _table(self, widths_cm: Sequence[float], rows: int, has_head: bool = False) -> list[Any]:
        """Add a table of fixed widths whose rows stay whole; return its cells, row by row."""
        table = self._doc.add_table(rows, len(widths_cm))
        table.style, table.autofit = "Table Grid", False
        for column, width in zip(table.columns, widths_cm, strict=True):
            column.width = self._cm(width)
        flat, cells = table._cells, []  # row.cells counts them anew for each row
        for place, row in enumerate(table.rows):
            of_row = flat[place * len(widths_cm) : (place + 1) * len(widths_cm)]
            for cell, width in zip(of_row, widths_cm, strict=True):
                cell.width = self._cm(width)
                line = cell.paragraphs[0]
                line.paragraph_format.space_after = self._pt(0)
            kept = [self._element("w:cantSplit")] + [self._element("w:tblHeader")] * (has_head and place == 0)
            row._tr.get_or_add_trPr().extend(kept)
            cells.append(of_row)
        return cells

    def _picture(self, picture: Picture, most_high_cm: float, most_wide_cm: float) -> None:
        scale = min(most_wide_cm / picture.width, most_high_cm / picture.height)
        line = self._doc.add_paragraph()
        line.alignment = self._align.CENTER
        line.add_run().add_picture(io.BytesIO(picture.data), width=self._cm(picture.width * scale))

    def _bookmark(self, line: Any, name: str) -> None:
        self._marks += 1
        begin, end = self._element("w:bookmarkStart"), self._element("w:bookmarkEnd")
        for element in (begin, end):
            element.set(self._qn("w:id"), str(self._marks))
        begin.set(self._qn("w:name"), name)
        line._p.insert(1, begin)
        line._p.append(end)

    def _field(self, line: Any, code: str, shown: str = "1") -> None:
        """Add what the reader's program computes: a page's number."""
        for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", shown), ("end", "")):
            run = line.add_run()
            if kind == "text":
                run.text = text
                continue
            element = self._element("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(self._qn("w:fldCharType"), kind)
                if kind == "begin":
                    element.set(self._qn("w:dirty"), "true")  # or it is shown as it stands here
            else:
                element.text = text
                element.set(self._qn("xml:space"), "preserve")
            run._r.append(element)

    def _link(self, line: Any, text: str, url: str) -> None:
        """Add an address: a link where it is one of the web, else text."""
        target = web_link(url)
        run = line.add_run(text)
        if target is None:
            return
        part = line.part.relate_to(model.shown_text(target), _LINK, is_external=True)
        link = self._element("w:hyperlink")
        link.set(self._qn("r:id"), part)
        run.font.underline = True
        line._p.replace(run._r, link)
        link.append(run._r)
