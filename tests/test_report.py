"""`scrapy report`: what a month's page says, and what a real browser makes of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from kwri_crawler.archive import articles, month_queries, open_archive, releases
from kwri_crawler.archive.release_queries import PortalLine, ReleaseLine, UnitLine
from kwri_crawler.causes import Cause
from kwri_crawler.commands.report import day_of, gather, month_of, week_of
from kwri_crawler.dates import with_dates
from kwri_crawler.health import Reason, Says
from kwri_crawler.health.sentences import LABELS, SENTENCES, Figure
from kwri_crawler.own_pages import web_link
from kwri_crawler.report import MonthReport, TermCounter, render, risen, terms
from kwri_crawler.report.words import Words
from tests.archives import an_article, crawl_of, new_archive
from tests.browser import CHROMIUM, MISSING, Browser
from tests.crawling import rows, run_here, value
from tests.sites import month
from tests.test_likeness import FLOOD, MARKET
from tests.test_releases import sent
from tests.test_stories import Press

NOW = datetime(2024, 7, 1, 6, 30, tzinfo=UTC)
HOSTILE = (
    month.HOSTILE,
    '</style></svg></title><script>document.title = "taken"</script>',
    '"><img src="https://evil.example/pixel.png" onerror="alert(2)">',
    "\u202egnitirw desrever \u2066dan\x00 \x1b[31mmerah",
    "{{ 7 * 7 }}{% raw %} {{ r.since }}",
    "<!-- <iframe src='https://evil.example/'></iframe>",
    "&lt;b&gt;sudah&lt;/b&gt; &amp;amp; " + "panjangsekali" * 30,
)
LINKS = ("javascript:alert(3)", "data:text/html,<script>alert(4)</script>", "//evil.example/", "https://a.example/\"'>")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("month") / "kwri.sqlite"
    month.build(path).close()
    return path


@pytest.fixture(scope="module")
def june(archive: Path) -> MonthReport:
    db = open_archive(archive)
    try:
        return gather(db, month_of(month.MONTH), None)
    finally:
        db.close()


def quoting(told: str) -> tuple[Reason, ...]:
    return (Reason(Says.LOST, {"lost": 5, "total": 5, "days": 1}, Cause.BLOCK, told),)


def hostile(report: MonthReport) -> MonthReport:
    """Return the month as hostile portals would have it: in names, sections, places, titles, addresses, words."""
    bad = [HOSTILE[n % len(HOSTILE)] for n in range(20)]
    stories = [
        replace(line, title=bad[n], url=LINKS[n % len(LINKS)] if n < len(LINKS) else line.url)
        for n, line in enumerate(report.largest)
    ]
    return replace(
        report,
        names={portal: bad[n] for n, portal in enumerate(report.names)},
        portals=[
            replace(p, name=bad[n], word_why=bad[n + 1], word_reasons=quoting(bad[n + 1]), home="javascript:alert(5)")
            for n, p in enumerate(report.portals)
        ],
        sections=[(bad[n], 40 - n) for n in range(len(HOSTILE))],
        places=[(bad[n], 40 - n, 2) for n in range(len(HOSTILE))],
        largest=stories,
        fastest=stories[::-1],
        terms=[replace(term, term=bad[n]) for n, term in enumerate(report.terms)],
    )


# ---------------------------------------------------------------------- what it says


def test_the_figures_are_those_of_the_archive(archive: Path, june: MonthReport) -> None:
    local = "substr(published_local, 1, 7) = '2024-06'"
    assert june.articles == value(archive, f"SELECT count(*) FROM articles WHERE {local}") > 500
    assert sum(number for _, _, number in june.by_day) == june.articles
    assert sum(number for _, number in june.sections) == june.articles
    for portal in june.portals:
        asked = f"SELECT count(*) FROM articles WHERE {local} AND portal = ?"
        assert portal.articles == value(archive, asked, portal.portal), portal
        assert portal.alone + portal.originals + portal.copies + portal.repeats == portal.articles, portal
        lost = "published_at IS NULL AND substr(first_seen_at, 1, 7) = '2024-06' AND portal = ?"
        assert portal.undated == value(archive, f"SELECT count(*) FROM articles WHERE {lost}", portal.portal)
    began = "SELECT count(*) FROM stories JOIN articles ON articles.id = original WHERE substr({}, 1, 7) = '2024-06'"
    assert june.stories == value(archive, began.format("coalesce(published_local, out_at)")) > 50


def test_an_article_belongs_to_the_month_that_its_portal_printed(archive: Path, june: MonthReport) -> None:
    (early,) = rows(archive, """
        SELECT count(*) AS number FROM articles
        WHERE substr(published_local, 1, 7) = '2024-06' AND substr(published_at, 1, 7) <> '2024-06'
    """)  # fmt: skip
    assert early["number"], "the month holds no article that UTC puts into another one; this test proves nothing"
    assert june.articles == value(archive, "SELECT sum(articles) FROM articles_by_day WHERE day LIKE '2024-06-%'")


def test_the_league_agrees_with_the_stories_one_by_one(archive: Path, june: MonthReport) -> None:
    lags: dict[tuple[str, str], list[float]] = {}
    began = "substr(coalesce(first.published_local, first.out_at), 1, 7) = '2024-06'"
    for row in rows(archive, f"""
        SELECT first.portal AS first, story_articles.portal, min(lag_hours) AS lag
        FROM story_articles
        JOIN stories ON stories.id = story_articles.story
        JOIN articles AS first ON first.id = stories.original
        WHERE {began} AND first.portal <> story_articles.portal
        GROUP BY story_articles.story, story_articles.portal
    """):  # fmt: skip
        lags.setdefault((row["first"], row["portal"]), []).append(row["lag"])
    assert {(c.first_portal, c.portal): c.stories for c in june.copying} == {
        pair: len(all) for pair, all in lags.items()
    }
    for copying in june.copying:
        hours = sorted(lags[copying.first_portal, copying.portal])
        middle = (hours[(len(hours) - 1) // 2] + hours[len(hours) // 2]) / 2
        assert copying.median_lag_hours == pytest.approx(middle, abs=0.02), copying


def test_the_health_is_that_of_the_months_end_not_of_today(june: MonthReport) -> None:
    words = {portal.portal: portal.word for portal in june.portals}
    assert words["kabar-bromo"] == "thin"
    assert words["cahaya-papua"] == "blocked"
    assert words["suara-madura"] is None, "what was noticed in July is not June's"


def test_the_terms_are_those_that_rose_and_copies_raise_none() -> None:
    now, before, copied = TermCounter(), TermCounter(), TermCounter()
    for n in range(200):
        before.add(None, "Warga", f"warga menanam padi nomor{n}x di sawah")
        text = "warga memadamkan kebakaran lereng Gunung Bromo" if n < 40 else "warga menanam padi di sawah"
        now.add(None, "Warga", text)
        copied.add(1 if n < 40 else None, "Warga", text)
    (one,) = risen(now, before)
    up = [one.term, *one.beside]
    assert "kebakaran" in up
    assert "Gunung Bromo" in up
    assert not {"gunung", "bromo", "warga", "padi"} & set(up)
    assert not risen(copied, before), "one story on forty addresses is one story"
    assert not risen(now, TermCounter()), "without months before there is nothing to rise from"


@pytest.mark.parametrize(("lang", "words"), [("id", "Cerita terbesar"), ("en", "The largest stories")])
def test_both_languages_say_the_same_and_one_moment_gives_the_same_bytes(
    june: MonthReport, lang: str, words: str
) -> None:
    page = render(june, lang, NOW)
    assert words in page
    assert f'<html lang="{lang}">' in page
    assert page == render(june, lang, NOW)
    text = BeautifulSoup(page, "html.parser").get_text(" ")
    assert ("1 Juli 2024, 06.30" if lang == "id" else "1 July 2024, 06:30") in text
    thousands = f"{sum(portal.words for portal in june.portals):,}"
    assert (thousands.replace(",", ".") if lang == "id" else thousands) in text


FIGURES: dict[str, Figure] = {"since": "2024-06-20T03:00:00Z", "hours": 7.0, "usual": 0.8}
WRITTEN = {"since": "2024-06-20 03:00", "hours": "7,0"}
FOREIGN = {"the", "its", "articles", "days", "usual", "crawled", "pages", "it", "refuses", "answer"}


@pytest.mark.parametrize("says", Says)
def test_every_reason_of_a_portals_word_has_its_indonesian_form_with_its_figures(says: Says) -> None:
    names = [name for name in re.findall(r"\{(\w+)", SENTENCES[says][1]) if name != "told"]
    figures = {name: FIGURES.get(name, number) for number, name in enumerate(names, 11)}
    reason = Reason(says, figures, Cause.BLOCK, "HTTP 403" if "{told}" in SENTENCES[says][1] else None)
    pieces = Words("id").reasons(reason.text, (reason,))
    sentence = "".join(text for _, text in pieces)
    assert {lang for lang, _ in pieces} == ({"id", "en"} if "{told}" in SENTENCES[says][1] else {"id"})
    assert not set(re.findall("[a-z]+", sentence)) & FOREIGN
    assert "{" not in sentence
    for name, figure in figures.items():
        if name != "usual":
            assert WRITTEN.get(name, str(figure)) in sentence


def test_every_cause_that_may_stand_behind_a_word_has_its_words_in_both_languages() -> None:
    without = {
        Cause.BOUNDS, Cause.KNOWN, Cause.EDITED, Cause.FORGOTTEN, Cause.DISK, Cause.ARCHIVE, Cause.STOPPED,
    }  # fmt: skip
    assert set(LABELS) == set(Cause) - without
    said = [text for cause in LABELS for text, _ in Reason(Says.UNREAD, {"since": "x"}, cause, "").pieces("id")]
    assert len(set(said)) == len(LABELS) + 1, "the end of the sentence, and words for each"
    assert not {word for text in said for word in re.findall("[a-z]+", text)} & FOREIGN


def test_what_an_indonesian_reason_quotes_stays_as_it_was_told() -> None:
    figures: dict[str, Figure] = {"since": "2024-06-20T03:00:00Z", "stored": 12}
    told = "https://a.id/feed: {0} HTTP 403; cut off"  # braces of a portal are no place for a figure
    reasons = (Reason(Says.READ_IN_PART, figures, Cause.BLOCK, told), Reason(Says.YOUNG))
    assert Words("id").reasons("", reasons) == [
        ("id", "tidak ada perayapan yang membacanya utuh sejak 2024-06-20 03:00 UTC: ia menolak kami ("),
        ("en", told),
        ("id", "); 12 artikel datang lewat daftarnya yang lain"),
        ("id", "; "),
        ("id", "dirayapi kurang dari dua pekan"),
    ]


def test_a_reason_of_older_code_stays_english_in_both_languages() -> None:
    for lang in ("id", "en"):
        assert Words(lang).reasons("it was never crawled", ()) == [("en", "it was never crawled")]


@pytest.mark.parametrize(
    ("lang", "told"),
    [("id", "5 dari 5 halaman tidak membawa artikel dalam 1 hari: HTTP 403"),
     ("en", "5 of 5 pages brought no article in 1 days: HTTP 403")],
)  # fmt: skip
def test_the_page_says_in_its_own_language_why_a_portal_is_not_well(june: MonthReport, lang: str, told: str) -> None:
    soup = BeautifulSoup(render(june, lang, NOW), "html.parser")
    assert told in [why.get_text() for why in soup.select(".health td > .since")]


def test_a_month_of_one_portal_counts_in_the_singular(june: MonthReport) -> None:
    one = replace(june, portals=[portal for portal in june.portals if portal.portal == "kabar-bromo"], stories=1)
    soup = BeautifulSoup(render(one, "en", NOW), "html.parser")
    lede = soup.select_one(".lede")
    assert lede
    assert lede.get_text().startswith("1 portal published 119 articles. 1 text ran at")


def test_a_hostile_headline_injects_nothing_into_the_markup(june: MonthReport) -> None:
    page = render(hostile(june), "id", NOW)
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.find_all(["script", "iframe", "img", "object", "embed", "base", "form", "b", "link"], src=True)
    assert not soup.find_all(["script", "iframe", "img", "object", "embed", "base", "form"])
    assert len(soup.find_all("style")) == 1
    assert not [name for tag in soup.find_all() for name in tag.attrs if name.startswith("on") or name == "style"]
    schemes = {a["href"].partition(":")[0] for a in soup.find_all("a") if not a["href"].startswith("#")}
    assert schemes <= {"http", "https"}
    assert "49" not in soup.select_one("#sections .data").get_text()  # type: ignore[union-attr]
    assert not re.search("[\x00\x1b]", page)


RELEASES = (
    ReleaseLine(1, "1.docx", "Polres Ngawi", HOSTILE[1], "2024-06-04T05:00:00Z", "2024-06-04T12:00:00+07:00", "minute",
                3, 2, 1, "kabar-bromo", "2024-06-04T06:30:00Z", 1.5),
    ReleaseLine(2, "2.docx", None, "Lomba Asrama", "2024-06-05T00:00:00Z", "2024-06-05T07:00:00+07:00", "day",
                0, 0, 0, None, None, None),
)  # fmt: skip


def test_a_desks_own_releases_have_a_section_of_the_month_that_says_which_ran_nowhere(june: MonthReport) -> None:
    units = [UnitLine(None, HOSTILE[2], 2, 1, 1, 3, 2, 1.5)]
    portals = [PortalLine(None, "kabar-bromo", 2, 1, 0.5, 1, 1.5), PortalLine(None, "suara-madura", 2, 0, 0.0, 0, None)]
    sent = replace(june, releases=RELEASES, units=units, carrying=portals)
    page = BeautifulSoup(render(sent, "id", NOW), "html.parser")
    section = page.select_one("#releases")
    assert section is not None
    cells = [[cell.get_text() for cell in row.select("td")] for row in section.select("tbody tr")]
    assert [row[3:] for row in cells[:2]] == [
        ["3", "2", june.names["kabar-bromo"], "1,5 jam"], ["0", "0", "tidak tayang", "–"],
    ]  # fmt: skip
    assert cells[-1] == [june.names["suara-madura"], "0 / 2", "0%"]
    assert "2 dikirim pada bulan ini; 1 tayang, 1 tidak tayang" in section.get_text()
    assert page.select("script, img") == []
    assert page.select_one('nav a[href="#releases"]') is not None
    assert BeautifulSoup(render(june, "id", NOW), "html.parser").select_one("#releases") is None


def test_a_form_with_other_numbers_counts_once_among_the_terms(tmp_path: Path) -> None:
    press = Press(new_archive(tmp_path / "kwri.sqlite"), {})
    form = tuple(f"Harga {what} di Pasar Contoh hari ini tercatat {{}} rupiah untuk setiap kilogram menurut petugas"
                 " dinas yang mencatat sejak pagi" for what in ("beras", "cabai", "gula", "telur"))  # fmt: skip
    for day in range(8):
        paragraphs = tuple(text.format(11000 + 370 * day + 17 * i) for i, text in enumerate(form))
        press.brings(f"a.example/{day}", paragraphs, 24 * day)
    press.brings("a.example/banjir", FLOOD, 1)
    press.db.execute("UPDATE articles SET published_local = published_at")
    month_queries.select_month(press.db, "2024-06-01", "2024-06-30")
    assert press.all("SELECT count(*) > 6 FROM ties WHERE kind = 'template'") == [(1,)]
    assert len(list(month_queries.texts(press.db))) == 2


def test_a_month_gathers_the_releases_that_were_sent_in_it(tmp_path: Path) -> None:
    press = Press(new_archive(tmp_path / "kwri.sqlite"), {})
    press.brings("a.example/1", FLOOD, 1)
    press.db.execute("UPDATE crawls SET finish = 'finished', started_at = '2024-06-30T00:00:00Z'")
    releases.add(press.db, [sent("june.docx", FLOOD), sent("july.docx", MARKET, 24 * 30)])
    found = gather(press.db, month_of("2024-06"), None)
    assert [(one.name, one.articles) for one in found.releases] == [("june.docx", 1)]
    assert [one.unit for one in found.units] == ["Polres Contoh"]
    assert [(one.portal, one.carried) for one in found.carrying] == [("a.example", 1)]
    assert gather(press.db, month_of("2024-06"), "a.example").releases == []


@pytest.mark.parametrize("address", ["javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x",
                                     "//host/", "http:", "https://[", "file:///etc/passwd", "vbscript:x"])  # fmt: skip
def test_only_http_with_a_host_is_a_link(address: str) -> None:
    assert web_link(address) is None
    assert web_link("https://host.example/x") == "https://host.example/x"


# ---------------------------------------------------------------------- as an operator asks for it


def test_the_command_writes_the_page_beside_the_archive_and_says_what_is_in_it(archive: Path) -> None:
    done = run_here("report", "--month", "2024-06", "--portal", "kabar-bromo", ARCHIVE_PATH=str(archive))
    assert done.code == 0, done.log
    page = archive.parent / "report-2024-06-kabar-bromo-id.html"
    assert str(page) in done.out
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    assert "Kabar Bromo" in soup.select_one(".kicker").get_text()  # type: ignore[union-attr]
    assert len(soup.select("table.health tbody tr")) == 1
    assert all("Kabar Bromo" in row.get_text() for row in soup.select(".pairs tbody tr"))


def test_a_month_without_articles_is_a_clear_page(archive: Path) -> None:
    done = run_here("report", "--month", "2023-01", "--lang", "en", "--out", "-", ARCHIVE_PATH=str(archive))
    assert done.code == 0, done.log
    assert "The archive holds no article of this month." in done.out
    assert "<svg" not in done.out


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        (("--month", "2024-13"), 2, "--month 2024-13: write it as --month 2024-06"),
        (("2024-06",), 2, "write --month 2024-06"),
        (("--month", "2024-06", "--portal", "nowhere"), 2, "nowhere: no such portal"),
        (("--month", "2024-06", "--out", "/proc/x/june.html"), 5, "choose another --out"),
    ],
)
def test_a_wrong_argument_names_its_cure(archive: Path, given: tuple[str, ...], code: int, told: str) -> None:
    done = run_here("report", *given, ARCHIVE_PATH=str(archive))
    assert done.code == code
    assert told in done.log + done.out
    assert "Traceback" not in done.log


# ---------------------------------------------------------------------- in a real browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip(MISSING)
    with Browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(june: MonthReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    empty = replace(
        june, by_day=(), sections=(), places=(), stories=0, largest=(), fastest=(), spreads=(), copying=(), terms=(),
        portals=[replace(portal, articles=0) for portal in june.portals],
    )  # fmt: skip
    for name, report in (("june", june), ("hostile", hostile(june)), ("empty", empty)):
        for lang in ("id", "en"):
            (folder / f"{name}-{lang}.html").write_text(render(report, lang, NOW), encoding="utf-8")
    return folder


NAMES = ("june-id", "june-en", "hostile-id", "empty-id", "empty-en")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (360, False), (360, True)])
def test_a_browser_complains_of_nothing_asks_nobody_and_needs_no_sideways_scrolling(
    browser: Browser, pages: Path, name: str, width: int, dark: bool
) -> None:
    page = pages / f"{name}.html"
    browser.open(page, width, dark)
    assert browser.complaints() == []
    assert [url for url in browser.asked_for() if not url.startswith("data:")] == [page.as_uri()]
    assert browser.value("document.title").endswith("2024")
    assert browser.value("innerWidth") == width, "a page that is too wide is zoomed out on a phone"
    assert browser.value("document.scrollingElement.scrollWidth <= innerWidth"), browser.value(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth"
        " && !e.closest('.scroll')).slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join('\\n')"
    )


@pytest.mark.parametrize("dark", [False, True])
def test_text_can_be_read_on_its_ground(browser: Browser, pages: Path, dark: bool) -> None:
    browser.open(pages / "june-id.html", 1280, dark)
    # WCAG 2.1: 4.5 to 1 for text of that size, against the nearest ground that is painted.
    poor = browser.value("""(() => {
        const rgb = text => text.match(/[\\d.]+/g).map(Number);
        const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
            .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
            .reduce((sum, v, n) => sum + v * [.2126, .7152, .0722][n], 0);
        const ground = e => { for (; e; e = e.parentElement) {
            const painted = rgb(getComputedStyle(e).backgroundColor);
            if (painted.length < 4 || painted[3]) return painted; } return [255, 255, 255]; };
        return [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('svg')
            && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).map(e => {
                const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
                return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.className || e.tagName, e.textContent];
            }).filter(([ratio]) => ratio < 4.5).map(([r, c, t]) => r.toFixed(2) + ' ' + c + ' ' + t.slice(0, 30));
    })()""")
    assert poor == []


def test_every_chart_is_drawn_and_names_itself(browser: Browser, pages: Path) -> None:
    browser.open(pages / "june-en.html")
    charts = browser.value(
        "[...document.querySelectorAll('svg')].filter(svg => svg.checkVisibility()).map(svg => ["
        "svg.querySelectorAll('.series rect, .series circle').length,"
        "svg.getBoundingClientRect().height > 100, svg.querySelector('title').textContent])"
    )
    assert [title for _, _, title in charts] == [
        "Articles by day, June 2024", "Sections", "Places", "How the largest stories spread",
        "Originals and copies", "Terms that rose, per 100 stories",
    ]  # fmt: skip
    assert all(shapes >= 10 and high for shapes, high, _ in charts), charts


def test_it_prints_on_few_pages_of_a4_and_cuts_nothing_off(browser: Browser, pages: Path, tmp_path: Path) -> None:
    browser.open(pages / "june-id.html")
    pdf = browser.printed()
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 6
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45][.\d]* 84[12]", pdf)
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext on this machine; run: apt-get install poppler-utils")
    (tmp_path / "june.pdf").write_bytes(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "june.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in ("Juni 2024", "Kepastian (z)", "Alamat", "kwri-crawler"):
        assert words in text


@given(st.text(alphabet="aBcD eé-'’“_0 9²\u0301ßİŁz\n\u2028\u00a0.", max_size=60))
def test_words_are_those_that_the_pattern_finds(text: str) -> None:
    assert terms._words(text.casefold()) == set(terms._WORD.findall(text.casefold()))


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("Kapolda Jawa Timur datang", {"Kapolda Jawa", "Jawa Timur"}),
        ("di Jawa Timur2 dan Bali Utara", {"Bali Utara"}),
        ("Xaaa Ybbb, Zccc Addd", {"Xaaa Ybbb", "Zccc Addd"}),
        ("Pak Ali dari Kota Élan", {"Pak Ali"}),
        ("aJawa Timur Raya", {"Timur Raya"}),
        ("Pada Senin Jawa Timur", {"Jawa Timur"}),
    ],
)
def test_names_are_pairs_of_large_words_in_a_row(body: str, names: set[str]) -> None:
    assert {term for term in terms.terms_of("", body) if " " in term} == names


def test_the_months_before_are_sampled_by_story(tmp_path: Path) -> None:
    db = new_archive(tmp_path / "a.sqlite")
    crawl = crawl_of(db)
    db.execute("BEGIN")
    for number in range(60):
        text = "Satu kabar yang sama dari desa. " * 9 if number % 3 == 0 else f"Kabar nomor {number} dari desa. " * 9
        articles.store(db, with_dates(an_article(f"a{number}", text, crawl_id=crawl)))
    db.execute("COMMIT")
    month_queries.select_month(db, "2024-06-01", "2024-06-30")
    every = [(text.story, text.title) for text in month_queries.texts(db)]
    assert len(every) == 60
    assert [month_queries.sample_step(db, most) for most in (10_000, 60, 20)] == [1, 1, 3]
    few = [(text.story, text.title) for text in month_queries.texts(db, 3)]
    assert 5 < len(few) < 35
    stories = {story for story, _ in few if story}
    assert {one for one in every if one[0] in stories} == {one for one in few if one[0]}, "a story comes whole or not"
    db.close()


def test_a_day_and_a_week_have_pages_of_their_own(archive: Path) -> None:
    db = open_archive(archive)
    db.execute("BEGIN")
    db.execute("""INSERT INTO institutions VALUES ('Polda', '"polda jatim"'), ('Rusak', 'a AND')""")
    week, one = gather(db, week_of(date(2024, 6, 27)), None), gather(db, day_of(date(2024, 6, 27)), None)
    db.rollback()
    db.close()
    assert (week.since, week.until, week.base[:2]) == ("2024-06-24", "2024-06-30", ("2024-05-27", "2024-06-23"))
    counted = "SELECT sum(articles) FROM articles_by_day WHERE day {}"
    assert week.articles == value(archive, counted.format("BETWEEN '2024-06-24' AND '2024-06-30'")) > 100
    assert one.articles == value(archive, counted.format("= '2024-06-27'")) > 5
    named = [(one.name, one.stories is None) for one in week.institutions]
    assert named == [("Polda", False), ("Rusak", True)]
    assert 0 < (week.institutions[0].stories or 0) <= (week.institutions[0].articles or 0)
    page, day = (BeautifulSoup(render(report, "id", NOW), "html.parser") for report in (week, one))
    assert [soup.h1.get_text() for soup in (page, day) if soup.h1] == ["24 Juni – 30 Juni 2024", "27 Juni 2024"]
    assert "Pekan ini" in page.select("#terms th")[2].get_text()
    assert "Terlalu sedikit artikel: dari 17 cerita" in day.select("#terms p")[0].get_text()
    cells = [[cell.get_text() for cell in row.select("td")] for row in page.select("#institutions tbody tr")]
    assert cells[1] == ["Rusak", "–", "–", "–"]
    assert not [
        text for soup in (page, day) for text in soup.stripped_strings if re.search(r"\bbulan (ini|itu)\b", text)
    ]


def test_a_page_says_that_its_terms_were_counted_in_a_sample(june: MonthReport) -> None:
    assert "sampel" not in render(june, "id", NOW)
    page = BeautifulSoup(render(replace(june, steps=(3, 7)), "en", NOW), "html.parser")
    assert "one of each 3 stories, and one of each 7 of those before" in page.select("#terms .note")[0].get_text()


def test_terms_of_one_release_are_one_line_and_those_of_others_their_own() -> None:
    now, before = TermCounter(), TermCounter()
    for n in range(400):
        before.add(None, "", f"warga menanam padi nomor{n}x di sawah")
        form = "lomba lari lintas alam dihitung perputaran uangnya" if n % 10 == 0 else ""
        fire = "gudang terbakar habis" if n % 10 == 1 or n == 0 else ""
        now.add(None, "", f"warga menanam padi di sawah {form} {fire}")
    lines = [{one.term, *one.beside} for one in risen(now, before)]
    assert len(lines) == 2
    assert {"gudang", "terbakar", "habis"} in lines
    assert all(len(line) <= 1 + terms.MOST_BESIDE for line in lines)
    assert max(lines, key=len) <= {"lomba", "lari", "lintas", "alam", "dihitung", "perputaran", "uangnya"}


def test_terms_of_fewer_than_a_hundred_stories_are_not_compared() -> None:
    for number, shown in ((terms.FEWEST_STORIES - 1, 0), (terms.FEWEST_STORIES, 1)):
        now, before = TermCounter(), TermCounter()
        for n in range(number):
            before.add(None, "", "warga menanam padi")
            now.add(None, "", "warga menanam padi" + (" kebakaran" if n < 40 else ""))
        assert len(risen(now, before)) == shown


def test_the_texts_of_a_month_are_found_without_comparing_each_with_each(tmp_path: Path) -> None:
    """With the index of ties by their other article, 33,000 articles took minutes."""
    db = new_archive(tmp_path / "a.sqlite")
    month_queries.select_month(db, "2024-06-01", "2024-06-30")
    sql: list[str] = []
    db.conn.set_trace_callback(sql.append)
    list(month_queries.texts(db))
    db.conn.set_trace_callback(None)
    plan = "\n".join(row[3] for row in db.conn.execute(f"EXPLAIN QUERY PLAN {sql[-1]}"))
    db.close()
    assert "ties_other" not in plan
    assert "SEARCH ties USING PRIMARY KEY (article=?)" in plan
