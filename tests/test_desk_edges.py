"""A desk's papers: the last that is taken and the first that is not, of lines, zips, days, letters, lists and links."""

from __future__ import annotations

import io
import signal
import zipfile
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from kwri_crawler.copies.texts import LONGEST
from kwri_crawler.dates import Refused
from kwri_crawler.desk import papers
from kwri_crawler.desk.addresses import MOST_LINES, read_addresses
from kwri_crawler.desk.bounds import Fault, Unread, open_zip, read_bytes, within_seconds
from kwri_crawler.desk.letters import read_letter, read_web_page, visible
from kwri_crawler.desk.lines import joined
from kwri_crawler.desk.lists import ListError, ListFault, read_list
from kwri_crawler.desk.moments import day_of_name, printed_day, read_moment
from kwri_crawler.items import Precision

ZONE = "Asia/Jakarta"


# ---------------------------------------------------------------------- lines


def wrapped(length: int) -> str:
    return "x" * length


@pytest.mark.parametrize(("length", "is_one"), [(86, True), (85, False)])  # 85 + a blank + 4 are 90 of 100
def test_a_line_goes_on_where_the_next_word_had_no_room_in_nine_tenths(length: int, is_one: bool) -> None:
    others = [line for _ in range(11) for line in (wrapped(100), "")]
    found = joined([*others, wrapped(length), "kata lain"])
    assert len(found) == 11 + (1 if is_one else 2)


def test_of_ten_lines_the_longest_may_be_a_tables() -> None:
    lines = [wrapped(40) for _ in range(9)]
    assert joined([*lines, "", wrapped(200)]) == [" ".join(lines), wrapped(200)]
    assert joined(["", "  "]) == []


@pytest.mark.parametrize(
    ("before", "line", "together"),
    [
        ("ba-", "gian lain", "bagian lain"), ("a-", "bagian", "a- bagian"),
        ("anak-", "anak pulang", "anak-anak pulang"),
        ("Anak-", "anak pulang", "Anak-anak pulang"), ("Jakarta-", "Bandung", "Jakarta- Bandung"),
        ("jalan", "raya", "jalan raya"), ("lari-", "2024", "lari- 2024"),
    ],
)  # fmt: skip
def test_a_word_that_was_parted_at_a_lines_end_is_one_again(before: str, line: str, together: str) -> None:
    full = wrapped(30) + " "
    assert joined([full + before, line]) == [full + together]


# ---------------------------------------------------------------------- what a file may cost


def a_zip(parts: dict[str, bytes], packed: dict[str, int] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content, (packed or {}).get(name, zipfile.ZIP_DEFLATED))
    return out.getvalue()


def fault_of(data: bytes) -> Fault | None:
    try:
        open_zip(data)
    except Unread as error:
        return error.fault
    return None


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"a.xml": b"x" * 8_000_000}, None), ({"a.xml": b"x" * 8_000_001}, Fault.TOO_LARGE),
        ({"a.rels": b"x" * 8_000_001}, Fault.TOO_LARGE), ({"a.png": b"x" * 8_000_001}, None),
        ({"a.png": b"x" * 25_000_000, "b.png": b"x" * 25_000_001}, Fault.TOO_LARGE),
        ({f"{n}.png": b"" for n in range(2_000)}, None), ({f"{n}.png": b"" for n in range(2_001)}, Fault.TOO_LARGE),
    ],
)  # fmt: skip
def test_a_zip_is_as_large_as_a_paper_may_be_and_no_larger(parts: dict[str, bytes], fault: Fault | None) -> None:
    assert fault_of(a_zip(parts)) is fault


def test_one_part_that_is_packed_by_other_means_or_damaged_is_enough() -> None:
    two = {"a.xml": b"satu dua tiga", "b.xml": b"empat lima enam"}
    assert fault_of(a_zip(two, {"a.xml": zipfile.ZIP_STORED})) is None
    assert fault_of(a_zip(two, {"b.xml": zipfile.ZIP_BZIP2})) is Fault.DAMAGED
    stored = a_zip(two, {"a.xml": zipfile.ZIP_STORED})
    assert fault_of(stored.replace(b"satu dua tiga", b"satu dua lima")) is Fault.DAMAGED
    assert fault_of(b"PK\x03\x04") is Fault.DAMAGED
    flags = bytearray(stored)
    flags[stored.index(b"PK\x01\x02") + 8] |= 1  # of the first part: it has a password
    assert fault_of(bytes(flags)) is Fault.PASSWORD


