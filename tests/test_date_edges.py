"""The figures by which dates are read and chosen: a case just inside of each, and one just outside."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kwri_crawler.dates import Dated, Refused, date_article, read_date, read_date_in_text, with_dates
from kwri_crawler.dates.datelines import read_dateline
from kwri_crawler.dates.words import MONTHS, clean, month_number
from kwri_crawler.items import Clock, DateKind, DateSource, DateText, Moment, Precision
from tests.archives import an_article

ZONE = "Asia/Jakarta"
READ_AT = datetime.fromisoformat("2024-07-01T09:00:00+07:00")
PUBLISHED = datetime.fromisoformat("2024-06-27T14:10:00+07:00")  # a Thursday


def read(text: str, read_at: datetime = READ_AT) -> str:
    """Return the printed moment on Jakarta's clock, its day alone where no clock is known, or "" when it is refused."""
    found = read_date(text, ZONE, read_at)
    if isinstance(found, Refused):
        return ""
    local = found.at.astimezone(ZoneInfo(ZONE))
    return local.strftime("%Y-%m-%d" if found.precision in (Precision.DAY, Precision.APPROXIMATE) else "%Y-%m-%d %H:%M")


def flags(text: str) -> tuple[str, ...]:
    found = read_date(text, ZONE, READ_AT)
    assert isinstance(found, Moment), found
    return found.flags


# ---------------------------------------------------------------------- one printed date


@pytest.mark.parametrize("year", range(25, 70))
@pytest.mark.parametrize("form", ["27/06/{}", "27-Jun-{}", "27 Juni '{}", "27.06.{}", "27 Jun {}", "27/6/{} 14.10"])
def test_two_digits_are_a_year_of_this_century_up_to_69(form: str, year: int) -> None:
    printed = form.format(year)
    later = datetime(2070, 1, 1, tzinfo=UTC)
    assert read(printed, later)[:10] == f"20{year}-06-27"
    assert read_date_in_text("Rabu (26/6/24)", ZONE, PUBLISHED).at.year == 2024  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("year", "right"), [("69", "2069"), ("70", ""), ("89", ""), ("90", "1990"), ("99", "1999"), ("00", "2000")]
)
def test_from_70_on_two_digits_are_a_year_of_the_last_century_of_which_the_web_saw_ten(year: str, right: str) -> None:
    assert read(f"27/06/{year}", datetime(2071, 1, 1, tzinfo=UTC))[:4] == right


@pytest.mark.parametrize(("printed", "right"), [
    ("1 Januari 1990", "1990-01-01"), ("31 Desember 1989", ""), ("1989-12-31T23:59:59+07:00", ""),
    ("2 Juli 2024 09:00 WIB", "2024-07-02 09:00"), ("2 Juli 2024 09:01 WIB", ""), ("2 Juli 2024", "2024-07-02"),
    ("3 Juli 2024", ""), ("2024-07-02T09:00:00+07:00", "2024-07-02 09:00"), ("2024-07-02T09:00:01+07:00", ""),
    ("2024-07-02T03:00:00+01:00", "2024-07-02 09:00"), ("2024-07-03T00:00:00+14:00", ""),
])  # fmt: skip
def test_a_date_lies_between_1990_and_a_day_ahead(printed: str, right: str) -> None:
    assert read(printed) == right


@pytest.mark.parametrize(("clock", "right"), [
    ("07.30 malam", "19:30"), ("3.54 sore", "15:54"), ("6.00 malam", "18:00"), ("5.59 malam", "05:59"),
    ("11.59 malam", "23:59"), ("1.00 siang", "13:00"), ("4.59 siang", "16:59"), ("5.00 siang", "05:00"),
    ("12.15 siang", "12:15"), ("11.00 siang", "11:00"), ("1.30 sore", "13:30"), ("7.45 sore", "19:45"),
    ("8.00 sore", "08:00"), ("6.10 petang", "18:10"), ("7.10 petang", "19:10"), ("07.30 pagi", "07:30"),
    ("3.54 dini hari", "03:54"), ("4.10 subuh", "04:10"), ("19.30 malam", "19:30"), ("15.54 sore", "15:54"),
    ("0.30 malam", "00:30"), ("0.30 sore", "00:30"), ("0.30 siang", "00:30"), ("0.30 petang", "00:30"),
    ("1.15 malam", "01:15"), ("12.30 dini hari", "00:30"),
    ("02.10 pm", "14:10"), ("12.10 pm", "12:10"), ("12.10 am", "00:10"), ("11.10 a.m.", "11:10"), ("14.10 pm", "14:10"),
])  # fmt: skip
def test_a_part_of_the_day_tells_which_half_a_clock_is_of(clock: str, right: str) -> None:
    assert read(f"Kamis, 27 Juni 2024 {clock}") == f"2024-06-27 {right}"


