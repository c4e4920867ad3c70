"""One printed string to one moment: right, or refused with a reason; never wrong, never today's, never an exception."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kwri_crawler.dates import Refused, read_date, read_date_in_text
from kwri_crawler.items import Moment, Precision
from tests.score_dates import judge

ZONE = "Asia/Jakarta"
READ_AT = datetime.fromisoformat("2024-07-01T09:00:00+07:00")
NOON = datetime.fromisoformat("2024-06-27T14:10:00+07:00")  # when the relative phrases were read
DEV = Path(__file__).resolve().parents[2] / "shared" / "data" / "dates_dev.tsv"
THE_DAY, THE_MINUTE, THE_SECOND = "2024-06-27", "2024-06-27T14:10", "2024-06-27T14:10:33"


def shown(read: Moment | Refused) -> str:
    """Write a moment on the portal's clock as exactly as it is known; a refusal is empty."""
    if isinstance(read, Refused):
        return ""
    local = read.at.astimezone(ZoneInfo(ZONE))
    if read.precision is Precision.DAY:
        return read.local.date().isoformat()
    if read.precision is Precision.APPROXIMATE:
        return f"about {read.local.date().isoformat()}"
    return local.strftime("%Y-%m-%dT%H:%M:%S" if read.precision is Precision.SECOND else "%Y-%m-%dT%H:%M")


def cases(expected: str, *texts: str) -> list[tuple[str, str]]:
    return [(text, expected) for text in texts]


PRINTED = [
    *cases(
        THE_MINUTE,
        "Kamis,27 Juni 2024 14:10WIB", "27 Jun. 2024 14.10", "27/Jun/2024 14:10", "27.06.2024 14.10 WIB",
        "Kam, 27/06/24, 14.10", "Jun 27, 2024 02:10 PM WIB", "27 June 2024 2.10 p.m.",
        "14.10 WIB | Kamis, 27 Juni 2024",
        "Kamis, 27 Juni 2024 [14:10 WIB]", "27 Juni 2024 15.10 Wita", "27 Juni 2024 Pkl. 14.10", "27 Juni 2024 @ 14:10",
        "27 Juni 2024 pukul 02.10 siang", "Kamis Pahing 27 Juni 2024 14.10 WIB", "06/27/2024 2:10 PM",
        "Kamis , 27 Juni 2024 , 14 : 10 WIB", "Tanggal: 27/06/2024 Waktu: 14:10 WIB", "27 Juni 2024 14:10 GMT+7",
        "27 Juni 2024, 14.10 Waktu Indonesia Barat", "Kamis, 27 Juni 2024 14:10 WIB | 3 menit baca",
        "27 Juni 2024 14.10 - 16.00", "2024-06-27 02:10 PM", "2024-06-27 15:10 Waktu Indonesia Tengah",
        "Budi 27 Jun 2024 14:10 WIB Dibaca 1.245 kali", "27 June 2024, 2.10 p. m.", "27-Jun-24 14:10 WIB",
        "2024-06-27 WIB 14.10", "27//6/2024 14.10", "27/6//2024 14.10",
        "27 Juni 2024 14,10 WIB", "27 Juni 2024 15;10 wita", "27/6/2024-14:10", "27-6-2024/14:10",
        "27 Juni 2024. Pukul 14.10", "27. Juni 2024 um 14:10 Uhr", "27 June 2024 08:10 BST",
    ),
    *cases(
        THE_DAY,
        "20 Dzulhijjah 1445 H / 27 Juni 2024 M", "KAMIS, 27 JUNI 2024 | 16 HALAMAN | RP 5.000", "27Juni2024",
        "By Redaksi - 27 Juni 2024", "1.2K views 27 Juni 2024", "27 Juni 2024 12.345 kali dibaca", "27-Jun-24",
        "Dibaca: 1.234 | 27 Juni 2024", "27 Juni 2024 14:10 waktu setempat", "27 Juni 2024 2,5 juta",
        "Komentar 27 27 Juni 2024", "27.06.24", "27 Jun 24", "2024.06.27", "Kamis&nbsp;27&nbsp;Juni&nbsp;2024",
        "27 Juni 2024 pukul 14.10 waktu Makkah", "27 Juni 2024 1.20 rb dilihat", "27 Juni 2024 1.20 jt",
        "27 Juni 2024 14,10 warga",
    ),
    *cases(
        THE_SECOND,
        "2024-06-27T14:10:33.123456789+07:00", "2024-06-27T07:10:33,5Z", "2024-06-27 14:10:33 +0700",
        "20240627T071033Z",
        "2024-06-27T14:10:33 07:00", "2024-06-27T15:10:33 08:00", "2024-06-27T14:10:33WIB",
        "2024-06-27WIB14:10:33+07:00", "2024-06-27WITA15:10:33",
        "Thu, 27 Jun 24 07:10:33 GMT",
        "Kam, 27 Jun 2024 14:10:33 +0700", "Thu, 27 Jun 2024 03:10:33 EDT", "1719472233",
        "1719472233123", "1719472233.5",
        "2024-06-27T14%3A10%3A33%2B07%3A00", "Thu Jun 27 2024 14:10:33 GMT+0700 (Western Indonesia Time)",
    ),
    *cases(
        THE_MINUTE,
        "27 de junio de 2024, 14:10", "27 giugno 2024 14.10", "27 haziran 2024 14:10",
    ),
    *cases(THE_DAY, "27. cervna 2024", "27 Juin 2024"),
    ("27. März 2024", "2024-03-27"),
    ("27. Mai 2024, 14:10", "2024-05-27T14:10"),
    ("27 Maj 2024", "2024-05-27"),
    ("27 février 2024", "2024-02-27"),
    ("27 out 2023", ""),
    ("2024-06-27T1410", ""),
    ("Jum&rsquo;at, 28/6/2024 - 14.10 wib", "2024-06-28T14:10"),
    ("9 Desmber 2023", "2023-12-09"),
    ("3 Febuari 2024", "2024-02-03"),
    ("Wednesday, 06/05/2024", "2024-06-05"),  # the weekday tells that the month stands first
    ("5 Januari 2024 24:00", "2024-01-05"),  # a clock that cannot be costs the clock, not the day
]  # fmt: skip

