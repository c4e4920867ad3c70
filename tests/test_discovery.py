"""Discovery: every article for the fewest requests, again and again; what changed is noticed, what was is kept."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.crawling import HOST, Crawled, assert_sound, contents, crawl, rows, run_here, start, value
from tests.score_requests import PORTALS, budget
from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.portals import WARTA, write_portals
from tests.sites.server import Answer, Request
from tests.sites.varient import VarientPortal
from tests.sites.wordpress import Blog, BloggerPortal, WordPressPortal
from tests.trials.completeness import simulate

PLAIN = tuple(article for article in ARTICLES if article.post_type == "article" and not article.source_url)
LOCKED = replace(PLAIN[0], slug="terkunci", title="Naskah Terkunci")
EDIT = "Panitia menambahkan keterangan baru yang sebelumnya tidak disebut dalam berita ini."


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "output" / "kwri.sqlite"


AT, LATER = "2024-06-29T10:00:00+07:00", "2024-06-29T12:00:00+07:00"  # of a shared first crawl, and what follows it


@pytest.fixture(scope="module")
def first_crawl(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Crawl PLAIN on WordPress once for all tests that go on from there; return the archive and how many requests."""
    archive = tmp_path_factory.mktemp("first") / "kwri.sqlite"
    with WordPressPortal(PLAIN) as site:
        site.publish(LOCKED, password="kunci")
        assert run(site, archive, NOW=AT).code == 0
        return archive, len(site.requests)


@pytest.fixture
def crawled(first_crawl: tuple[Path, int], archive: Path) -> Path:
    """Return a copy of the archive of the first crawl; `warta` has the same articles."""
    archive.parent.mkdir()
    with sqlite3.connect(first_crawl[0]) as source, sqlite3.connect(archive) as copy:
        source.backup(copy)
    return archive


@pytest.fixture
def warta() -> Iterator[WordPressPortal]:
    with WordPressPortal(PLAIN) as site:
        site.publish(LOCKED, password="kunci")
        yield site


def run(site: Blog, archive: Path, *options: str, pretty: bool = True, **settings: str) -> Crawled:
    """Crawl a demo portal that is not in the catalogue; leave its requests in site.requests."""
    site.requests.clear()
    folder = write_portals(archive.parent / "portals", pretty=pretty)
    portal = "warta" if site.host == WARTA else "kabar"
    return crawl(archive, {site.host: site.address}, *options, portal=portal, PORTALS_PATH=folder, **settings)


def assert_whole(archive: Path, articles: tuple[DemoArticle, ...]) -> None:
    """Check that the archive holds these articles, each as it was published, and nothing else."""
    stored = {row["title"]: row for row in contents(archive)}
    assert set(stored) == {article.title for article in articles}
    for article in articles:
        row = stored[article.title]
        assert row["body"].split("\n\n") == list(article.expected), article.title
        assert row["author"] == article.person
        assert row["section"] == article.section
        assert row["published_local"] == f"{article.created_at.isoformat(timespec='seconds')}+07:00"
        # a feed prints a tag that is named as the section once, with both
        assert set((row["tags"] or "").split("|")) - {"", article.section} == set(article.tags) - {article.section}
    assert_sound(archive)


def later(article: DemoArticle, number: int) -> DemoArticle:
    """Make a new article out of the newest."""
    return replace(
        article,
        slug=f"kabar-baru-{number}",
        title=f"Kabar Baru {number} dari Kota",
        created_at=article.created_at + timedelta(hours=number),
        paragraphs=(f"Kabar nomor {number} baru terbit.", *article.paragraphs),
    )


def assert_told_and_unchanged(site: WordPressPortal, archive: Path, first_requests: int, pretty: bool) -> None:
    """Check what a first crawl of PLAIN brought, and that the next one costs and changes nothing."""
    assert_whole(archive, PLAIN)
    assert first_requests == 3  # robots.txt and 117 articles in two pages
    assert value(archive, "SELECT reason FROM urls WHERE outcome = 'refused'") == "protected by a password"
    done = run(site, archive, pretty=pretty, NOW=LATER)
    assert done.code == 0, done.log
    assert len(site.requests) <= 2
    assert "nothing new" in done.out
    assert_whole(archive, PLAIN)