@pytest.mark.parametrize(("printed", "right"), [
    ("Kamis sore, 27 Juni 2024 pukul 04.15 WIB", "16:15"), ("Kamis (27/6/2024) malam pukul 08.20", "20:20"),
    ("2.05 sore, 27 Juni 2024", "14:05"), ("08:20 malam, Kamis 27 Juni 2024", "20:20"),
    ("27 Juni 2024 | 11.40 malam WITA", "22:40"), ("27 Jun 2024 8:20 mlm", "20:20"), ("27 Jun 2024 3.15 ptg", "15:15"),
    ("Kamis pagi, 27 Juni 2024 pukul 04.15 WIB", "04:15"), ("Kamis sore, 27 Juni 2024 10:15", "10:15"),
    ("Kamis malam, 27 Juni 2024 20:15", "20:15"), ("Kamis sore, 27 Juni 2024 4:15 am", "04:15"),
])  # fmt: skip
def test_a_part_of_the_day_may_stand_anywhere_beside_the_date(printed: str, right: str) -> None:
    assert read(printed) == f"2024-06-27 {right}"


@pytest.mark.parametrize(("printed", "right"), [
    ("Kam, 06/27/2024 - 14:10", "2024-06-27 14:10"), ("Jum, 05/03/2024 - 14:05", "2024-05-03 14:05"),
    ("Fr, 05/03/2024 - 14:05", "2024-05-03 14:05"), ("ven, 03/05/2024 - 14:05", "2024-05-03 14:05"),
    ("2 min, 05/03/2024", "2024-03-05"),  # a reading time
    ("3 mai 2024 à 14:05", "2024-05-03 14:05"), ("3 de maio de 2024 às 14h05", "2024-05-03 14:05"),
    ("3 de mayo de 2024 a las 14:05", "2024-05-03 14:05"),
    ("3 May 2024 14:05 HKT", "2024-05-03 13:05"), ("3 May 2024 14:05 AEST", "2024-05-03 11:05"),
    ("3 May 2024 14:05 IST", "2024-05-03"), ("3 Mei 2024 pukul 14.05 waktu Beijing", "2024-05-03"),
])  # fmt: skip
def test_weekdays_clocks_and_zones_of_other_countries(printed: str, right: str) -> None:
    assert read(printed) == right


def test_twelve_at_night_belongs_to_two_days_so_that_only_the_day_is_known() -> None:
    """A wrong date is worse than a missing clock: noon it is not."""
    assert read("27 Juni 2024 pukul 12.30 malam") == "2024-06-27"
    assert flags("27 Juni 2024 pukul 12.30 malam") == ("clock cannot be read",)


ZONES = {
    "WIB": 7, "WITA": 8, "WIT": 9, "Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "PST": -8, "PDT": -7, "MST": -7, "MDT": -6,
    "CST": -6, "CDT": -5, "EST": -5, "EDT": -4, "SGT": 8, "MYT": 8, "JST": 9, "KST": 9, "ICT": 7, "CET": 1, "CEST": 2,
    "WAS": 3, "waktu Indonesia barat": 7, "waktu Indonesia bagian tengah": 8, "waktu Indonesia timur": 9, "GMT+7": 7,
    "UTC -3": -3, "GMT+0530": 5.5, "UTC+08:00": 8, "+0700": 7, "+09:30": 9.5, "-0330": -3.5, "+1400": 14, "GMT+14": 14,
    "GMT-11": -11, "GMT+0559": 5 + 59 / 60,
}  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_a_zone_is_so_many_hours_from_utc(zone: str) -> None:
    found = read_date(f"27 Juni 2024 14:10 {zone}", ZONE, READ_AT)
    assert isinstance(found, Moment)
    assert found.local.utcoffset() == timedelta(hours=ZONES[zone])
    assert found.local.replace(tzinfo=None) == datetime(2024, 6, 27, 14, 10)


@pytest.mark.parametrize("zone", ["GMT+15", "UTC+07:75", "GMT-20", "GMT+0760"])
def test_a_zone_that_cannot_be_is_none(zone: str) -> None:
    found = read_date(f"27 Juni 2024 14:10 {zone}", ZONE, READ_AT)
    assert isinstance(found, Moment)
    assert found.local.utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize("name", MONTHS)
def test_every_month_in_every_spelling_is_its_month(name: str) -> None:
    assert read(f"7 {name} 2023") == f"2023-{MONTHS[name]:02}-07"


@pytest.mark.parametrize(("word", "number"), [
    ("jumi", None), ("septembre", 9), ("dessember", 12), ("agusutus", 8), ("novenber", 11), ("oktobre", 10),
    ("januery", 1), ("vesember", None), ("jeptember", None), ("market", None), ("korban", None), ("agung", None),
    ("jantung", None), ("desain", None),
    ("seotember", 9), ("febrari", 2), ("okober", 10), ("oktxxer", None), ("desembxx", None),
])  # fmt: skip
def test_a_long_month_is_known_by_four_fifths_of_its_letters(word: str, number: int | None) -> None:
    assert month_number(word) == number


@pytest.mark.parametrize(("name", "day"), [
    ("Senin", 24), ("senen", 24), ("Isnin", 24), ("Soma", 24), ("Selasa", 25), ("Anggara", 25), ("Rabu", 26),
    ("Rebo", 26),
    ("Buda", 26), ("Kamis", 27), ("Khamis", 27), ("Wraspati", 27), ("Jumat", 28), ("Jum'at", 28), ("Jum at", 28),
    ("Jum’ah", 28), ("Jemuwah", 28), ("Sukra", 28), ("Sabtu", 22), ("Setu", 22), ("Saniscara", 22), ("Minggu", 23),
    ("Ahad", 23), ("Redite", 23), ("Sunday", 23), ("Mgg", 23),
])  # fmt: skip
def test_a_weekday_beside_a_date_agrees_with_it_or_is_flagged(name: str, day: int) -> None:
    assert flags(f"{name}, {day} Juni 2024") == ()
    assert flags(f"{day} Juni 2024, {name}") == ()
    assert flags(f"{name}, {day - 7 if day > 22 else day + 7} Juni 2024") == ()
    assert flags(f"{name}, {day - 1} Juni 2024") == ("weekday disagrees",)


