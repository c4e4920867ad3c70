"""`scrapy addportal` for many: one word for each address, from what a home page, listings and articles show."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.exceptions import DropItem

from kwri_crawler.archive import Busy
from kwri_crawler.catalogue import ListingKind, read_portal
from kwri_crawler.catalogue.directory import Row
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, DateSource, Moment, Precision
from kwri_crawler.scout.candidates import candidates
from kwri_crawler.scout.entries import Entry, EntryError, entry_of_row, once_each, read_entries
from kwri_crawler.scout.landing import is_first_install, is_first_post, judge_filler, what_lives
from kwri_crawler.scout.naming import whole_id_of
from kwri_crawler.scout.newsrooms import newsroom_of, twin_of
from kwri_crawler.scout.report import Report
from kwri_crawler.scout.scouted import Hints
from kwri_crawler.scout.state import Decided, StateFile
from kwri_crawler.scout.trades import judge_headlines
from kwri_crawler.scout.verdicts import CURES, SETTLED, Judged, Verdict, field_to_check, verdict_of, verdict_of_all
from kwri_crawler.scout.zones import zone_of
from tests.bringing_up import NOW, Desk, words
from tests.crawling import PROJECT, run, run_here, scrapy
from tests.sites.province import BAD, MAKES, News, Province, WordPress, news, newsroom
from tests.sites.server import Answer, Request, redirect
from tests.sites.small import SmallWordPress

NEWEST = datetime(2026, 11, 20, 3, tzinfo=UTC)

# ---------------------------------------------------------------- what lives at an address


def page(title: str, body: str = "", description: str = "") -> str:
    return f'<html><head><title>{title}</title><meta name="description" content="{description}"></head><body>{body}'


LINKS = "".join(f'<a href="/berita/{n}">Kabar {n} dari kampung</a>' for n in range(40))
CRIME = '<h1>Polisi Tangkap Bandar Judi Slot Online</h1><a href="/x">Situs Judi Slot Gacor Diblokir</a>'


@pytest.mark.parametrize(
    ("html", "word"),
    [
        (page("Slot Gacor Maxwin", LINKS), Verdict.NOT_NEWS),
        (page("Masuk", LINKS, "Situs slot dengan bonus new member dan link alternatif"), Verdict.NOT_NEWS),
        (page("Berita Togel Hari Ini: Toto Macau, RTP Live, Slot88", LINKS), Verdict.NOT_NEWS),
        (page("Menang", "<h2>Slot gacor</h2><h2>Deposit pulsa</h2>"), Verdict.NOT_NEWS),
        (page("Kabar Jatim - Berita Jawa Timur Terkini", CRIME + LINKS), None),
        (page("Kabar Jatim: Berita Slot Gacor dan Judi Online", LINKS), None),  # two words, and it says that it is news
        (page("Polres Ngawi", CRIME), None),
        (page("Casino", LINKS), None),  # one word proves nothing
        (page("Welcome to nginx!", "<p>Thank you</p>"), Verdict.PARKED),
        (page("Apache2 Ubuntu Default Page: It works"), Verdict.PARKED),
        (page("Default Web Site Page"), Verdict.PARKED),
        (page("Index of /"), Verdict.PARKED),
        (page("", "<h1>It works!</h1>"), Verdict.PARKED),
        (page("contoh.co.id", "<h1>This domain is for sale</h1>"), Verdict.PARKED),
        (page("contoh.co.id", "<p>Domain ini dijual. Hubungi kami.</p>"), Verdict.PARKED),
        (page("contoh.co.id", '<script>window.location.href="/lander"</script>'), Verdict.PARKED),
        (page("Akun", "<p>Akun ini telah ditangguhkan</p>"), Verdict.PARKED),
        (page("Kabar Kita", "<p>Domain ini dijual, kata warga</p>" + LINKS), None),  # a headline among others
        (page("Selamat datang di Kabar Kita", LINKS), None),
        (page("Beranda", "<p>Domain ini dijual.</p>" + "kata " * 300), None),  # a text of some length is read
        ("", None),
    ],
)
def test_a_home_page_says_itself_what_it_is(html: str, word: Verdict | None) -> None:
    judged = what_lives(html, "https://contoh.co.id/")
    assert (judged.verdict if judged else None) is word, judged


def test_a_host_where_domains_are_sold_is_known_by_its_name() -> None:
    assert what_lives(page("Home", LINKS), "https://www.hugedomains.com/x") == Judged(
        Verdict.PARKED, "it leads to www.hugedomains.com, where domains are sold"
    )
    assert what_lives(page("Home", LINKS), "https://nothugedomains.com/x") is None


@pytest.mark.parametrize(
    ("titles", "word"),
    [
        (["Hello world!"], Verdict.PARKED),
        (["Hello world!", "Panen Jagung di Ngawi"], None),
        (["Slot Gacor Hari Ini", "Bocoran RTP Live", "Daftar Togel Resmi"], Verdict.NOT_NEWS),
        (["Slot Gacor Hari Ini", "Bocoran RTP Live", "Panen Jagung di Ngawi"], Verdict.NOT_NEWS),
        (["Slot Gacor Hari Ini", "Panen Jagung", "Jembatan Dibuka"], None),
        (["Polisi Tutup Situs Judi", "Polres Bongkar Judi Online", "Polda Tangkap Bandar Slot"], None),
        (["Slot Gacor Hari Ini"], None),  # one article proves nothing
        ([], None),
    ],
)
def test_headlines_say_what_a_site_sells(titles: list[str], word: Verdict | None) -> None:
    judged = judge_filler(titles, titles) or judge_headlines(titles)
    assert (judged.verdict if judged else None) is word


def test_a_cms_in_which_nobody_wrote_is_known_by_its_only_addresses() -> None:
    assert is_first_install(["hello-world", "sample-page"])
    assert not is_first_install(["hello-world", "panen-jagung"])
    assert not is_first_install([])
    assert (is_first_post("hello-world"), is_first_post("panen-jagung")) == (True, False)


# ---------------------------------------------------------------- words, fields


def test_every_word_has_a_cure_and_only_settled_ones_are_not_tried_again() -> None:
    assert set(CURES) == set(Verdict)
    assert {Verdict.ADDED, Verdict.CHECK, Verdict.KNOWN, Verdict.SAME, Verdict.MOVED} == SETTLED


@pytest.mark.parametrize(
    ("cause", "word"),
    [(Cause.BLOCK, Verdict.BLOCKED), (Cause.PROTECTED, Verdict.BLOCKED), (Cause.ROBOTS, Verdict.ROBOTS),
     (Cause.ROBOTS_UNREACHABLE, Verdict.DEAD), (Cause.DNS, Verdict.DEAD), (None, Verdict.DEAD)],
)  # fmt: skip
def test_why_no_home_page_came_is_a_word(cause: Cause | None, word: Verdict) -> None:
    assert verdict_of(cause) is word


@pytest.mark.parametrize(
    ("causes", "word"),
    [
        ([], Verdict.NO_LISTING),
        ([Cause.GONE] * 9, Verdict.NO_LISTING),
        ([Cause.GONE] * 9 + [Cause.BLOCK], Verdict.BLOCKED),  # guesses that are not there say nothing
        ([Cause.BLOCK, Cause.UNREAD], Verdict.NO_LISTING),
        ([Cause.BLOCK, Cause.BLOCK, Cause.UNREAD], Verdict.BLOCKED),
        ([Cause.ROBOTS, Cause.ROBOTS, Cause.UNREAD], Verdict.ROBOTS),
        ([Cause.TIME_OUT], Verdict.NO_LISTING),
        ([Cause.TIME_OUT, Cause.SERVER_ERROR], Verdict.DEAD),
        ([Cause.TIME_OUT, Cause.UNREAD], Verdict.NO_LISTING),
        ([None, None, Cause.BLOCK], Verdict.NO_LISTING),
    ],
)
def test_what_most_failures_say_is_the_word(causes: list[Cause | None], word: Verdict) -> None:
    assert verdict_of_all(causes, Verdict.NO_LISTING) is word


def an_article(number: int, **changes: object) -> Article:
    at = NEWEST - timedelta(hours=number)
    moment = Moment(at, at, Precision.MINUTE, "x", DateSource.META)
    article = Article(
        portal="x", zone="Asia/Jakarta", url=f"https://x.id/{number}", title=f"Judul {number}",
        paragraphs=("a",), fetched_at=NEWEST, reader="general", published=moment, text_hash=str(number),
    )  # fmt: skip
    return replace(article, **changes)


def of_day(at: datetime) -> Moment:
    return Moment(at, at, Precision.DAY, "x", DateSource.META)


ONE = an_article(0).published


@pytest.mark.parametrize(
    ("changes", "dropped", "guessed", "field"),
    [
        ({}, [], False, ""),
        ({}, [], True, "zone"),
        ({"title": "Kabar Kita"}, [], False, "title"),
        ({"text_hash": "same"}, [], False, "body"),
        ({"published": None, "published_reason": "no date"}, [], False, "date"),
        ({"published": ONE}, [], False, "date"),
        ({"published": of_day(NEWEST)}, [], False, ""),  # one day's news
        ({"published": of_day(NEWEST - timedelta(days=366))}, [], False, "date"),  # has it ended?
        ({"published": of_day(NEWEST - timedelta(days=365))}, [], False, ""),
        ({}, ["too short"] * 2, False, ""),
        ({}, ["too short"] * 3, False, "body"),
    ],
)
def test_a_field_that_a_person_should_look_at_is_named(
    changes: dict[str, object], dropped: list[str], guessed: bool, field: str
) -> None:
    check = field_to_check([an_article(n, **changes) for n in range(3)], dropped, NEWEST, zone_guessed=guessed)
    assert (check.of if check else "") == field


def test_the_page_on_addportal_has_every_word() -> None:
    said = (PROJECT / "docs" / "addportal.md").read_text(encoding="utf-8")
    assert [word for word in Verdict if f"\n| `{word}" not in said] == []


# ---------------------------------------------------------------- one newsroom at two addresses

SLUGS = [f"https://a.id/kabar-dari-kampung-{n}" for n in range(10)]


def elsewhere(urls: list[str]) -> list[str]:
    return [url.replace("//a.id/", "//b.id/baca/") + ".html" for url in urls]


@pytest.mark.parametrize(
    ("urls", "texts", "is_twin"),
    [
        (elsewhere(SLUGS), [], True),  # the same names, no text of both
        (elsewhere(SLUGS[:3]), [], False),  # too few
        (elsewhere(SLUGS[:5]) + [f"https://b.id/lain-lagi-{n}-x" for n in range(5)], [], False),  # half of them
        (elsewhere(SLUGS[:6]) + [f"https://b.id/lain-lagi-{n}-x" for n in range(4)], [], True),
        (elsewhere(SLUGS), [(elsewhere(SLUGS)[0], "A"), (elsewhere(SLUGS)[1], "B")], True),
        (elsewhere(SLUGS), [(elsewhere(SLUGS)[0], "C"), (elsewhere(SLUGS)[1], "D")], False),  # one model, other texts
        (["https://b.id/?p=1"], [("https://b.id/?p=1", "A"), ("https://b.id/?p=2", "B")], False),  # two releases
        (["https://b.id/?p=1"], [("https://b.id/p1", "A"), ("https://b.id/p2", "B"), ("https://b.id/p3", "E")], True),
        (elsewhere(SLUGS[:1]), [("https://b.id/?p=1", "A"), ("https://b.id/?p=2", "B")], True),  # and a name in common
        (elsewhere(SLUGS[:1]), [("https://b.id/?p=1", "A"), ("https://b.id/?p=2", "F")], False),
        ([], [(f"https://b.id/baca.php?id={text}", text) for text in "ABE"], True),
        ([], [(f"https://b.id/baca.php?id={text}", text) for text in "ABF"], False),
        ([f"https://b.id/lain-lagi-{n}-x" for n in range(5)], [(f"https://b.id/?p={t}", t) for t in "ABE"], False),
        ([f"https://b.id/berita/{n}" for n in range(10)], [], False),  # numbers are nobody's own
    ],
)
def test_two_portals_are_one_newsroom_by_their_articles(
    urls: list[str], texts: list[tuple[str, str]], is_twin: bool
) -> None:
    one = newsroom_of("a", SLUGS, [(SLUGS[0], "A"), (SLUGS[1], "B"), (SLUGS[2], "E")])
    assert (twin_of(newsroom_of("b", urls, texts), [one]) is one) is is_twin


# ---------------------------------------------------------------- what is asked for


def test_a_file_holds_addresses_or_a_table_with_hints() -> None:
    found = read_entries("# Jatim\nkabar.id\n\nhttps://WWW.Warta.id/berita/1\r\n", lambda _: None)
    assert [entry.key for entry in found] == ["kabar.id", "warta.id"]
    assert found[1].home == "https://www.warta.id/"
    table = "home\tprovince\tlisting_kind\tlisting_url\tcatatan\nhttps://detik.id/jatim/\tJawa Timur\tfeed?\thttps://detik.id/f\tx"
    (channel,) = read_entries(table, lambda _: None)
    assert channel.key == "detik.id/jatim"
    assert channel.hints == Hints("https://detik.id/jatim/", (("feed?", "https://detik.id/f"),), region="Jawa Timur")
    assert [e.address for e in once_each([*found, Entry("http://kabar.id/x")])] == [
        "https://kabar.id/",
        found[1].address,
    ]


def test_wrong_lines_are_named_by_their_numbers() -> None:
    with pytest.raises(EntryError, match=r"line 2: ftp://a.id/: not http; line 4: inside: no public host"):
        read_entries(
            "kabar.id\nftp://a.id/\nb.id\ninside", lambda host: None if "." in host else f"{host}: no public host"
        )


def test_a_row_of_the_directory_is_tried_by_what_it_says() -> None:
    row = Row(*[""] * len(Row._fields))._replace(
        host="kabar.id", home="https://kabar.id/", name="Kabar", province="Bali", network="Radar",
        listing_kind="feed", listing_url="https://kabar.id/f", article_url="https://kabar.id/a",
    )  # fmt: skip
    assert entry_of_row(row).hints == Hints(
        "https://kabar.id/", (("feed", "https://kabar.id/f"),), "https://kabar.id/a", "Kabar", "Bali", "Radar"
    )


def test_half_a_hint_is_none() -> None:
    row = Row(*[""] * len(Row._fields))._replace(home="https://kabar.id/", listing_kind="feed")
    assert entry_of_row(row).hints.listings == ()
    assert entry_of_row(row._replace(listing_kind="", listing_url="https://kabar.id/f")).hints.listings == ()


def test_hints_are_tried_first_and_a_channel_keeps_to_its_own_path() -> None:
    html = '<link rel="alternate" type="application/rss+xml" href="/rss/semua">'
    tried = [
        one.url for one in candidates(html, "https://a.id/", "", Hints(listings=(("feed?", "https://a.id/khusus"),)))
    ]
    assert tried[0] == "https://a.id/khusus"
    assert "https://a.id/rss/semua" in tried
    of_channel = [
        one.url
        for one in candidates(html, "https://a.id/jatim/", "", Hints(listings=(("index", "https://a.id/x?daerah=1"),)))
    ]
    assert of_channel[0] == "https://a.id/x?daerah=1"
    assert "https://a.id/jatim/feed/" in of_channel
    assert all(url.startswith("https://a.id/jatim/") for url in of_channel[1:])


def test_a_region_that_others_name_gives_the_zone_and_is_no_guess() -> None:
    zone, region = zone_of([an_article(1)], None, "kabar.id", "Kabar", hint="Maluku")
    assert (zone.value, zone.is_guess, region.value if region else None) == ("Asia/Jayapura", False, "Maluku")
    zone, region = zone_of([an_article(1)], None, "bali.kabar.id", "Kabar", hint="Maluku")
    assert region is not None
    assert region.value == "Bali", "the portal's own name counts before what others say"


def test_two_hosts_that_differ_in_their_endings_get_two_ids() -> None:
    assert whole_id_of("www.kabar.co.id") == "kabar-co-id"
    assert whole_id_of("detik.com", "jatim/") == "detik-com-jatim"


# ---------------------------------------------------------------- what is kept


def a_verdict(key: str, verdict: Verdict = Verdict.DEAD, **changes: str) -> Decided:
    return Decided(key, key, f"https://{key}/", verdict, "", "why", "2026-11-28T14:10:00Z", **changes)  # type: ignore[arg-type]


def test_a_verdict_is_read_again_also_behind_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "s" / "state.jsonl"
    one = replace(a_verdict("a.id", Verdict.ADDED, portal="a"), names=(1, 2), texts=((1, "x"),), listings=("feed",))
    with StateFile(path) as state:
        state.add(a_verdict("a.id"))
        state.add(one)
        state.add(a_verdict("b.id"))
        with pytest.raises(Busy):
            StateFile(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    with StateFile(path) as state:
        assert list(state.decided.values()) == [one]
        state.add(a_verdict("c.id"))
    assert list(StateFile(path).decided) == ["a.id", "c.id"]


ODD = '{"key":"a","host":"a","address":"a","of":"","why":"","at":"","verdict":"odd"}'


@pytest.mark.parametrize("line", ["{}", "[]", '{"key": 1}', ODD, "\x00"])
def test_a_line_that_is_no_verdict_is_passed_over(line: str, tmp_path: Path) -> None:
    (tmp_path / "s").write_text(line + "\n")
    assert StateFile(tmp_path / "s").decided == {}


# ---------------------------------------------------------------- a province in one process


def test_a_province_is_brought_up_with_the_right_word_for_each_of_its_hosts(tmp_path: Path) -> None:
    province = Province(count=len(MAKES) + len(BAD) + 4, bad=len(BAD) + 4, articles=5)
    desk = Desk(province, tmp_path)
    work = desk.run(province.listed(), at_once=7)
    assert not work.failed
    assert desk.looks.most == 7
    wrong = {one.host: one.word for one in work.decided if one.verdict not in province.expected[one.host]}
    assert wrong == {}
    assert len(work.decided) == len(province.sites)
    for pair in province.pairs:
        assert sorted(words(work)[host].partition(" ")[0] for host in pair) == ["added", "same"]
    portals = desk.catalogue().portals
    assert {portal.id for portal in portals} == {one.portal for one in work.decided if one.portal}
    assert all(portal.active and portal.zone == "Asia/Jakarta" for portal in portals)
    by_id = {portal.id: [listing.kind for listing in portal.listings] for portal in portals}
    (hidden,) = (by_id[key] for key in by_id if "hidden" in key)
    assert hidden == [ListingKind.WORDPRESS], "its interface answers, whatever its theme hides"
    (old,) = (portal for portal in portals if "-old-" in portal.id)
    assert old.listings[0].url.endswith("/feed/"), "the address where redirects end"


def test_a_run_that_was_stopped_goes_on_and_asks_no_host_again(tmp_path: Path) -> None:
    province = Province(count=14, bad=4, articles=5)
    desk = Desk(province, tmp_path)
    first = desk.run(province.listed(), stop_at=4, at_once=2)
    assert first.stopped == "SIGTERM"
    settled = {one.host for one in first.decided}
    assert 4 <= len(settled) < 14
    second = desk.run(province.listed())
    assert not settled & set(desk.looks.asked)
    assert len(second.decided) == 14
    desk.run(province.listed())
    assert desk.looks.asked == []


def test_a_verdict_without_its_file_is_looked_at_again(tmp_path: Path) -> None:
    """Whoever is killed between the two has written the verdict, and no file."""
    desk = Desk(newsroom("own", "kabar.example.id", 1, 5), tmp_path)
    desk.run("kabar.example.id")
    (path,) = tmp_path.glob("*.toml")
    path.unlink()
    work = desk.run("kabar.example.id")
    assert words(work) == {"kabar.example.id": "added"}
    assert path.exists()


def test_failed_ones_are_tried_again_only_when_asked(tmp_path: Path) -> None:
    answers = [Answer("no", 403)]
    good = newsroom("own", "kabar.example.id", 1, 5)
    desk = Desk(lambda request: answers[0] if answers else good(request), tmp_path)
    assert words(desk.run("kabar.example.id")) == {"kabar.example.id": "blocked"}
    answers.clear()
    assert words(desk.run("kabar.example.id")) == {"kabar.example.id": "blocked"}
    assert words(desk.run("kabar.example.id", again=True)) == {"kabar.example.id": "added"}
    desk.run("kabar.example.id", again=True)
    assert desk.looks.asked == [], "what was added is not tried again"


def test_what_the_catalogue_has_is_known_without_a_request(tmp_path: Path) -> None:
    desk = Desk(newsroom("own", "kabar.example.id", 1, 5), tmp_path)
    (tmp_path / "punya-kami.toml").write_text(
        'name = "Kabar"\nhome = "https://www.kabar.example.id/"\nfamily = "general"\nzone = "Asia/Jakarta"\n'
        'listings = [{ kind = "feed", url = "/rss" }]\n'
    )
    work = desk.run("http://kabar.example.id/berita/1")
    assert [(one.verdict, one.of) for one in work.decided] == [(Verdict.KNOWN, "punya-kami")]
    assert desk.looks.asked == []


def test_the_address_to_which_a_portal_moved_is_tried_in_its_place(tmp_path: Path) -> None:
    province = Province(count=20, bad=0, articles=5)
    model = next(iter(province.makes))
    site = province._leading_to(model)
    province.sites["pindah.example.id"] = site
    work = Desk(province, tmp_path).run("pindah.example.id")
    assert words(work) == {"pindah.example.id": f"moved to {model}", model: "added"}
    (tmp_path / "lain").mkdir()
    both = Desk(province, tmp_path / "lain").run(f"pindah.example.id\n{model}", at_once=1)
    assert sorted(one.host for one in both.decided) == sorted(["pindah.example.id", model]), "it was on the list"


def test_the_address_where_redirects_end_is_kept(tmp_path: Path) -> None:
    good = newsroom("own", "www.kabar.example.id", 1, 5)

    def answer(request: Request) -> Answer:
        is_bare = request.host == "kabar.example.id" and request.route != "/robots.txt"
        return redirect(f"https://www.kabar.example.id{request.path}", 301) if is_bare else good(request)

    (decided,) = Desk(answer, tmp_path).run("kabar.example.id").decided
    assert (decided.host, decided.address, decided.word) == (
        "kabar.example.id",
        "https://www.kabar.example.id/",
        "added",
    )
    (path,) = tmp_path.glob("*.toml")
    assert {listing.url for listing in read_portal(path).listings} == {
        "https://www.kabar.example.id/rss.xml", "https://www.kabar.example.id/indeks",
    }  # fmt: skip


def test_a_page_that_only_sends_its_reader_on_has_moved_too(tmp_path: Path) -> None:
    stub = '<html><head><meta http-equiv="refresh" content="0; url=https://baru.example.id/"></head><body>Pindah</body>'
    good = newsroom("own", "baru.example.id", 1, 5)

    def answer(request: Request) -> Answer:
        return good(request) if request.host == "baru.example.id" else Answer(stub if request.route == "/" else "", 200)

    work = Desk(answer, tmp_path).run("lama.example.id")
    assert words(work) == {"lama.example.id": "moved to baru.example.id", "baru.example.id": "added"}


def test_a_mirror_waits_for_the_newsroom_that_its_articles_name(tmp_path: Path) -> None:
    """The first to be looked at would be added, and the newsroom itself be called its copy."""
    articles = news(3, 6, NEWEST)

    class Naming(WordPress):
        def page(self, article: News) -> str:
            link = f'<link rel="canonical" href="https://asli.example.id{self.path(article)}">'
            return super().page(article).replace("<head>", f"<head>{link}")

    site = Naming(articles, "Kabar")
    work = Desk(site, tmp_path).run("cermin.example.id\nasli.example.id", at_once=1)
    assert words(work) == {"cermin.example.id": "same as example-asli", "asli.example.id": "added"}


def test_a_mirror_waits_for_nothing_that_was_decided_before(tmp_path: Path) -> None:
    class Naming(WordPress):
        def page(self, article: News) -> str:
            link = f'<link rel="canonical" href="https://asli.example.id{self.path(article)}">'
            return super().page(article).replace("<head>", f"<head>{link}")

    desk = Desk(Naming(news(3, 6, NEWEST), "Kabar"), tmp_path)
    desk.run("asli.example.id")
    assert words(desk.run("asli.example.id\ncermin.example.id")) == {
        "asli.example.id": "added", "cermin.example.id": "same as example-asli"
    }  # fmt: skip
    assert desk.looks.asked == ["cermin.example.id"]


def test_a_portal_whose_articles_no_stage_lets_through_is_not_added(tmp_path: Path) -> None:
    class Strict:
        def process_item(self, item: Article) -> Article:
            raise DropItem(f"terlalu {'p' * 400}{item.title[:0]}")

    desk = Desk(newsroom("own", "kabar.example.id", 1, 5), tmp_path)
    desk.stages = [Strict()]
    (decided,) = desk.run("kabar.example.id").decided
    assert decided.verdict is Verdict.NO_ARTICLE
    assert decided.why == f"the stages drop its articles: terlalu {'p' * 400}"[:300]
    assert not list(tmp_path.glob("*.toml"))


def test_a_page_that_is_empty_without_javascript_is_named_as_such(tmp_path: Path) -> None:
    (shell,) = (site for name, site, _ in BAD if name == "kosong")
    (decided,) = Desk(shell, tmp_path).run("kosong.example.id").decided
    assert decided.verdict is Verdict.NO_LISTING
    assert "JavaScript shell" in decided.why


def test_an_id_that_is_taken_is_not_written_over(tmp_path: Path) -> None:
    sites = {f"kabar.{end}": newsroom("own", f"kabar.{end}", number, 5) for number, end in enumerate(("co.id", "id"))}
    work = Desk(lambda request: sites[request.host](request), tmp_path).run("kabar.co.id\nkabar.id", at_once=1)
    assert [(one.host, one.portal) for one in work.decided] == [("kabar.co.id", "kabar"), ("kabar.id", "kabar-id")]
    assert read_portal(tmp_path / "kabar.toml").home == "https://kabar.co.id/"


def test_what_is_to_be_checked_is_written_and_not_crawled(tmp_path: Path) -> None:
    class Undated(WordPress):
        has_api = has_feed = False

        def page(self, article: News) -> str:
            return (
                f'<html><body class="single"><article><h1 class="entry-title">{article.title}</h1>'
                f'<div class="entry-content">{article.html * 3}</div></article></body></html>'
            )

        def listing(self, request: Request, base: str) -> Answer | None:
            return self.sitemap(base) if request.route == "/sitemap.xml" else None

    work = Desk(Undated(news(3, 6, NEWEST), "Kabar"), tmp_path).run("kabar.example.id")
    assert words(work) == {"kabar.example.id": "added, check date"}
    (path,) = tmp_path.glob("*.toml")
    assert read_portal(path).active is False
    assert "# check date: none of its articles has a date" in path.read_text()


def test_one_look_that_dies_of_our_own_fault_leaves_the_others_alone(
    tmp_path: Path,
) -> None:
    desk = Desk(newsroom("own", "kabar.example.id", 1, 5), tmp_path)
    whole = desk.looks.look

    async def look(address: str, hints: Hints) -> Report:
        if "rusak" in address:
            raise RuntimeError("kami")
        return await whole(address, hints)

    desk.looks.look = look  # type: ignore[method-assign]
    work = desk.run("rusak.example.id\nkabar.example.id")
    assert words(work) == {"kabar.example.id": "added"}
    assert list(work.failed) == ["rusak.example.id"]


def test_channels_of_one_host_are_looked_at_one_after_the_other(tmp_path: Path) -> None:
    desk = Desk(lambda _: Answer("tidak ada", 404), tmp_path)
    table = "home\n" + "".join(f"https://detik.example.id/{name}/\n" for name in ("jatim", "bali", "sumut"))
    work = desk.run(table)
    assert [one.key for one in work.decided] == [f"detik.example.id/{name}" for name in ("jatim", "bali", "sumut")]
    assert desk.looks.most == 1


# ---------------------------------------------------------------- the command


def test_a_portal_that_speaks_no_tls_is_added_by_http_and_the_table_and_the_code_say_the_rest(tmp_path: Path) -> None:
    with SmallWordPress() as site:
        (tmp_path / "list.txt").write_text(f"https://{site.address}/\nhttp://127.0.0.1:9/\n")
        given = {
            "PORTALS_PATH": str(tmp_path / "portals"), "ARCHIVE_PATH": str(tmp_path / "a.sqlite"), "RETRY_TIMES": "0",
            "DOWNLOAD_DELAY": "0", "CONTACT": "test@example.invalid", "NOW": NOW,
        }  # fmt: skip
        (tmp_path / "portals").mkdir()
        done = run("addportal", "--from", str(tmp_path / "list.txt"), **given)
    assert done.code == 3, done.log
    (path,) = (tmp_path / "portals").glob("*.toml")
    assert read_portal(path).home == f"http://{site.address}/"
    assert done.out.startswith("2 addresses: 1 added, 1 dead\n")
    assert "the connection was refused" in done.out
    assert "dead: try again in some days with --again" in done.out
    assert "1 of 2, " in done.log
    again = run("addportal", "--from", str(tmp_path / "list.txt"), "--json", **given)
    rows = [json.loads(line) for line in again.out.splitlines()]
    assert [(row["verdict"], row["portal"]) for row in rows] == [("dead", None), ("added", path.stem)]
    assert all(row["do"] for row in rows)
    assert "2 of 2 have a verdict" in again.log


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--network", "Dissway"], "did you mean Disway?"),
        (["--province", "Jawa Tmur"], "did you mean Jawa Timur?"),
        (["--from", "/tiada"], "/tiada: cannot be read"),
        (["--from", "/dev/null"], "there is no address"),
        (["a.id", "b.id", "--id", "c"], "--id is for one address"),
        (["a.id", "10.0.0.7"], "10.0.0.7: not a public host"),
        (["--network", "Disway", "--at-once", "0"], "write 1 or more"),
    ],
)
def test_a_wrong_list_is_explained_before_anything_is_asked_for(options: list[str], words: str, tmp_path: Path) -> None:
    done = run_here("addportal", *options, PORTALS_PATH=str(tmp_path), ARCHIVE_PATH=str(tmp_path / "a.sqlite"))
    assert done.code == 2, done.log
    assert words in done.log
    assert list(tmp_path.iterdir()) == []


def test_a_look_that_is_ended_by_a_signal_writes_nothing(tmp_path: Path) -> None:
    """What was found until then looked like a portal without listings."""
    with SmallWordPress() as site:
        site.latency_s = 0.4
        given = {"PORTALS_PATH": str(tmp_path), "DOWNLOAD_DELAY": "0", "CONTACT": "test@example.invalid"}
        process = subprocess.Popen(
            scrapy("addportal", site.base, "--id", "x", **given), cwd=PROJECT, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while len(site.requests) < 3 and process.poll() is None:
            time.sleep(0.05)
        process.terminate()
        _, log = process.communicate(timeout=60)
    assert process.returncode == 3, log
    assert "the look was stopped" in log
    assert list(tmp_path.iterdir()) == []