LABELLED = [
    *cases(
        THE_DAY,
        "Diperbarui 28 Juni 2024, Diterbitkan 27 Juni 2024", "Perbarui: 28/06/2024 Terbit: 27/06/2024",
        "Update terakhir: 28 Juni 2024 - Dimuat: 27 Juni 2024", "Revisi 28 Juni 2024 | 27 Juni 2024",
        "Updated: June 28, 2024 | Published: June 27, 2024", "27 Juni 2024 | Updated 28 Juni 2024",
        "Pemutakhiran 28 Juni 2024 Terbit 27 Juni 2024",
    ),
]  # fmt: skip

RELATIVE = [
    *cases("2024-06-27T12:10", "2jam lalu", "± 2 jam yg lalu", "dua jam lalu", "2h ago", "Politik | 2 jam lalu",
           "Waktu baca 3 menit, 2 jam lalu", "2 jam lalu 125 views"),
    *cases("2024-06-27T12:10", "Diperbarui 30 menit lalu | Terbit 2 jam lalu", "Terbit 2 jam lalu, update: 1 jam lalu"),
    *cases("2024-06-27T13:40", "setengah jam yang lalu", "30 mnt lalu"),
    *cases("2024-06-27T12:40", "satu setengah jam lalu", "1 jam, 30 menit lalu"),
    *cases("2024-06-24", "3 hari yang lalu", "3 hr lalu", "3d ago"),
    *cases("2024-06-13", "2 pekan lalu", "2 mgg lalu"),
    *cases("about 2024-03-27", "3 bln lalu", "3 bulan yang lalu"),
    *cases("2024-06-25", "kemarin lusa", "Kemarin dulu", "Diposting kemarin lusa"),
    *cases("2024-06-25T10:00", "Kemarin lusa, 10.00 WIB"),
    *cases("2024-06-26T10:00", "Kemarin 10.00 WIB", "yesterday at 10:00", "kemarin jam 10:00"),
    *cases("", "baca 5 menit lalu tidur", "selama 5 jam", "2 jam lagi", "beberapa hari lalu", "1,5 jam lalu",
           "minggu lalu", "dalam 24 jam terakhir", "tadi malam", "besok 10:00", "3 hari sebelum pemilu",
           "99999 jam lalu", "40 tahun lalu",
           "hari ini ada 5 kasus baru"),
]  # fmt: skip

