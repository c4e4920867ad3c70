"""Articles on several pages: which links are theirs, how they are joined, and that no half of one is ever stored."""

import json
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kwri_crawler import kept
from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Article, DateKind, DateSource, DateText, Link, Page, Paging
from kwri_crawler.pages import Joining, PageError, named_address, read_further, read_page
from tests import crawling
from tests.crawling import PROJECT, Crawled, assert_sound, command, contents, crawl, rows, run_here, value
from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.portals import WARTA
from tests.sites.saved import FOLDER
from tests.sites.server import Answer, Request
from tests.sites.varient import VarientPortal
from tests.sites.wordpress import WordPressPortal

AT = datetime(2024, 7, 1, tzinfo=UTC)
PORTAL = Portal("x", "X", "https://portal.example/", "general", None, "Asia/Jakarta", ())
URL = "https://portal.example/berita/panen-raya-di-desa"
TEXT = "<p>Warga desa memanen padi yang ditanam pada awal musim hujan dengan alat yang mereka sewa bersama.</p>"

# ------------------------------------------------------------------ which links are an article's pages


def html(inner: str = "", body_class: str = "entry-content", head: str = "", after: str = "") -> str:
    return f"""<html lang="id"><head><title>Panen Raya di Desa</title><meta property="og:type" content="article">
<link rel="stylesheet" href="/wp-content/style.css">{head}</head><body class="single"><article class="post hentry">
<h1 class="entry-title">Panen Raya di Desa</h1>
<time class="entry-date published" datetime="2024-06-27T14:10:00+07:00">x</time>
<div class="{body_class}">{TEXT}{inner}</div></article>{after}</body></html>"""


def read(text: str, url: str = URL) -> Article:
    return read_page(Page(url, text.encode(), "text/html; charset=utf-8", AT), PORTAL)


def numbered(kind: str, *numbers: int | str, css: str = "post-page-numbers") -> str:
    return "".join(f'<a class="{css}" href="{kind.format(number)}">{number}</a> ' for number in numbers)


DISWAY = "https://portal.example/read/672134/sumur-bor-dusun-pinggir"


def disway(*links: int | str, after: str = "") -> str:
    pager = "".join(f'<li><a href="{DISWAY}/{at}" data-ci-pagination-page="9">x</a></li>' for at in links)
    return (
        f'<html><head><title>Sumur Bor</title></head><body><a href="https://disway.id/">Disway</a><h1>Sumur Bor</h1>'
        f'<div class="post text-black-1">{TEXT}<ul class="pagination"><li><a href="{DISWAY}">1</a></li>{pager}</ul>'
        f"</div>{after}</body></html>"
    )


@pytest.mark.parametrize(
    ("links", "at", "number", "further"),
    [
        ((15,), "", 1, (15,)),
        ((15, 30), "", 1, (15, 30)),
        ((15, 60), "", 1, (15, 30, 45, 60)),  # the first and the last alone are linked
        ((90, 105), "/75", 6, (15, 30, 45, 60, 75, 90, 105)),
        ((30,), "/15", 2, (15, 30)),
        ((), "/15", 2, (15,)),
        ((20, 40), "/20", 2, (20, 40)),
        ((), "", None, ()),
        (("komentar", "15/cetak"), "", None, ()),
    ],
)
def test_pages_that_are_numbered_by_their_first_paragraph_are_counted(
    links: tuple[int | str, ...], at: str, number: int | None, further: tuple[int, ...]
) -> None:
    paging = read(disway(*links), DISWAY + at).paging
    assert (paging.number if paging else None) == number
    assert (paging.further if paging else ()) == tuple(f"{DISWAY}/{one}" for one in further)


def test_the_pager_of_comments_and_other_articles_with_numbers_are_no_pages_by_paragraph() -> None:
    after = f'<div id="comments"><a href="{DISWAY}/15">2</a></div><a href="/read/672135/sumur-lain/30">Sumur lain</a>'
    assert read(disway(after=after), DISWAY).paging is None


def test_of_an_article_by_paragraphs_no_page_may_be_missing() -> None:
    first = Joining.of(read(disway(15, 30), DISWAY))
    assert first.next_url == f"{DISWAY}/15"
    with pytest.raises(PageError, match=r"a further page is missing: .*/15: another page came in its place"):
        first.take(read(disway(15, 45), f"{DISWAY}/30"))
    with pytest.raises(PageError, match="an article of 31 pages: at most 20"):
        Joining.of(read(disway(15, 450), DISWAY))