@pytest.mark.parametrize(("size", "is_read"), [(20_000_000, True), (20_000_001, False)])
def test_a_file_is_as_large_as_a_paper_may_be(size: int, is_read: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.truncate(size)
    if is_read:
        assert len(read_bytes(path)) == size
        return
    with pytest.raises(Unread) as error:
        read_bytes(path)
    assert error.value.fault is Fault.TOO_LARGE


def test_what_ends_in_time_leaves_no_clock_running() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with within_seconds(30):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) is before


# ---------------------------------------------------------------------- when it was sent


def words(number: int) -> str:
    return " ".join(["kata"] * number)


@pytest.mark.parametrize(
    ("lines", "precision"),
    [
        ([f"{words(8)} pada 27 Juni 2024 pukul 14.10"], Precision.MINUTE),  # 14 words: a line of its own
        ([f"{words(9)} pada 27 Juni 2024 pukul 14.10"], Precision.DAY),  # 15: running text, of which days count
        ([words(15), words(15), f"{words(15)} (27/6/2024)"], Precision.DAY),
        ([words(15), words(15), words(15), f"{words(15)} (27/6/2024)"], None),
        ([f"{words(15)} (27/6/2024) dan (28/6/2024)"], None),
        (["Nomor 12 tanggal 27 Juni 2024"], None),
        (["Ngawi, 27 Juni 2024", "Rapat 25 Juni 2024"], Precision.DAY),
    ],
)  # fmt: skip
def test_a_papers_day_stands_in_a_short_line_or_in_its_opening(lines: list[str], precision: Precision | None) -> None:
    found = printed_day(lines, ZONE)
    if precision is None:
        assert not hasattr(found, "precision")
    else:
        assert hasattr(found, "precision")
        assert (found.local.date(), found.precision) == (date(2024, 6, 27), precision)


def test_of_several_days_all_are_named_and_of_one_the_most_exact_moment_is_taken() -> None:
    assert printed_day(["Rapat 27 Juni 2024", "Acara 25 Juni 2024"], ZONE) == (date(2024, 6, 25), date(2024, 6, 27))
    found = printed_day(["Rapat 27 Juni 2024", "Acara 27 Juni 2024 pukul 09.15", "Usai 27 Juni 2024"], ZONE)
    assert hasattr(found, "precision")
    assert (found.local.hour, found.precision) == (9, Precision.MINUTE)
    assert printed_day(["Tanpa hari"], ZONE) == ()


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("rilis_20240627.docx", "2024-06-27"), ("2024-06-27 rilis", "2024-06-27"), ("rilis 27_Juni_2024", "2024-06-27"),
        ("rilis 27-06-2024", "2024-06-27"), ("20241327", None), ("20240632", None), ("120240627", None),
        ("202406271", None), ("rilis 27", None), ("20240630", "2024-06-30"), ("20241231", "2024-12-31"),
    ],
)  # fmt: skip
def test_a_day_in_a_files_name_has_its_year(name: str, day: str | None) -> None:
    found = day_of_name(name, ZONE)
    assert (found and found.local.date().isoformat()) == day


def test_a_moment_without_a_year_is_none() -> None:
    assert isinstance(read_moment("kemarin", ZONE), Refused)
    assert isinstance(read_moment("27 Juni", ZONE), Refused)
    found = read_moment(" 2024-06-27T14:10 ", ZONE)
    assert not isinstance(found, Refused)
    assert (found.local.isoformat(), found.precision) == ("2024-06-27T14:10:00+07:00", Precision.MINUTE)


# ---------------------------------------------------------------------- letters and pages


def a_letter(attachments: int, body: str = "isi", subject: str | None = "Rilis", sent: str | None = None) -> bytes:
    message = EmailMessage()
    if subject is not None:
        message["Subject"] = subject
    if sent is not None:
        message["Date"] = sent
    message.set_content(body)
    for number in range(attachments):
        message.add_attachment(f"{number}".encode() * (number + 10), "text", "plain", filename=f"{number}.txt")
    return message.as_bytes()


@pytest.mark.parametrize("attachments", [0, 9, 10, 11])
def test_of_a_letter_the_longest_text_is_taken_among_ten_attachments(attachments: int) -> None:
    found = read_letter(a_letter(attachments), lambda name, content: [f"{name}: {content.decode()}"])
    last = min(attachments, 10) - 1
    assert found.paragraphs == (["isi"] if not attachments else [f"{last}.txt: {str(last) * (last + 10)}"])
    assert found.subject == "Rilis"