@pytest.mark.parametrize(("printed", "right", "flagged"), [
    ("05/06/2024", "2024-06-05", ("day first assumed",)), ("13/06/2024", "2024-06-13", ()),
    ("06/06/2024", "2024-06-06", ()),
    ("06/13/2024", "2024-06-13", ("month first",)), ("12/06/2024", "2024-06-12", ("day first assumed",)),
    ("Rabu, 05/06/2024", "2024-06-05", ()), ("Senin, 05/06/2024", "2024-05-06", ("month first",)),
    ("Selasa, 05/06/2024", "2024-06-05", ("weekday disagrees",)), ("31/06/2024", "", ()), ("00/06/2024", "", ()),
])  # fmt: skip
def test_of_two_numbers_the_day_is_first_unless_a_weekday_or_the_calendar_says_otherwise(
    printed: str, right: str, flagged: tuple[str, ...]
) -> None:
    assert read(printed) == right
    assert not right or flags(printed) == flagged


@pytest.mark.parametrize(("number", "right"), [
    ("20240627", "2024-06-27"), ("202406271410", "2024-06-27 14:10"), ("20240627141033", "2024-06-27 14:10"),
    ("1719472200", "2024-06-27 14:10"), ("1719472200123", "2024-06-27 14:10"), ("1719472200.5", "2024-06-27 14:10"),
    ("4719472200", ""), ("171947220", ""), ("17194722001", ""), ("171947220012", ""), ("20241327", ""),
    ("631151999", ""),
    ("0719472200", ""), ("1234567890123", ""), ("٢٠٢٤٠٦٢٧", ""), ("1٧19472200", ""), ("２０２４０６２７", "2024-06-27"),
])  # fmt: skip
def test_a_bare_number_is_a_date_by_its_length(number: str, right: str) -> None:
    assert read(number) == right


@pytest.mark.parametrize(("printed", "right"), [
    ("23.11.12", ""), ("24.11.12", "2012-11-24"),  # as often a clock up to 23 hours
    ("27 Juni 2024 - 27 Juni 2024", "2024-06-27"), ("27 Juni 2024 - 28 Juni 2024", ""),
])  # fmt: skip
def test_what_may_be_a_clock_or_two_days_is_no_date(printed: str, right: str) -> None:
    assert read(printed) == right


def test_of_a_long_text_three_hundred_characters_are_read() -> None:
    printed = "27 Juni 2024"
    assert read("x" * (299 - len(printed)) + " " + printed) == "2024-06-27"
    assert read("x" * (300 - len(printed)) + " " + printed) == ""
    assert len(clean("a" * 400)) == 300


@pytest.mark.parametrize(("around", "right"), [
    ("satu dua tiga empat lima enam {}", "2024-07-01 07:00"), ("satu dua tiga empat lima enam tujuh {}", ""),
    ("satu dua tiga {} empat lima enam", "2024-07-01 07:00"), ("satu dua tiga {} empat lima enam tujuh", ""),
])  # fmt: skip
def test_a_relative_phrase_stands_among_six_words_at_most(around: str, right: str) -> None:
    assert read(around.format("2 jam lalu")) == right
    just_now = around.format("baru saja")
    assert read(just_now) == (right and "2024-07-01 09:00")


@pytest.mark.parametrize(("phrase", "right"), [
    ("1 detik lalu", "2024-07-01 08:59"), ("5 menit lalu", "2024-07-01 08:55"), ("sejam lalu", "2024-07-01 08:00"),
    ("sehari lalu", "2024-06-30"), ("seminggu lalu", "2024-06-24"), ("sebulan lalu", "2024-06-01"),
    ("dua belas jam lalu", "2024-06-30 21:00"), ("sebelas hari lalu", "2024-06-20"), ("setahun lalu", "2023-07-01"),
    ("2 hari 3 jam lalu", "2024-06-29 06:00"), ("1 jam 30 menit lalu", "2024-07-01 07:30"),
    ("5m ago", "2024-07-01 08:55"),
    ("3w ago", "2024-06-10"), ("2y ago", "2022-07-01"), ("3 hr ago", "2024-07-01 06:00"), ("3 hr lalu", "2024-06-28"),
    ("hari ini", "2024-07-01"), ("hari ini, 08:15 WIB", "2024-07-01 08:15"), ("kemarin", "2024-06-30"),
    ("kemarin, 21.00 oleh Budi", "2024-06-30 21:00"), ("kemarin oleh Budi", "2024-06-30"), ("kemarin warga marah", ""),
    ("kemarin lusa", "2024-06-29"), ("33 tahun lalu", "1991-07-01"), ("35 tahun lalu", ""),
])  # fmt: skip
def test_a_relative_phrase_is_counted_back(phrase: str, right: str) -> None:
    assert read(phrase) == right


