"""A portal's spider against demo sites in this process: what it asks for, and what becomes of each address."""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kwri_crawler.archive import writer
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.spiders.arguments import ArgumentError
from tests.crawling import assert_sound, rows, value
from tests.offline import Offline
from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.portals import KABAR, WARTA
from tests.sites.server import Answer, Request, redirect
from tests.sites.varient import VarientPortal
from tests.sites.wordpress import BloggerPortal, WordPressPortal

PLAIN = tuple(article for article in ARTICLES if article.post_type == "article" and not article.source_url)
SOME = PLAIN[:30]
VARIENT = Portal(
    "demo", "Demo", "https://jatim.kwri.or.id/", "varient", None, "Asia/Jakarta",
    (Listing(ListingKind.FEED, "https://jatim.kwri.or.id/rss/latest-posts"),
     Listing(ListingKind.INDEX, "https://jatim.kwri.or.id/posts")),
    hosts=("jatim.kwri.or.id",),
)  # fmt: skip
WORDPRESS = Portal(
    "warta", "Warta", f"https://{WARTA}/", "general", None, "Asia/Jakarta",
    (Listing(ListingKind.WORDPRESS, f"https://{WARTA}/wp-json/wp/v2/posts"),
     Listing(ListingKind.FEED, f"https://{WARTA}/feed/"),
     Listing(ListingKind.SITEMAP, f"https://{WARTA}/wp-sitemap.xml"),
     Listing(ListingKind.INDEX, f"https://{WARTA}/")),
    hosts=(WARTA,),
)  # fmt: skip
BLOGGER = Portal(
    "kabar", "Kabar", f"https://{KABAR}/", "general", None, "Asia/Jakarta",
    (Listing(ListingKind.FEED, f"https://{KABAR}/feeds/posts/default"),), hosts=(KABAR,),
)  # fmt: skip
MORNING = {"NOW": "2024-06-29T10:00:00+07:00"}
NOON = {"NOW": "2024-06-29T12:00:00+07:00"}
LATER = {"NOW": "2024-07-01T12:00:00+07:00"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "kwri.sqlite"


class Faulty(VarientPortal):
    """Answers some routes otherwise."""

    def __init__(self, articles: tuple[DemoArticle, ...] = SOME, **others: Answer) -> None:
        super().__init__("classic", articles)
        self.others: dict[str, Answer] = {f"/{name}": answer for name, answer in others.items()}

    def answer(self, request: Request) -> Answer:
        return self.others.get(request.route) or super().answer(request)


def outcomes(archive: Path) -> dict[str, str]:
    found = rows(archive, "SELECT url, outcome FROM urls")
    return {row["url"].rpartition("/")[2]: row["outcome"] for row in found}


def newer(article: DemoArticle, number: int) -> DemoArticle:
    return replace(
        article, slug=f"baru-{number}", title=f"Kabar Baru {number}",
        created_at=article.created_at + timedelta(hours=number),
        paragraphs=(f"Kabar nomor {number} baru terbit.", *article.paragraphs),
    )  # fmt: skip


def test_a_first_crawl_reads_feed_and_index_to_their_ends_and_a_second_one_only_the_feed(archive: Path) -> None:
    site = Faulty()
    offline = Offline(site, VARIENT, archive)
    first = offline.crawl(MORNING)
    assert (first.finish, first.well, first.counts["stored"], first.counts["found"]) == ("finished", True, 30, 30)
    assert [path for path in offline.asked if path.startswith(("/rss", "/posts"))] == [
        "/rss/latest-posts", "/posts", "/posts?page=2"
    ]  # fmt: skip
    assert len(offline.asked) == 3 + 30
    again = offline.crawl(NOON)
    assert (again.finish, again.counts["stored"], again.counts["known"]) == ("finished", 0, 30)
    assert offline.asked == ["/rss/latest-posts"]
    newest = max(SOME, key=lambda article: article.created_at)
    for number in (1, 2, 3):
        site.publish(newer(newest, number))
    third = offline.crawl(NOON)
    assert third.counts["stored"] == 3
    assert offline.asked[0] == "/rss/latest-posts"
    assert sorted(offline.asked[1:]) == ["/baru-1", "/baru-2", "/baru-3"]
    assert_sound(archive)


def test_more_new_articles_than_a_feed_holds_are_found_by_the_index(archive: Path) -> None:
    site = Faulty(SOME[:5])
    offline = Offline(site, VARIENT, archive)
    offline.crawl(MORNING)
    newest = max(SOME, key=lambda article: article.created_at)
    for number in range(1, 61):
        site.publish(newer(newest, number))
    assert offline.crawl(NOON).counts["stored"] == 60
    assert_sound(archive)


@pytest.mark.parametrize(
    ("answer", "outcome", "cause", "again"),
    [
        (Answer("tidak ada", 404), "gone", "gone", True),
        (Answer("tidak ada", 410), "gone", "gone", False),
        (Answer("rusak", 500), "failed", "server error", True),
        (Answer("", 200), "unreadable", "unread", True),
        (Answer(b"%PDF-1.4 " + b"x" * 900, content_type="application/pdf"), "refused", "not taken", True),
        (Answer("<html><body><p>pendek</p></body></html>"), "unreadable", "unread", True),
        (redirect("https://jatim.kwri.or.id/"), "gone", "moved", True),
        (redirect("https://lain.example/"), "refused", "moved", True),
        (redirect("/satu"), "failed", "moved", True),
        (Answer(raw=lambda _: None), "failed", "no connection", True),
    ],
    ids=["404", "410", "500", "empty", "pdf", "no text", "home", "elsewhere", "in circles", "lost"],
)  # fmt: skip
def test_a_page_that_is_no_article_ends_in_its_outcome(
    answer: Answer, outcome: str, cause: str, again: bool, archive: Path
) -> None:
    site = Faulty(SOME[:6])
    slug = SOME[2].slug
    site.others = {f"/{slug}": answer, "/satu": redirect("/satu")}
    summary = Offline(site, VARIENT, archive).crawl(MORNING)
    assert (summary.counts["stored"], summary.counts[outcome]) == (5, 1)
    (row,) = rows(archive, "SELECT outcome, cause, reason, next_try_at FROM urls WHERE outcome <> 'stored'")
    assert (row["outcome"], row["cause"], row["next_try_at"] is not None) == (outcome, cause, again)
    assert row["reason"]
    assert_sound(archive)


def test_what_failed_once_is_read_by_the_next_crawl(archive: Path) -> None:
    slug = SOME[2].slug
    site = Faulty(SOME, **{slug: Answer("rusak", 503)})
    offline = Offline(site, VARIENT, archive)
    offline.crawl(MORNING)
    assert outcomes(archive)[slug] == "failed"
    site.others.clear()
    assert offline.crawl(NOON).counts["stored"] == 1
    assert offline.asked == ["/rss/latest-posts", f"/{slug}"]


@pytest.mark.parametrize(
    ("status", "finish", "cause"), [(403, "blocked", "block"), (503, "unavailable", "server error")]
)
def test_a_portal_that_answers_ten_times_badly_in_a_row_is_left_alone(
    status: int, finish: str, cause: str, archive: Path
) -> None:
    site = Faulty(SOME, **{article.slug: Answer("", status) for article in SOME})
    offline = Offline(site, VARIENT, archive)
    summary = offline.crawl(MORNING)
    assert (summary.finish, summary.well, summary.cause and summary.cause.value) == (finish, False, cause)
    pages = [path for path in offline.asked if path[1:] in {article.slug for article in SOME}]
    assert len(pages) == 10
    assert summary.counts["pending"] + summary.counts["failed"] == summary.counts["found"]
    site.others.clear()
    assert offline.crawl(LATER).counts["stored"] == 30, "the next crawl goes on"


@pytest.mark.parametrize("listing", ["rss/latest-posts", "posts"])
def test_a_listing_that_fails_is_named_and_the_other_one_is_read(listing: str, archive: Path) -> None:
    site = Faulty(SOME[:8], **{listing: Answer("rusak", 500)})
    summary = Offline(site, VARIENT, archive).crawl(MORNING)
    assert (summary.finish, summary.counts["stored"]) == ("incomplete", 8)
    assert "HTTP 500" in (summary.reason or "")
    assert f"/{listing}" in (summary.reason or "")


def test_a_portal_without_any_listing_says_so(archive: Path) -> None:
    gone = Answer("", 404)
    site = Faulty(SOME[:8], **{"rss/latest-posts": gone, "posts": gone, "": gone})
    summary = Offline(site, VARIENT, archive).crawl(MORNING)
    assert (summary.finish, summary.well, summary.counts["found"]) == ("no listing", False, 0)


def test_a_limit_bounds_the_pages_and_the_rest_waits(archive: Path) -> None:
    offline = Offline(Faulty(), VARIENT, archive)
    summary = offline.crawl(MORNING, limit="7")
    assert (summary.finish, summary.well, summary.counts["stored"]) == ("limit", True, 7)
    assert value(archive, "SELECT count(*) FROM urls WHERE outcome = 'pending'") == summary.counts["pending"]
    assert offline.crawl(NOON).counts["stored"] == 23


def test_since_holds_back_what_is_older_and_a_wider_crawl_brings_it(archive: Path) -> None:
    days = sorted(article.created_at for article in SOME)
    middle = days[15]
    offline = Offline(Faulty(), VARIENT, archive)
    inside = sum(article.created_at.date() >= middle.date() for article in SOME)
    summary = offline.crawl(MORNING, since=f"{middle.date()}")
    assert summary.counts["stored"] == inside
    assert offline.crawl(NOON).counts["stored"] == 30 - inside
    assert_sound(archive)


def test_an_error_of_our_own_is_named_and_costs_one_address(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offline = Offline(Faulty(SOME[:6]), VARIENT, archive)
    from kwri_crawler.spiders import pages

    judge = pages.judge_answer

    def break_one(response: Any, *rest: Any) -> Any:
        return 1 / 0 if SOME[2].slug in response.url else judge(response, *rest)

    monkeypatch.setattr(pages, "judge_answer", break_one)
    summary = offline.crawl(MORNING)
    assert (summary.counts["stored"], summary.counts["failed"]) == (5, 1)
    (row,) = rows(archive, "SELECT reason, cause FROM urls WHERE outcome = 'failed'")
    assert row["cause"] == "ours"
    assert "ZeroDivisionError" in row["reason"]


@pytest.mark.parametrize("setting", ["JOBDIR", "HTTPCACHE_ENABLED"])
def test_switches_that_find_nothing_new_for_ever_are_refused(setting: str, archive: Path) -> None:
    with pytest.raises(ArgumentError, match="make later crawls find nothing new"):
        Offline(Faulty(), VARIENT, archive).crawl({setting: "1"})


# ---------------------------------------------------------------------- listings that tell whole articles


def test_what_one_answer_tells_is_stored_by_one_commit(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "PATIENCE_S", 0.5)  # which each of the thirty would wait for by itself
    began = time.monotonic()
    assert Offline(WordPressPortal(SOME), WORDPRESS, archive).crawl(NOON).counts["stored"] == len(SOME)
    assert time.monotonic() - began < len(SOME) * 0.5 / 2


def test_wordpress_tells_all_articles_without_a_page_and_then_what_changed(archive: Path) -> None:
    site = WordPressPortal(SOME)
    offline = Offline(site, WORDPRESS, archive)
    summary = offline.crawl(MORNING)
    assert (summary.finish, summary.counts["stored"]) == ("finished", 30)
    assert [path.partition("?")[0] for path in offline.asked] == ["/wp-json/wp/v2/posts"]
    site.now = max(article.created_at for article in SOME) + timedelta(days=1)
    site.edit(SOME[4].slug, paragraphs=(*SOME[4].paragraphs, "Panitia menambahkan keterangan yang baru."))
    site.publish(newer(max(SOME, key=lambda article: article.created_at), 1))
    summary = offline.crawl(NOON)
    assert (summary.counts["stored"], summary.counts["edited"]) == (1, 1)
    assert len(offline.asked) == 2
    assert "keterangan yang baru" in value(archive, "SELECT body FROM articles WHERE title = ?", SOME[4].title)
    assert_sound(archive)


def test_a_removed_article_is_gone_after_the_second_look(archive: Path) -> None:
    site = WordPressPortal(SOME)
    offline = Offline(site, WORDPRESS, archive)
    offline.crawl(MORNING)
    newest = max(SOME, key=lambda article: article.created_at)
    site.remove(newest.slug)
    for now, gone in (("2024-06-29T12:00:00+07:00", False), ("2024-06-29T14:00:00+07:00", True)):
        assert offline.crawl({"NOW": now}).finish == "finished"
        assert any(path.startswith(f"/{newest.slug}") for path in offline.asked)
        assert bool(value(archive, "SELECT gone_at FROM articles WHERE title = ?", newest.title)) is gone
    assert value(archive, "SELECT count(*) FROM articles") == 30


@pytest.mark.parametrize(("whole", "pages"), [(True, 1), (False, 30)])
def test_with_the_api_off_one_page_tells_whether_the_feed_is_whole(whole: bool, pages: int, archive: Path) -> None:
    offline = Offline(WordPressPortal(SOME, api=False, full_feed=whole), WORDPRESS, archive)
    summary = offline.crawl(MORNING)
    assert (summary.finish, summary.counts["stored"]) == ("finished", 30)
    assert "other listings were read in place of" in (summary.reason or "")
    slugs = {article.slug for article in SOME}
    assert len({path.strip("/") for path in offline.asked} & slugs) == pages
    assert value(archive, "SELECT tells FROM listings WHERE kind = 'feed'") == (1 if whole else None)
    assert_sound(archive)


def test_blogger_is_read_by_its_feed_and_one_page(archive: Path) -> None:
    offline = Offline(BloggerPortal(SOME), BLOGGER, archive)
    assert offline.crawl(MORNING).counts["stored"] == 30
    assert len(offline.asked) == 2
    assert offline.crawl(NOON).counts["stored"] == 0


def test_a_span_of_the_past_is_read_month_by_month_and_gone_on_with(archive: Path) -> None:
    site = WordPressPortal(PLAIN)
    offline = Offline(site, WORDPRESS, archive)
    days = sorted(article.created_at for article in PLAIN)
    first, last = days[20], days[-20]
    inside = [a for a in PLAIN if first.date() <= a.created_at.date() <= last.date()]
    summary = offline.crawl(LATER, since=f"{first.date()}", until=f"{last.date()}")
    assert (summary.finish, summary.counts["stored"]) == ("finished", len(inside))
    spans = value(archive, "SELECT count(*) FROM backfills WHERE done_at IS NOT NULL")
    assert spans == (last.year - first.year) * 12 + last.month - first.month + 1
    assert offline.crawl(LATER, since=f"{first.date()}", until=f"{last.date()}").counts["stored"] == 0
    assert offline.asked == [], "every span is read for good"