def test_an_attachment_that_is_not_read_leaves_the_body() -> None:
    def read(*_: object) -> list[str]:
        raise Unread(Fault.SCAN)

    found = read_letter(a_letter(1, "isi surat", None), read)
    assert (found.subject, found.paragraphs, found.sent_at) == (None, ["isi surat"], None)


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        ("Thu, 27 Jun 2024 14:10:00 +0700", datetime(2024, 6, 27, 7, 10, tzinfo=UTC)),
        ("Thu, 27 Jun 2024 14:10:00 -0000", None), ("kemarin", None), (None, None),
    ],
)  # fmt: skip
def test_a_letters_date_counts_with_its_zone_alone(sent: str | None, at: datetime | None) -> None:
    assert read_letter(a_letter(0, sent=sent), lambda *_: []).sent_at == at


def test_what_is_seen_of_a_page_is_a_block_a_paragraph_and_no_script() -> None:
    html = "<body><h1>Judul</h1><script>x</script>satu<br>dua<p>tiga  empat</p><td>lima</td><nav>menu</nav></body>"
    assert visible(html) == ["Judul", "satu", "dua", "tiga empat", "lima"]
    assert visible("") == []
    assert read_web_page(b"<title>Rilis  hari ini</title><p>Satu</p>") == ("Rilis hari ini", ["Satu"])
    assert read_web_page(b"<title>Dokumen1</title><h1>Rilis  hari ini</h1>") == ("Rilis hari ini", ["Rilis hari ini"])
    assert read_web_page(b"<p>Satu</p>") == (None, ["Satu"])


# ---------------------------------------------------------------------- lists and links


def list_of(text: str, tmp_path: Path) -> list[tuple[str, str | None, str, tuple[str, ...]]]:
    path = tmp_path / "daftar.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return [(row.name, row.unit, row.title, row.paragraphs) for row in read_list(path, ZONE)]


def test_a_list_is_parted_by_what_its_first_line_has_more_of(tmp_path: Path) -> None:
    row = ("1", None, "Judul, satu", ("Isi satu", "Isi; dua"))
    assert list_of('name;title;text;released_at\n1;Judul,  satu;"Isi satu\n\nIsi; dua";2024-06-27', tmp_path) == [row]
    assert list_of('name,title,text,released_at\n1,"Judul, satu","Isi satu\nIsi; dua",2024-06-27', tmp_path) == [row]