JOOMLA = "https://portal.example/berita/perpustakaan-keliling"


def joomla(*links: str, after: str = "") -> str:
    pager = "".join(f'<li><a href="/berita/perpustakaan-keliling{link}">x</a></li>' for link in links)
    return (
        '<html><head><meta name="generator" content="Joomla! - CMS"><title>Perpustakaan Keliling</title></head><body>'
        f'<main><div class="item-page"><div class="page-header"><h1>Perpustakaan Keliling</h1></div>'
        f'<time datetime="2021-10-05T09:30:00+07:00">5 Oktober 2021</time><div class="com-content-article__body">{TEXT}'
        f'</div><div class="article-index"><ul>{pager}</ul></div></div></main>{after}</body></html>'
    )


@pytest.mark.parametrize(
    ("links", "at", "number", "further", "whole"),
    [
        (("?start=1", "?start=2"), "", 1, (1, 2), None),
        (("", "?start=1", "?start=2", "?showall=1"), "", 1, (1, 2), "?showall=1"),
        (("?start=1", "?showall=1&limitstart="), "?start=2", 3, (1, 2), "?showall=1&limitstart="),
        (("?limitstart=0", "?start=1"), "?start=1", 2, (1,), None),
        (("?start=1",), "?showall=1", 0, (), None),
        (("?showall=1",), "", 1, (), "?showall=1"),
        (("?showall=0", "?start=", "?tmpl=component&print=1"), "", None, (), None),
        (("-lain?start=1", "/komentar?start=2"), "", None, (), None),
        ((), "", None, (), None),
    ],
)
def test_joomlas_pages_are_counted_from_their_start(
    links: tuple[str, ...], at: str, number: int | None, further: tuple[int, ...], whole: str | None
) -> None:
    paging = read(joomla(*links), JOOMLA + at).paging
    assert (paging.number if paging else None) == number
    assert (paging.further if paging else ()) == tuple(f"{JOOMLA}?start={one}" for one in further)
    assert (paging.whole if paging else None) == (JOOMLA + whole if whole else None)


def test_the_pager_of_joomlas_comments_is_no_pager_of_its_article() -> None:
    after = '<div id="comments"><a href="/berita/perpustakaan-keliling?start=10">2</a></div>'
    assert read(joomla(after=after), JOOMLA).paging is None


GALLERY = html(
    '<div class="gallery-post-item"><div class="post-item-count"><span>2 / 4</span></div>'
    '<h2 class="title-post-item">Lumbung</h2><div class="post-text"><p>Lumbung desa penuh.</p></div></div>',
    "post-text",
    head="<script>var VrConfig = {};</script>",
).replace('class="post hentry"', 'class="post-content"')

