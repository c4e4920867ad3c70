"""How far back listings lead, what a crawl brought and what it lost: what its summary, exit code and archive show."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.causes import Cause
from kwri_crawler.command import Exit
from kwri_crawler.commands.crawl import describe, exit_code
from tests.crawling import value
from tests.offline import Offline
from tests.sites.corpus import ARTICLES
from tests.sites.server import Answer, Request
from tests.sites.wordpress import BloggerPortal, WordPressPortal

HOST = "warga.example.id"
HOME = f"https://{HOST}/"
PLAIN = [article for article in ARTICLES if article.post_type == "article" and not article.source_url]
TOPICS = ("jembatan", "panen", "sekolah", "pasar", "irigasi", "puskesmas", "pelabuhan", "terminal")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "a.sqlite"


def portal(*listings: tuple[ListingKind, str]) -> Portal:
    made = tuple(Listing(kind, HOME + path) for kind, path in listings)
    return Portal("warga", "Warga", HOME, "general", None, "Asia/Jakarta", made, hosts=(HOST,))


FEED_ONLY = portal((ListingKind.FEED, "feed"))


def sentences(number: int) -> list[str]:
    topic = TOPICS[number % len(TOPICS)]
    return [
        f"Warga desa {number} menata {topic} bersama perangkat desa pada rapat ke-{number} pekan ini.",
        f"Biaya {topic} sebesar {number + 11} juta rupiah ditanggung kas desa, kata bendahara {number}.",
        f"Kepala dusun {number} berharap {topic} selesai sebelum musim hujan, {number + 3} hari lagi.",
    ]


def article(number: int, day: str, *more: str) -> str:
    text = "".join(f"<p>{one}</p>" for one in (*sentences(number), *more))
    return (
        f'<!DOCTYPE html><html lang="id"><head><title>Kabar {number}</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{day}T08:00:00+07:00"></head><body><article>'
        f"<h1>Kabar warga nomor {number}</h1>{text}</article></body></html>"
    )


class Site:
    """Answers what it was given by route; 404 for all else."""

    def __init__(self, **routes: str | Answer) -> None:
        self.routes: dict[str, str | Answer] = {f"/{name}": answer for name, answer in routes.items()}

    def answer(self, request: Request) -> Answer:
        found = self.routes.get(request.route, Answer("tidak ada", 404))
        return Answer(found) if isinstance(found, str) else found

    def publish(self, number: int, day: str, *more: str) -> None:
        self.routes[f"/kabar-{number}"] = article(number, day, *more)


def rss(*named: tuple[int, str]) -> str:
    items = "".join(
        f"<item><title>Kabar warga nomor {number}</title><link>{HOME}kabar-{number}</link>"
        f"<pubDate>{day}T08:00:00+07:00</pubDate></item>"
        for number, day in named
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Warga</title>{items}</channel></rss>'


def atom(number: int, *more: str) -> str:
    text = "".join(f"<p>{one}</p>" for one in (*sentences(number), *more))
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Warga</title>'
        f'<entry><title>Kabar warga nomor {number}</title><link href="{HOME}kabar-{number}"/>'
        "<published>2026-03-02T01:00:00Z</published><updated>2026-03-02T01:00:00Z</updated>"
        f'<content type="html"><![CDATA[{text}]]></content></entry></feed>'
    )


@pytest.mark.parametrize(("more", "revisions"), [(("Ralat: biayanya dua belas juta, bukan tiga belas.",), 1), ((), 0)])
def test_a_whole_text_is_compared_when_it_comes_whatever_its_stamp_says(
    more: tuple[str, ...], revisions: int, archive: Path
) -> None:
    site = Site(feed=atom(1))
    site.publish(1, "2026-03-02")
    offline = Offline(site, FEED_ONLY, archive)
    assert offline.crawl({"NOW": "2026-05-01T10:00:00+07:00"}).counts["stored"] == 1
    site.routes["/feed"] = atom(1, *more)
    offline.crawl({"NOW": "2026-05-01T15:00:00+07:00"})
    assert offline.asked == ["/feed"]
    assert value(archive, "SELECT count(*) FROM revisions") == revisions


MAY = {"NOW": "2026-05-01T10:00:00+07:00"}
MONTHS = tuple((number, f"2026-{4 - number // 3:02}-15") for number in range(6))  # 0..2 in April, 3..5 in March


def months(named: tuple[tuple[int, str], ...] = MONTHS) -> Site:
    site = Site(feed=rss(*named))
    for number, day in MONTHS:
        site.publish(number, day)
    return site


@pytest.mark.parametrize(
    ("since", "finish", "reached", "stored"),
    [
        ("2026-01-01", "partial", False, 6),
        ("2026-04-01", "finished", True, 3),
    ],
)
def test_a_feed_alone_says_how_far_back_it_leads(
    since: str, finish: str, reached: bool, stored: int, archive: Path
) -> None:
    offline = Offline(months(), FEED_ONLY, archive)
    summary = offline.crawl(MAY, since=since)
    assert (summary.finish, summary.reached, summary.counts["stored"]) == (finish, reached, stored)
    assert str(summary.oldest) == "2026-03-15"
    said = "lead back to 2026-03-15; none leads to what is older"
    assert (said in describe(summary)) is not reached
    assert value(archive, "SELECT oldest_at FROM listings") == "2026-03-15T01:00:00Z"
    assert value(archive, "SELECT finish FROM crawls") == finish


@pytest.mark.parametrize(
    ("since", "until", "done", "finish"),
    [
        ("2026-01-01", "2026-02-28", 0, "partial"),
        ("2026-03-01", "2026-04-10", 0, "partial"),  # what ran on its first days is out of reach
        ("2026-04-01", "2026-04-20", 1, "finished"),
    ],
)
def test_a_span_that_nothing_reached_is_not_read(since: str, until: str, done: int, finish: str, archive: Path) -> None:
    offline = Offline(months(), FEED_ONLY, archive)
    assert offline.crawl(MAY, since=since, until=until).finish == finish
    assert value(archive, "SELECT count(done_at) FROM backfills") == done
    assert value(archive, "SELECT reached_at FROM backfills") == (None if done else "2026-03-15T01:00:00Z")


def test_a_sitemap_that_reaches_what_the_feed_does_not_is_enough(archive: Path) -> None:
    site = months(MONTHS[:2])
    named = "".join(f"<url><loc>{HOME}kabar-{number}</loc></url>" for number, _ in MONTHS)
    site.routes["/sitemap.xml"] = f'<?xml version="1.0"?><urlset>{named}</urlset>'
    offline = Offline(site, portal((ListingKind.FEED, "feed"), (ListingKind.SITEMAP, "sitemap.xml")), archive)
    summary = offline.crawl(MAY, since="2026-01-01")
    assert (summary.finish, summary.reached, summary.counts["stored"]) == ("finished", True, 6)


def test_addresses_that_are_all_gone_bring_nothing_and_are_never_called_archived(archive: Path) -> None:
    site = Site(feed=rss(*MONTHS))
    offline = Offline(site, FEED_ONLY, archive)
    for now in ("2026-05-01", "2026-05-03", "2026-05-04"):  # the last one asks for none of them again
        summary = offline.crawl({"NOW": f"{now}T10:00:00+07:00"})
        assert (summary.finish, summary.cause, exit_code(summary)) == ("nothing", Cause.GONE, Exit.PART)
        assert "6 gone" in describe(summary)
        assert "in the archive already" not in describe(summary)
    assert offline.asked == ["/feed"]
    assert value(archive, "SELECT group_concat(DISTINCT finish) FROM crawls") == "nothing"


@pytest.mark.parametrize("elsewhere", ["https://baru.example.org/", HOME + "#"])
@pytest.mark.parametrize("before", [True, False])
def test_a_listing_that_names_other_hosts_or_no_articles_alone_brings_nothing_at_every_crawl(
    elsewhere: str, before: bool, archive: Path
) -> None:
    site = Site(feed=rss((1, "2026-03-02"), (2, "2026-03-03")))
    for number in (1, 2):
        site.publish(number, "2026-03-02")
    offline = Offline(site, FEED_ONLY, archive)
    if before:
        assert exit_code(offline.crawl(MAY)) is Exit.DONE
    text = rss((1, "2026-03-02"), (2, "2026-03-03")).replace(HOME, elsewhere)
    site.routes["/feed"] = Answer(text, headers=(("ETag", '"satu"'),))
    for day in (2, 3):
        summary = offline.crawl({"NOW": f"2026-05-0{day}T10:00:00+07:00"})
        assert (summary.finish, exit_code(summary), summary.counts["known"]) == ("nothing", Exit.PART, 0)
        assert summary.counts["left_out"] == summary.counts["found"] > 0
    site.routes["/sitemap"] = f"<urlset><url><loc>{HOME}kabar-1</loc></url></urlset>"
    beside = portal((ListingKind.FEED, "feed"), (ListingKind.SITEMAP, "sitemap"))
    assert exit_code(Offline(site, beside, archive).crawl({"NOW": "2026-05-04T10:00:00+07:00"})) is Exit.DONE


def test_a_quiet_portal_of_which_some_are_gone_is_well_and_says_which(archive: Path) -> None:
    site = months()
    for number in (0, 1):
        del site.routes[f"/kabar-{number}"]
    offline = Offline(site, FEED_ONLY, archive)
    for now in ("2026-05-01", "2026-05-03", "2026-05-04"):
        summary = offline.crawl({"NOW": f"{now}T10:00:00+07:00"})
        assert exit_code(summary) is Exit.DONE
    text = describe(summary)
    assert "nothing new\n" in text
    assert "brought no article before: 2 gone" in text


def test_a_crawl_without_a_bound_says_how_far_its_feed_leads_back_and_what_looks_further(archive: Path) -> None:
    summary = Offline(months(), FEED_ONLY, archive).crawl(MAY)
    assert exit_code(summary) is Exit.DONE
    assert "lead back to 2026-03-15; -a since=DAY looks for older ones, also at home" in describe(summary)


def test_where_all_is_archived_nothing_new_is_all_that_is_said(archive: Path) -> None:
    offline = Offline(months(), FEED_ONLY, archive)
    offline.crawl(MAY)
    summary = offline.crawl({"NOW": "2026-05-03T10:00:00+07:00"})
    assert exit_code(summary) is Exit.DONE
    assert "nothing new: every article that was found is in the archive already" in describe(summary)
    assert "before" not in describe(summary)


@pytest.mark.parametrize(
    ("left_out", "removed", "asked", "gone"),
    [
        ((3,), (3,), True, 1),
        ((3,), (), True, 0),  # it is there all the same
        ((5,), (5,), False, 0),  # the oldest: a sitemap may hold the newest alone
        ((1, 2, 3, 4), (1, 2, 3, 4), False, 0),  # most of them: it holds some sections
    ],
)
def test_an_old_article_that_a_whole_sitemap_leaves_out_is_looked_at(
    left_out: tuple[int, ...], removed: tuple[int, ...], asked: bool, gone: int, archive: Path
) -> None:
    def sitemap(numbers: set[int]) -> str:
        named = "".join(f"<url><loc>{HOME}kabar-{number}</loc></url>" for number in sorted(numbers))
        return f'<?xml version="1.0"?><urlset>{named}</urlset>'

    site = Site()
    for number in range(6):
        site.publish(number, f"2026-04-{20 - number}")
    site.routes["/sitemap.xml"] = sitemap(set(range(6)))
    offline = Offline(site, portal((ListingKind.SITEMAP, "sitemap.xml")), archive)
    offline.crawl({"NOW": "2026-07-01T10:00:00+07:00"})
    site.routes["/sitemap.xml"] = sitemap(set(range(6)) - set(left_out))
    for number in removed:
        del site.routes[f"/kabar-{number}"]
    for now in ("2026-10-01T10:00:00+07:00", "2026-10-03T10:00:00+07:00"):
        offline.crawl({"NOW": now})
        assert (f"/kabar-{left_out[0]}" in offline.asked) is (asked and (bool(removed) or now < "2026-10-02"))
    assert value(archive, "SELECT count(gone_at) FROM articles") == gone


# ------------------------------------------------------------------ pages whose number nobody looks at

NEWS = tuple((number, f"2026-04-{28 - number:02}") for number in range(24))  # the newest first


class Paged(Site):
    """A WordPress feed and an index of ten articles a page; `deaf` ones answer each number with the first page.

    `stale` is how many of the newest their second page does not know yet: a cache kept it.
    """

    def __init__(self, news: tuple[tuple[int, str], ...] = NEWS, *, deaf: bool = False, stale: int = 0) -> None:
        super().__init__()
        self.news, self.deaf, self.stale = news, deaf, stale
        for number, day in NEWS:
            self.publish(number, day)

    def answer(self, request: Request) -> Answer:
        page = int(request.query("paged") or request.query("page") or 1)
        skipped = (self.stale if page > 1 else 0) if self.deaf else 10 * (page - 1)
        shown = self.news[skipped : skipped + 10]
        if request.route == "/feed":
            head = "<channel><generator>https://wordpress.org/?v=6.9</generator>"
            return Answer(rss(*shown).replace("<channel>", head)) if shown else Answer("tidak ada", 404)
        if request.route == "/indeks":
            items = "".join(
                f'<article><h2><a href="/kabar-{n}">K</a></h2><time>{day}</time></article>' for n, day in shown
            )
            return Answer(
                f'{items}<div class="pagination"><a href="/indeks?page={page + 1}">{page + 1}</a></div></html>'
            )
        return super().answer(request)


WP_FEED, DEEP_INDEX = (ListingKind.FEED, "feed"), (ListingKind.INDEX, "indeks")


@pytest.mark.parametrize("listing", [WP_FEED, DEEP_INDEX])
@pytest.mark.parametrize(
    ("deaf", "stale", "stored", "finish", "oldest"),
    [
        (False, 0, 24, "finished", "2026-04-05"),
        (True, 0, 10, "partial", "2026-04-19"),
    ],
)
def test_a_listing_whose_page_numbers_are_not_looked_at_reaches_no_further_than_its_first_page(
    listing: tuple[ListingKind, str], deaf: bool, stale: int, stored: int, finish: str, oldest: str, archive: Path
) -> None:
    offline = Offline(Paged(deaf=deaf, stale=stale), portal(listing), archive)
    summary = offline.crawl(MAY, since="2026-01-01")
    assert (summary.finish, str(summary.oldest)) == (finish, oldest)
    assert offline.crawl({"NOW": "2026-05-02T10:00:00+07:00"}, since="2026-01-01").finish == finish
    assert value(archive, "SELECT count(*) FROM articles") == stored
    assert bool(value(archive, "SELECT complete_crawl FROM listings")) is not deaf
    assert offline.crawl(MAY).well, "without a bound a quiet portal is well"


@pytest.mark.parametrize("stale", [0, 1, 3])
def test_the_other_listings_are_read_where_a_feeds_page_numbers_are_not_looked_at(stale: int, archive: Path) -> None:
    site = Paged(deaf=True, stale=stale)
    named = "".join(f"<url><loc>{HOME}kabar-{number}</loc></url>" for number, _ in NEWS)
    site.routes["/sitemap.xml"] = f'<?xml version="1.0"?><urlset>{named}</urlset>'
    offline = Offline(site, portal(WP_FEED, (ListingKind.SITEMAP, "sitemap.xml")), archive)
    assert offline.crawl(MAY).counts["stored"] == 24
    assert offline.crawl(MAY).finish == "finished"


def test_a_feed_whose_numbers_are_no_longer_looked_at_does_not_close_a_gap(archive: Path) -> None:
    site = Paged(NEWS[12:])
    offline = Offline(site, portal(WP_FEED), archive)
    offline.crawl(MAY)
    site.news, site.deaf = NEWS, True  # twelve more than the last time, and only ten are shown
    offline.crawl({"NOW": "2026-05-02T10:00:00+07:00"})
    assert value(archive, "SELECT count(*) FROM articles") == 22
    site.deaf = False
    offline.crawl({"NOW": "2026-05-03T10:00:00+07:00"})
    assert value(archive, "SELECT count(*) FROM articles") == 24


def test_an_index_that_shows_its_last_page_again_behind_the_end_is_read_to_its_end(archive: Path) -> None:
    site = Paged()
    whole = site.answer
    site.answer = lambda request: whole(  # type: ignore[method-assign]
        Request("GET", request.path.replace("page=4", "page=3").replace("page=5", "page=3"), {})
    )
    offline = Offline(site, portal(DEEP_INDEX), archive)
    assert offline.crawl(MAY, since="2026-01-01").finish == "finished"
    assert value(archive, "SELECT count(*) FROM articles") == 24


@pytest.mark.parametrize("body", ["", "<html><body>Sebentar.</body></html>"], ids=["empty", "a word"])
@pytest.mark.parametrize(
    ("refresh", "outcome"),
    [
        ("0; url=/kabar-7", "stored"), ("3;URL='https://warga.example.id/kabar-7'", "stored"),
        ("0; url=https://lain.example.id/kabar-7", "unreadable"), ("0; url=/pindah", "unreadable"),
        ("300; url=/kabar-7", "unreadable"), ("30", "unreadable"),
    ],
)  # fmt: skip
def test_the_header_refresh_is_followed_as_the_one_in_a_page(
    refresh: str, outcome: str, body: str, archive: Path
) -> None:
    site = Site(feed=rss((8, "2026-04-15")).replace("kabar-8", "pindah"))
    site.routes["/pindah"] = Answer(body, headers=(("Refresh", refresh),))
    site.publish(7, "2026-04-15")
    Offline(site, FEED_ONLY, archive).crawl(MAY)
    assert value(archive, "SELECT outcome FROM urls") == outcome


def test_an_article_stays_whatever_its_header_refresh_says(archive: Path) -> None:
    site = Site(feed=rss((8, "2026-04-15")))
    site.publish(7, "2026-04-15")
    site.routes["/kabar-8"] = Answer(article(8, "2026-04-15"), headers=(("Refresh", "0; url=/kabar-7"),))
    Offline(site, FEED_ONLY, archive).crawl(MAY)
    assert value(archive, "SELECT title FROM articles") == "Kabar warga nomor 8"


class Capped(WordPressPortal):
    """A WordPress whose host refuses to give more than some posts at once."""

    most = 50

    def answer(self, request: Request) -> Answer:
        if int(request.query("per_page") or 10) > self.most:
            text = '{"code":"rest_invalid_param","message":"Parameter tidak valid: per_page","data":{"status":400}}'
            return Answer(text, 400, "application/json")
        return super().answer(request)


@pytest.mark.parametrize(("most", "stored"), [(50, 45), (5, 45), (3, 0)])
def test_a_wordpress_that_refuses_a_hundred_posts_at_once_is_asked_for_fewer(
    most: int, stored: int, archive: Path
) -> None:
    site = Capped(PLAIN[:45])
    site.most = most
    api = Listing(ListingKind.WORDPRESS, f"{site.base}/wp-json/wp/v2/posts")
    named = Portal("warta", "Warta", f"{site.base}/", "wordpress", None, "Asia/Jakarta", (api,), hosts=(site.host,))
    offline = Offline(site, named, archive)
    summary = offline.crawl()
    assert (summary.counts["stored"], summary.finish == "finished") == (stored, stored > 0)
    assert sum("per_page=100&" in path for path in offline.asked) == 1


class TenAtOnce(WordPressPortal):
    """A WordPress whose host gives ten posts at once, whatever was asked for."""

    def answer(self, request: Request) -> Answer:
        size = re.search(r"per_page=(\d+)", request.path)
        return super().answer(
            request if size is None else replace(request, path=request.path.replace(size[0], "per_page=10"))
        )


def test_old_posts_that_a_wordpress_imports_are_found_by_its_total_once(archive: Path) -> None:
    by_day = sorted(PLAIN[:45], key=lambda one: one.created_at)
    site = TenAtOnce(by_day[15:])
    api = Listing(ListingKind.WORDPRESS, f"{site.base}/wp-json/wp/v2/posts")
    named = Portal("warta", "Warta", f"{site.base}/", "wordpress", None, "Asia/Jakarta", (api,), hosts=(site.host,))
    offline = Offline(site, named, archive)
    now = by_day[-1].created_at + timedelta(hours=1)

    def crawl(hours: int) -> int:
        offline.crawl({"NOW": f"{(now + timedelta(hours=hours)).isoformat()}+07:00"})
        return sum("/wp-json/" in path for path in offline.asked)

    crawl(0)
    assert (value(archive, "SELECT count(*) FROM articles"), crawl(1)) == (30, 2)
    for one in by_day[:13]:
        site.publish(one, saved=one.created_at)
    assert crawl(2) > 4
    assert value(archive, "SELECT count(*) FROM articles") == 43
    for one in by_day[13:15]:  # so few may be withheld
        site.publish(one, saved=one.created_at)
    assert (crawl(3), crawl(4), value(archive, "SELECT count(*) FROM articles")) == (2, 2, 43)


class Uncounted(TenAtOnce):
    """The same behind a cache that drops what it counts."""

    status = 200  # of what it answers to who asks in the order of numbers

    def answer(self, request: Request) -> Answer:
        if self.status != 200 and request.query("orderby") == "id":
            return Answer("{}", self.status, "application/json")
        return replace(super().answer(request), headers=())


@pytest.mark.parametrize(("status", "stored"), [(200, 45), (400, 30), (403, 30)])
def test_old_posts_that_a_wordpress_without_counts_imports_are_found_by_their_numbers(
    status: int, stored: int, archive: Path
) -> None:
    by_day = sorted(PLAIN[:45], key=lambda one: one.created_at)
    site = Uncounted(by_day[15:])
    site.status = status
    api = Listing(ListingKind.WORDPRESS, f"{site.base}/wp-json/wp/v2/posts")
    named = Portal("warta", "Warta", f"{site.base}/", "wordpress", None, "Asia/Jakarta", (api,), hosts=(site.host,))
    offline = Offline(site, named, archive)
    now = by_day[-1].created_at + timedelta(hours=1)

    def crawl(hours: int) -> tuple[int, str]:
        summary = offline.crawl({"NOW": f"{(now + timedelta(hours=hours)).isoformat()}+07:00"})
        return sum("/wp-json/" in path for path in offline.asked), summary.finish

    crawl(0)
    assert (value(archive, "SELECT count(*) FROM articles"), crawl(1)) == (30, (4, "finished"))
    for one in by_day[:15]:
        site.publish(one, saved=one.created_at)
    assert crawl(2)[1] == "finished"
    assert value(archive, "SELECT count(*) FROM articles") == stored
    assert crawl(3) == (4, "finished")


@pytest.mark.parametrize("known", [True, False], ids=["an article of before", "one that it found itself"])
def test_a_look_of_a_clock_that_was_ahead_takes_the_place_of_no_later_one(known: bool, archive: Path) -> None:
    site = months(MONTHS[:1])  # of 15 April, 8 o'clock
    offline = Offline(site, FEED_ONLY, archive)
    days = ["2026-04-15T08:30", "2026-04-15T08:40", "2027-04-15T12:00", "2026-04-15T12:00"]
    for now in days if known else days[2:]:
        offline.crawl({"NOW": f"{now}:00+07:00"})
    site.publish(MONTHS[0][0], MONTHS[0][1], "Ralat: biayanya dua belas juta, bukan sebelas juta rupiah.")
    offline.crawl({"NOW": "2026-04-15T15:00:00+07:00"})
    assert value(archive, "SELECT count(*) FROM revisions") == 1


class OddBlogger(BloggerPortal):
    """A Blogger behind a cache that gives ten posts at once, and that may tell another total, or know no pages."""

    def __init__(self, total: str, *, deaf: bool = False) -> None:
        super().__init__(PLAIN[:45])
        self.total, self.deaf = total, deaf

    def answer(self, request: Request) -> Answer:
        start = 1 if self.deaf else int(request.query("start-index") or 1)
        found = super().answer(replace(request, path=f"{request.route}?start-index={start}&max-results=10"))
        counted = "<openSearch:totalResults>{}</openSearch:totalResults>" if self.total else "{}"
        text = str(found.body).replace(counted.format(45) if self.total else COUNTED, counted.format(self.total))
        return replace(found, body=text)


COUNTED = "<openSearch:totalResults>45</openSearch:totalResults>"


@pytest.mark.parametrize(
    ("total", "deaf", "stored", "finish", "requests"),
    [
        ("45", False, 45, "finished", 5),
        ("", False, 45, "finished", 6),  # the end is an empty page
        ("25", False, 45, "finished", 6),  # another request's
        ("70", False, 45, "no listing", 6),
        ("45", True, 10, "no listing", 6),
    ],
)
def test_a_blogger_is_read_until_all_that_it_counts_was_named_or_a_page_names_nothing(
    total: str, deaf: bool, stored: int, finish: str, requests: int, archive: Path
) -> None:
    site = OddBlogger(total, deaf=deaf)
    feed = Listing(ListingKind.FEED, f"{site.base}/feeds/posts/default")
    named = Portal("kabar", "Kabar", f"{site.base}/", "general", None, "Asia/Jakarta", (feed,), hosts=(site.host,))
    offline = Offline(site, named, archive)
    summary = offline.crawl({"NOW": "2026-07-01T10:00:00+07:00"})
    assert (summary.counts["stored"], summary.finish) == (stored, finish)
    assert sum("/feeds/" in path for path in offline.asked) == requests
    offline.crawl({"NOW": "2026-07-02T10:00:00+07:00"})
    assert value(archive, "SELECT status = 'read' FROM listings WHERE kind = 'feed'") == (finish == "finished")