@pytest.mark.parametrize(
    ("rows", "fault", "where"),
    [
        ("1,J,I,2024-06-27\n1,J,I,2024-06-27\n", ListFault.TWICE, {"line": "3", "value": "1"}),
        ("1,J,,2024-06-27\n", ListFault.EMPTY_CELL, {"line": "2", "column": "text"}),
        ("1,J,I,kemarin\n", ListFault.NO_MOMENT, {"line": "2", "value": "kemarin"}),
        ("1,J," + "x" * 1_000_001 + ",2024-06-27\n", ListFault.NO_CSV, {}),
    ],
)
def test_a_list_with_a_fault_is_not_taken_and_says_where(
    rows: str, fault: ListFault, where: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(ListError) as error:
        list_of(f"name,title,text,released_at\n{rows}", tmp_path)
    assert (error.value.fault, error.value.where) == (fault, where)


def test_a_list_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_bytes(b"name,title,text,released_at\n1,J,I,2024-06-27\n2,J,I\xff,2024-06-27\n")
    with pytest.raises(ListError) as error:
        read_list(path, ZONE)
    assert (error.value.fault, error.value.where) == (ListFault.NOT_UTF8, {"line": "3"})


@pytest.mark.parametrize(
    ("text", "found", "without"),
    [
        ("kabar.id/a (kabar.id/b_(1)). _https://kabar.id/c_",
         ["https://kabar.id/a", "https://kabar.id/b_(1)", "https://kabar.id/c"], 0),
        ("kabar.id/a\nkabar.id/a\n\n  \nhalo\nkabar.id", ["https://kabar.id/a"], 2),
        ("a@kabar.id/a x/kabar.id/b", [], 1), ("https://a.id", ["https://a.id"], 0), ("https://a.i", [], 1),
        ("(kabar.id/a) kabar.id/b_(1.", ["https://kabar.id/a", "https://kabar.id/b_(1"], 0),
        ("HTTPS://Kabar.id/A.", ["HTTPS://Kabar.id/A"], 0), ('"https://kabar.id/a"|<https://kabar.id/b>',
         ["https://kabar.id/a", "https://kabar.id/b"], 0),
    ],
)  # fmt: skip
def test_an_address_ends_where_its_sentence_goes_on(text: str, found: list[str], without: int) -> None:
    assert read_addresses(text) == (found, without)


def test_so_many_lines_are_looked_at_and_no_more() -> None:
    text = "\n" * (MOST_LINES - 1) + "kabar.id/a\nkabar.id/b"
    assert (MOST_LINES, read_addresses(text)) == (20_000, (["https://kabar.id/a"], 0))


# ---------------------------------------------------------------------- a paper


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["Kepala surat", "Satu dua tiga empat", words(27)], "Satu dua tiga empat"),
        (["Kepala surat", "Satu dua tiga", words(27)], words(26)),
        ([words(25), words(27)], words(25)),
        ([words(26), words(27)], words(26)),
        (["Satu dua tiga empat", "Lima enam tujuh delapan", "Kalimat pertama dari isi surat.", "Lain dua tiga empat"],
         "Lima enam tujuh delapan"),
        (["Empat kata di sini.", "Lima kata yang lain lagi", words(27)], "Lima kata yang lain lagi"),
        (["Jalan Raya Ngawi Satu", "Telp. (031) 555 satu dua", "Judul yang sebenarnya itu", words(27)],
         "Judul yang sebenarnya itu"),
        (["KEPALA SURAT DINAS CONTOH", "BPBD: 1.204 Warga Tiga Desa Mengungsi", words(27)],
         "BPBD: 1.204 Warga Tiga Desa Mengungsi"),
        (["Judul rilis yang benar", "Perihal: satu dua tiga empat lima enam", words(27)], "Judul rilis yang benar"),
        (["Judul rilis yang benar", "Penanggung jawab : Andi Budi Citra Dedi Eko", words(27)],
         "Judul rilis yang benar"),
        (["Judul rilis yang benar", "Penanggung jawab: Andi Budi Citra Dedi", words(27)], "Judul rilis yang benar"),
        (["KEPALA SURAT DINAS CONTOH", f"Yth. rekan media {words(27)}", "Judul rilis yang benar", words(27)],
         "Judul rilis yang benar"),
        (["KEPALA SURAT DINAS CONTOH", "*JUDUL RILIS YANG TEBAL*", words(27)], "JUDUL RILIS YANG TEBAL"),
        (["Nomor: satu dua tiga empat", "Telp 8280 satu dua tiga", "1 satu dua tiga empat", "pendek"],
         "Nomor: satu dua tiga empat"),
    ],
)  # fmt: skip
def test_a_headline_is_the_last_line_of_four_to_25_words_before_the_text(lines: list[str], title: str) -> None:
    assert papers.title_of(lines) == title


@pytest.mark.parametrize(("controls", "is_text"), [(1, True), (2, False)])
def test_a_text_has_at_most_a_hundredth_of_signs_that_no_text_has(controls: int, is_text: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\x01" * controls + b"satu " * 19 + b"x" * (5 - controls))
    if is_text:
        assert papers.read_paper(path).paragraphs[0].endswith("satu xxxx")
        return
    with pytest.raises(Unread) as error:
        papers.read_paper(path)
    assert error.value.fault is Fault.NOT_TEXT


def test_of_a_long_paper_so_many_characters_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n\n".join(["a" * (LONGEST - 3), "bcdef", "tidak"]), encoding="utf-8")
    assert [len(each) for each in papers.read_paper(path).paragraphs] == [LONGEST - 3, 3]


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("a.txt", b"12 34 ()", Fault.EMPTY), ("a.xyz", b"satu dua", Fault.OTHER_KIND),
        ("a.docx", b"satu", Fault.DAMAGED),
        ("a.txt", b"{\\rtf1", Fault.RICH_TEXT), ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Fault.OLD_WORD),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Fault.PASSWORD),
    ],
)  # fmt: skip
def test_a_file_is_what_its_first_bytes_say(name: str, data: bytes, fault: Fault, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Unread) as error:
        papers.read_paper(tmp_path / name)
    assert error.value.fault is fault