def test_wordpress_tells_every_article_without_a_page_being_asked_for(
    warta: WordPressPortal, first_crawl: tuple[Path, int], crawled: Path
) -> None:
    assert_told_and_unchanged(warta, crawled, first_crawl[1], pretty=True)


def test_wordpress_with_plain_permalinks_does_so_too(archive: Path) -> None:
    with WordPressPortal(PLAIN, pretty=False) as site:
        site.publish(LOCKED, password="kunci")
        assert run(site, archive, pretty=False, NOW=AT).code == 0
        assert_told_and_unchanged(site, archive, len(site.requests), pretty=False)


@pytest.mark.parametrize(("pretty", "full_feed"), [(True, False), (False, True)], ids=["pretty, cut", "plain, whole"])
def test_with_the_api_off_the_feed_is_read_and_the_crawl_says_so(pretty: bool, full_feed: bool, archive: Path) -> None:
    some = PLAIN[:25]
    with WordPressPortal(some, pretty=pretty, api=False, full_feed=full_feed) as site:
        site.publish(LOCKED, password="kunci")
        done = run(site, archive, pretty=pretty)
        assert done.code == 0, done.log
        assert "other listings were read in place of" in done.out
        assert "HTTP 401" in done.out
        stored = contents(archive)
        assert {row["title"] for row in stored} == {article.title for article in some}
        if full_feed:
            assert_whole(archive, some)
            assert len(site.requests) <= 8, site.requests  # robots.txt, API, 3 pages, the end, one article to compare
        for article in some:
            row = next(row for row in stored if row["title"] == article.title)
            assert (row["author"], row["section"]) == (article.person, article.section)
        done = run(site, archive, pretty=pretty)
        assert done.code == 0, done.log
        assert len(site.requests) == 1
        assert_sound(archive)


def test_blogger_tells_every_article_and_what_changed(archive: Path) -> None:
    with BloggerPortal(PLAIN) as site:
        assert run(site, archive).code == 0
        assert_whole(archive, PLAIN)
        assert len(site.requests) == 3  # robots.txt, 117 articles at once, one page to compare
        assert run(site, archive).code == 0
        assert len(site.requests) <= 2
        site.now = max(article.created_at for article in PLAIN) + timedelta(days=1)
        site.edit(PLAIN[40].slug, paragraphs=(*PLAIN[40].paragraphs, EDIT))
        assert run(site, archive).code == 0
        assert len(site.requests) <= 2
    assert value(archive, "SELECT count(*) FROM revisions") == 1


def test_a_feed_that_is_cut_without_a_word_is_found_out_by_one_page(archive: Path) -> None:
    long = tuple(article for article in PLAIN if len(article.expected) > 5)[:12]

    class Cutting(BloggerPortal):
        def _entry(self, post: Any) -> str:
            short = replace(post.article, paragraphs=post.article.paragraphs[:2])
            return super()._entry(replace(post, article=short))

    with Cutting(long) as site:
        done = run(site, archive)
        assert "the feed's texts are cut" in done.log
    assert {row["title"] for row in contents(archive)} == {article.title for article in long}
    for article in long:
        body = value(archive, "SELECT body FROM articles WHERE title = ?", article.title)
        assert len(body.split()) > 0.9 * len(" ".join(article.expected).split()), "an excerpt was taken for the article"


def test_a_portal_with_articles_on_several_pages_is_not_read_by_its_feed(archive: Path) -> None:
    *short, long = sorted(PLAIN, key=lambda article: len(" ".join(article.expected)))
    short = short[:6]
    with WordPressPortal((*short, long), api=False, paged={long.slug: 2}) as site:
        done = run(site, archive)
        assert "the portal has articles on several pages" in done.log
    (body,) = [row["body"] for row in contents(archive) if row["title"] == long.title]
    assert body.split("\n\n") == list(long.expected), "the first page was taken for the article"