@pytest.mark.parametrize(("printed", "right", "flagged"), [
    ("2024-06-27 t25:00", "", ()), ("2024-06-27t25:00", "", ()),
    ("2024-06-27 25:00", "2024-06-27", ("clock cannot be read",)),
    ("27 Juni 2024 oleh Budi, 25:99", "2024-06-27", ()),
    ("27 Juni 2024 pukul 25:99", "2024-06-27", ("clock cannot be read",)),
    ("Thu Jun 27 14:10:33 WIB 2024", "2024-06-27 14:10", ()), ("Thu Jun 27 14:10:33 2024", "2024-06-27 14:10", ()),
    ("Diperbarui 27 Juni 2024", "2024-06-27", ("printed as an update",)), ("Terbit 27 Juni 2024", "2024-06-27", ()),
    ("1.20 27 Juni 2024", "2024-06-27 01:20", ()), ("dibaca 1.20 27 Juni 2024", "2024-06-27", ()),
    ("dibaca 1:20 27 Juni 2024", "2024-06-27 01:20", ()), ("dibaca pukul 1.20 27 Juni 2024", "2024-06-27 01:20", ()),
    ("2024 Juni 27", "2024-06-27", ()), ("Juni 27, 2024", "2024-06-27", ()), ("27 of June 2024", "2024-06-27", ()),
    ("27 Juni 2024 l 14.10", "2024-06-27 14:10", ()), ("27 Juni 2024 M 14.10", "2024-06-27 14:10", ()),
    ("27 Juni 2024 ml 14.10", "2024-06-27", ()), ("31 Februarri 2024", "", ()), ("31 avril 2024", "", ()),
    ("12024 Juni 27", "", ()), ("27 Juni 2024 14:10 (waktu setempat)", "2024-06-27", ("clock of another place",)),
    ("2024-06-27T14-10-33Z", "2024-06-27 14:10", ("false Z",)),
    ("2024-06-27 T14:10:33Z", "2024-06-27 14:10", ("false Z",)),
    ("2024-06-27T07:10:33 07:00", "2024-06-27 07:10", ()), ("2024-06-27T14:10:33+0700x", "2024-06-27 14:10", ()),
])  # fmt: skip
def test_a_clock_is_that_of_its_date_or_none(printed: str, right: str, flagged: tuple[str, ...]) -> None:
    assert read(printed) == right
    assert not right or flags(printed) == flagged


# ---------------------------------------------------------------------- in running text


def in_text(text: str) -> tuple[str, tuple[str, ...]]:
    found = read_date_in_text(text, ZONE, PUBLISHED)
    return ("", ()) if isinstance(found, Refused) else (found.local.date().isoformat(), found.flags)


@pytest.mark.parametrize(("text", "right", "flagged"), [
    ("Kamis (7/7/2024)", "2024-07-07", ("weekday disagrees",)),  # ten days ahead
    ("Kamis (8/7/2024)", "", ()),
    ("Kamis (17/6/2024)", "2024-06-17", ("weekday disagrees",)),
    ("Kamis (16/6/2024)", "2024-06-16", ("weekday disagrees",)),
    ("Senin (17/5/2024)", "2024-06-17", ("repaired",)),  # the 17th of May is a Friday, ten days back it is a Monday
    ("Minggu (16/5/2024)", "2024-05-16", ("weekday disagrees",)),
    ("Minggu (7/9/2024)", "2024-07-07", ("repaired",)), ("Senin (8/9/2024)", "", ()),
    ("1 Agustus 2025", "2025-08-01", ()), ("2 Agustus 2025", "", ()),  # 400 days ahead
    ("tanggal 25 Oktober", "2024-10-25", ("year inferred",)), ("tanggal 26 Oktober", "", ()),  # 120 days
    ("tanggal 28 Februari", "2024-02-28", ("year inferred",)), ("tanggal 27 Februari", "", ()),
    ("Kamis (7/7)", "2024-07-07", ("year inferred", "weekday disagrees")),
    ("Senin (8/7)", "2024-07-08", ("year inferred",)),
    ("Sabtu (8/7)", "2023-07-08", ("year inferred",)), ("Selasa (8/7)", "2025-07-08", ("year inferred",)),
    ("Minggu (23/1)", "2024-06-23", ("year inferred", "repaired")), ("Jumat (8/7)", "", ()),
    ("Kamis (31/12)", "", ()), ("Sabtu (30/2)", "", ()), ("Rabu (26/6/1989)", "2024-06-26", ("repaired",)),
    ("tanggal 31 Desember 1989", "", ()), ("tanggal 1 Januari 1990", "1990-01-01", ()),
    ("Rabu (6/26/2024)", "2024-06-26", ()), ("Rabu (9/19/2024)", "", ()),  # two errors in one date
    ("Senin {24/6}", "2024-06-24", ("year inferred",)),
])  # fmt: skip
def test_a_day_in_a_text_is_placed_near_its_publication(text: str, right: str, flagged: tuple[str, ...]) -> None:
    assert in_text(text) == (right, flagged)


