"""Clippings: what is chosen, what each form prints, that what a portal wrote is inert, and that nothing is asked."""

from __future__ import annotations

import hashlib
import io
import os
import re
import struct
import sys
import zipfile
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kwri_crawler import kept
from kwri_crawler.archive import clipping_queries, notes, releases
from kwri_crawler.archive.clipping_queries import Clip, Shown
from kwri_crawler.archive.extracts import Wanted
from kwri_crawler.clipping import (
    Capture,
    Clipping,
    NoCapture,
    Scope,
    Template,
    TemplateError,
    Text,
    captures,
    model,
    page,
    pdf,
    read_template,
    sheet,
    word,
)
from kwri_crawler.clipping.pictures import Picture, read_picture
from kwri_crawler.clipping.words import ClippingWords
from kwri_crawler.commands.clipping import day_named
from kwri_crawler.items import KeptPage
from tests.archives import new_archive
from tests.browser import CHROMIUM, MISSING
from tests.crawling import Crawled, run_here
from tests.test_likeness import FLOOD, MARKET
from tests.test_releases import sent
from tests.test_stories import NOON, Press

pytest.importorskip("docx", reason="python-docx is not installed: pip install 'kwri-crawler[desk]'")

HOSTILE = "=HYPERLINK(1)<script>alert(1)</script>\u202e&{{7*7}}\x07<img src=http://127.0.0.1:9/x onerror=alert(1)>"
EVIL_URL = "javascript:alert(document.domain)"
MADE = datetime.fromisoformat("2024-06-05T07:00:00+07:00")