PAGED = {
    "WordPress, /2/": (
        html(f'<div class="page-links">{numbered(URL + "/{}/", 2, 3)}</div>'), URL + "/",
        Paging(1, f"{URL}/", (f"{URL}/2/", f"{URL}/3/")),
    ),
    "WordPress, its second page": (
        html(f'<div class="page-links"><a href="{URL}/">1</a> 2 <a href="{URL}/3/">3</a></div>'), f"{URL}/2/",
        Paging(2, f"{URL}/", (f"{URL}/2/", f"{URL}/3/")),
    ),
    "WordPress, plain addresses": (
        html(f'<div class="page-links">{numbered("/?p=81&amp;page={}", 2)}</div>'), "https://portal.example/?p=81",
        Paging(1, "https://portal.example/?p=81", ("https://portal.example/?p=81&page=2",)),
    ),
    "a pager that leaves numbers out": (
        html(f'<div class="page-links">{numbered(URL + "/{}/", 2, 5)}</div>'), URL + "/",
        Paging(1, f"{URL}/", tuple(f"{URL}/{number}/" for number in (2, 3, 4, 5))),
    ),
    "ProMedia": (
        html(f'<div class="paging">{numbered(URL + "?page={}", 1, 2, "all", css="paging__link")}</div>'), URL,
        Paging(1, URL, (f"{URL}?page=2",), f"{URL}?page=all"),
    ),
    "Tribun, whose page for all is known without a link": (
        html(f'<a class="bgblue" href="{URL}?page=2">Halaman Selanjutnya</a>', "side-article txt-article"), URL,
        Paging(1, URL, (f"{URL}?page=2",), f"{URL}?page=all"),
    ),
    "detik": (
        html(f'<div class="detail__multiple">{numbered(URL + "/{}", 2, 3, css="detail__anchor-numb")}</div>',
             "detail__body-text itp_bodycontent", head='<meta name="x" content="detik.com">').replace(
                 'article class="post hentry"', 'article class="detail"'), URL,
        Paging(1, URL, (f"{URL}/2", f"{URL}/3"), f"{URL}?single=1"),
    ),
    "any page, by rel=next in its head": (
        html(head=f'<link rel="next" href="{URL}?page=2">'), URL, Paging(1, URL, (f"{URL}?page=2",)),
    ),
    "any page, by rel=next in its article": (
        html('<a rel="next" href="?page=2">Berikut</a>'), URL, Paging(1, URL, (f"{URL}?page=2",)),
    ),
    "any page that links to all of it": (
        html(f'<a href="{URL}?page=all#bawah">Baca semua</a>'), URL, Paging(1, URL, (), f"{URL}?page=all"),
    ),
    "a page for all": (html(), f"{URL}?page=all", Paging(0, URL, ())),
    "Varient's gallery": (GALLERY, f"{URL}?p=2", Paging(2, URL, tuple(f"{URL}?p={number}" for number in (2, 3, 4)))),
}  # fmt: skip

WHOLE = {
    "no pager": (html(), URL),
    "a pager of comments": (
        html(after=f'<div id="comments"><a rel="next" href="{URL}?page=2">2</a></div>'),
        URL,
    ),
    "WordPress's pager of comments": (html(head=f'<link rel="next" href="{URL}/comment-page-2/">'), URL),
    "a pager of the section": (html('<a rel="next" href="https://portal.example/berita/page/2/">2</a>'), URL),
    "a pager of the section by query": (html('<a rel="next" href="/berita?page=2">2</a>'), URL),
    "the next article": (html(head='<link rel="next" href="https://portal.example/berita/banjir-surut">'), URL),
    "the next article by number": (
        html(head='<link rel="next" href="https://portal.example/berita-desa/13">'),
        "https://portal.example/berita-desa/12",
    ),
    "related articles": (html(after=f'<div class="related"><a rel="next" href="{URL}?page=2">2</a></div>'), URL),
    "the same path elsewhere": (html(f'<a rel="next" href="{URL.replace("portal", "lain")}?page=2">2</a>'), URL),
    "a year": (html(head=f'<link rel="next" href="{URL}?page=2024">'), URL),
    "another query": (html(f'<a rel="next" href="{URL}?kategori=3&amp;page=2">2</a>'), URL),
    "a link in the text": (html(f'<p>Lihat juga <a href="{URL}?page=2">tabel</a> yang dimuat di laman lain.</p>'), URL),
    "the gallery of one picture": (GALLERY.replace("2 / 4", "1 / 1"), URL),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGED)
def test_the_pages_of_an_article_are_found(name: str) -> None:
    text, url, expected = PAGED[name]
    assert read(text, url).paging == expected


@pytest.mark.parametrize("name", WHOLE)
def test_other_links_are_no_pages_of_the_article(name: str) -> None:
    text, url = WHOLE[name]
    assert read(text, url).paging is None


def test_of_the_saved_pages_the_one_with_a_pager_is_known() -> None:
    paths = sorted(FOLDER.glob("*.html"))
    if not paths:
        pytest.skip("the saved pages are not at hand")
    found = {}
    for path in paths:
        page = Page("https://portal.example/", path.read_bytes(), "text/html; charset=utf-8", AT)
        page = replace(page, url=named_address(page) or page.url)
        try:
            paging = read_page(page, PORTAL).paging
        except PageError:
            continue
        if paging is not None:
            found[path.name] = (len(paging.further), paging.whole is not None)
    assert found == {"adbar-htmldate__money.kompas.com-Menhub.html": (1, True)}


# ------------------------------------------------------------------ how they are joined