@pytest.mark.parametrize(("text", "right"), [
    ("pada 26 Juni", "2024-06-26"), ("sejak 26 Juni", "2024-06-26"), ("per 26 Juni", "2024-06-26"),
    ("tgl. 26 Juni", "2024-06-26"),
    ("hari ini 26 Juni", "2024-06-26"), ("warga 26 Juni", ""), ("Rabu, 26 Juni", "2024-06-26"),
    ("26 Juni 2024", "2024-06-26"),
    ("tanggal 26.6", ""), ("tanggal 26.6.2024", "2024-06-26"), ("tanggal 26.6.24", ""),
    ("tanggal 26-6-2024", "2024-06-26"),
    ("tanggal 26/6/24", "2024-06-26"), ("tanggal 6/26/2024", "2024-06-26"), ("June 26, 2024", "2024-06-26"),
    ("September 26, 2023", "2023-09-26"),
    ("2024-06-26", "2024-06-26"), ("pasal 26/6/2024", ""), ("lahir 26 Juni 2004", ""),
    ("kelahiran Malang, 26 Juni 2004", ""),
    ("Senin lalu", "2024-06-24"), ("Kamis lalu", "2024-06-20"), ("Jumat malam lalu", "2024-06-21"),
    ("Ahad lalu", "2024-06-23"),
])  # fmt: skip
def test_a_day_without_a_year_needs_a_word_that_points_at_it(text: str, right: str) -> None:
    assert in_text(text)[0] == right


@pytest.mark.parametrize(("text", "right"), [
    ("Rabu (26/6/2024) pukul 21.15 WIB", "21:15"), ("Rabu (26/6/2024) 21.15 WIB", "21:15"),
    ("Rabu (26/6/2024) 21.15", "00:00"),
    ("Rabu (26/6/2024) waktu setempat pukul 21.15", "00:00"),
    ("Rabu (26/6/2024)waktu setempat pukul 21.15", "00:00"), ("pukul 21.15, Rabu (26/6/2024)", "21:15"),
    ("Rabu (26/6/2024) pukul 21.15 waktu Makkah", "00:00"),
    ("pukul 21.15, Rabu (26/6/2024) waktu setempat", "00:00"),
])  # fmt: skip
def test_a_clock_beside_a_day_in_a_text_needs_its_word_or_a_zone(text: str, right: str) -> None:
    found = read_date_in_text(text, ZONE, PUBLISHED)
    assert isinstance(found, Moment)
    assert found.local.strftime("%Y-%m-%d %H:%M") == f"2024-06-26 {right}"


# ---------------------------------------------------------------------- one article, many dates

FETCHED_AT = datetime(2024, 7, 1, 2, 0, tzinfo=UTC)  # 09:00 in Jakarta
SOURCES = {
    "ld": DateSource.JSON_LD, "meta": DateSource.META, "time": DateSource.TIME, "byline": DateSource.BYLINE,
    "feed": DateSource.FEED, "sitemap": DateSource.SITEMAP, "index": DateSource.INDEX,
}  # fmt: skip


def dated(url: str = "https://contoh.example/a", **texts: str) -> Dated:
    """Return the dates of an article: ld="..." is a publication in JSON-LD, ld_updated="..." an update."""
    found = []
    for name, text in texts.items():
        source, _, updated = name.partition("_")
        found.append(DateText(DateKind.UPDATED if updated else DateKind.PUBLISHED, SOURCES[source], text))
    return date_article(tuple(found), ZONE, FETCHED_AT, url)


def shown(dates: Dated) -> tuple[str, str | None]:
    assert dates.published is not None, dates.reason
    return f"{dates.published.local:%d %H:%M:%S%z}", dates.published.source and dates.published.source.value


@pytest.mark.parametrize(("update", "counts"), [
    ("2024-06-27T14:10:59+07:00", False), ("2024-06-27T14:11:00+07:00", True), ("2024-06-27T14:09:00+07:00", False),
    ("2024-06-27", False), ("2024-06-28", True), ("2024-06-26", False),
])  # fmt: skip
def test_an_update_comes_a_minute_later_or_on_a_later_day(update: str, counts: bool) -> None:
    assert (dated(ld="2024-06-27T14:10:00+07:00", ld_updated=update).updated is not None) is counts
    assert (dated(ld="2024-06-27", ld_updated="2024-06-27T23:59:59+07:00").updated is not None) is False


@pytest.mark.parametrize(("machine", "right"), [
    ("2024-06-27T14:24:59+07:00", "27 14:24:59+0700"), ("2024-06-27T14:25:01+07:00", "27 14:10:00+0700"),
    ("2024-06-27T13:55:01+07:00", "27 13:55:01+0700"), ("2024-06-27T14:12:00+07:00", "27 14:10:00+0700"),
])  # fmt: skip
def test_a_machine_within_a_quarter_of_an_hour_makes_a_byline_exact_to_the_second(machine: str, right: str) -> None:
    assert shown(dated(byline="27 Juni 2024 14:10 WIB", ld=machine))[0] == right
    assert shown(dated(byline="27 Juni 2024 14:10 WIB", feed=machine))[0] == "27 14:10:00+0700", "a feed is no page"


@pytest.mark.parametrize(("other", "flagged"), [
    ("2024-06-28T14:10:00+07:00", False), ("2024-06-28T14:10:01+07:00", True), ("2024-06-26T14:10:00+07:00", False),
    ("2024-06-26T14:09:59+07:00", True), ("2024-06-28", False), ("2024-06-29", True),
])  # fmt: skip
def test_sources_disagree_from_a_day_on(other: str, flagged: bool) -> None:
    found = dated(byline="27 Juni 2024 14:10 WIB", feed=other).published
    assert found is not None
    assert ("sources disagree by more than a day" in found.flags) is flagged


