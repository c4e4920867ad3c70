"""A desk's files: each kind read as a person sees it, and what is hostile, old or locked refused with its reason."""

from __future__ import annotations

import io
import os
import textwrap
import time
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path

import pytest

from kwri_crawler import desk
from kwri_crawler.copies import hash_text
from kwri_crawler.dates import Refused
from kwri_crawler.desk import Fault, Unread, bounds
from kwri_crawler.desk.addresses import read_addresses
from kwri_crawler.desk.lines import joined
from kwri_crawler.desk.moments import At
from kwri_crawler.desk.papers import title_of
from kwri_crawler.items import Precision
from kwri_crawler.missing import LibraryMissing
from kwri_crawler.screen.spoken import Spoken
from tests import papers
from tests.crawling import peak_mb
from tests.test_likeness import FLOOD

pytest.importorskip("docx", reason="python-docx is not installed: pip install 'kwri-crawler[desk]'")
pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed: pip install 'kwri-crawler[desk]'")

WIB = "Asia/Jakarta"
WRAPPED = [line for text in FLOOD for line in textwrap.wrap(text, 72)]
PLAIN = "\n\n".join("\n".join(textwrap.wrap(text, 72)) for text in FLOOD)
HTML = f"<html><head><title>Banjir</title></head><body>{''.join(f'<p>{text}</p>' for text in FLOOD)}</body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def read(folder: Path, name: str, data: bytes) -> desk.Paper:
    path = folder / name
    path.write_bytes(data)
    return desk.read_paper(path)


def fault(folder: Path, name: str, data: bytes) -> Fault:
    with pytest.raises(Unread) as raised:
        read(folder, name, data)
    return raised.value.fault