def part(number: int, *paragraphs: str, last: int = 3, whole: str | None = None, **more: Any) -> Article:
    further = tuple(f"{URL}?page={n}" for n in range(2, last + 1))
    fields: dict[str, Any] = {"lead": "Ringkasan.", "paging": Paging(number, URL, further, whole), **more}
    return Article("x", "Asia/Jakarta", URL, "Panen Raya di Desa", paragraphs, AT, "wordpress", **fields)


def test_paragraphs_are_in_order_and_what_each_page_repeats_stands_once() -> None:
    read = Joining.of(
        part(1, "Pembuka yang sama pada setiap laman.", "Satu kalimat.", links=(Link("https://a.example/", "a"),))
    )
    assert read.next_url == f"{URL}?page=2"
    read = read.take(
        part(2, "Panen Raya di Desa", "Ringkasan.", "Pembuka yang sama pada setiap laman.", "Dua kalimat.")
    )
    assert read.next_url == f"{URL}?page=3"
    read = read.take(
        part(
            3,
            "Pembuka yang sama pada setiap laman.",
            "Tiga kalimat.",
            editor="Budi",
            links=(Link("https://b.example/", "b"),),
        )
    )
    assert read.next_url is None
    article = read.result()
    assert article.paragraphs == (
        "Pembuka yang sama pada setiap laman.", "Satu kalimat.", "Dua kalimat.", "Tiga kalimat.",
    )  # fmt: skip
    assert [link.text for link in article.links] == ["a", "b"]
    assert article.editor == "Budi"
    assert dict(article.evidence)["pages"] == "general 3 pages joined"
    assert article.paging is None


def test_the_newest_update_is_kept() -> None:
    def updated(hour: int) -> tuple[DateText, ...]:
        return (DateText(DateKind.UPDATED, DateSource.META, f"2024-06-27T{hour}:00:00+07:00"),)

    read = Joining.of(part(1, "Satu kalimat yang cukup panjang.", last=2, dates=updated(14)))
    assert read.take(part(2, "Dua.", last=2, dates=updated(16))).result().dates == updated(16)
    assert read.take(part(2, "Dua.", last=2, dates=updated(12))).result().dates == updated(14)


def test_a_page_for_all_is_taken_in_place_of_the_numbered_ones() -> None:
    read = Joining.of(part(1, "Satu kalimat yang cukup panjang.", whole=f"{URL}?page=all"))
    assert read.next_url == f"{URL}?page=all"
    whole = part(0, "Satu kalimat yang cukup panjang.", "Dua.", "Tiga.")
    done = read.take(whole)
    assert done.next_url is None
    assert done.result().paragraphs == whole.paragraphs


def test_a_page_for_all_that_shows_the_first_page_only_is_not_believed() -> None:
    read = Joining.of(part(1, "Satu kalimat yang cukup panjang.", whole=f"{URL}?page=all"))
    read = read.take(part(0, "Satu kalimat yang cukup panjang."))
    assert read.next_url == f"{URL}?page=2"


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (part(1, "Satu kalimat yang cukup panjang."), "another page came"),
        (part(3, "Tiga."), "another page came"),
        (replace(part(2, "Dua."), reader="general"), "read as general"),
        (part(2, "Satu kalimat yang cukup panjang.", paging=None), "says nothing"),
    ],
)  # fmt: skip
def test_what_is_not_the_page_that_was_asked_for_ends_the_article(page: Article, why: str) -> None:
    with pytest.raises(PageError, match=why) as caught:
        Joining.of(part(1, "Satu kalimat yang cukup panjang.")).take(page)
    assert caught.value.outcome == "failed"


def test_an_article_that_was_met_by_its_second_page_is_read_from_its_first() -> None:
    read = Joining.of(part(2, "Dua.", last=2))
    assert read.next_url == URL
    read = read.take(part(1, "Satu kalimat yang cukup panjang.", last=2))
    assert read.take(part(2, "Dua.", last=2)).result().paragraphs == ("Satu kalimat yang cukup panjang.", "Dua.")


def test_an_article_of_too_many_pages_is_not_begun() -> None:
    with pytest.raises(PageError, match="21 pages: at most 20"):
        Joining.of(part(1, "Satu.", last=21))
    assert Joining.of(part(1, "Satu.", last=20)).next_url == f"{URL}?page=2"