def test_new_edited_scheduled_and_back_dated_articles_are_found_in_two_requests(
    warta: WordPressPortal, crawled: Path
) -> None:
    newest = max(PLAIN, key=lambda article: article.created_at)
    warta.now = newest.created_at + timedelta(days=1)
    new = [later(newest, number) for number in range(1, 6)]
    for article in new:
        warta.publish(article)
    back_dated = replace(later(newest, 6), created_at=PLAIN[0].created_at - timedelta(days=30))
    warta.publish(back_dated)
    for article in PLAIN[10:13]:
        warta.edit(article.slug, paragraphs=(*article.paragraphs, EDIT))
    done = run(warta, crawled, NOW=LATER)
    assert done.code == 0, done.log
    assert len(warta.requests) == 2, warta.requests
    assert value(crawled, "SELECT stored FROM crawls ORDER BY id DESC LIMIT 1") == 6
    assert value(crawled, "SELECT count(*) FROM revisions") == 3
    # One that was scheduled long before appears without having been changed: only its name is new.
    scheduled = later(newest, 7)
    warta.publish(scheduled, saved=PLAIN[5].created_at)
    assert run(warta, crawled, NOW=LATER).code == 0
    assert value(crawled, "SELECT count(*) FROM articles WHERE title = ?", scheduled.title) == 1
    assert_sound(crawled)


def index_alone(archive: Path) -> Path:
    """Return a folder of portals beside an archive: one that has an index and no other listing."""
    folder = archive.parent / "portals"
    folder.mkdir(parents=True)
    (folder / "indeks.toml").write_text(
        f'name = "Indeks"\nhome = "https://{HOST}/"\nfamily = "varient"\nzone = "Asia/Jakarta"\n'
        'listings = [{ kind = "index", url = "/posts" }]\n'
    )
    return folder


@pytest.mark.parametrize(
    "how",
    [
        '<html><head><meta http-equiv="refresh" content="0;url={to}"></head></html>',
        "<html><script>window.location.href = '{to}'</script></html>",
        "Refresh: 1; url={to}",
    ],
)
def test_an_index_that_first_sends_its_reader_on_is_read_where_it_leads(how: str, archive: Path) -> None:
    folder = index_alone(archive)
    with VarientPortal(articles=PLAIN) as site:
        shown = site.answer

        def answer(request: Request) -> Answer:
            if urlsplit(request.path).path != "/posts" or "lihat" in request.path:
                return shown(request)
            to = how.format(to=f"{request.path}{'&' if '?' in request.path else '?'}lihat=1")
            if to.startswith("Refresh: "):
                return Answer("<p>Sebentar.</p>", headers=(("Refresh", to.removeprefix("Refresh: ")),))
            return Answer(to)

        site.answer = answer  # type: ignore[method-assign]
        done = crawl(archive, {site.host: site.address}, portal="indeks", PORTALS_PATH=folder, NOW=AT)
    assert (done.code, value(archive, "SELECT count(*) FROM articles")) == (0, len(PLAIN)), done.out


def test_a_list_that_sends_its_reader_in_circles_is_unreadable(archive: Path) -> None:
    folder = index_alone(archive)
    with VarientPortal(articles=PLAIN) as site:
        shown = site.answer

        def answer(request: Request) -> Answer:
            if not request.path.startswith("/posts"):
                return shown(request)
            to = "/posts?b=1" if request.path.endswith("a=1") else "/posts?a=1"
            return Answer(f'<meta http-equiv="refresh" content="0;url={to}">')

        site.answer = answer  # type: ignore[method-assign]
        done = crawl(archive, {site.host: site.address}, portal="indeks", PORTALS_PATH=folder, NOW=AT)
        asked = [path for _, path, *_ in site.requests if path.startswith("/posts")]
    assert done.code != 0
    assert value(archive, "SELECT status FROM listings WHERE kind = 'index' AND url LIKE '%/posts'") == "unreadable"
    assert len(asked) <= 4


def test_an_edit_keeps_the_old_text_and_shows_the_difference(warta: WordPressPortal, crawled: Path) -> None:
    article = PLAIN[20]
    before = value(crawled, "SELECT body FROM articles WHERE title = ?", article.title)
    warta.now = max(each.created_at for each in PLAIN) + timedelta(days=1)
    warta.edit(article.slug, paragraphs=(*article.paragraphs, EDIT), tags=("ralat", "kota"), section="Pendidikan")
    warta.edit(PLAIN[21].slug)  # saved again, the text untouched
    done = run(warta, crawled, NOW=LATER)
    assert done.code == 0
    assert "1 edited" in done.out
    (revision,) = rows(crawled, "SELECT * FROM revisions")
    (now,) = rows(crawled, "SELECT * FROM articles WHERE title = ?", article.title)
    assert now["section"] == "Pendidikan"
    assert now["updated_local"] == f"{warta.now.isoformat()}+07:00"
    assert now["published_local"] == f"{article.created_at.isoformat()}+07:00"
    tags = rows(crawled, "SELECT tag FROM tags WHERE article = ? ORDER BY tag", now["id"])
    assert [row["tag"] for row in tags] == ["kota", "ralat"]
    assert revision["body"] == before
    assert 0 < revision["words_changed"] < 0.2
    address = f"https://{WARTA}/{article.slug}/"
    shown = run_here("revisions", address, ARCHIVE_PATH=str(crawled))
    assert shown.code == 0, shown.log
    assert f"+ {EDIT}" in shown.out
    assert "- " not in shown.out.replace(" - ", "")
    whole = run_here("revisions", "--json", address, ARCHIVE_PATH=str(crawled))
    assert whole.code == 0, whole.log
    assert [text["body"].endswith(EDIT) for text in json.loads(whole.out)] == [False, True]
    assert run_here("revisions", address + "x", ARCHIVE_PATH=str(crawled)).code == 3