def a_picture(width: int = 4, height: int = 3) -> bytes:
    """Return a PNG."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x40\x80\xc0" * width) * height
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def stands(name: str = "satu", **changes: Any) -> Shown:
    moments = ("2024-06-04T05:00:00Z", "2024-06-04T12:00:00+07:00", "minute", "2024-06-04T06:00:00Z", None)
    shown = Shown(name, f"Warta {name}", "Asia/Jakarta", f"Judul {name}", f"https://{name}.example/1", *moments)
    return shown._replace(**changes)


def a_clip(number: int = 1, **changes: Any) -> Clip:
    clip = Clip(number, stands(), None, "Penulis Satu", "Teras berita.", "Paragraf satu.\n\nPasal dua.\n\nButir.",
                ((1, "h2"), (2, "li")), None, "2024-06-04T06:00:00Z", ("satu.example/1",), 1,
                (stands("dua", title="Judul lain"),))  # fmt: skip
    return clip._replace(**changes)


def a_clipping(*clips: Clip, **changes: Any) -> Clipping:
    given = Clipping(clips, Scope("2024-06-04", "2024-06-04"), Text.FULL, MADE)
    return replace(given, **changes)


def text_of_word(data: bytes) -> str:
    """Return the text that a DOCX shows, tables among it."""
    document = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    return "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", document))


def text_of_book(data: bytes) -> str:
    return "\n".join(
        str(cell.value) for one in openpyxl.load_workbook(io.BytesIO(data)) for row in one.rows for cell in row
    )


# ---------------------------------------------------------------- what is chosen


@pytest.fixture
def press(tmp_path: Path) -> Press:
    """Three portals: the flood on two of them, on two days; the market on one; a day without a clock."""
    press = Press(new_archive(tmp_path / "kwri.sqlite"), {})
    press.brings("a.example/1", FLOOD, -14, title="Banjir semalam")
    press.brings("b.example/1", FLOOD[:-1], 3, title="Banjir hari ini")
    press.brings("c.example/1", FLOOD, 4, title="Banjir lagi")
    press.brings("b.example/2", MARKET, 1, title="Pasar baru")
    press.brings("c.example/2", ("Teks lain tanpa tanggal sama sekali.",), None, title="Tanpa tanggal")
    return press


def chosen(archive: Press, *, every_copy: bool = False, **wanted: Any) -> list[str]:
    ids = clipping_queries.choose(archive.db, Wanted(**wanted), every_copy)
    return [clip.shown.title for clip in clipping_queries.read_clips(archive.db, ids)]


def test_a_day_has_one_article_a_story_the_first_of_that_day_with_all_others_below(press: Press) -> None:
    assert chosen(press, since="2024-06-04", until="2024-06-04") == ["Pasar baru", "Banjir hari ini"]
    ids = clipping_queries.choose(press.db, Wanted(since="2024-06-04"), False)
    clips = {clip.shown.title: clip for clip in clipping_queries.read_clips(press.db, ids)}
    assert [other.title for other in clips["Banjir hari ini"].carriers] == ["Banjir semalam", "Banjir lagi"]
    assert clips["Pasar baru"].carriers == ()


def test_every_copy_is_printed_when_asked_for(press: Press) -> None:
    assert chosen(press, since="2024-06-04", every_copy=True) == ["Pasar baru", "Banjir hari ini", "Banjir lagi"]


def test_a_release_and_its_unit_bring_their_carriers_and_no_portal_of_the_desk(press: Press) -> None:
    releases.add(press.db, [sent("banjir.docx", FLOOD), sent("pasar.docx", MARKET)._replace(portal="b.example")])
    assert chosen(press, release=1, every_copy=True, press=True) == ["Banjir semalam", "Banjir lagi"]
    assert chosen(press, unit="Polres Contoh", press=True) == ["Banjir semalam"]
    assert chosen(press, portal="b.example") == ["Pasar baru", "Banjir hari ini"]
    ids = clipping_queries.choose(press.db, Wanted(release=1), False)
    below = [[other.portal for other in clip.carriers] for clip in clipping_queries.read_clips(press.db, ids)]
    assert below == [["c.example"]], "b.example is the desk's own"
    press.db.execute("UPDATE carried SET kind = 'part' WHERE article = 3")
    press.db.execute("UPDATE articles SET story = NULL WHERE id = 3")
    assert chosen(press, release=1, every_copy=True, press=True) == ["Banjir semalam"], "a part is no carrier"
    assert chosen(press, unit="Polres Contoh", every_copy=True, press=True) == ["Banjir semalam"]


def test_what_has_a_star_is_chosen_and_its_tone_is_a_persons(press: Press) -> None:
    notes.set_note(press.db, 4, notes.Note(tone=notes.Tone.NEGATIVE, starred=True), "saya", "2024-06-05T00:00:00Z")
    notes.set_note(press.db, 1, notes.Note(tone=notes.Tone.NEUTRAL), "saya", "2024-06-05T00:00:00Z")
    assert chosen(press, starred=True) == ["Pasar baru"]
    assert clipping_queries.tones(press.db, [1, 2, 4]) == {1: "netral", 4: "negatif"}


def test_a_watch_brings_the_stories_that_it_told_and_all_articles_of_each(press: Press) -> None:
    press.db.execute("INSERT INTO watches (name, query, seen_article, added_at) VALUES ('banjir', 'banjir', 0, 'x')")
    press.db.execute("INSERT INTO alerts (watch, article, found_at, portals) VALUES ('banjir', 1, 'x', 1)")
    press.db.execute("INSERT INTO alerts (watch, article, found_at, portals) VALUES ('banjir', 4, 'x', 0)")
    assert chosen(press, watch="banjir") == ["Banjir semalam"]
    assert chosen(press, watch="banjir", since="2024-06-04", every_copy=True) == ["Banjir hari ini", "Banjir lagi"]
    assert chosen(press, watch="lain") == []


# ---------------------------------------------------------------- what is printed


@pytest.mark.parametrize(
    ("changes", "printed"),
    [
        ({}, "4 Juni 2024, 12.00 WIB"),
        ({"published_local": "2024-06-04T12:00:00+08:00", "zone": "Asia/Makassar"}, "4 Juni 2024, 12.00 WITA"),
        ({"published_local": "2024-06-04T12:00:00+09:00", "zone": "Asia/Jayapura"}, "4 Juni 2024, 12.00 WIT"),
        ({"published_local": "2024-06-04T12:00:00+08:00", "zone": "Asia/Singapore"}, "4 Juni 2024, 12.00 UTC+8"),
        ({"published_precision": "day"}, "4 Juni 2024"),
        ({"published_precision": "approximate"}, "sekitar 4 Juni 2024, 12.00 WIB"),
        ({"published_local": None}, "tanpa tanggal; pertama terlihat 4 Juni 2024, 06.00 UTC"),
    ],
)
def test_a_moment_is_printed_as_exactly_as_it_is_known(changes: dict[str, Any], printed: str) -> None:
    assert model.when(stands(**changes), ClippingWords("id")) == printed


def test_a_day_without_a_clock_is_a_day_in_a_workbook_and_a_portals_own_copy_is_none_on_another() -> None:
    clip = a_clip(shown=stands(published_precision="day"), carriers=(stands("satu", title="Lagi"), stands("dua")))
    clipping = a_clipping(clip)
    row = list(openpyxl.load_workbook(io.BytesIO(sheet.write_sheet(clipping, "en")))["Clipping"].rows)[1]
    assert (row[2].value, row[2].number_format) == (datetime(2024, 6, 4), "yyyy-mm-dd")
    assert model.also_on(clip, ClippingWords("en")) == "also on 1 more"


@pytest.mark.parametrize("text", list(Text))
def test_every_form_prints_every_articles_source_whatever_the_template_says(text: Text) -> None:
    clipping = a_clipping(a_clip(), a_clip(2, shown=stands("tiga")), text=text, template=Template("Milik kami"))
    forms = {
        "html": page.render(clipping, "id"),
        "pdf": page.render(clipping, "id", lambda _: "picture:0"),
        "docx": text_of_word(word.write_word(clipping, "id")),
        "xlsx": text_of_book(sheet.write_sheet(clipping, "id")),
    }
    for form, shown in forms.items():
        for one in (*clipping.clips, *clipping.clips[0].carriers):
            where = one.shown if isinstance(one, Clip) else one
            when = "2024-06-04 12:00:00" if form == "xlsx" else "4 Juni 2024, 12.00 WIB"
            assert all(part in shown for part in (where.portal_name, where.url, when, "WIB")), (form, where.portal)
        assert ("Paragraf satu." in shown) == (text is Text.FULL), form
        assert ("Teras berita." in shown) == (text is Text.LEAD), form
        assert "Milik kami" in shown


def test_paragraphs_keep_what_they_are_and_much_that_ran_it_is_counted() -> None:
    many = tuple(stands(f"p{number}") for number in range(model.MOST_CARRIERS + 7))
    html = page.render(a_clipping(a_clip(carriers=many)), "en")
    assert "<h3>Pasal dua.</h3>" in html
    assert '<p class="li">Butir.</p>' in html
    assert "and 7 more" in html
    assert html.count("<tr>") == 2 + model.MOST_CARRIERS
    assert "also on 107 more" in html


def test_what_a_reader_should_know_of_an_article_stands_beneath_its_source() -> None:
    clip = a_clip(shown=stands(gone_at="2024-06-04T09:30:00Z"), access="paywall", subtitle="Anak judul")
    for text in (page.render(a_clipping(clip), "id"), text_of_word(word.write_word(a_clipping(clip), "id"))):
        assert "Tidak ada lagi di medianya sejak 4 Juni 2024, 09.30 UTC." in text
        assert "teks di arsip mungkin terpotong" in text
        assert "Anak judul" in text
    assert "Anak judul" not in page.render(a_clipping(clip, text=Text.NONE), "id")


def test_a_word_without_an_end_may_be_broken_on_paper_and_no_address_with_it() -> None:
    endless, url = "a" * 500, "https://satu.example/" + "b" * 500
    clip = a_clip(body=endless, shown=stands(url=url, title=endless))
    paper = page.render(a_clipping(clip), "id", lambda _: "picture:0")
    shown = re.sub(r'href="[^"]*"|<style>.*?</style>|content="[^"]*"', "", paper, flags=re.DOTALL)
    assert max(map(len, re.findall(r'[^\s\u200b<>"]+', shown))) == 80
    assert f'href="{url}"' in paper
    assert "\u200b" not in page.render(a_clipping(clip), "id")


def test_a_hostile_headline_is_text_in_all_forms() -> None:
    evil = stands(title=HOSTILE, portal_name=HOSTILE, url=EVIL_URL)
    clip = a_clip(shown=evil, subtitle=HOSTILE, author=HOSTILE, lead=HOSTILE, body=f"{HOSTILE}\n\n{HOSTILE}",
                  carriers=(evil._replace(title=HOSTILE + "2"),))  # fmt: skip
    clipping = a_clipping(clip, scope=Scope(search=HOSTILE), template=Template(HOSTILE, HOSTILE, HOSTILE))
    html = page.render(clipping, "id")
    assert not re.search("<script|<img|\u202e|\x07", html)
    assert "49" not in re.sub(r"sha256-\S+|#\w+|[\d.]+(?:mm|em|pt|rem)", "", html), "a template language ran"
    assert set(re.findall(r'href="([^"]*)"', html)) == {"#a1"}, "no address that is none of the web is a link"
    document = word.write_word(clipping, "id")
    shown = text_of_word(document)
    assert "=HYPERLINK(1)&lt;script&gt;" in shown
    parts = zipfile.ZipFile(io.BytesIO(document))
    assert b"alert" not in b"".join(parts.read(name) for name in parts.namelist() if name.endswith(".rels"))
    codes = set(re.findall(r"<w:instrText[^>]*>([^<]*)<", parts.read("word/document.xml").decode()))
    assert codes == {"PAGEREF a1 \\h"}
    book = openpyxl.load_workbook(io.BytesIO(sheet.write_sheet(clipping, "id")))
    cells = [cell for one in book for row in one.rows for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert any(str(cell.value).startswith("=HYPERLINK(1)<script>") for cell in cells)


def test_links_of_a_document_are_plain_hyperlinks_to_the_web() -> None:
    parts = zipfile.ZipFile(io.BytesIO(word.write_word(a_clipping(a_clip()), "id")))
    external = re.findall(r'<Relationship [^>]*TargetMode="External"[^>]*>', parts.read(
        "word/_rels/document.xml.rels").decode())  # fmt: skip
    assert sorted(re.search(r'Target="([^"]*)"', one)[1] for one in external) == [  # type: ignore[index]
        "https://dua.example/1", "https://satu.example/1",
    ]  # fmt: skip
    document = parts.read("word/document.xml").decode()
    assert document.count("<w:cantSplit/>") == document.count("<w:tr>") == 3
    assert document.count("<w:tblHeader/>") == 1
    assert len(set(re.findall(r'<w:gridCol w:w="(\d+)"', document))) > 4, "columns have widths of their own"


def test_a_pdf_names_the_pages_of_its_articles_and_loads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("weasyprint", exc_type=OSError, reason=f"apt-get install {pdf.LIBRARIES}")
    pypdf = pytest.importorskip("pypdf")
    fetched = []
    make = pdf._fetcher

    def watched(*args: Any) -> Any:
        fetcher = make(*args)
        inner = fetcher.fetch
        fetcher.fetch = lambda url, headers=None: fetched.append(url) or inner(url, headers)
        return fetcher

    monkeypatch.setattr(pdf, "_fetcher", watched)
    evil = f'{HOSTILE}<link rel="stylesheet" href="http://127.0.0.1:9/x.css">'
    clips = [a_clip(number, shown=stands(f"p{number}", title=f"Judul ke-{number} {evil if number == 3 else ''}"))
             for number in range(1, 15)]  # fmt: skip
    logo = read_picture(a_picture())
    made = pdf.write_pdf(a_clipping(*clips, template=Template(head=("KOP SURAT",), logo=logo)), "id")
    pages = [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(made)).pages]
    assert fetched == ["picture:0"], "the logo, and nothing else"
    assert "KOP SURAT" in pages[0]
    first = next(number for number, text in enumerate(pages, 1) if "p1.example/1" in text)
    contents = " ".join(" ".join(pages[: first - 1]).split())
    for number in range(1, 15):
        on = next(place for place, text in enumerate(pages, 1) if f"p{number}.example/1" in text)
        line = re.search(rf"\b{number} Warta p{number} .*?lain\) (\d+)", contents)
        assert line, contents[:500]
        assert int(line[1]) == on
    width, height = (float(side) for side in pypdf.PdfReader(io.BytesIO(made)).pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)


# ---------------------------------------------------------------- a desk's template

DESK = """\
title = "Kliping <b>Harian</b>"
conclusion = "Baik.\\nSekali."
suggestions = ""
[letterhead]
lines = ["KEPOLISIAN DAERAH CONTOH RAYA"]
address = "Jalan Contoh 12"
logo = "logo.png"
[signature]
place = "Kota Contoh"
lines = ["KABID HUMAS"]
name = "CONTOH, S.H."
"""


def test_a_template_brings_letterhead_conclusion_suggestions_and_signature(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text(DESK)
    (tmp_path / "logo.png").write_bytes(a_picture())
    clipping = a_clipping(a_clip(), template=read_template(tmp_path))
    html = page.render(clipping, "id")
    assert "<h1>Kliping &lt;b&gt;Harian&lt;/b&gt;</h1>" in html
    assert '<img class="logo" src="data:image/png;base64,' in html
    assert "<h2>Kesimpulan</h2>\n<p>Baik.</p><p>Sekali.</p>" in html
    assert '<h2>Saran</h2>\n<div class="box"></div>' in html
    document = word.write_word(clipping, "id")
    assert "word/media/image1.png" in zipfile.ZipFile(io.BytesIO(document)).namelist()
    for shown in (html, text_of_word(document), text_of_book(sheet.write_sheet(clipping, "id"))):
        assert all(part in shown for part in ("CONTOH RAYA", "Jalan Contoh 12", "Sekali.", "KABID HUMAS", "S.H."))
    assert "Kota Contoh, 5 Juni 2024" in html
    assert "Kesimpulan" not in page.render(a_clipping(a_clip()), "id")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("judul = 'x'", "judul: no such key"),
        ("titel = 'x'", "did you mean title?"),
        ("title = 7", "title: write a text in quotes"),
        (f"title = '{'a' * 201}'", "longer than 200"),
        (f"conclusion = '{'a' * 5001}'", "longer than 5,000"),
        ("letterhead = 'x'", "write [letterhead]"),
        ("[letterhead]\nlines = 'x'", "[letterhead] lines: write up to 10 lines"),
        (f"[letterhead]\nlines = {['a'] * 11}", "[letterhead] lines: write up to 10 lines"),
        ("[letterhead]\nlogo = '../logo.png'", "is not in the template's folder"),
        ("[letterhead]\nlogo = '/etc/passwd'", "is not in the template's folder"),
        ("[letterhead]\nlogo = 'tiada.png'", "there is no such file"),
        ("[letterhead]\nlogo = 'desk.toml'", "is no PNG or JPEG"),
        ("title = ", "not TOML"),
        ("a" * 100_001, "larger than"),
        ("x = " + "[" * 60_000, "nested too deep"),
        ("[letterhead]\nlogo = 'kop.d'", "there is no such file"),
        (None, "there is no such file"),
    ],
)
def test_a_wrong_template_is_named(tmp_path: Path, text: str | None, told: str) -> None:
    (tmp_path / "kop").mkdir()
    (tmp_path / "logo.png").write_bytes(a_picture())
    if text is not None:
        (tmp_path / "kop" / "desk.toml").write_text(text)
    (tmp_path / "kop" / "kop.d").mkdir()
    with pytest.raises(TemplateError, match=re.escape(told)):
        read_template(tmp_path / "kop")


def test_a_template_may_be_as_long_as_is_said_and_is_a_file(tmp_path: Path) -> None:
    lines = ", ".join(f"'{'b' * 200}'" for _ in range(10))
    (tmp_path / "desk.toml").write_text(
        f"title = '{'a' * 200}'\nconclusion = '{'c' * 5000}'\n[letterhead]\nlines = [{lines}]"
    )
    template = read_template(tmp_path)
    assert (len(template.title), len(template.conclusion or ""), len(template.head)) == (200, 5000, 10)
    (tmp_path / "lain" / "desk.toml").mkdir(parents=True)
    with pytest.raises(TemplateError, match=r"desk\.toml: no file"):
        read_template(tmp_path / "lain")


def test_a_picture_is_known_by_its_bytes_and_a_bomb_is_none() -> None:
    assert read_picture(a_picture(5, 7)) == Picture(a_picture(5, 7), "image/png", 5, 7)
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x07\x00\x05" + b"\0" * 20
    assert read_picture(jpeg) == Picture(jpeg, "image/jpeg", 5, 7)
    most = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 4_000, 4_000)
    assert read_picture(most) is not None
    assert read_picture(most[:-1] + b"\xa1") is None
    assert read_picture(jpeg[:8] + jpeg[8:18]) is not None, "what stands in the frame is enough"
    for data in (b"", b"<svg/>", b"GIF89a", a_picture()[:20], jpeg[:12], jpeg.replace(b"\x00\x04ab", b"\x00\x01ab"),
                 b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 40_000, 40_000)):  # fmt: skip
        assert read_picture(data) is None


# ---------------------------------------------------------------- kept pages


def a_page(body: bytes = b"<h1>Judul satu</h1>", **changes: Any) -> KeptPage:
    head = (("Content-Type", "text/html; charset=utf-8"),)
    given = KeptPage("satu", "https://satu.example/1", "https://satu.example/1", 200, head, body, NOON.astimezone(UTC))
    return replace(given, **changes)


def test_a_capture_stands_with_its_moment_and_digest_and_a_plain_word_in_its_place() -> None:
    shot = Capture((Picture(a_picture(), "image/png", 4, 3),), "https://satu.example/1", NOON.astimezone(UTC),
                   "ab" * 32, 9, 2, True)  # fmt: skip
    clips = [a_clip(number, story=None, carriers=()) for number in range(1, 5)]
    whole = shot._replace(is_own_page=False, top=0, height=3)
    given = {1: shot, 2: NoCapture.NOT_KEPT, 3: NoCapture.NO_BROWSER, 4: whole}
    clipping = a_clipping(*clips, captures=given)
    for shown in (page.render(clipping, "id"), text_of_word(word.write_word(clipping, "id"))):
        assert "Halaman diterima 4 Juni 2024, 05:00:00 UTC." in shown
        assert f"SHA-256: {'ab' * 32}" in shown
        assert "piksel 2 sampai 5 dari 9" in shown
        assert "piksel 0 sampai" not in shown, "one that is drawn whole is no part"
        assert "halaman ini tidak disimpan" in shown
        assert "chromium tidak terpasang" in shown
        assert shown.count("penerimaan lain") == 1
    assert "ab" * 32 in text_of_book(sheet.write_sheet(clipping, "id"))


def test_the_page_that_an_article_was_read_from_is_taken_before_a_newer_one(tmp_path: Path) -> None:
    db = kept.open_pages(tmp_path / "p.sqlite")
    later = NOON.astimezone(UTC).replace(hour=20)
    kept.add(db, [a_page(), a_page(b"baru", received_at=later), a_page(b"lain", portal="dua")])
    key = ("satu.example/1",)
    assert kept.page_of(db, "satu", key, NOON).body == b"<h1>Judul satu</h1>"  # type: ignore[union-attr]
    assert kept.page_of(db, "satu", key, NOON.replace(hour=1)).body == b"baru"  # type: ignore[union-attr]
    assert kept.page_of(db, "tiga", key, NOON) is None
    assert kept.page_of(db, "satu", ("satu.example/2",), NOON) is None


def test_what_is_no_page_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captures, "find_browser", lambda: sys.executable)  # it would be an error to start it
    monkeypatch.setattr(captures, "_started", None)
    with captures.Capturer() as capturer:
        assert capturer.draw(None, "", True) is NoCapture.NOT_KEPT
        assert capturer.draw(a_page(headers=(("Content-Type", "application/json"),)), "", True) is NoCapture.NOT_SHOWN
        assert capturer.draw(a_page(url="file:///etc/passwd"), "", True) is NoCapture.NOT_SHOWN
        packed = a_page(headers=(("Content-Encoding", "gzip"), ("Content-Type", "text/html")), body=b"\x1f\x8b\x08x")
        assert capturer.draw(packed, "", True) is NoCapture.NOT_SHOWN
    monkeypatch.setattr(captures, "find_browser", lambda: None)
    with captures.Capturer() as capturer:
        assert capturer.draw(a_page(), "", True) is NoCapture.NO_BROWSER


def test_a_browser_that_ends_at_once_costs_no_more_than_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captures, "find_browser", lambda: "/bin/true")
    with captures.Capturer() as capturer:
        assert [capturer.draw(a_page(), "", True) for _ in range(2)] == [NoCapture.NOT_SHOWN] * 2


@pytest.mark.skipif(CHROMIUM is None, reason=MISSING)
def test_a_kept_page_is_drawn_from_its_headline_without_a_script_a_frame_or_a_request(tmp_path: Path) -> None:
    import http.server
    import threading

    asked: list[str] = []

    class Trap(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Trap)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    trap = f"http://127.0.0.1:{server.server_port}"
    secret = tmp_path / "secret.html"
    secret.write_text('<body style="background:#f00">')
    body = (
        f'<meta http-equiv=refresh content="0;url={trap}/refresh"><link rel=preconnect href={trap}>'
        f'<body style="background:#0a0;margin:0"><script>document.body.style.background="#f00";fetch("{trap}/f")'
        f'</script><p style="height:3000px">menu</p><h1>Judul satu</h1><img src={trap}/i.png>'
        f'<iframe src="{secret.as_uri()}" style="width:900px;height:600px;border:0"></iframe>'
        f'<iframe src="{trap}/frame"></iframe><p style="height:500px">'
    ).encode()
    try:
        with captures.Capturer() as capturer:
            drawn = capturer.draw(a_page(body), "Judul  SATU", True)
    finally:
        server.shutdown()
        server.server_close()
    assert isinstance(drawn, Capture)
    assert asked == []
    assert drawn.sha256 == hashlib.sha256(body).hexdigest()
    assert 2700 < drawn.top < 3100
    assert sum(one.height for one in drawn.pictures) == drawn.height - drawn.top
    image = pytest.importorskip("PIL.Image")
    colours = image.open(io.BytesIO(drawn.pictures[0].data)).convert("RGB").getcolors(1 << 24)
    assert not [colour for count, colour in colours if colour[0] > 200 and colour[1] < 60], "a script or frame showed"
    assert max(colours)[1][1] > 120, "the page itself"


@pytest.mark.skipif(CHROMIUM is None, reason=MISSING)
def test_of_a_long_page_four_pictures_are_drawn_from_above_its_headline() -> None:
    rows = "".join(f'<p style="height:100px;margin:0;background:#00{row:02x}00">' for row in range(100))
    page_ = f'<body style="margin:0"><p style="height:1000px;margin:0"><h1 style="margin:0">Judul satu</h1>{rows}'
    before = len(os.listdir("/proc/self/fd"))
    with captures.Capturer() as capturer:
        drawn = capturer.draw(a_page(page_.encode()), "Judul satu", True)
        short = capturer.draw(a_page(b"<h1>Judul satu</h1>"), "Judul satu", True)
        low = capturer.draw(a_page(b'<p style="height:3000px">menu</p><h1>Judul satu</h1>'), "Judul satu", True)
    assert len(os.listdir("/proc/self/fd")) == before
    assert isinstance(drawn, Capture)
    assert isinstance(short, Capture)
    assert isinstance(low, Capture)
    assert (low.top, [one.height for one in low.pictures]) == (low.height - 1340, [1340]), "a whole picture of its end"
    assert [(one.width, one.height) for one in drawn.pictures] == [(1024, 1340)] * 4
    assert 800 <= drawn.top <= 860
    assert drawn.height > 11_000
    assert (short.top, len(short.pictures), short.pictures[0].height) == (0, 1, short.height)


# ---------------------------------------------------------------- the command


def ask(folder: Path, *args: str) -> Crawled:
    return run_here("clipping", *args, ARCHIVE_PATH=str(folder / "kwri.sqlite"))


@pytest.mark.usefixtures("press")
def test_a_day_is_written_in_all_forms_that_are_asked_for(tmp_path: Path) -> None:
    done = ask(tmp_path, "2024-06-04", "--format=html,docx,xlsx", f"--out={tmp_path / 'pagi.html'}")
    assert done.code == 0, done.log
    assert done.out.splitlines() == [f"{tmp_path}/pagi.{end}: 2 articles" for end in ("html", "docx", "xlsx")]
    assert "Selasa, 4 Juni 2024" in (tmp_path / "pagi.html").read_text()
    printed = ask(tmp_path, "2024-06-03", "--lang=en", "--format=html", "--out=-").out
    assert "Monday, 3 June 2024" in printed
    assert "1 article from 1 portal." in printed
    default = ask(tmp_path, "2024-06-04", "--format=xlsx")
    assert default.out.startswith(str(tmp_path / "clipping-2024-06-04-id.xlsx"))


@pytest.mark.usefixtures("press")
def test_a_day_without_articles_says_so_or_writes_nothing(tmp_path: Path) -> None:
    done = ask(tmp_path, "2020-01-01", "--format=html", "--out=-")
    assert (done.code, "tidak menyimpan artikel" in done.out, "no article is wanted" in done.log) == (0, True, True)
    quiet = ask(tmp_path, "2020-01-01", "--format=html", f"--out={tmp_path / 'a.html'}", "--quiet-if-empty")
    assert (quiet.code, quiet.out, quiet.log, (tmp_path / "a.html").exists()) == (0, "", "", False)


@pytest.mark.usefixtures("press")
def test_captures_without_kept_pages_say_so(tmp_path: Path) -> None:
    done = ask(tmp_path, "2024-06-04", "--format=html", "--captures", "--out=-")
    assert (done.code, done.out.count("halaman ini tidak disimpan")) == (0, 2)


def test_a_capture_is_of_the_page_that_the_article_was_read_from_or_says_so(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime.fromisoformat(press.all("SELECT fetched_at FROM articles WHERE id = 4")[0][0])  # type: ignore[arg-type]
    db = kept.open_pages(tmp_path / "kwri-pages.sqlite")
    kept.add(db, [replace(a_page(), portal="b.example", asked_url=f"https://b.example/{number}", received_at=moment)
                  for number, moment in ((1, at.replace(year=2025)), (2, at))])  # fmt: skip
    drawn: dict[str, bool] = {}

    def draw(_: object, page: KeptPage | None, title: str, is_own_page: bool) -> NoCapture:
        drawn[title] = is_own_page
        return NoCapture.NOT_SHOWN if page is not None else NoCapture.NOT_KEPT

    monkeypatch.setattr(captures.Capturer, "draw", draw)
    done = ask(tmp_path, "2024-06-04", "--format=html", "--captures", "--out=-")
    assert (done.code, done.out.count("tidak dapat ditampilkan")) == (0, 2)
    assert drawn == {"Pasar baru": True, "Banjir hari ini": False}


def test_the_command_leaves_a_desks_own_portal_out(press: Press, tmp_path: Path) -> None:
    releases.add(press.db, [sent("pasar.docx", MARKET)._replace(portal="b.example")])
    printed = ask(tmp_path, "2024-06-04", "--format=html", "--out=-").out
    assert "Banjir lagi" in printed
    assert "b.example" not in printed
    assert "Pasar baru" in ask(tmp_path, "--portal=b.example", "--format=html", "--out=-").out


def test_a_day_may_be_named_by_a_word() -> None:
    assert [day_named(text, date(2024, 3, 1)) for text in ("today", "yesterday", "2024-06-04")] == [
        "2024-03-01", "2024-02-29", "2024-06-04",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("slip", "code"),
    [
        ([], 2), (["--text=full"], 2), (["kemarin"], 2), (["2024-06-04", "2024-06-05"], 2),
        (["2024-06-04", "--since=2024-06-01"], 2), (["--since=2024-06-05", "--until=2024-06-04"], 2),
        (["today", "--format=doc"], 2), (["today", "--format=pdf,docx", "--out=-"], 2), (["today", "--zone=Mars"], 2),
        (["--portal=nowhere"], 2), (["--search=AND"], 2), (["--story=0"], 2),
        (["--release=99"], 3), (["--unit=Polres Mars"], 3), (["--watch=tiada"], 3), (["--story=999"], 3),
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.usefixtures("press")
def test_a_wrong_argument_is_named(slip: list[str], code: int, tmp_path: Path) -> None:
    done = ask(tmp_path, *slip, *([] if any("--format" in part for part in slip) else ["--format=html"]))
    assert (done.code, "Traceback" in done.log) == (code, False), done.log
    assert sorted(path.name for path in tmp_path.iterdir() if "clipping" in path.name) == []


@pytest.mark.usefixtures("press")
def test_what_would_take_a_machines_memory_is_refused_with_a_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kwri_crawler.commands.clipping.MOST", 1)
    monkeypatch.setattr("kwri_crawler.commands.clipping.MOST_CAPTURES", 1)
    done = ask(tmp_path, "2024-06-04", "--format=docx")
    assert (done.code, "2 articles: a PDF or DOCX takes 1" in done.log) == (2, True)
    assert ask(tmp_path, "2024-06-04", "--format=xlsx").code == 0
    assert ask(tmp_path, "2024-06-04", "--format=xlsx", "--captures").code == 2


@pytest.mark.parametrize(
    ("form", "library"), [("pdf", "weasyprint"), ("docx", "docx"), ("xlsx", "xlsxwriter")]
)  # fmt: skip
def test_without_its_library_nothing_is_begun(
    form: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    done = ask(tmp_path, "2024-06-04", f"--format={form}")  # there is no archive, and nobody looks for one
    assert (done.code, "pip install 'kwri-crawler[" in done.log) == (1, True), done.log


def test_without_pango_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    done = ask(tmp_path, "2024-06-04", "--format=pdf")
    assert (done.code, f"apt-get install {pdf.LIBRARIES}" in done.log) == (1, True)
    assert ask(tmp_path, "today", "--template", str(tmp_path)).code == 1