KINDS: dict[str, bytes] = {
    "a.docx": papers.word(FLOOD),
    "a.odt": papers.open_document(FLOOD),
    "a.pdf": papers.pdf([WRAPPED]),
    "utf-8.txt": PLAIN.encode(),
    "utf-16.txt": b"\xff\xfe" + PLAIN.encode("utf-16-le"),
    "cp1252.md": PLAIN.encode("cp1252"),
    "plain.eml": papers.letter(FLOOD),
    "html.eml": papers.letter(FLOOD, html=True),
    "attached.eml": papers.letter(["Terlampir."], attached=("rilis.docx", papers.word(FLOOD))),
    "picture.eml": papers.letter(FLOOD, attached=("foto.jpg", b"\xff\xd8" * 5000)),
    "a.html": HTML.encode(),
    "old-name.doc": papers.word(FLOOD),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_same_words_are_read_from_every_kind(name: str, tmp_path: Path) -> None:
    assert hash_text(read(tmp_path, name, KINDS[name]).paragraphs) == hash_text(FLOOD)


def test_of_tracked_changes_the_new_text_is_read(tmp_path: Path) -> None:
    inside = (
        "<w:p><w:ins><w:r><w:t>dua belas </w:t></w:r></w:ins><w:del><w:r><w:delText>sepuluh </w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>pindah </w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>rahasia </w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>warga</w:t></w:r></w:p>'
    )
    assert read(tmp_path, "a.docx", papers.word([], inside)).paragraphs == ("dua belas warga",)
    inside = (
        "<text:tracked-changes><text:p>dihapus</text:p></text:tracked-changes><text:p>dua<text:s/>belas"
        "<office:annotation><text:p>catatan</text:p></office:annotation> warga</text:p>"
    )
    assert read(tmp_path, "a.odt", papers.open_document([], inside)).paragraphs == ("dua belas warga",)


def test_heads_and_feet_of_a_pdfs_pages_are_left_out(tmp_path: Path) -> None:
    heads = [["Siaran Pers Polres Contoh", *WRAPPED[at : at + 4], f"Halaman {number} dari 2"]
             for number, at in enumerate((0, 4), 1)]  # fmt: skip
    text = " ".join(read(tmp_path, "a.pdf", papers.pdf(heads)).paragraphs)
    assert text == " ".join(WRAPPED[:8])


def test_a_headline_of_a_pdf_is_whole_and_small_print_at_its_side_is_put_last(tmp_path: Path) -> None:
    lines = [
        (14, "PEMERINTAH CONTOH RAYA"),
        (10, "Jalan Contoh Nomor 12, Kota Contoh 60111, Telepon (031) 5550123, Faksimile (031) 5550124"),
        (7, "Narahubung Rian, 0812-0000-1111, setiap hari kerja pukul 08.00 sampai"),
        (7, "16.00, surel humas@contoh.example"),
        (16, "Banjir Rendam Ratusan Rumah di"), (16, "Tiga Desa, 87 Orang Mengungsi"),
        *((9, line) for text in FLOOD for line in textwrap.wrap(text, 36)),
    ]  # fmt: skip
    paper = read(tmp_path, "a.pdf", papers.pdf([lines]))
    assert paper.title == paper.paragraphs[2] == "Banjir Rendam Ratusan Rumah di Tiga Desa, 87 Orang Mengungsi"
    assert " ".join(paper.paragraphs[3:-1]) == " ".join(FLOOD)
    assert paper.paragraphs[-1].endswith("humas@contoh.example")


def test_headlines_above_each_other_stay_two(tmp_path: Path) -> None:
    headline = "Warga Tiga Desa Pulang ke Rumah Masing-Masing Hari Ini"
    paper = read(tmp_path, "a.pdf", papers.pdf([[(16, "Satu Keterangan Pers"), (16, headline), *WRAPPED]]))
    assert (paper.title, paper.paragraphs[1]) == (headline, headline)


def test_a_line_that_goes_on_in_small_letters_is_no_headline() -> None:
    headline = "Warga Tiga Desa Pulang ke Rumah"
    lines = [headline, "Hujan Sejak Sore Kemarin", "membuat sungai di hulu meluap", "Petugas Datang Malam Hari Itu"]
    assert title_of(lines) == headline


def test_tables_and_text_boxes_are_read_once(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>kotak</w:t></w:r></w:p></w:txbxContent>"
    inside = (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Perihal</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Banjir</w:t></w:r></w:p>"
        "</w:tc></w:tr></w:tbl><w:p><w:r><w:t>luar</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert read(tmp_path, "a.docx", papers.word([], inside)).paragraphs == ("Perihal", "Banjir", "kotak", "luar")


def locked(data: bytes) -> bytes:
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(data)), io.BytesIO()
    writer.encrypt("rahasia", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def lying(data: bytes) -> bytes:
    """Return a zip that says of its text that it has ten bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        part = file.getinfo("word/document.xml")
    size = part.file_size.to_bytes(4, "little")
    return data.replace(size, (10).to_bytes(4, "little"))


def with_flag(data: bytes) -> bytes:
    """Return a zip whose parts are marked as encrypted."""
    marked = bytearray(data)
    for sign, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = marked.find(sign)
        while at >= 0:
            marked[at + place] |= 1
            at = marked.find(sign, at + 4)
    return bytes(marked)


UNREAD: list[tuple[str, bytes, Fault]] = [
    ("a.doc", OLE, Fault.OLD_WORD),
    ("a.docx", OLE, Fault.OLD_WORD),
    ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), Fault.PASSWORD),
    ("a.doc", b"{\\rtf1 teks}", Fault.RICH_TEXT),
    ("a.docx", papers.packed({"xl/workbook.xml": "<x/>"}), Fault.OTHER_ZIP),
    ("a.docx", b"bukan berkas zip", Fault.DAMAGED),
    ("a.docx", papers.word(FLOOD)[:-40], Fault.DAMAGED),
    ("a.docx", lying(papers.word(FLOOD)), Fault.DAMAGED),
    ("a.docx", with_flag(papers.word(FLOOD)), Fault.PASSWORD),
    ("a.docx", papers.word([" "]), Fault.EMPTY),
    ("a.odt", papers.open_document(FLOOD, manifest="<manifest:encryption-data/>"), Fault.PASSWORD),
    ("a.odt", papers.packed({"content.xml": "<a><b>"}), Fault.DAMAGED),
    ("a.pdf", papers.pdf([[]]), Fault.SCAN),
    ("a.pdf", locked(papers.pdf([WRAPPED])), Fault.PASSWORD),
    ("a.pdf", b"%PDF-1.4 dan tidak ada lagi", Fault.DAMAGED),
    ("a.txt", b"", Fault.EMPTY),
    ("a.txt", bytes(range(256)) * 20, Fault.NOT_TEXT),
    ("a.eml", b"", Fault.EMPTY),
    (
        "a.eml",
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\nContent-Type: text/plain\n\n" * 9,
        Fault.EMPTY,
    ),
    ("a.jpg", b"\xff\xd8", Fault.OTHER_KIND),
    ("a.xlsx", papers.packed({"xl/workbook.xml": "<x/>"}), Fault.SPREADSHEET),
    ("a.xls", OLE, Fault.SPREADSHEET),
    ("a.zip", papers.packed({"rilis.docx": papers.word(FLOOD)}), Fault.PACKED),
    ("a.txt", b"a" * (bounds.MOST_BYTES + 1), Fault.TOO_LARGE),
]


@pytest.mark.parametrize("number", range(len(UNREAD)))
def test_what_cannot_be_read_says_why(number: int, tmp_path: Path) -> None:
    name, data, expected = UNREAD[number]
    assert fault(tmp_path, name, data) is expected


def test_a_small_file_that_unpacks_to_much_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    before = peak_mb("self")
    bombs = {
        "paragraphs.docx": papers.word([], "<w:p/>" * 2_000_000),
        "pictures.docx": papers.packed({f"word/media/{n}.png": bytes(30_000_000) for n in range(2)}),
        "parts.docx": papers.packed({f"{n}.bin": b"" for n in range(bounds.MOST_PARTS + 1)}),
    }
    made = peak_mb("self")
    for name, data in bombs.items():
        assert len(data) < 400_000
        assert fault(tmp_path, name, data) is Fault.TOO_LARGE
    assert peak_mb("self") - max(before, made) < 40


def test_a_pdfs_text_may_unpack_to_what_text_needs_and_to_no_more(tmp_path: Path) -> None:
    shown = b"BT /F1 10 Tf 40 800 Td (%s) Tj ET"
    some = zlib.compress(shown % b"Hujan deras di tiga desa")
    assert read(tmp_path, "a.pdf", papers.pdf([[]], some)).paragraphs == ("Hujan deras di tiga desa",)
    much = zlib.compress(shown % (b"a" * 5_000_000))
    assert fault(tmp_path, "a.pdf", papers.pdf([[]], much)) is Fault.TOO_LARGE


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(Unread) as raised:
        desk.read_paper(tmp_path / "a.txt")
    assert raised.value.fault is Fault.OTHER_KIND


def test_a_part_that_is_packed_by_other_means_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as file:
        file.writestr("word/document.xml", bytes(1000))
    assert fault(tmp_path, "a.docx", out.getvalue()) is Fault.DAMAGED


def test_entities_are_not_unfolded(tmp_path: Path) -> None:
    lol = '<!DOCTYPE x [<!ENTITY a "ha ha ha ha ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(io.BytesIO(papers.open_document(["teks SINI biasa"]))) as file:
        parts: dict[str, str | bytes] = {name: file.read(name) for name in file.namelist()}
    parts["content.xml"] = lol + bytes(parts["content.xml"]).decode().replace("SINI", "&b;")  # type: ignore[arg-type]
    assert read(tmp_path, "a.odt", papers.packed(parts)).paragraphs == ("teks &b; biasa",)


def test_a_paper_that_takes_too_long_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(_data: bytes) -> list[str]:
        while True:
            try:
                time.sleep(5)
            except Exception:
                continue

    monkeypatch.setattr("kwri_crawler.desk.pdf.read_pdf", slow)
    (tmp_path / "a.pdf").write_bytes(papers.pdf([WRAPPED]))
    with pytest.raises(Unread) as raised:
        desk.read_paper(tmp_path / "a.pdf", most_s=0.05)
    assert raised.value.fault is Fault.TOO_SLOW


def test_an_emails_date_and_subject_are_taken_as_they_stand(tmp_path: Path) -> None:
    paper = read(tmp_path, "a.eml", papers.letter(FLOOD))
    assert (paper.title, paper.sent_at) == ("Banjir di tiga desa", datetime.fromisoformat("2024-06-27T09:10:00+07:00"))
    assert read(tmp_path, "a.eml", papers.letter(FLOOD, date=None)).sent_at is None


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("SP-001_2024-06-27", "2024-06-27"), ("20240627 rilis", "2024-06-27"), ("Rilis 27-06-2024", "2024-06-27"),
        ("Rilis Banjir 27 Juni 2024", "2024-06-27"), ("SP-001", None), ("SP 7 VI 2024", None),
        ("rilis 081234567890", None),
    ],
)  # fmt: skip
def test_a_day_is_read_from_a_files_name(name: str, day: str | None) -> None:
    found = desk.day_of_name(name, WIB)
    assert (found and found.local.date().isoformat()) == day


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Nomor: SP/7/VI/2024", FLOOD[0], "Ngawi, 27 Juni 2024"], "2024-06-27 00:00"),
        (["Tanggal: 27/06/2024 pukul 14.10 WIB", FLOOD[0]], "2024-06-27 14:10"),
        (["Ngawi, 27 Juni 2024", "Tanggal: 27/06/2024 pukul 14.10 WIB"], "2024-06-27 14:10"),
        (["28/06/24, 22.10", "Kota Contoh, Kamis 27 Juni 2024", "Acara pada 30 Juni 2024 di aula"], "2024-06-27 00:00"),
        (["Ngawi, 27 Juni 2024", "Ngawi, 28 Juni 2024"], (date(2024, 6, 27), date(2024, 6, 28))),
        (["Ngawi - Hujan deras sejak sore merendam ratusan rumah di tiga desa, Kamis (27/6/2024) malam itu juga."],
         "2024-06-27 00:00"),
        (["Undang-Undang Nomor 12 tanggal 3 Mei 2011", *FLOOD], ()),
        (list(FLOOD), ()),
    ],
)  # fmt: skip
def test_a_day_is_read_from_a_paper_only_where_it_is_one(lines: list[str], expected: object) -> None:
    found = desk.printed_day(lines, WIB)
    assert (found.local.strftime("%Y-%m-%d %H:%M") if isinstance(found, At) else found) == expected


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("2024-06-27T14:10", "2024-06-27T14:10:00+07:00", Precision.MINUTE),
        ("2024-06-27 14:10", "2024-06-27T14:10:00+07:00", Precision.MINUTE),
        ("2024-06-27", "2024-06-27T00:00:00+07:00", Precision.DAY),
        ("27 Juni 2024 14.10 WITA", "2024-06-27T14:10:00+08:00", Precision.MINUTE),
        ("2024-06-27T14:10:30+09:00", "2024-06-27T14:10:30+09:00", Precision.MINUTE),
    ],
)
def test_a_moment_that_a_person_wrote(text: str, expected: str, precision: Precision) -> None:
    found = desk.read_moment(text, WIB)
    assert found == At(datetime.fromisoformat(expected), precision)


@pytest.mark.parametrize("text", ["kemarin dulu", "3 jam lalu", "2024-13-01", "27", "2099-01-01", ""])
def test_what_is_no_moment_is_refused(text: str) -> None:
    assert isinstance(desk.read_moment(text, WIB), Refused)


def test_wrapped_lines_are_joined_and_a_parted_word_too() -> None:
    assert joined([*WRAPPED[:2], "", "SIARAN PERS", "Nomor 7"])[1:] == ["SIARAN PERS", "Nomor 7"]
    long = "kata " * 14
    assert joined(["Polisi Evakuasi Warga dari Banjir di Desa", *WRAPPED[:2]])[0].endswith("di Desa")
    assert joined([f"{long}peng-", "umuman resmi"]) == [f"{long}pengumuman resmi"]
    assert joined([f"{long}anak-", "anak desa"]) == [f"{long}anak-anak desa"]


def test_the_headline_of_a_letter_is_the_line_before_its_text() -> None:
    lines = ["POLRES CONTOH", "Jalan Contoh Nomor 12, Kota Contoh", "Perihal: Siaran Pers Banjir Besar",
             "Polisi Evakuasi Warga dari Banjir di Tiga Desa", *FLOOD, "Kabid Humas Polda Contoh Raya"]  # fmt: skip
    assert title_of(lines) == "Polisi Evakuasi Warga dari Banjir di Tiga Desa"
    year = "Polda Contoh Siap Kawal Pilkada 2024"
    for line in (
        "Contoh, 27 Juni 2024",
        "B/123/VI/2024 siaran pers resmi",
        "Kode Pos 60123 Kota Contoh",
        "Telp (031) 8280 1 2",
    ):
        assert title_of([line, year, *FLOOD]) == title_of([year, line, *FLOOD]) == year, line
    assert title_of(FLOOD) == " ".join(FLOOD[0].split()[:26])


HEAD = "name;unit;title;text;released_at\n"


def test_a_list_is_read_with_semicolons_quotes_and_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'\ufeff{HEAD}SP-1;Polres;Banjir;"Satu.\n\nDua; tiga.";2024-06-27 14:10\n', encoding="utf-8")
    (row,) = desk.read_list(path, WIB)
    assert (row.name, row.unit, row.paragraphs) == ("SP-1", "Polres", ("Satu.", "Dua; tiga."))
    assert row.at.local == datetime.fromisoformat("2024-06-27T14:10:00+07:00")


FAULTY_LISTS = [
    (b"name,unit,title,released_at\n", "the column text is missing"),
    (HEAD.encode() + b"SP-1;;Banjir;Teks.;kapan-kapan\n", "line 2: released_at kapan-kapan: no date"),
    (HEAD.encode() + b"SP-1;;Banjir;;2024-06-27\n", "line 2: text is empty"),
    (HEAD.encode() + b"SP-1;;B;T;2024-06-27\nSP-1;;C;U;2024-06-27\n", "line 3: the name SP-1"),
    (HEAD.encode() + b"SP-1;;B;T;2024-06-27\nSP-2;;\xe9;U;2024-06-27\n", "line 3 is not UTF-8"),
    (b"", "the column name is missing"),
]


@pytest.mark.parametrize("number", range(len(FAULTY_LISTS)))
def test_a_list_with_a_fault_names_its_column_or_line(number: int, tmp_path: Path) -> None:
    data, named = FAULTY_LISTS[number]
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(desk.ListError) as error:
        desk.read_list(path, WIB)
    assert Spoken("en")(f"list_{error.value.fault}", **error.value.where).startswith(named)


def test_addresses_are_found_in_what_was_pasted() -> None:
    pasted = (
        "[27/06/24 14.10] Budi: https://a.example/berita/satu?utm_source=wa, sudah naik ya\n"
        "*https://a.example/dua*\nwww.b.example/tiga (https://b.example/empat_(1)).\nTerima kasih pak!\n\n"
        "https://a.example/dua\nbudi@b.example/x\n"
    )
    assert read_addresses(pasted) == (
        ["https://a.example/berita/satu?utm_source=wa", "https://a.example/dua", "https://www.b.example/tiga",
         "https://b.example/empat_(1)"], 2,
    )  # fmt: skip


def test_a_missing_library_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kwri_crawler.desk.papers.find_spec", lambda name: None if name == "pypdf" else object())
    desk.check_libraries([Path("a.docx"), Path("b.txt")])
    with pytest.raises(LibraryMissing, match=r"pip install 'kwri-crawler\[desk\]'"):
        desk.check_libraries([Path("a.PDF")])
