"""An article's pages in this process: cut off, joined, moved, asked for again, forbidden for a while."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kwri_crawler.catalogue import ListingKind
from kwri_crawler.causes import Cause
from kwri_crawler.web.refusals import AskedToWait
from tests.crawling import assert_sound, rows, value
from tests.offline import Offline
from tests.sites.server import Answer, Request, redirect
from tests.test_reach import HOME, Site, article, portal, rss, sentences

PORTAL = portal((ListingKind.FEED, "feed"))
DAY = "2026-03-02"
MORNING = {"NOW": f"{DAY}T10:00:00+07:00", "RETRY_TIMES": 2}
UNTIL = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "a.sqlite"


class Answering(Site):
    """Answers some routes by calling, so that an answer may depend on the request, or be an error."""

    def __init__(self, **calls: Callable[[Request], Answer]) -> None:
        super().__init__(feed=rss((1, DAY)))
        self.calls = {f"/{name.replace('_', '-')}": call for name, call in calls.items()}

    def answer(self, request: Request) -> Answer:
        call = self.calls.get(request.route)
        return super().answer(request) if call is None else call(request)


def page(number: int, *more: str) -> Answer:
    return Answer(article(number, DAY, *more))


def asked(offline: Offline) -> list[str]:
    """Return what was asked for beside listings and the home page."""
    return [path for path in offline.asked if path not in ("/feed", "/")]


def the_address(archive: Path) -> tuple[Any, ...]:
    (row,) = rows(archive, "SELECT outcome, cause, reason FROM urls")
    return tuple(row.values())


# ---------------------------------------------------------------------- one page


def test_a_page_that_is_cut_off_is_asked_for_again_plainly_and_then_failed(archive: Path) -> None:
    encodings: list[str] = []

    def cut(request: Request) -> Answer:
        encodings.append(request.headers.get("Accept-Encoding", ""))
        body = gzip.compress(article(1, DAY).encode())[:-40]
        return Answer(body, headers=(("Content-Encoding", "gzip"),))

    offline = Offline(Answering(kabar_1=cut), PORTAL, archive)
    offline.crawl(MORNING)
    assert asked(offline) == ["/kabar-1"] * 3
    assert encodings[1:] == ["identity"] * 2
    outcome, cause, reason = the_address(archive)
    assert (outcome, cause) == ("failed", Cause.CUT_OFF)
    assert reason.startswith("the answer was cut off: the gzip answer is not whole")


def test_a_page_that_comes_whole_the_second_time_is_stored(archive: Path) -> None:
    body = gzip.compress(article(1, DAY).encode())
    answers = iter([body[:-40], body])
    site = Answering(kabar_1=lambda _: Answer(next(answers), headers=(("Content-Encoding", "gzip"),)))
    offline = Offline(site, PORTAL, archive)
    assert offline.crawl(MORNING).counts["stored"] == 1
    assert asked(offline) == ["/kabar-1"] * 2
    assert_sound(archive)


@pytest.mark.parametrize(("hops", "outcome"), [(1, "stored"), (5, "stored"), (6, "unreadable")])
def test_a_page_that_moved_by_its_markup_is_followed_five_times(hops: int, outcome: str, archive: Path) -> None:
    site = Answering()
    for hop in range(hops):
        path = "kabar-1" if hop == 0 else f"pindah-{hop}"
        to = "baru" if hop == hops - 1 else f"pindah-{hop + 1}"
        site.routes[f"/{path}"] = f'<html><head><meta http-equiv="refresh" content="0; url=/{to}"></head></html>'
    site.routes["/baru"] = article(1, DAY)
    offline = Offline(site, PORTAL, archive)
    offline.crawl(MORNING)
    assert len(asked(offline)) == min(hops, 5) + 1
    assert the_address(archive)[0] == outcome


@pytest.mark.parametrize("to", ["https://lain.example/a", "/kabar-1", "/kabar-1/amp", "/kedua"])
def test_a_move_by_markup_leads_to_no_other_host_and_never_back(to: str, archive: Path) -> None:
    moving = f'<html><head><meta http-equiv="refresh" content="0; url={to}"></head></html>'
    site = Answering()
    site.routes |= {"/kabar-1": moving, "/kedua": moving.replace(to, "/kabar-1")}
    offline = Offline(site, PORTAL, archive)
    offline.crawl(MORNING)
    assert asked(offline) == ["/kabar-1", *(["/kedua"] if to == "/kedua" else [])]
    assert the_address(archive)[0] == "unreadable"


def test_a_redirect_counts_among_the_moves_and_the_address_stays_the_one_that_was_named(archive: Path) -> None:
    site = Answering()
    site.routes |= {
        "/kabar-1": redirect("/pindah"), "/baru": article(1, DAY),
        "/pindah": '<html><head><meta http-equiv="refresh" content="0; url=/baru"></head></html>',
    }  # fmt: skip
    offline = Offline(site, PORTAL, archive)
    assert offline.crawl(MORNING).counts["stored"] == 1
    assert asked(offline) == ["/kabar-1", "/pindah", "/baru"]
    assert value(archive, "SELECT url FROM articles") == f"{HOME}baru"
    assert value(archive, "SELECT url FROM urls") == f"{HOME}kabar-1"


def wait(_: Request) -> Answer:
    raise AskedToWait(UNTIL, Cause.BLOCK, "HTTP 429: the portal asks to wait 18000 s")


def test_a_portal_that_asks_to_wait_is_left_alone_until_then(archive: Path) -> None:
    offline = Offline(Answering(kabar_1=wait), PORTAL, archive)
    summary = offline.crawl(MORNING)
    assert not summary.well
    assert the_address(archive) == ("failed", Cause.BLOCK, "HTTP 429: the portal asks to wait 18000 s")
    assert value(archive, "SELECT next_try_at FROM urls") == "2026-03-02T09:00:00Z"
    assert value(archive, "SELECT cause FROM crawls") == Cause.BLOCK


# ---------------------------------------------------------------------- several pages


def paged(number: int, pages: int) -> str:
    """Return one page of an article whose pager names all of them."""
    links = "".join(f'<a class="post-page-numbers" href="/kabar-1/{n}/">{n}</a> ' for n in range(2, pages + 1))
    first = '<a class="post-page-numbers" href="/kabar-1/">1</a> ' if number > 1 else ""
    text = "".join(f"<p>{one}</p>" for one in sentences(number))
    return (
        '<!DOCTYPE html><html lang="id"><head><title>Kabar 1</title><meta property="og:type" content="article">'
        '<link rel="stylesheet" href="/wp-content/style.css">'
        f'<meta property="article:published_time" content="{DAY}T08:00:00+07:00"></head><body class="single">'
        '<article class="post hentry"><h1 class="entry-title">Kabar warga nomor 1</h1>'
        f'<div class="entry-content">{text}<div class="page-links">{first}{links}</div></div></article></body></html>'
    )


def several(**others: Any) -> Answering:
    site = Answering()
    site.routes["/kabar-1"] = paged(1, 3)
    for number in (2, 3):
        site.routes[f"/kabar-1/{number}"] = paged(number, 3)
    for name, answer in others.items():
        path = f"/kabar-1/{name.removeprefix('page')}"
        if callable(answer):
            site.calls[path] = answer
        else:
            site.routes[path] = answer
    return site


def test_an_article_on_three_pages_is_stored_when_the_last_one_came(archive: Path) -> None:
    offline = Offline(several(), PORTAL, archive)
    assert offline.crawl(MORNING).counts["stored"] == 1
    assert asked(offline) == ["/kabar-1", "/kabar-1/2", "/kabar-1/3"]
    body = value(archive, "SELECT body FROM articles")
    places = [body.index(sentences(number)[0]) for number in (1, 2, 3)]
    assert places == sorted(places)
    assert_sound(archive)


def lost(_: Request) -> Answer:
    return Answer(raw=lambda _: None)


def cut_off(_: Request) -> Answer:
    body = gzip.compress(paged(2, 3).encode())[:-40]
    return Answer(body, headers=(("Content-Encoding", "gzip"),))


@pytest.mark.parametrize(("broken", "cause", "words"), [
    (Answer("rusak", 500), Cause.SERVER_ERROR, "/kabar-1/2: HTTP 500"), (lost, Cause.NO_CONNECTION, "connection"),
    (cut_off, Cause.CUT_OFF, "the answer was cut off"), (wait, Cause.BLOCK, "HTTP 429"),
    (Answer("tidak ada", 404), Cause.GONE, "HTTP 404"),
])  # fmt: skip
def test_an_article_is_not_stored_while_one_of_its_pages_is_missing(
    broken: Any, cause: Cause, words: str, archive: Path
) -> None:
    site = several(page2=broken)
    offline = Offline(site, PORTAL, archive)
    assert offline.crawl(MORNING).counts["stored"] == 0
    outcome, noted, reason = the_address(archive)
    assert (outcome, noted) == ("failed", cause)
    assert words in reason
    assert "/kabar-1/3" not in offline.asked
    site.calls.clear()
    site.routes["/kabar-1/2"] = paged(2, 3)
    assert offline.crawl({"NOW": "2026-03-02T17:00:00+07:00"}).counts["stored"] == 1
    assert_sound(archive)


# ---------------------------------------------------------------------- visits


def test_a_page_that_is_as_it_was_is_not_sent_again(archive: Path) -> None:
    conditions: list[tuple[str | None, str | None]] = []

    def answer(request: Request) -> Answer:
        named = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        conditions.append(named)
        if named[0] == '"satu"':
            return Answer(status=304)
        return Answer(article(1, DAY), headers=(("ETag", '"satu"'), ("Last-Modified", "Mon, 02 Mar 2026 01:00:00 GMT")))

    offline = Offline(Answering(kabar_1=answer), PORTAL, archive)
    offline.crawl(MORNING)
    for moment in (f"{DAY}T15:00:00+07:00", "2026-03-03T09:00:00+07:00"):
        offline.crawl({"NOW": moment})
    assert conditions == [(None, None)] * 2 + [('"satu"', "Mon, 02 Mar 2026 01:00:00 GMT")]
    assert value(archive, "SELECT count(*) FROM revisions") == 0
    assert value(archive, "SELECT gone_at FROM articles") is None


def test_a_visit_that_finds_another_text_keeps_the_one_before(archive: Path) -> None:
    answers = [page(1), page(1, "Ralat: rapat itu berlangsung hari Selasa."), page(1, "Ralat: rapat itu batal.")]
    site = Answering(kabar_1=lambda _: answers.pop(0) if len(answers) > 1 else answers[0])
    offline = Offline(site, PORTAL, archive)
    offline.crawl(MORNING)
    offline.crawl({"NOW": f"{DAY}T15:00:00+07:00"})
    assert value(archive, "SELECT count(*) FROM revisions") == 1
    assert value(archive, "SELECT body FROM articles").endswith("hari Selasa.")
    assert_sound(archive)


@pytest.mark.parametrize(("there", "gone", "path"), [(True, False, "baru-1"), (False, True, "kabar-1")])
def test_an_article_that_is_known_by_a_newer_address_moved_and_is_gone_only_where_that_is_missing_too(
    there: bool, gone: bool, path: str, archive: Path
) -> None:
    site = Answering()
    site.publish(1, DAY)
    offline = Offline(site, PORTAL, archive)
    offline.crawl(MORNING)
    # the portal moves to another CMS: old addresses are not redirected
    site.routes["/feed"] = rss((1, DAY)).replace("kabar-1", "baru-1")
    site.routes["/baru-1"] = site.routes.pop("/kabar-1")
    offline.crawl({"NOW": f"{DAY}T10:10:00+07:00"})
    if not there:
        del site.routes["/baru-1"]
    looks = []
    for hour in (15, 17, 19):
        offline.crawl({"NOW": f"{DAY}T{hour}:00:00+07:00"})
        looks.append(asked(offline))
    assert looks[:2] == [["/kabar-1"], ["/baru-1"]]
    (row,) = rows(archive, "SELECT url, gone_at FROM articles")
    assert (row["url"], row["gone_at"] is not None) == (HOME + path, gone)
    assert not (gone and looks[2])
    assert_sound(archive)


def test_an_article_that_was_gone_and_comes_under_a_new_address_is_there(archive: Path) -> None:
    site = Answering(kabar_1=lambda _: Answer("hilang", 410))
    site.publish(1, DAY)
    calls = site.calls.copy()
    site.calls.clear()
    offline = Offline(site, PORTAL, archive)
    offline.crawl(MORNING)
    site.calls |= calls
    offline.crawl({"NOW": f"{DAY}T15:00:00+07:00"})
    assert value(archive, "SELECT gone_at FROM articles") is not None
    site.routes["/feed"] = rss((1, DAY)).replace("kabar-1", "baru-1")
    site.routes["/baru-1"] = article(1, DAY)
    offline.crawl({"NOW": f"{DAY}T20:00:00+07:00"})
    assert [tuple(row.values()) for row in rows(archive, "SELECT url, gone_at FROM articles")] == [
        (HOME + "baru-1", None)
    ]
    offline.crawl({"NOW": "2026-03-03T20:00:00+07:00"})
    assert asked(offline) == ["/baru-1"], "it is looked at where it stands"
    assert_sound(archive)