def test_a_short_page_of_several_is_no_article_too_short() -> None:
    pager = f'<div class="page-links">{numbered(URL + "/{}/", 2)}</div>'
    first = html(pager).replace(TEXT, "<p>Panen tiba.</p>")
    last = html(f'<div class="page-links"><a href="{URL}/">1</a></div>').replace(
        TEXT, "<p>Warga bersyukur hari itu.</p>"
    )
    page = Page(f"{URL}/2/", last.encode(), "text/html; charset=utf-8", AT)
    article = read_further(Joining.of(read(first, f"{URL}/")), page, PORTAL).result()
    assert article.paragraphs == ("Panen tiba.", "Warga bersyukur hari itu.")


# ------------------------------------------------------------------ whole crawls

LONG = next(a for a in ARTICLES if a.post_type == "article" and not a.source_url and len(a.paragraphs) >= 6)
OTHERS = tuple(a for a in ARTICLES if a.post_type == "article" and not a.source_url and a is not LONG)[:3]


class Site(WordPressPortal):
    """A WordPress whose one long post is on three pages, and whose third page can be made to fail or to hang."""

    def __init__(self, *, pretty: bool = True) -> None:
        super().__init__((LONG, *OTHERS), pretty=pretty, api=False, paged={LONG.slug: 3})
        self.broken = ""  # a page's number: it fails
        self.hangs = threading.Event()  # set once the hanging page was asked for
        self.hanging = ""
        self.listed_too: tuple[str, ...] = ()

    def answer(self, request: Request) -> Answer:
        number = request.query("page") or (
            request.route.rstrip("/").rpartition("/")[2] if LONG.slug in request.route else ""
        )
        if self.broken and number == self.broken:
            return Answer("<html><body>sibuk</body></html>", 500)
        if self.hanging and number == self.hanging:
            self.hangs.set()
            self.closing.wait(30)
        if request.route.startswith("/wp-sitemap-posts-post") and self.listed_too:
            answer = super().answer(request)
            more = "".join(f"<url><loc>{self.base}{path}</loc></url>" for path in self.listed_too)
            return replace(answer, body=str(answer.body).replace("</urlset>", f"{more}</urlset>"))
        return super().answer(request)

    def of_long(self) -> list[str]:
        return [path for _, path, *_ in self.requests if LONG.slug in path or path.startswith("/?p=101")]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as portal:
        yield portal


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "output" / "kwri.sqlite"


def portals(archive: Path) -> str:
    folder = archive.parent / "portals"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "warta.toml").write_text(
        f'name = "Warta"\nhome = "https://{WARTA}/"\nfamily = "wordpress"\nzone = "Asia/Jakarta"\n'
        'listings = [{ kind = "sitemap", url = "/wp-sitemap-posts-post-1.xml" }]\n',
        encoding="utf-8",
    )
    return str(folder)


def run(site: Site, archive: Path, **settings: str) -> Crawled:
    site.requests.clear()
    return crawl(
        archive, {WARTA: site.address}, portal="warta", PORTALS_PATH=portals(archive), RETRY_TIMES="0", **settings
    )


def reread(archive: Path, *options: str) -> dict[str, Any]:
    done = run_here("reread", "--json", *options, ARCHIVE_PATH=str(archive), PORTALS_PATH=portals(archive))
    assert done.code == 0, done.log
    found: dict[str, Any] = json.loads(done.out)["portals"]["warta"]
    return found


def body(archive: Path, article: DemoArticle = LONG) -> list[str] | None:
    found = rows(archive, "SELECT body FROM articles WHERE title = ?", article.title)
    assert len(found) <= 1
    return str(found[0]["body"]).split("\n\n") if found else None


@pytest.mark.parametrize("pretty", [True, False], ids=["/2/", "?p=101&page=2"])
def test_an_article_on_three_pages_is_one_article_for_three_requests(pretty: bool, archive: Path) -> None:
    with Site(pretty=pretty) as site:
        done = run(site, archive)
        assert done.code == 0, done.log
        assert body(archive) == list(LONG.expected)
        assert len(contents(archive)) == 1 + len(OTHERS)
        assert len(site.of_long()) == 3
        assert value(archive, "SELECT found FROM crawls") == 1 + len(OTHERS)
        assert value(archive, "SELECT requests FROM crawls") == 1 + 1 + 3 + len(OTHERS)  # robots.txt, the sitemap
        assert value(archive, "SELECT read_from FROM evidence WHERE field = 'pages'") == "general"
        run(site, archive)
        assert site.of_long() == []
    assert_sound(archive)


