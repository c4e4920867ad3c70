"""A clipping as a document of Word: what stands where, how large, what is bold, and where its links lead."""

from __future__ import annotations

import io
from typing import Any

import pytest

from kwri_crawler.clipping import Clipping, NoCapture, Template, Text, model, word
from kwri_crawler.clipping.pictures import read_picture
from tests.test_clipping import a_clip, a_clipping, a_picture, stands

docx = pytest.importorskip("docx", reason="python-docx is not installed: pip install 'kwri-crawler[desk]'")

CM = 360_000  # EMU
HEAD = Template(
    "Kliping Harian", "Pembuka satu.\nPembuka dua.", head=("CONTOH RAYA",), address="Jalan Contoh 12",
    logo=read_picture(a_picture(40, 30)), place="Kota", signer=("a.n. KEPALA",), name="SITI, S.H.", below=("NIP 1",),
)  # fmt: skip


def read(clipping: Clipping, lang: str = "id") -> Any:
    return docx.Document(io.BytesIO(word.write_word(clipping, lang)))


def lines(document: Any) -> list[str]:
    return [line.text for line in document.paragraphs]


def line_of(document: Any, text: str) -> Any:
    return next(line for line in document.paragraphs if line.text == text)


def looks(line: Any) -> tuple[bool, bool]:
    """Return whether a line is bold, and whether it is in italics."""
    return any(run.bold for run in line.runs), any(run.italic for run in line.runs)


def hrefs(document: Any, within: Any) -> list[tuple[str, str]]:
    """Return the text and address of each link within an element."""
    found = []
    for link in within.iter(docx.oxml.ns.qn("w:hyperlink")):
        text = "".join(node.text or "" for node in link.iter(docx.oxml.ns.qn("w:t")))
        found.append((text, document.part.rels[link.get(docx.oxml.ns.qn("r:id"))].target_ref))
    return found


def test_a_document_is_a_sheet_of_a4_in_a_desks_sizes() -> None:
    document = read(a_clipping(a_clip()))
    (section,) = document.sections
    assert (round(section.page_width / CM, 1), round(section.page_height / CM, 1)) == (21.0, 29.7)
    margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    assert {round(margin / CM, 1) for margin in margins} == {2.0}
    sizes = {name: document.styles[name].font.size.pt for name in ("Normal", "Title", "Heading 1", "Heading 2")}
    assert sizes == {"Normal": 10.5, "Title": 22, "Heading 1": 14, "Heading 2": 11}
    assert document.styles["Normal"].paragraph_format.space_after.pt == 5
    assert "PAGE" in section.footer.paragraphs[0]._p.xml
    assert (document.core_properties.title, document.core_properties.author) == ("Kliping Media", "")
    assert document.core_properties.created.isoformat()[:19] == "2024-06-05T07:00:00"


def test_letterhead_and_signature_stand_in_the_middle_and_the_name_is_bold() -> None:
    document = read(a_clipping(a_clip(), template=HEAD))
    assert lines(document)[1:3] == ["CONTOH RAYA", "Jalan Contoh 12"]
    assert [looks(line)[0] for line in document.paragraphs[1:3]] == [True, False]
    (logo,) = document.inline_shapes
    assert (round(logo.width / CM, 2), round(logo.height / CM, 2)) == (2.93, 2.2)
    assert lines(document)[3:8] == [
        "Kliping Harian", "Selasa, 4 Juni 2024", lines(document)[5], "Pembuka satu.", "Pembuka dua."
    ]  # fmt: skip
    signed = document.paragraphs[-6:-1]
    assert [line.text for line in signed] == ["Kota, 5 Juni 2024", "a.n. KEPALA", "\n\n", "SITI, S.H.", "NIP 1"]
    assert [looks(line)[0] for line in signed] == [False, False, False, True, False]
    assert {round(line.paragraph_format.left_indent / CM) for line in signed} == {9}
    assert [line.paragraph_format.keep_with_next for line in signed] == [True, True, True, True, False]
    middle = docx.enum.text.WD_ALIGN_PARAGRAPH.CENTER
    assert {line.alignment for line in (*document.paragraphs[:3], *signed)} == {middle}
    assert document.paragraphs[-1].runs[0].font.size.pt == 8


def test_a_signature_without_a_place_or_a_name_is_a_day_and_a_line() -> None:
    document = read(a_clipping(a_clip(), template=Template(signer=("KEPALA",))))
    assert lines(document)[-4:-1] == ["KEPALA", "\n\n", ""]
    assert lines(document)[-5] == "5 Juni 2024"
    assert not [line for line in document.paragraphs[-5:-1] if looks(line)[0]]
    assert "KEPALA" not in lines(read(a_clipping(a_clip())))