NO_DATES = (
    "0812-3456-7890", "(0271) 27-06-2024", "WA 0812 2024 0627", "skor 21-19, 21-15", "20-06", "27/6", "Rp 27.06.2024",
    "v2.0.24", "10.11.12", "versi 1.12.2023", "iOS 17.5.1", "192.168.1.10", "IP 10.12.20.24", "3578012706240001",
    "Nomor: 800/27/06/2024", "Pasal 27 Ayat 3 UU Nomor 1 Tahun 2024", "Blok M 27/6/24B", "3.14.2024.1", "M 6.2, 27 km",
    "Juni 2024", "27 Juni", "Kamis (27/6)", "2024", "06/2024", "14.10 WIB", "02:15:30", "Senin-Jumat 08.00-16.00",
    "26/27 Juni 2024", "26.27 Mai 2024", "27/6/2024-3",
    "27-28 Juni 2024", "27 s/d 29 Juni 2024", "27 Juni 2024 - 29 Juni 2024", "Edisi 27 Juni s.d 3 Juli 2024",
    "1 Muharram 1446 H", "31 Juni 2024", "29 Februari 2023", "00/00/0000", "27 Juni 20245", "27 Juni 2O24",
    "5 Korban 2024", "12 Desa 2023", "27 Julianto 2023", "5 Agung 2023", "21 Jantung 2023", "usia 3 tahun",
    "0000-00-00 00:00:00", "-0001-11-30T00:00:00+00:00", "0001-01-01T00:00:00Z", "01/01/0001", "1970-01-01", "0", "-1",
    "NaN", "{{date}}", "dd/mm/yyyy", "2024-W26-4", "PT2M30S", "2024-06-27T25:00:00+07:00", "2024-06-27T14:10:00+99:00",
    "(!2/6/2024)", "Kamis (!2/6/2024)", "@2/6/2024", "l2/6/2024", "o5/06/2024", "!2 Juni 2024", "!2 Jumi 2024",
    "27062024", "99999999", "1234567890", "9999-12-31", "3 Juli 2024", "27 Juni 2034", "", " \n\t", "\x00",
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PRINTED + LABELLED)
def test_a_byline_or_a_machines_date_is_read_to_what_it_prints(text: str, expected: str) -> None:
    assert shown(read_date(text, ZONE, READ_AT)) == expected


@pytest.mark.parametrize(("text", "expected"), RELATIVE)
def test_a_relative_phrase_is_counted_back_from_the_reading(text: str, expected: str) -> None:
    assert shown(read_date(text, ZONE, NOON)) == expected


@pytest.mark.parametrize("text", NO_DATES)
def test_what_holds_no_whole_date_is_refused_with_a_reason(text: str) -> None:
    read = read_date(text, ZONE, READ_AT)
    assert isinstance(read, Refused), read
    assert read.reason


@pytest.mark.parametrize(
    ("text", "expected", "flags"),
    [
        ("Rabu (26/6)", "2024-06-26", ("year inferred",)),
        ("Kamis (26/6/2024)", "2024-06-26", ("weekday disagrees",)),
        ("Rabu (26/5/2024)", "2024-06-26", ("repaired",)),
        ("Selasa (25/6/20224) malam", "2024-06-25", ("repaired",)),
        ("Rabu (26/6/2024) sekira pukul 21.15 WITA", "2024-06-26T20:15", ()),
        ("pukul 08.00-10.00 WIB, Selasa (25/6/2024)", "2024-06-25T08:00", ()),
        ("Kamis 20 Juni 2024 pukul 10.15 waktu setempat", "2024-06-20", None),
        ("Minggu (31/12)", "2023-12-31", ("year inferred",)),
        ("Rabu [26/6]", "2024-06-26", ("year inferred",)),
        ("Rabu (26//6/2024)", "2024-06-26", ()),
        ("Rabu (26/6) sejak pukul 22.00 WIB", "2024-06-26T22:00", ("year inferred",)),
        ("gempa pada 22-Feb-20 05:54:27 WIB", "2020-02-22T05:54:27", ()),
        ("SURABAYA, 1 Juli - Warga", "2024-07-01", ("year inferred",)),
        ("Jakarta (3 Maret): warga", "2024-03-03", ("year inferred",)),
        ("1 Juli, warga", "2024-07-01", ("year inferred",)),
        ("Minggu pagi tadi Pkl 06.00", "2024-06-23T06:00", ("weekday only",)),
        ("Kamis tadi", "2024-06-27", ("weekday only",)),
        ("Kamis lalu", "2024-06-20", ("weekday only",)),
        ("Rabu (!2/6/2024)", "", None),
        ("Rabu (26-06)", "2024-06-26", ("year inferred",)),
        ("Kamis (26-06)", "", None),  # a score, for all that its weekday says
        ("Rabu 26-6", "", None),
        ("Rabu (3-1)", "", None),
        ("Rabu (26/06-2024)", "2024-06-26", ()),
        ("Rabu (26\\6\\2024)", "2024-06-26", ()),
        ("Rabu (26,6,2024)", "2024-06-26", ()),
        ("Rabu 26 6 2024", "2024-06-26", ()),
        ("Kamis (26,6,2024)", "", None),
        ("Rabu (26,6,2023)", "", None),
        ("sore tadi (26/6)", "2024-06-26", ("year inferred",)),
        ("tadi malam, 26/6", "2024-06-26", ("year inferred",)),
        ("Rabu pekan lalu (19/6)", "2024-06-19", ("year inferred",)),
        ("Rabu minggu lalu (19/6)", "2024-06-19", ("year inferred",)),
        ("Sabtu, Minggu (23/6)", "2024-06-23", ("year inferred",)),
        ("Jalan 10 November, Surabaya", "", None),
        ("Warga Jakarta. Nilai 1 Juli, kata dia", "", None),
        ("LP/B/27/VI/2024 tanggal 25 Juni 2024", "2024-06-25", ()),
        ("Senin-Selasa (24-25/6)", "2024-06-24", None),
        ("lahir di Surabaya, 26 Juni 1985", "", None),
        ("UU Nomor 26 Tahun 2024", "", None),
        ("skor 3-1, 25-23", "", None),
        ("Rp 26.6.2024", "", None),
        ("sejak 17 Agustus 1945", "", None),
        ("minggu lalu", "", None),
        ("Selasa, 32 Juni 2024", "", None),
        ("hari ini", "", None),
    ],
)
def test_running_text_names_a_day_near_its_publication(text: str, expected: str, flags: tuple[str, ...] | None) -> None:
    read = read_date_in_text(text, ZONE, NOON)
    assert shown(read) == expected
    if flags is not None and isinstance(read, Moment):
        assert read.flags == flags