def test_an_edited_text_joins_the_story_that_it_now_carries(warta: WordPressPortal, crawled: Path) -> None:
    one, other = sorted(PLAIN, key=lambda article: article.created_at)[20:22]
    story = "SELECT story FROM articles WHERE title = ?"
    assert value(crawled, story, one.title) is None
    warta.now = max(each.created_at for each in PLAIN) + timedelta(days=1)
    warta.edit(one.slug, paragraphs=other.paragraphs)
    assert run(warta, crawled, NOW=LATER).code == 0
    assert value(crawled, story, one.title) == value(crawled, story, other.title) is not None
    assert value(crawled, "SELECT count(*) FROM sketches WHERE method = 0") == 0


def test_an_article_removed_deep_in_the_past_is_noticed_by_the_total(warta: WordPressPortal, crawled: Path) -> None:
    old = sorted(PLAIN, key=lambda article: article.created_at)[2]
    warta.remove(old.slug)
    done = run(warta, crawled, NOW=LATER)
    assert done.code == 0, done.log
    asked = [path for _, path, *_ in warta.requests]
    assert sum("page=2" in path for path in asked) == 1  # a second page of names showed which
    assert sum(old.slug in path for path in asked) == 1
    assert value(crawled, "SELECT gone_at FROM articles WHERE title = ?", old.title) is None
    run(warta, crawled, NOW="2024-06-29T15:00:00+07:00")
    assert value(crawled, "SELECT gone_at FROM articles WHERE title = ?", old.title) is not None
    assert value(crawled, "SELECT count(gone_at) FROM articles") == 1
    run(warta, crawled, NOW="2024-06-29T18:00:00+07:00")
    assert len(warta.requests) <= 3  # robots.txt, what changed, the newest: nothing is looked for again
    assert not [path for _, path, *_ in warta.requests if "page=2" in path]


def test_an_article_removed_deep_in_a_bloggers_past_is_noticed_by_the_total(archive: Path) -> None:
    old = sorted(PLAIN, key=lambda article: article.created_at)[2]
    with BloggerPortal(PLAIN) as site:
        for hour in (10, 11):
            assert run(site, archive, NOW=f"2024-06-29T{hour}:00:00+07:00").code == 0
        site.remove(old.slug)
        for hour in (12, 15):
            assert run(site, archive, NOW=f"2024-06-29T{hour}:00:00+07:00").code == 0
        assert value(archive, "SELECT gone_at FROM articles WHERE title = ?", old.title) is not None
        assert value(archive, "SELECT count(gone_at) FROM articles") == 1
        run(site, archive, NOW="2024-06-29T18:00:00+07:00")
        assert len(site.requests) <= 3  # robots.txt, the newest, what changed: nothing is looked for again


def test_removals_among_posts_that_were_read_from_their_pages_are_noticed_by_the_total_too(archive: Path) -> None:
    first, *_, old, _ = sorted(PLAIN, key=lambda article: article.created_at, reverse=True)
    with BloggerPortal(PLAIN) as site:
        assert run(site, archive, NOW="2024-06-29T10:00:00+07:00").code == 0
        with sqlite3.connect(archive) as conn:  # as after a crawl that was killed before it stored what a feed told
            conn.execute("UPDATE articles SET reader = 'blogger' WHERE title = ?", (first.title,))
        assert run(site, archive, NOW="2024-06-29T11:00:00+07:00").code == 0
        site.remove(old.slug)
        for hour in (12, 15):
            assert run(site, archive, NOW=f"2024-06-29T{hour}:00:00+07:00").code == 0
        assert value(archive, "SELECT group_concat(title) FROM articles WHERE gone_at IS NOT NULL") == old.title


