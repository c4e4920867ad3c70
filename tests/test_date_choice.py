"""One article to one date: the rule of dates/choice.py, point by point, with the traps that real pages set."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kwri_crawler.catalogue import Portal
from kwri_crawler.dates import Dated, date_article, with_dates
from kwri_crawler.items import Clock, DateEvidence, DateKind, DateSource, DateText, Page, Precision
from kwri_crawler.pages import PageError, read_page

FETCHED_AT = datetime(2024, 7, 1, 2, 0, tzinfo=UTC)
PAGES = Path(__file__).resolve().parents[2] / "shared" / "pages"
SOURCES = {
    "ld": DateSource.JSON_LD, "meta": DateSource.META, "time": DateSource.TIME, "byline": DateSource.BYLINE,
    "feed": DateSource.FEED, "sitemap": DateSource.SITEMAP, "index": DateSource.INDEX,
}  # fmt: skip


def said(**texts: str) -> tuple[DateText, ...]:
    """Return dates as printed: ld="..." is a publication in JSON-LD, meta_updated="..." an update in a meta tag."""
    found = []
    for name, text in texts.items():
        source, _, updated = name.partition("_")
        found.append(DateText(DateKind.UPDATED if updated else DateKind.PUBLISHED, SOURCES[source], text))
    return tuple(found)


def dated(
    url: str = "https://contoh.example/a", clocks: tuple[tuple[DateSource, Clock], ...] = (), **texts: str
) -> Dated:
    return date_article(said(**texts), "Asia/Jakarta", FETCHED_AT, url, clocks)


def published(dates: Dated) -> str:
    assert dates.published is not None, dates.reason
    return dates.published.local.strftime("%Y-%m-%dT%H:%M%z")


def of(dates: Dated, source: DateSource) -> DateEvidence:
    (one,) = [evidence for evidence in dates.evidence if evidence.printed.source is source]
    return one


def test_the_byline_wins_where_all_agree_and_nothing_is_flagged() -> None:
    dates = dated(byline="Jun 27, 2024 - 14:10", ld="2024-06-27T14:10:00+0700", meta="2024-06-27 14:10:00")
    assert dates.published
    assert (published(dates), dates.published.source, dates.published.flags) == (
        "2024-06-27T14:10+0700", DateSource.BYLINE, ()
    )  # fmt: skip
    assert dates.reason is None
    assert [evidence.won for evidence in dates.evidence] == [True, False, False]
    assert [evidence.offset_s for evidence in dates.evidence] == [0, 0, 0]


@pytest.mark.parametrize(("zone", "offset", "at"), [
    ("Europe/London", "+02:00", "12:10"), ("Asia/Kolkata", "+05:45", "08:40"),  # no quarter of an hour
    ("Asia/Jakarta", "+08:00", "06:10"), ("Asia/Jakarta", "+10:00", "07:10"),  # a zone abroad is none of Indonesia's
])  # fmt: skip
def test_a_byline_is_of_the_zone_that_the_metadata_imply_if_the_portal_can_be_there(
    zone: str, offset: str, at: str
) -> None:
    heard = said(byline="27 Juni 2024 14:10", ld=f"2024-06-27T14:10:33{offset}")
    moment = of(date_article(heard, zone, FETCHED_AT, "https://contoh.example/a"), DateSource.BYLINE).at
    assert moment is not None
    assert f"{moment:%H:%M}" == at


def test_a_byline_that_knows_the_minute_yields_to_a_machine_that_knows_the_second() -> None:
    dates = dated(byline="Kamis, 27 Juni 2024 14:10 WIB", ld="2024-06-27T14:10:56+07:00")
    assert dates.published
    assert (dates.published.source, dates.published.precision) == (DateSource.JSON_LD, Precision.SECOND)


def test_a_clock_with_thousandths_knows_its_second_though_that_is_none() -> None:
    dates = dated(byline="27 Juni 2024 14:10 WIB", ld="2024-06-27T14:11:00.842+07:00")
    assert published(dates) == "2024-06-27T14:11+0700"
    assert dates.published
    assert dates.published.at.microsecond == 0
    assert (
        published(dated(byline="27 Juni 2024 14:10 WIB", ld="2024-06-27T14:11:00.000+07:00")) == "2024-06-27T14:10+0700"
    )


def test_a_day_yields_to_the_source_that_knows_the_clock_on_that_day() -> None:
    dates = dated(byline="27 Juni 2024", feed="Thu, 27 Jun 2024 14:10:00 +0700")
    assert published(dates) == "2024-06-27T14:10+0700"
    assert published(dated(byline="27 Juni 2024", feed="Fri, 28 Jun 2024 14:10:00 +0700")) == "2024-06-27T00:00+0700"


def test_a_day_takes_the_clock_whose_own_zone_has_that_day() -> None:
    dates = dated(byline="27 Juni 2024", meta="2024-06-27T00:43:00+08:00")
    assert published(dates) == "2024-06-27T00:43+0800"
    assert published(dated(byline="27 Juni 2024", meta="2024-06-26T23:43:00+08:00")) == "2024-06-27T00:00+0700"


def test_a_third_source_decides_between_a_z_and_the_same_face_without_a_zone() -> None:
    faces = {"ld": "2024-06-27T07:10:33Z", "meta": "2024-06-27 07:10:33"}
    assert published(dated(**faces, feed="Thu, 27 Jun 2024 14:10:33 +0700")) == "2024-06-27T14:10+0700"
    assert published(dated(**faces)) == "2024-06-27T07:10+0700"


def test_a_false_z_is_local_time_when_the_byline_shows_the_same_face() -> None:
    dates = dated(meta="2024-06-27T14:10:07Z", byline="Kamis, 27 Juni 2024 14:10 WIB")
    assert published(dates) == "2024-06-27T14:10+0700"
    assert "false Z" in of(dates, DateSource.META).flags
    assert of(dates, DateSource.META).printed_offset_s == 7 * 3600
    assert of(dates, DateSource.META).offset_s == 0


def test_a_z_in_the_future_is_local_time_and_a_lone_z_is_believed() -> None:
    assert published(dated(meta="2024-07-01T08:30:00Z")) == "2024-07-01T08:30+0700"
    assert published(dated(meta="2024-06-27T07:10:00Z")) == "2024-06-27T14:10+0700"


def test_a_true_utc_beside_a_local_byline_is_believed() -> None:
    dates = dated(meta="2024-06-27T07:10:00+00:00", byline="Kamis, 27/06/2024, 14:10 WIB")
    assert published(dates) == "2024-06-27T14:10+0700"
    assert not of(dates, DateSource.META).flags


def test_the_day_of_a_moment_printed_in_utc_is_the_portals() -> None:
    dates = dated(ld="2024-06-26T18:00:00Z")
    assert dates.published
    assert dates.published.local.date().isoformat() == "2024-06-27"


def test_a_machines_date_without_a_zone_is_the_portals_local_time() -> None:
    assert published(dated(meta="2024-06-27 14:10:00")) == "2024-06-27T14:10+0700"


def test_a_face_without_a_zone_takes_the_indonesian_zone_printed_beside_it() -> None:
    dates = dated(time="2024-06-27 14:10", ld="2024-06-27T14:10:00+08:00")
    assert published(dates) == "2024-06-27T14:10+0800"
    assert of(dates, DateSource.TIME).flags == ("zone from json-ld",)


def test_a_site_left_at_new_york_is_read_as_local_and_flagged() -> None:
    dates = dated(ld="2024-06-27T14:10:00-0400", meta="2024-06-27 14:10:00")
    assert published(dates) == "2024-06-27T14:10+0700"
    assert dates.published
    assert "zone left abroad" in dates.published.flags
    assert of(dates, DateSource.JSON_LD).printed_offset_s == 11 * 3600


def test_a_zone_abroad_is_not_confirmed_by_another_source_of_that_zone() -> None:
    dates = dated(ld="2024-06-27T14:10:00-04:00", meta="2024-06-27T14:10:00-04:00")
    assert published(dates) == "2024-06-27T14:10+0700"
    assert dates.published
    assert dates.published.flags == ("zone left abroad",)


def test_a_z_is_believed_beside_the_same_face_of_a_zone_abroad() -> None:
    dates = dated(ld="2024-06-27T14:10:00Z", meta="2024-06-27T14:10:00-04:00")
    assert (published(dates), of(dates, DateSource.JSON_LD).flags) == ("2024-06-27T21:10+0700", ())


def test_a_zone_abroad_is_believed_where_another_source_confirms_the_moment() -> None:
    dates = dated(time="2024-06-27T00:10:00-07:00", byline="Kamis, 27 Juni 2024 14:10 WIB")
    assert published(dates) == "2024-06-27T14:10+0700"
    assert not of(dates, DateSource.TIME).flags


def test_an_update_alone_never_becomes_a_publication() -> None:
    dates = dated(byline="Diperbarui 27 Juni 2024 14:10 WIB")
    assert dates.published is None
    assert dates.reason == "only an update is dated"
    assert dates.updated
    assert dates.updated.local.isoformat() == "2024-06-27T14:10:00+07:00"


@pytest.mark.parametrize("text", ["Diperbarui 2 jam lalu", "Diperbarui kemarin, 10:00", "Last updated just now"])
def test_a_relative_update_is_an_update_too(text: str) -> None:
    dates = dated(byline=text)
    assert dates.published is None
    assert dates.updated


def test_a_publication_is_never_an_update_and_an_update_not_after_it_is_null() -> None:
    assert dated(byline="27 Juni 2024 14:10 WIB").updated is None
    same = dated(ld="2024-06-27T14:10:00+07:00", ld_updated="2024-06-27T14:10:00+07:00")
    assert same.published
    assert same.updated is None
    later = dated(ld="2024-06-27T14:10:00+07:00", ld_updated="2024-06-28T08:00:00+07:00")
    assert later.updated
    assert later.updated.local.isoformat() == "2024-06-28T08:00:00+07:00"


def test_a_byline_with_both_gives_each_to_its_kind() -> None:
    line = "Terbit: 27 Juni 2024 14:10 WIB | Diperbarui: 28 Juni 2024 08:00 WIB"
    dates = dated(byline=line, byline_updated=line)
    assert published(dates) == "2024-06-27T14:10+0700"
    assert dates.updated
    assert dates.updated.local.isoformat() == "2024-06-28T08:00:00+07:00"


def test_a_lists_generation_time_is_evidence_and_no_update() -> None:
    dates = dated(byline="27 Juni 2024 14:10 WIB", sitemap_updated="2024-07-01T02:00:00+00:00")
    assert dates.updated is None
    assert not of(dates, DateSource.SITEMAP).won


def test_the_clock_in_a_pages_head_does_not_outweigh_the_articles_own_dates() -> None:
    dates = dated(byline="Senin, 1 Juli 2024 | 09:01 WIB", ld="2024-05-12T10:00:00+07:00")
    assert published(dates) == "2024-05-12T10:00+0700"
    assert of(dates, DateSource.BYLINE).reason == "the time of the fetch"


def test_an_epoch_and_a_hijri_year_do_not_count() -> None:
    assert published(dated(ld="1970-01-01T07:00:00+07:00", meta="2024-06-27 14:10:00")) == "2024-06-27T14:10+0700"
    assert published(dated(byline="Kamis, 20 Dzulhijjah 1445 / 27 June 2024")) == "2024-06-27T00:00+0700"
    lost = dated(ld="0000-00-00 00:00:00", byline="Kamis, 34 Juni 2024")
    assert lost.published is None
    assert lost.reason
    assert lost.reason.startswith("json-ld: ")


def test_month_first_is_read_only_where_another_source_says_so() -> None:
    dates = dated(byline="05/06/2024", ld="2024-05-06T10:00:00+07:00")
    assert published(dates) == "2024-05-06T10:00+0700"
    assert "month first" in of(dates, DateSource.BYLINE).flags
    assert published(dated(byline="05/06/2024")) == "2024-06-05T00:00+0700"


def test_two_sources_that_agree_outvote_one_that_none_supports() -> None:
    dates = dated(byline="27 Juni 2023 14:10", ld="2024-06-27T14:10:00+07:00", feed="Thu, 27 Jun 2024 14:10:00 +0700")
    assert published(dates) == "2024-06-27T14:10+0700"
    assert dates.published
    assert {"byline outvoted", "sources disagree by more than a day"} <= set(dates.published.flags)


def test_a_disagreement_of_more_than_a_day_is_flagged_and_a_smaller_one_is_not() -> None:
    far = dated(byline="27 Juni 2024 14:10 WIB", ld="2024-06-20T14:10:00+07:00")
    assert far.published
    assert "sources disagree by more than a day" in far.published.flags
    assert of(far, DateSource.JSON_LD).offset_s == -7 * 86400
    near = dated(byline="27 Juni 2024 14:10 WIB", ld="2024-06-27T20:10:00+07:00")
    assert near.published
    assert near.published.flags == ()


def test_a_relative_date_yields_to_an_exact_one_and_stands_alone_otherwise() -> None:
    dates = dated(index="2 hari lalu", feed="Sat, 29 Jun 2024 10:00:00 +0700")
    assert published(dates) == "2024-06-29T10:00+0700"
    assert published(dated(index="2 hari lalu")) == "2024-06-29T00:00+0700"


def test_the_day_in_the_address_is_the_last_resort() -> None:
    url = "https://contoh.example/2024/06/27/judul"
    assert published(dated(url)) == "2024-06-27T00:00+0700"
    assert published(dated(url, byline="27 Juni 2024 14:10 WIB")) == "2024-06-27T14:10+0700"
    assert dated("https://contoh.example/2024/13/40/judul").published is None


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        (Clock.LOCAL, "2024-06-27T14:10+0700"),
        (Clock.UTC, "2024-06-27T21:10+0700"),
        (Clock.PRINTED, "2024-06-28T01:10+0700"),
    ],
)
def test_a_portals_file_can_say_how_a_clock_is_to_be_read(clock: Clock, expected: str) -> None:
    assert published(dated(clocks=((DateSource.META, clock),), meta="2024-06-27T14:10:00-04:00")) == expected


def test_a_source_that_the_portals_file_ignores_is_kept_as_evidence_only() -> None:
    dates = dated(clocks=((DateSource.BYLINE, Clock.IGNORED),), byline="1 Juni 2024", feed="27 Jun 2024 14:10:00 +0700")
    assert published(dates) == "2024-06-27T14:10+0700"
    assert of(dates, DateSource.BYLINE).reason == "ignored for this portal"


def test_no_date_at_all_has_its_reason() -> None:
    assert dated().reason == "no date on the page"


def test_the_pages_of_real_portals_get_no_wrong_date() -> None:
    if not (PAGES / "index.tsv").exists():
        pytest.skip(f"{PAGES} is not here; its pages are third parties' and stay out of the repository")
    with (PAGES / "index.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["published"]]
    wrong, right = [], 0
    for row in rows:
        expected = datetime.fromisoformat(row["published"])
        url = row["url"] or f"https://{row['site']}/a"
        home = f"https://{urlsplit(url).hostname}/"
        portal = Portal("x", "X", home, "general", None, "Asia/Jakarta", ())
        fetched_at = expected.astimezone(UTC) + timedelta(days=3)
        try:
            page = Page(url, (PAGES / row["file"]).read_bytes(), "text/html; charset=utf-8", fetched_at)
            moment = with_dates(read_page(page, portal)).published
        except PageError:
            continue
        if moment is None:
            continue  # a date that the page's reader did not find is a null, and no wrong date
        if len(row["published"]) == 10 or moment.precision is Precision.DAY:
            fits = moment.local.date() == expected.date()
        else:
            fits = moment.at.replace(second=0) == expected.astimezone(UTC).replace(second=0)
        right += fits
        if not fits:
            wrong.append(f"{row['file']}: {moment.local.isoformat()}, not {row['published']}")
    assert not wrong
    assert right >= 20


@pytest.mark.parametrize(
    ("byline", "ld", "due"),
    [
        ("27 Juni 2024 15:10", "2024-06-27T07:10:31Z", "2024-06-27T14:10+0700"),  # a clock in WITA
        ("27 Juni 2024 16:10", "2024-06-27T07:10:31Z", "2024-06-27T14:10+0700"),  # in WIT
        ("27 Juni 2024 14:10", "2024-06-27T07:10:31Z", "2024-06-27T14:10+0700"),
        ("27 Juni 2024 18:10", "2024-06-27T07:10:31Z", "2024-06-27T18:10+0700"),  # no zone of the country
        ("27 Juni 2024 15:25", "2024-06-27T07:10:31Z", "2024-06-27T15:25+0700"),  # no zone at all: another moment
        ("27 Juni 2024 15:10 WIB", "2024-06-27T07:10:31Z", "2024-06-27T15:10+0700"),  # the page says its zone
    ],
)
def test_a_byline_without_a_zone_is_of_that_which_the_metadata_imply(byline: str, ld: str, due: str) -> None:
    assert published(dated(byline=byline, ld=ld)) == due


@pytest.mark.parametrize(("face", "due"), [("14:10", "00:10:31"), ("14:40", "02:40:00")])
def test_metadata_imply_no_zone_beyond_the_farthest_that_there_is(face: str, due: str) -> None:
    texts = said(byline=f"27 Juni 2024 {face}", ld="2024-06-27T00:10:31Z")
    moment = date_article(texts, "Pacific/Auckland", FETCHED_AT, "https://a.example/a").published
    assert moment is not None
    assert f"{moment.at:%H:%M:%S}" == due


def test_metadata_that_contradict_each_other_imply_no_zone() -> None:
    dates = dated(byline="27 Juni 2024 15:10", ld="2024-06-27T07:10:31Z", meta="2024-06-27T08:10:31Z")
    assert published(dates) == "2024-06-27T15:10+0700"


def test_a_z_is_true_where_its_source_s_update_would_else_lie_ahead_of_the_fetch() -> None:
    """The page was fetched at 09:00 WIB: an update at 01:50Z is none at 01:50 WIB plus seven hours."""
    faces = {"byline": "1 Juli 2024 00:10", "ld": "2024-07-01T00:10:00Z"}
    assert published(dated(**faces)) == "2024-07-01T00:10+0700"
    assert published(dated(**faces, ld_updated="2024-07-01T01:50:00Z")) == "2024-07-01T00:10+0700"
    zoned = {"meta": "2024-07-01T00:10:00", "ld": "2024-07-01T00:10:00Z", "ld_updated": "2024-07-01T09:50:00Z"}
    late = date_article(said(**zoned), "America/New_York", datetime(2024, 7, 1, 11, tzinfo=UTC), "https://a.example/a")
    assert late.published
    assert late.published.at == datetime(2024, 7, 1, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("byline", "due"),
    [
        ("27 Juni 2024 18:50 WIB", "2024-06-27T14:10+0700"),  # the minute of the change
        ("27 Juni 2024 18:52 WIB", "2024-06-27T18:52+0700"),
        ("27 Juni 2024 14:10 WIB", "2024-06-27T14:10+0700"),
    ],
)
def test_a_byline_that_shows_the_minute_of_the_change_is_an_update(byline: str, due: str) -> None:
    dates = dated(byline=byline, ld="2024-06-27T14:10:29+07:00", ld_updated="2024-06-27T18:50:24+07:00")
    assert published(dates) == due


def test_a_byline_stays_a_publication_where_no_machine_tells_another() -> None:
    assert published(dated(byline="27 Juni 2024 18:50 WIB", ld_updated="2024-06-27T18:50:24+07:00")) == (
        "2024-06-27T18:50+0700"
    )