def test_the_strings_of_the_dev_file_are_read_without_one_wrong() -> None:
    if not DEV.exists():
        pytest.skip(f"{DEV} is not here; its strings are third parties' and stay out of the repository")
    with DEV.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert not [row["raw"] for row in rows if judge(row)[0] != "right"]


MONTHS = [
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
]  # fmt: skip
SHORT = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
ENGLISH = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jum'at", "Sabtu", "Minggu"]
ZONES = {"WIB": 7, "wita": 8, "WIT": 9, "GMT+7": 7, "UTC+08:00": 8, "UTC": 0, "+0900": 9, "Waktu Indonesia Tengah": 8}
DAY_FORMS = (
    "{day}, {d} {m} {y}", "{day} {d:02} {s} {y}", "{d} {e} {y}", "{m} {d}, {y}", "{e} {d}, {y}", "{s} {d}, {y}",
    "{d:02}/{n:02}/{y}", "{d}-{n}-{y}", "{d:02}.{n:02}.{y}", "{y}-{n:02}-{d:02}", "{y}/{n:02}/{d:02}",
    "{day} ({d}/{n}/{y})",
)  # fmt: skip
GAPS = (" ", ", ", " - ", " | ", " pukul ", ", Pukul: ", " jam ", " @ ")
CLOCKS = ("{h:02}:{i:02}", "{h:02}.{i:02}", "{h}:{i:02}", "{h:02}:{i:02}:{sec:02}", "{h:02}.{i:02}.{sec:02}")
LABELS = ("", "Diterbitkan: ", "Oleh Redaksi - ", "admin | ", "Diposting pada ", "Surabaya, ", "Posted on ")
ENDINGS = ("", " oleh Budi", " | Dibaca 12 kali", " - 3 menit baca")
moments = st.datetimes(datetime(1995, 1, 1), datetime(2024, 6, 28))


@settings(max_examples=400, deadline=None)
@given(
    moments, st.sampled_from(DAY_FORMS), st.sampled_from(GAPS), st.sampled_from(CLOCKS), st.sampled_from(sorted(ZONES)),
    st.sampled_from(LABELS), st.sampled_from(ENDINGS),
)  # fmt: skip
def test_any_moment_in_any_form_and_zone_reads_back_as_itself(
    face: datetime, form: str, gap: str, clock: str, zone: str, label: str, ending: str
) -> None:
    parts = {
        "day": DAYS[face.weekday()], "d": face.day, "n": face.month, "y": face.year, "m": MONTHS[face.month - 1],
        "s": SHORT[face.month - 1], "e": ENGLISH[face.month - 1], "h": face.hour, "i": face.minute, "sec": face.second,
    }  # fmt: skip
    text = label + (form + gap + clock).format(**parts) + " " + zone + ending
    read = read_date(text, ZONE, READ_AT)
    assert isinstance(read, Moment), (text, read)
    has_second = "sec" in clock
    expected = face.replace(second=face.second if has_second else 0, microsecond=0)
    assert read.at == expected.replace(tzinfo=timezone(timedelta(hours=ZONES[zone]))), text
    assert read.local.utcoffset() == timedelta(hours=ZONES[zone]), text
    assert read.precision is (Precision.SECOND if has_second else Precision.MINUTE), text
    assert "weekday disagrees" not in read.flags