def test_the_contents_name_each_article_with_its_page() -> None:
    clips = (a_clip(carriers=()), a_clip(7, shown=stands("tiga")))
    document = read(a_clipping(*clips, tones={7: "negatif"}))
    table = document.tables[0]
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == ["No", "Media", "Waktu terbit", "Judul", "Nada", "Hal."]
    assert [row[0] for row in cells[1:]] == ["1", "2"]
    assert [row[1] for row in cells[1:]] == ["Warta satu", "Warta tiga"]
    assert [row[3] for row in cells[1:]] == ["Judul satu", "Judul tiga (juga di 1 media lain)"]
    assert [row[4] for row in cells[1:]] == ["", "negatif"]
    assert all(run.bold for cell in table.rows[0].cells for run in cell.paragraphs[0].runs)
    assert not any(run.bold for cell in table.rows[1].cells for run in cell.paragraphs[0].runs)
    assert [round(cell.width / CM, 1) for cell in table.rows[0].cells] == [1.0, 3.2, 3.6, 6.0, 1.8, 1.4]
    assert ["tblHeader" in row._tr.xml for row in table.rows] == [True, False, False]
    assert all("cantSplit" in row._tr.xml for row in table.rows)
    xml = document.element.xml
    for number in (1, 7):
        assert f"PAGEREF a{number} \\h" in xml
        assert xml.count(f'w:name="a{number}"') == 1
    assert len(read(a_clipping(*clips)).tables[0].columns) == 5, "no column for tones where nobody noted one"
    assert not read(a_clipping()).tables
    assert "Arsip tidak menyimpan artikel" in " ".join(lines(read(a_clipping())))


def test_an_article_stands_under_its_headline_with_its_source_and_kinds_of_paragraphs() -> None:
    document = read(a_clipping(a_clip(subtitle="Anak judul", carriers=()), a_clip(2, carriers=(), author=None)))
    first = line_of(document, "Judul satu")
    assert (first.style.name, first.paragraph_format.page_break_before) == ("Heading 1", True)
    assert looks(line_of(document, "Anak judul")) == (False, True)
    assert "Warta satu · 4 Juni 2024, 12.00 WIB · Penulis Satu\nhttps://satu.example/1" in lines(document)
    assert "Warta satu · 4 Juni 2024, 12.00 WIB\nhttps://satu.example/1" in lines(document)
    links = hrefs(document, document.element.body)
    assert links == [("https://satu.example/1", "https://satu.example/1")] * 2
    styles = {text: line_of(document, text).style.name for text in ("Paragraf satu.", "Pasal dua.", "Butir.")}
    assert styles == {"Paragraf satu.": "Normal", "Pasal dua.": "Heading 2", "Butir.": "List Bullet"}
    assert not [line for line in lines(document) if "terpotong" in line or "Tidak ada lagi" in line]
    quoted = read(a_clipping(a_clip(marks=((0, "quote"),))))
    assert line_of(quoted, "Paragraf satu.").style.name == "Quote"
    short = read(a_clipping(a_clip(carriers=()), a_clip(2, carriers=()), text=Text.LEAD))
    heads = [line for line in short.paragraphs if line.text == "Judul satu"]
    assert [line.paragraph_format.page_break_before for line in heads] == [True, False]


def test_who_else_ran_it_stands_in_a_table_up_to_a_hundred() -> None:
    others = (stands("dua", title="Judul lain"), stands("tiga", title="Judul satu", url="javascript:x"))
    document = read(a_clipping(a_clip(carriers=others)))
    table = document.tables[1]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Warta dua", "4 Juni 2024, 12.00 WIB", "judul: Judul lain\nhttps://dua.example/1"],
        ["Warta tiga", "4 Juni 2024, 12.00 WIB", "javascript:x"],
    ]
    assert hrefs(document, table._tbl) == [("https://dua.example/1", "https://dua.example/1")]
    assert [round(cell.width / CM, 1) for cell in table.rows[1].cells] == [3.6, 4.2, 9.2]
    assert "tblHeader" not in table._tbl.xml
    many = tuple(stands(f"p{number}") for number in range(model.MOST_CARRIERS + 7))
    full = read(a_clipping(a_clip(carriers=many)), "en")
    assert len(full.tables[1].rows) == model.MOST_CARRIERS
    assert "and 7 more" in lines(full)
    assert "and 7 more" not in lines(read(a_clipping(a_clip(carriers=many[:3])), "en"))


def test_what_stands_in_a_captures_place_is_small() -> None:
    document = read(a_clipping(a_clip(carriers=()), captures={1: NoCapture.NOT_KEPT}))
    (note,) = (line for line in document.paragraphs if "tidak disimpan" in line.text)
    assert [run.font.size.pt for run in note.runs] == [8.5]
