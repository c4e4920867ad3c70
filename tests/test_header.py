"""The lines around a title: a printed date is found whole, with all that its clock needs, or its day alone."""

import pytest

from kwri_crawler.items import DateKind
from kwri_crawler.pages.header import around, below, dates_in, posted_at_end, says_when
from kwri_crawler.pages.writers import author_in

WHOLE = (
    "20 Juni 2026 pukul 4.05 sore WIB", "20 Juni 2026, 7:40 malam", "June 20 2026, 3:54 p.m.",
    "20 June 2026, 3.54 P. M.",
    "20 Juni 2026 (8.15 malam)", "20 Juni 2026 pkl. 03.10 dini hari", "05-Oct-26 15:54:10 WITA",
    "20.06.2026 pada 09:15",
    "2026-10-05WIB15:54:10+07:00", "2026-10-05T15:54:10+08:00", "2026-10-05T08:54Z", "15.54 WIB | Sabtu, 20 Juni 2026",
    "20/Jun/2026 15:54", "20 Juni 2026 15:54 (WIB)",
    "20 Juni 2026 15:54 UTC", "20 Juni 2026 15:54 (GMT+8)", "June 20, 2026 | 7:55 AM EST", "20.06.26 | 15:54",
    "20. Juni 2026 um 15:54", "3:54 p.m. EDT June 20, 2026", "3:54 PM, June 20, 2026",
)  # fmt: skip


@pytest.mark.parametrize("printed", WHOLE)
def test_a_printed_date_is_found_with_its_whole_clock(printed: str) -> None:
    (found,) = dates_in([f"Oleh Budi Santoso - {printed} - Dibaca 12 kali"])
    assert (found.kind, found.text) == (DateKind.PUBLISHED, printed)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("20 Juni 2026, 5 komentar", "20 Juni 2026"),
        ("20 Juni 2026 - 3 menit baca", "20 Juni 2026"),
        ("Skor 2.10 pada 20 Juni 2026", "20 Juni 2026"),
        ("20 Juni 2026 10:15 Malamulo", "20 Juni 2026 10:15"),
        ("20 Juni 2026 10:15 amin", "20 Juni 2026 10:15"),
    ],
)
def test_what_only_stands_beside_a_date_is_no_part_of_it(line: str, found: str) -> None:
    assert [date.text for date in dates_in([line])] == [found]


def test_an_update_is_told_by_the_label_before_it() -> None:
    found = list(dates_in(["Terbit 20 Juni 2026 15:54 | Diperbarui: 21 Juni 2026 4.05 sore"]))
    assert [(date.kind, date.text) for date in found] == [
        (DateKind.PUBLISHED, "20 Juni 2026 15:54"),
        (DateKind.UPDATED, "21 Juni 2026 4.05 sore"),
    ]


def test_a_headline_is_found_behind_a_kicker() -> None:
    title = "Tiga Desa Terendam Banjir"
    assert around(["Jember: Tiga Desa Terendam Banjir", "20 Juni 2026"], title) == ["20 Juni 2026"]
    assert around([f"Baca juga berita yang lain dari kami sebelum ini: {title}", "20 Juni 2026"], title) == []


def test_what_stands_below_a_text_ends_where_other_articles_begin() -> None:
    lines = ["Akhir teks.", "Terbit 20 Juni 2026", "Berita Terkait", "21 Juni 2026"]
    assert below(lines, ["Akhir teks."]) == ["Terbit 20 Juni 2026"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["Oleh Budi", "20 Juni 2026", "Panen raya dimulai besok pagi", "21 Juni 2026"], ["Oleh Budi"]),
        (["20 Juni 2026", "Budi", "Panen Raya", "Bagikan"], ["20 Juni 2026", "Budi", "Panen Raya", "Bagikan"]),
        (["Lain 21 Juni 2026", "22 Juni 2026"], []),
    ],
    ids=["above a headline", "a person and a tag", "a link and its date"],
)
def test_a_date_beside_another_article_s_headline_is_that_article_s(lines: list[str], found: list[str]) -> None:
    linked = {"", "Panen raya dimulai besok pagi", "Budi", "Panen Raya", "Lain"}
    assert below(["Akhir teks.", *lines], ["Akhir teks."], linked) == found


@pytest.mark.parametrize(
    ("last", "is_said"),
    [
        ("Diposting pada 20/06/2026 pukul 19:00 oleh Budi", True),
        ("Panen raya dimulai 20 Juni 2026", False),
        ("Diterbitkan 20 Juni 2026. Hasilnya naik dua kali.", False),
    ],
)
def test_a_last_line_that_only_says_when_it_was_posted_dates_a_text(last: str, is_said: bool) -> None:
    assert posted_at_end(["Teks.", last]) == ([last] if is_said else [])


@pytest.mark.parametrize(
    ("line", "is_said"),
    [
        ("Rabu, 7 Oktober 2026 09:15 WIB", True),
        ("Terbit 7 Oktober 2026", True),
        ("Jember, 7 Oktober 2026", True),
        ("Rina Wati | 7 Oktober 2026 | dibaca 120 kali", True),
        ("Oleh: Rina Wati, Joko Susilo dan Budi, 7 Oktober 2026", True),
        ("Diperbarui pada 7 Oktober 2026", True),
        ("Terdaftar di Dewan Pers 12 Juni 2023", False),
        ("Kabar Muara berdiri 17 Agustus 2019", False),
        ("Copyright 2020-01-01", False),
        ("Hak cipta: 1 Januari 2024", False),
        ("Pendaftaran dibuka sampai 12 Desember 2026", False),
    ],
)
def test_a_line_below_a_text_dates_it_where_it_says_nothing_else(line: str, is_said: bool) -> None:
    assert says_when(line) is is_said


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Rina Wati, Kabar Muara", "Rina Wati"),
        ("Rina Wati, Kabar Muara | 7 Oktober 2026 09:15", "Rina Wati"),
        ("7 Oktober 2026 09:15 - Rina Wati (Kabar Muara)", "Rina Wati"),
        ("Rina Wati / Kabar Muara", "Rina Wati"),
        ("Jember, Kabar Muara", None),
        ("Rina Wati, Joko Susilo", None),
        ("Redaksi, Kabar Muara", None),
        ("Von Rita Vogel · 7. Oktober 2026, 09:15 Uhr", "Rita Vogel"),
        ("Von: Rita Vogel", "Rita Vogel"),
        ("Von Muara nach Hilir", None),
        ("Jane Miller, Staff Writer", "Jane Miller"),
        ("Rina Wati, Kontributor Jember", "Rina Wati"),
        ("Kepala Dinas, seorang guru", None),
        ("Joko Susilo, Ketua Kelompok Nelayan", None),  # below a picture, as often as above a text
        ("Bandar Lampung, Kabar Muara", None),
        ("Kota Malang - Kabar Muara", None),
        ("KOTA GAJAH, KABAR MUARA", None),
        ("Penulis | : | Rina Wati", "Rina Wati"),
        ("Kabar Muara, Kabar Muara", None),
    ],
)
def test_a_name_beside_the_portal_s_a_job_or_a_label_is_the_author_s(line: str, author: str | None) -> None:
    assert author_in([line], ("Kabar Muara",)) == author