@settings(max_examples=300, deadline=None)
@given(moments, st.integers(-11, 14), st.sampled_from(["seconds", "milliseconds"]), st.sampled_from(["T", " "]))
def test_any_moment_that_a_machine_prints_reads_back_as_itself(face: datetime, hours: int, spec: str, sep: str) -> None:
    moment = face.replace(tzinfo=timezone(timedelta(hours=hours)))
    read = read_date(moment.isoformat(sep, spec), ZONE, READ_AT)
    assert isinstance(read, Moment)
    assert read.at == moment.replace(microsecond=0)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1985, 2030), st.integers(1, 12), st.integers(1, 31), st.sampled_from("T "), st.times(),
    st.sampled_from(["", "Z", "+07:00", "-0500", "+14:59", "-00:00"]),
)  # fmt: skip
def test_a_machines_date_says_alone_what_it_says_behind_a_word(
    year: int, month: int, day: int, sep: str, clock: time, zone: str
) -> None:
    text = f"{year}-{month:02}-{day:02}{sep}{clock:%H:%M:%S}{zone}"
    alone, behind = read_date(text, ZONE, READ_AT), read_date(f"terbit {text}", ZONE, READ_AT)
    if isinstance(alone, Moment) and isinstance(behind, Moment):
        assert replace(alone, text="") == replace(behind, text="")
        assert alone.local.utcoffset() == behind.local.utcoffset()
    else:
        assert alone == behind


WORDS = (
    *MONTHS, *SHORT, *DAYS, *ZONES, "lalu", "jam", "hari", "yang", "kemarin", "31", "0", "99", "2024", "/", "24", "-",
    ".", ":", "(", "pukul", "9999", "setengah", "se", "dua belas", "s/d", "1/1/0001",
)  # fmt: skip
ANY_TEXT = (
    st.text(max_size=200)
    | st.text("0123456789:./-+TZ, ", max_size=40)
    | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
)


@settings(max_examples=600, deadline=None)
@given(ANY_TEXT, st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", "UTC"]))
@example("01/01/0001 WIB", ZONE)
@example("999 tahun lalu", ZONE)
@example("² Juni 2024", ZONE)
@example("١٢٣٤٥٦٧٨", ZONE)
def test_no_text_of_any_kind_raises_or_gives_a_date_outside_of_the_webs_years(text: str, zone: str) -> None:
    for read in (read_date(text, zone, READ_AT), read_date_in_text(text, zone, READ_AT)):
        if isinstance(read, Moment):
            assert read.at.year >= 1989
    read = read_date(text, zone, READ_AT)
    assert isinstance(read, Refused) or read.at <= READ_AT + timedelta(days=1)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([text for text in NO_DATES if text.strip()]),
    st.sampled_from(["Diterbitkan: ", "Oleh Redaksi | ", "Terakhir diperbarui ", "Surabaya, ", "Posted on "]),
    st.sampled_from(["", " oleh admin", " | Dibaca 5 kali", " - Berita"]),
)
def test_a_refused_text_stays_refused_with_labels_around_it(text: str, label: str, ending: str) -> None:
    assert isinstance(read_date(label + text + ending, ZONE, READ_AT), Refused)


def test_a_page_pasted_where_a_date_should_be_costs_no_time() -> None:
    read_date("Kamis, 27 Juni 2024", ZONE, READ_AT)
    one = _cpu("Kamis, 27 Juni 2024 14:10 WIB " * 10)
    assert _cpu("Kamis, 27 Juni 2024 14:10 WIB " * 4000) < 20 * one + 0.01
    assert isinstance(read_date("2 jam " * 10_000, ZONE, READ_AT), Refused)


def _cpu(text: str) -> float:
    import time

    start = time.process_time()
    for _ in range(20):
        read_date(text, ZONE, READ_AT)
    return time.process_time() - start


def test_a_day_alone_is_local_midnight_of_the_portal() -> None:
    read = read_date("1 Maret 2024", "Asia/Jayapura", READ_AT)
    assert isinstance(read, Moment)
    assert read.at == datetime(2024, 2, 29, 15, tzinfo=UTC)
    assert read.local.date() == date(2024, 3, 1)