def test_an_article_of_which_a_page_fails_is_not_stored_and_is_tried_again(site: Site, archive: Path) -> None:
    site.broken = "3"
    run(site, archive)
    assert body(archive) is None
    (row,) = rows(archive, "SELECT outcome, reason FROM urls WHERE url LIKE ?", f"%{LONG.slug}%")
    assert row["outcome"] == "failed"
    assert "a further page is missing" in row["reason"]
    assert "/3/: HTTP 500" in row["reason"]
    assert len(contents(archive)) == len(OTHERS)
    assert_sound(archive)
    site.broken = ""
    assert run(site, archive).code == 0
    assert body(archive) == list(LONG.expected)
    assert_sound(archive)


def test_a_crawl_killed_between_two_pages_leaves_the_article_for_the_next(site: Site, archive: Path) -> None:
    site.hanging = "2"
    settings = {"PORTALS_PATH": portals(archive), "DOWNLOAD_TIMEOUT": "60"}
    process = subprocess.Popen(
        command(archive, {WARTA: site.address}, portal="warta", **settings),
        cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert site.hangs.wait(60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert body(archive) is None
    assert value(archive, "SELECT outcome FROM urls WHERE url LIKE ?", f"%{LONG.slug}%") == "pending"
    site.hanging = ""
    assert run(site, archive).code == 0
    assert body(archive) == list(LONG.expected)
    assert_sound(archive)


def test_a_listed_second_page_becomes_no_article_of_its_own(site: Site, archive: Path) -> None:
    site.listed_too = (f"/{LONG.slug}/2/",)
    assert run(site, archive).code == 0
    assert body(archive) == list(LONG.expected)
    assert len(contents(archive)) == 1 + len(OTHERS)
    outcomes = rows(archive, "SELECT outcome FROM urls WHERE url LIKE ? ORDER BY outcome", f"%{LONG.slug}%")
    assert [row["outcome"] for row in outcomes] == ["known", "stored"]
    assert_sound(archive)


def test_kept_pages_are_joined_again_and_never_halve_an_article(site: Site, archive: Path) -> None:
    assert run(site, archive).code == 0
    report = reread(archive, "--apply")
    assert (report["same"], report["further_page"]) == (1 + len(OTHERS), 2)
    assert report["changed"] + report["new"] + report["not_the_page"] == 0
    change(archive, "UPDATE articles SET body = 'Dahulu salah terbaca.' WHERE title = ?", LONG.title)
    assert reread(archive, "--apply")["changed"] == 1
    assert body(archive) == list(LONG.expected)
    pages = kept.pages_path(None, archive)
    change(pages, "DELETE FROM pages WHERE asked_url LIKE ?", "%/3/")
    change(archive, "UPDATE articles SET author = 'Dahulu' WHERE title = ?", LONG.title)
    report = reread(archive, "--apply")
    assert (report["pages_missing"], report["changed"], report["further_page"]) == (1, 0, 1)
    assert body(archive) == list(LONG.expected)


def change(path: Path, sql: str, *values: object) -> None:
    with sqlite3.connect(path) as connection:
        assert connection.execute(sql, values).rowcount > 0
    connection.close()


# ------------------------------------------------------------------ scrapy readpage


def readpage(*args: object, **settings: str) -> Any:
    return json.loads(crawling.run("readpage", "--json", *map(str, args), **settings).out)


def test_readpage_joins_the_pages_of_an_address_and_names_those_of_a_file(tmp_path: Path) -> None:
    gallery = next(article for article in ARTICLES if article.post_type == "gallery")
    with VarientPortal() as site:
        places = json.dumps({site.host: site.address})
        found = readpage(f"{site.base}/{gallery.slug}", CONNECT_TO=places, DOWNLOAD_DELAY="0")
        assert found["body"].split("\n\n") == list(gallery.expected)
        assert found["other_pages"] == []
        page = site.answer(Request("GET", f"/{gallery.slug}", {})).body
    path = tmp_path / "page.html"
    path.write_text(str(page), encoding="utf-8")
    found = readpage(path)
    assert len(found["other_pages"]) == len(gallery.items) - 1
    assert found["other_pages"][0].endswith(f"/{gallery.slug}?p=2")
    assert len(found["body"].split("\n\n")) < len(gallery.expected)