@pytest.mark.parametrize(("texts", "winner"), [
    ({"byline": "1 Juni 2024 10:00 WIB", "ld": "2024-06-27T14:10:00+07:00"}, "byline"),
    ({"byline": "1 Juni 2024 10:00 WIB", "ld": "2024-06-27T14:10:00+07:00",
      "feed": "2024-06-27T14:10:00+07:00"}, "json-ld"),
    ({"byline": "1 Juni 2024 10:00 WIB", "ld": "2024-06-27T14:10:00+07:00",
      "feed": "2024-06-20T14:10:00+07:00"}, "byline"),
    ({"byline": "1 Juni 2024 10:00 WIB", "ld": "2024-06-27T14:10:00+07:00", "feed": "2024-06-27T14:10:00+07:00",
      "index": "2024-06-01T20:00:00+07:00"}, "byline"),
    ({"ld": "2024-06-27T14:10:00+07:00", "meta": "2024-06-27T15:10:00+07:00"}, "json-ld"),
    ({"meta": "2024-06-27T14:10:00+07:00", "time": "2024-06-27T15:10:00+07:00"}, "meta"),
    ({"time": "2024-06-27T14:10:00+07:00", "feed": "2024-06-27T15:10:00+07:00"}, "time"),
    ({"feed": "2024-06-27T14:10:00+07:00", "index": "2024-06-27T15:10:00+07:00"}, "feed"),
    ({"index": "2024-06-27T14:10:00+07:00", "sitemap": "2024-06-27T15:10:00+07:00"}, "index"),
    ({"byline": "2 hari lalu", "sitemap": "2024-06-27T15:10:00+07:00"}, "sitemap"),
    ({"byline": "2 bulan lalu", "index": "2 hari lalu"}, "index"), ({"byline": "2 bulan lalu"}, "byline"),
])  # fmt: skip
def test_the_first_source_wins_unless_two_others_agree_against_it(texts: dict[str, str], winner: str) -> None:
    assert shown(dated(**texts))[1] == winner


@pytest.mark.parametrize(("texts", "winner"), [
    ({"byline": "1 Juli 2024 09:09 WIB", "ld": "2024-06-20T10:00:00+07:00"}, "json-ld"),
    ({"byline": "1 Juli 2024 09:10 WIB", "ld": "2024-06-20T10:00:00+07:00"}, "json-ld"),
    ({"byline": "1 Juli 2024 09:11 WIB", "ld": "2024-06-20T10:00:00+07:00"}, "byline"),
    ({"byline": "1 Juli 2024 08:49 WIB", "ld": "2024-06-20T10:00:00+07:00"}, "byline"),
    ({"byline": "1 Juli 2024", "ld": "2024-06-20T10:00:00+07:00"}, "json-ld"),
    ({"byline": "30 Juni 2024", "ld": "2024-06-20T10:00:00+07:00"}, "byline"),
    ({"byline": "1 Juli 2024 09:00 WIB", "ld": "2024-06-29T09:00:00+07:00"}, "byline"),  # two days are no more than two
    ({"byline": "1 Juli 2024 09:00 WIB", "ld": "2024-06-29T08:59:59+07:00"}, "json-ld"),
    ({"byline": "1 Juli 2024 09:00 WIB", "time": "2024-06-20T10:00:00+07:00"}, "byline"),  # of another article, perhaps
    ({"byline": "1 Juli 2024 09:00 WIB", "feed": "2024-06-20T10:00:00+07:00"}, "feed"),
    ({"byline": "1 Juli 2024 09:00 WIB", "ld_updated": "2024-06-20T10:00:00+07:00"}, "byline"),
])  # fmt: skip
def test_a_clock_in_the_head_is_within_ten_minutes_of_the_fetch_and_two_days_after_the_others(
    texts: dict[str, str], winner: str
) -> None:
    assert shown(dated(**texts))[1] == winner


@pytest.mark.parametrize(("machine", "right"), [
    ("2024-06-27T14:12:00Z", "27 14:12:00+0700"),
    ("2024-06-27T14:08:00Z", "27 14:08:00+0700"),  # the same face: a false Z
    ("2024-06-27T14:13:00Z", "27 21:13:00+0700"), ("2024-06-27T07:10:00Z", "27 14:10:00+0700"),
    ("2024-06-27T03:25:00-04:00", "27 14:25:00+0700"), ("2024-06-27T03:26:00-04:00", "27 03:26:00+0700"),  # 15 minutes
    ("2024-06-27T15:10:00+08:00", "27 15:10:00+0800"), ("2024-06-27T16:10:00+09:00", "27 16:10:00+0900"),
    ("2024-06-27T13:10:00+06:00", "27 14:10:00+0700"), ("2024-06-27T20:10:00+10:00", "27 20:10:00+0700"),
])  # fmt: skip
def test_a_machines_zone_is_believed_where_the_byline_confirms_the_moment(machine: str, right: str) -> None:
    evidence = next(e for e in dated(meta=machine, byline="27 Juni 2024 14:10 WIB").evidence if "T" in e.printed.text)
    assert evidence.at is not None
    assert evidence.at == datetime.strptime(f"2024-06-{right}", "%Y-%m-%d %H:%M:%S%z")