def test_a_third_of_all_that_is_removed_at_once_is_noticed_by_the_total_and_what_goes_later_too(archive: Path) -> None:
    *_, oldest = by_age = sorted(PLAIN, key=lambda article: article.created_at, reverse=True)
    last, *removed = (article for article in by_age[2:] if article is not oldest)
    removed = removed[: len(PLAIN) // 3]
    with BloggerPortal(PLAIN) as site:
        for hour in ("08", "09"):
            assert run(site, archive, NOW=f"2024-06-29T{hour}:00:00+07:00").code == 0
        for article in removed:
            site.remove(article.slug)
        for hour in (10, 12):
            run(site, archive, NOW=f"2024-06-29T{hour}:00:00+07:00")
        assert value(archive, "SELECT count(gone_at) FROM articles") == len(removed) > 4
        site.remove(last.slug)
        for hour in (14, 16):
            assert run(site, archive, NOW=f"2024-06-29T{hour}:00:00+07:00").code == 0
        assert value(archive, "SELECT gone_at FROM articles WHERE title = ?", last.title) is not None


def test_a_post_that_a_wordpress_no_longer_counts_and_still_shows_is_looked_for_once(
    warta: WordPressPortal, crawled: Path
) -> None:
    old = sorted(PLAIN, key=lambda article: article.created_at)[2]
    hidden = warta._posts[old.slug]
    warta.newest = lambda: [post for post in Blog.newest(warta) if post is not hidden]  # type: ignore[method-assign]
    page = warta._post(hidden, 1)
    whole = warta.answer
    warta.answer = lambda request: Answer(page) if old.slug in request.path else whole(request)  # type: ignore[method-assign]
    run(warta, crawled, NOW=LATER)
    assert sum(old.slug in path for _, path, *_ in warta.requests) == 1
    run(warta, crawled, NOW="2024-06-29T18:00:00+07:00")
    assert not [path for _, path, *_ in warta.requests if old.slug in path or "page=2" in path]
    assert value(crawled, "SELECT count(gone_at) FROM articles") == 0


def test_a_removed_article_is_gone_after_the_second_look_and_stays(warta: WordPressPortal, crawled: Path) -> None:
    newest = max(PLAIN, key=lambda article: article.created_at)
    gone = sorted(PLAIN, key=lambda article: article.created_at)[-3]
    warta.remove(gone.slug)
    for hour in (12, 14):
        assert run(warta, crawled, NOW=f"2024-06-29T{hour}:00:00+07:00").code == 0
    found = rows(crawled, "SELECT title FROM articles WHERE gone_at IS NOT NULL")
    assert [row["title"] for row in found] == [gone.title]
    assert value(crawled, "SELECT gone_at FROM articles WHERE title = ?", newest.title) is None
    assert len(contents(crawled)) == len(PLAIN)
    assert_sound(crawled)


def test_an_old_wordpress_that_does_not_know_modified_after_is_not_read_whole_again(crawled: Path) -> None:
    with WordPressPortal(PLAIN, knows_modified_after=False) as site:
        site.publish(LOCKED, password="kunci")
        assert run(site, crawled, NOW=LATER).code == 0
        assert len(site.requests) == 2, site.requests


def test_a_crawl_killed_while_the_api_is_read_loses_nothing(warta: WordPressPortal, archive: Path) -> None:
    warta.latency_s = 0.5
    folder = write_portals(archive.parent / "portals")
    process = start(archive, {WARTA: warta.address}, portal="warta", PORTALS_PATH=folder)
    while len(warta.requests) < 3 and process.poll() is None:
        pass
    process.kill()
    process.communicate()
    warta.latency_s = 0
    done = run(warta, archive)
    assert done.code == 0, done.log
    assert_whole(archive, PLAIN)


# ---------------------------------------------------------------- budgets


# The others differ from these by what is tested above.
@pytest.mark.parametrize("name", ["WordPress, API", "Varient 2.2, feed, index, sitemap"])
def test_the_budgets_of_make_score_requests_are_kept(name: str) -> None:
    make, portal, host = PORTALS[name]
    count = 150 if "API" in name else 40
    costs = budget(make, portal, host, count)
    first, again, new, edited = (costs[what] for what in ("first crawl", "unchanged", "5 new", "3 edited, a day on"))
    assert first.stored >= count
    assert again.requests <= 2
    assert again.pages == 0
    assert new.stored == 5
    assert edited.edited == 3
    assert costs["back-fill of a month"].stored == count + 5
    if "API" in name:
        assert first.requests <= 3, "0.02 requests an article are 3 for 150"
        assert edited.requests <= 3
    if "Varient" in name:
        assert new.pages - new.visits == 5
        assert new.requests - new.pages <= 2


# ---------------------------------------------------------------- back-fill


def test_a_back_fill_brings_a_span_and_nothing_else(warta: WordPressPortal, archive: Path) -> None:
    done = run(warta, archive, "-a", "since=2024-02-10", "-a", "until=2024-04-20")
    assert done.code == 0, done.log
    span = [one for one in PLAIN if "2024-02-10" <= one.created_at.isoformat()[:10] <= "2024-04-20"]
    assert 20 < len(span) < len(PLAIN)
    assert {row["title"] for row in contents(archive)} == {article.title for article in span}
    assert len(warta.requests) == 4  # robots.txt and three months
    assert "2024-02-10 to 2024-02-29: read" in done.log
    done = run(warta, archive, "-a", "since=2024-02-10", "-a", "until=2024-04-20")
    assert done.code == 0, done.log
    assert not warta.requests, "what is read is not asked for again"
    assert_sound(archive)


def test_a_back_fill_that_was_cut_short_goes_on_where_it_was(archive: Path) -> None:
    bounds = ("-a", "since=2024-01-01", "-a", "until=2024-06-30")
    some = ARTICLES[:70]
    with VarientPortal(articles=some, per_page=10) as site:
        site.latency_s = 0.05
        process = start(archive, {HOST: site.address}, *bounds)
        while sum("/posts" in path for _, path, *_ in site.requests) < 4 and process.poll() is None:
            pass
        process.kill()
        process.communicate()
        site.latency_s = 0
        site.requests.clear()
        done = crawl(archive, {HOST: site.address}, *bounds)
        assert done.code == 0, done.log
        lists = [path for _, path, *_ in site.requests if path.startswith("/posts")]
        assert lists[0] != "/posts", "it began at the top again"
    assert len(contents(archive)) == len(some)
    assert_sound(archive)


def test_a_back_fill_without_its_first_day_is_explained(archive: Path, warta: WordPressPortal) -> None:
    done = run(warta, archive, "-a", "until=2024-06-30")
    assert done.code == 2
    assert "add -a since=2023-01-01" in done.log


# ---------------------------------------------------------------- edits on portals without an API


def test_young_pages_are_looked_at_again_on_a_schedule_that_thins_out(archive: Path) -> None:
    with VarientPortal(articles=sorted(ARTICLES, key=lambda article: article.created_at)[-20:]) as site:
        young = max(site.articles, key=lambda article: article.created_at)
        places = {HOST: site.address}
        at = young.created_at + timedelta(minutes=30)

        def looks(hours: float) -> int:
            site.requests.clear()
            moment = (at + timedelta(hours=hours)).isoformat()
            done = crawl(archive, places, NOW=f"{moment}+07:00")
            assert done.code == 0, done.log
            return site.asked(f"/{young.slug}")

        assert [looks(hours) for hours in (0, 0.2, 1)] == [1, 0, 1]
        site.edit(young.slug, paragraphs=(*young.paragraphs, EDIT))
        assert looks(6) == 1
        assert value(archive, "SELECT count(*) FROM revisions") == 1
        site.remove(young.slug)
        assert [looks(hours) for hours in (24, 25.5, 40, 80)] == [1, 1, 0, 1]
        assert value(archive, "SELECT gone_at FROM articles WHERE title = ?", young.title) is not None
    assert_sound(archive)


# ---------------------------------------------------------------- completeness


def test_nothing_is_lost_and_nothing_is_invented_while_crawls_are_killed(tmp_path: Path) -> None:
    """The short form of `make trial-completeness`."""
    with WordPressPortal() as site:
        figures = simulate(site, "warta", tmp_path, days=1, every_h=6, seed=7)
    assert figures.articles > 5
    assert figures.kills > 0
    assert figures.lost_articles == figures.lost_texts == figures.invented == ()