@pytest.mark.parametrize(("machine", "right"), [
    ("2024-07-01T02:15:00Z", "01 09:15:00+0700"), ("2024-07-01T02:15:01Z", "01 02:15:01+0700"),
    ("2024-06-27T14:10:00+08:00", "27 14:10:00+0800"), ("2024-06-27T14:10:00+10:00", "27 14:10:00+0700"),
])  # fmt: skip
def test_a_zone_alone_is_believed_unless_it_is_abroad_or_a_quarter_of_an_hour_ahead(machine: str, right: str) -> None:
    assert shown(dated(meta=machine))[0] == right


@pytest.mark.parametrize(("other", "day", "assumed"), [
    ("2024-06-05T10:00:00+07:00", "06-05", False), ("2024-06-06T10:00:00+07:00", "06-05", False),
    ("2024-06-07T10:00:00+07:00", "06-05", True), ("2024-05-06T10:00:00+07:00", "05-06", False),
    ("2024-05-07T10:00:00+07:00", "06-05", True),
])  # fmt: skip
def test_the_order_of_two_numbers_is_settled_by_a_source_within_a_day(other: str, day: str, assumed: bool) -> None:
    (byline,) = [e for e in dated(byline="05/06/2024", sitemap=other).evidence if e.printed.source is DateSource.BYLINE]
    assert ("day first assumed" in byline.flags) is assumed
    assert byline.at is not None
    assert f"{byline.at.astimezone(ZoneInfo(ZONE)):%m-%d}" == day


@pytest.mark.parametrize(("url", "right"), [
    ("https://x.id/2024/06/27/judul", "27"), ("https://x.id/2024/6/7/judul", "07"), ("https://x.id/2024/06/27", "27"),
    ("https://x.id/2024/06/judul", ""), ("https://x.id/2024/06/32/judul", ""), ("https://x.id/1899/06/27/judul", ""),
    ("https://x.id/2024/13/27/judul", ""), ("https://x.id/2024/06/271/judul", ""),
])  # fmt: skip
def test_a_day_in_the_address_has_a_year_a_month_and_a_day(url: str, right: str) -> None:
    found = dated(url).published
    assert (f"{found.local:%d}" if found else "") == right


def test_what_every_source_said_is_kept_with_its_distance_from_the_winner() -> None:
    found = dated(byline="27 Juni 2024 14:10 WIB", meta="2024-06-27T18:40:00Z", feed="28 Juni 2024", index="besok")
    said = {e.printed.source.value: (e.won, e.offset_s, e.printed_offset_s, e.reason) for e in found.evidence}
    assert said == {
        "byline": (True, 0, 0, None), "meta": (False, 41_400, 41_400, None), "feed": (False, 86_400, 86_400, None),
        "index": (False, None, None, "no date with day, month and year"),
    }  # fmt: skip


def test_a_rule_of_the_portals_file_is_not_judged_again() -> None:
    printed = (DateText(DateKind.PUBLISHED, DateSource.META, "2024-06-27T14:10:00-04:00"),)
    for clock, right in ((Clock.PRINTED, "28 01"), (Clock.LOCAL, "27 14"), (Clock.UTC, "27 21")):
        found = date_article(printed, ZONE, FETCHED_AT, "https://x.id/a", ((DateSource.META, clock),))
        assert found.published is not None
        assert f"{found.published.at.astimezone(ZoneInfo(ZONE)):%d %H}" == right
        assert found.published.flags == ()


def test_an_update_that_is_told_as_one_is_no_longer_flagged_so() -> None:
    found = dated(byline="Diperbarui 28 Juni 2024 14:10 WIB", ld="2024-06-27T14:10:00+07:00")
    assert found.updated is not None
    assert found.updated.flags == ()
    (evidence,) = [e for e in found.evidence if e.kind is DateKind.UPDATED]
    assert (evidence.won, evidence.flags) == (True, ())


def test_a_zone_left_abroad_is_named_where_its_source_tells_of_the_winners_day() -> None:
    same = dated(byline="27 Juni 2024 14:10 WIB", ld="2024-06-27T14:10:00-04:00").published
    other = dated(byline="27 Juni 2024 14:10 WIB", ld="2024-06-20T14:10:00-04:00").published
    assert same is not None
    assert other is not None
    assert ("zone left abroad" in same.flags, "zone left abroad" in other.flags) == (True, False)


@pytest.mark.parametrize(("paragraphs", "days"), [
    (("A - Warga.", "B.", "Rapat Rabu (26/6)."), ["2024-06-26"]), (("A.", "B.", "C.", "Rapat Rabu (26/6)."), []),
])  # fmt: skip
def test_the_first_three_paragraphs_name_the_event(paragraphs: tuple[str, ...], days: list[str]) -> None:
    article = replace(
        an_article("a"), paragraphs=paragraphs, fetched_at=FETCHED_AT,
        dates=(DateText(DateKind.PUBLISHED, DateSource.BYLINE, "27 Juni 2024 14:10 WIB"),),
    )  # fmt: skip
    assert [one.day for one in with_dates(article).event_dates] == days


# ---------------------------------------------------------------------- datelines


@pytest.mark.parametrize(("opening", "place"), [
    ("daftar isi\n" * 4 + "SURABAYA - Warga", "Surabaya"), ("daftar isi\n" * 5 + "SURABAYA - Warga", None),
    ("a" * 60 + "\nSURABAYA - Warga", "Surabaya"), ("a" * 61 + "\nSURABAYA - Warga", None),
    ("Kalimat usai.\nSURABAYA - Warga", None), ("Kalimat usai. \nSURABAYA - Warga", None),
    ("Selengkapnya\nANTAH - Warga", None),
    ("Jakarta\nWarga", "Jakarta"), ("Jakarta, kota\nWarga", None), ("Jakarta, NU Online\nWarga", "Jakarta"),
    ("Antah\nWarga", None), ("Jakarta" + ", NU Online" * 6 + "\nWarga", None),
    ("Satu Dua Tiga Empat, x.com - Warga", "Satu Dua Tiga Empat"), ("Satu Dua Tiga Empat Lima, x.com - Warga", None),
    ("PIKIRAN RAKYAT MEDAN, SUMUT - Warga", "Medan"), ("SAN JOSE DE ANTAH - Warga", "San Jose de Antah"),
    ("Jubi, Jubi Jayapura - Warga", "Jayapura"),
    ("KONTAN.CO.ID - JAKARTA. Warga", "Jakarta"), ("SUASANA JAKARTA. Warga", None), ("X.com, JakartaWarga", "Jakarta"),
    ("Kata, JakartaWarga", None), ("X.com-Warga", None), ("X.com-warga", None),
    ("TRIBUN-BALI.COM, DENPASAR - Warga", "Denpasar"),
    ("SURABAYA-MALANG Warga", None), ("SURABAYA-Malang Warga", None), ("x.com, Ngawi, Ngawi - Warga", "Ngawi"),
    ("x.com, Antah, Ngawi - Warga", "Ngawi"), ("Antah, Ngawi - Warga", "Antah"),
    ("RIO DE JANEIRO, x.com - Warga", "Rio de Janeiro"),
    ("madiun - Warga", "Madiun"), ("Ketua DPRD - Surabaya - Warga", None),
    ("Budi Santoso - detikJatim\nSurabaya - Warga", "Surabaya"), ("Madiun - detikJatim\nSurabaya - Warga", "Madiun"),
    ("OKU RAYA, x.com - Warga", "OKU Raya"), ("Antah - warga desa", None), ("Antah - Warga desa", "Antah"),
])  # fmt: skip
def test_a_dateline_stands_within_the_first_lines_and_names_a_place(opening: str, place: str | None) -> None:
    assert read_dateline(opening + " menanam pohon di tepi sungai.") == place


def test_a_head_is_no_longer_than_any_that_was_seen() -> None:
    head = "x.com, " + ", ".join(["SURABAYA"] * 10)
    assert len(head) == 105
    assert read_dateline(f"{head} - Warga menanam pohon.") == "Surabaya"
    assert read_dateline(f"{head}, SURABAYA - Warga menanam pohon.") is None


def test_the_day_of_a_moment_is_the_portals() -> None:
    found = read_date_in_text("Rabu (26/6)", "Asia/Jayapura", datetime(2024, 6, 30, 23, 0, tzinfo=UTC))
    assert isinstance(found, Moment)
    assert found.local.date() == date(2024, 6, 26)


# Of the kinds that unseen sets held and these rules had not met: typing errors, glued zones, other orders.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kamis, 27 Juni 2024WIB14:10:33", "2024-06-27 14:10"),
        ("27 Juni 2024WIT16:10", "2024-06-27 14:10"),
        ("27/06/2024WITA15:10", "2024-06-27 14:10"),
        ("27 Juni 2024 WIB 14:10 WIB", "2024-06-27"),
        ("Kamis, 27 Juni 2024 WIB", "2024-06-27"),
        ("20240627 1410", "2024-06-27 14:10"),
        ("27-Jun-24 05:54:27 WIB", "2024-06-27 05:54"),
        ("27//6/2024", "2024-06-27"),
        ("(!7/6/2024)", ""),
        ("(2o/6/2024)", ""),
        ("Kamis, 27 Juni 2O24", ""),
        ("Kamis, 277 Juni 2024", ""),
        ("27 Juni 2024 07.30 malam", "2024-06-27 19:30"),
        ("27 Juni 2024 pukul 02.15 dini hari", "2024-06-27 02:15"),
        ("Diperbarui Jumat, 28 Juni 2024 08:00 WIB - Terbit Kamis, 27 Juni 2024 14:10 WIB", "2024-06-27 14:10"),
        ("21 Dzulhijjah 1445 H / 27 Juni 2024 M", "2024-06-27"),
        ("No. 27/6/2024", ""),
    ],
)
def test_a_string_of_a_kind_that_no_set_held_is_read_or_refused(text: str, expected: str) -> None:
    assert read(text) == expected


def test_a_stamp_without_seconds_knows_the_minute_and_no_second() -> None:
    found = read_date("20240627 1410", ZONE, READ_AT)
    assert isinstance(found, Moment)
    assert found.precision is Precision.MINUTE


@pytest.mark.parametrize("text", ["(26 Juni): warga Puger", "Puger (26 Juni): warga", "SURABAYA, 26 Juni - warga"])
def test_a_dateline_s_day_needs_neither_weekday_nor_year_nor_place(text: str) -> None:
    found = read_date_in_text(text, ZONE, PUBLISHED)
    assert isinstance(found, Moment)
    assert found.local.date() == date(2024, 6, 26)


def test_a_day_in_the_middle_of_a_sentence_needs_one_of_them() -> None:
    assert isinstance(read_date_in_text("Warga menanam 26 juni di kebun.", ZONE, PUBLISHED), Refused)
