"""An article's own part of a page: it ends where the next one begins; its footer and its aside are not the site's."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from kwri_crawler.catalogue import Portal
from kwri_crawler.dates import with_dates
from kwri_crawler.items import Page
from kwri_crawler.pages import read_page
from kwri_crawler.pages.authors import author_of
from tests.test_others import OTHER, OTHER_TITLE, OWN, TEXT, TITLE, paragraphs, read

PORTAL = Portal("x", "Kabar Muara", "https://kabarmuara.example/", "general", None, "Asia/Jakarta", ())

PRINTED = "Rabu, 7 Oktober 2026 09:15 WIB"
LOCAL = "2026-10-07T09:15"
EARLIER = "Selasa, 6 Oktober 2026 17:40 WIB"
STAMP = '<time datetime="2026-10-07T09:15:00+07:00">7 Oktober 2026</time>'
OLD_STAMP = '<time datetime="2024-09-01T08:00:00+07:00">1 September 2024</time>'
CAPTION = "Nelayan berunjuk rasa di depan kantor kecamatan, Rabu pagi. Foto: Kabar Muara"
PICTURE = '<img src="/foto/nelayan.jpg" width="700">'


def local(body: str) -> str | None:
    found = read(body).published
    return found.local.isoformat()[:16] if found else None


def post(heading: str, dated: str, text: tuple[str, ...], rank: str = "h2") -> str:
    return f"<{rank}>{heading}</{rank}>{dated}{paragraphs(text)}"


SHAPES: dict[str, Callable[[str], str]] = {
    "div": lambda inner: f'<div class="post">{inner}</div>',
    "nameless": lambda inner: f"<div>{inner}</div>",
    "section": lambda inner: f'<section class="berita"><div class="isi">{inner}</div></section>',
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("rank", ["h1", "h2"])
@pytest.mark.parametrize(
    "dated", ['<div class="tgl">{}</div>', "<p>Oleh: Joko Susilo | {}</p>"], ids=["date", "byline and date"]
)
@pytest.mark.parametrize("more", [1, 3])
def test_a_part_that_is_built_and_dated_as_the_article_is_the_next(
    shape: Callable[[str], str], rank: str, dated: str, more: int
) -> None:
    own = shape(post(TITLE, dated.format(PRINTED), TEXT, rank))
    others = "".join(
        shape(post(f"{OTHER_TITLE} {i}", dated.format(EARLIER), OTHER[i:] + OTHER[:i])) for i in range(more)
    )
    assert read(own + others).paragraphs == TEXT


def test_what_stands_above_the_next_article_s_heading_is_its_own() -> None:
    shape = '<div class="post"><span class="rubrik">{}</span><h2>{}</h2><div>{}</div>{}</div>'
    body = shape.format("Daerah", TITLE, PRINTED, paragraphs(TEXT))
    body += shape.format("Niaga", OTHER_TITLE, EARLIER, paragraphs(OTHER))
    assert read(body).paragraphs == TEXT


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_an_article_whose_parts_have_elements_of_their_own_is_kept_whole(shape: Callable[[str], str]) -> None:
    own = shape(post(TITLE, f'<div class="tgl">{PRINTED}</div>', TEXT, "h1"))
    parts = "".join(
        shape(post(heading, "", OTHER[2 * i : 2 * i + 2])) for i, heading in enumerate(("Alasan warga", "Jawab camat"))
    )
    assert set(read(own + parts).paragraphs) >= {*TEXT, *OTHER}


def test_the_dated_entries_of_a_live_page_are_kept() -> None:
    entries = "".join(
        f'<div class="entri"><h2>{heading}</h2><div>{time}</div>{paragraphs(OTHER[2 * i : 2 * i + 2])}</div>'
        for i, (heading, time) in enumerate((("Camat datang", PRINTED), ("Warga pulang", EARLIER)))
    )
    body = f'<article><h1>{TITLE}</h1><div class="tgl">{PRINTED}</div>{paragraphs(TEXT)}{entries}</article>'
    assert set(read(body).paragraphs) >= {*TEXT, *OTHER}


TEASER = '<{0} class="{1}"><img src="/t.jpg"><h4><a href="/pasar">{2}</a></h4><p>{3}</p></{0}>'


@pytest.mark.parametrize("named", ["", "kartu", "artikel-kotak", "display-card"])
@pytest.mark.parametrize("label", ["", "<b>Baca juga</b>"])
def test_a_teaser_within_a_text_is_no_part_of_it(named: str, label: str) -> None:
    teaser = TEASER.format("div", named, f"{OTHER_TITLE}", OTHER[0]).replace("<img", f"{label}<img")
    body = (
        f"<article><h1>{TITLE}</h1><div>{PRINTED}</div>{paragraphs(TEXT[:2])}{teaser}{paragraphs(TEXT[2:])}</article>"
    )
    assert read(body).paragraphs == TEXT


def test_the_parts_of_a_list_of_the_best_that_lead_elsewhere_are_no_teasers() -> None:
    parts = "".join(TEASER.format("div", "tempat", f"Warung {i} di muara", text) for i, text in enumerate(OTHER))
    assert set(read(f"<article><h1>{TITLE}</h1>{paragraphs(TEXT[:2])}{parts}</article>").paragraphs) >= set(OTHER)


def test_a_linked_heading_above_the_text_itself_makes_it_no_teaser() -> None:
    body = (
        f'<article><h1>{TITLE}</h1><h4><a href="/topik/tambang">Tambang pasir laut</a></h4>{paragraphs(TEXT)}</article>'
    )
    assert read(body).paragraphs[-len(TEXT) :] == TEXT


@pytest.mark.parametrize(
    "above",
    [
        f'{PICTURE}<p class="caption">{CAPTION}</p>',
        f'{PICTURE}<p class="ket-foto">{CAPTION}</p>',
        f'<div class="foto">{PICTURE}<p class="text-caption">{CAPTION}</p></div>',
        f'<p class="keterangan_gambar">{CAPTION}</p>',
    ],
)
@pytest.mark.parametrize("shape", ["{}", '<div class="isi">{}</div>'])
def test_a_caption_above_the_text_is_no_paragraph_of_it(above: str, shape: str) -> None:
    body = f"<h1>{TITLE}</h1><div>{PRINTED}</div>{above}{shape.format(paragraphs(TEXT))}"
    assert read(body).paragraphs == TEXT


@pytest.mark.parametrize("shape", ['<p class="caption">{}</p>', '<div class="caption"><p>{}</p></div>'])
def test_a_text_all_of_which_is_called_a_caption_is_kept(shape: str) -> None:
    assert read(f"<h1>{TITLE}</h1>{PICTURE}{''.join(map(shape.format, TEXT))}").paragraphs == TEXT


@pytest.mark.parametrize(
    "footer",
    [
        "<footer><p>Copyright © 27/06/2024 Kabar Muara</p></footer>",
        f'<footer><div class="tgl">{EARLIER}</div></footer>',
        f"<footer>{OLD_STAMP}</footer>",
        f'<footer class="site-footer">Dibangun {OLD_STAMP}</footer>',
        '<div class="footer">Terdaftar di Dewan Pers <span class="date">12 Juni 2023</span></div>',
        '<div id="footer"><p>1 Januari 2024</p></div>',
        "<p>Copyright © 2026. Rabu, 1 Januari 2025</p>",
        "<p>Kabar Muara berdiri 17 Agustus 2019</p>",
    ],
)
@pytest.mark.parametrize("outer", ["main", "div"])
def test_a_date_of_the_site_s_footer_is_not_the_article_s(footer: str, outer: str) -> None:
    assert local(f"<{outer}>{OWN}</{outer}>{footer}") is None


@pytest.mark.parametrize(
    "body",
    [
        f"<main>{OWN}<footer>{STAMP}</footer></main>",
        f'<section>{OWN}<footer class="post-info">{STAMP}</footer></section>',
        f'<div>{OWN}<div class="post-footer">{PRINTED}</div></div>',
        f'<article>{OWN}<div class="footer">{PRINTED}</div></article>',
        f'<div>{OWN}<abbr class="published" title="2026-10-07T09:15:00+07:00">7 Oktober 2026</abbr></div>',
        f"<div>{OWN}<p>Diposting pada {PRINTED}</p></div>",
    ],
)
def test_an_article_s_own_footer_dates_it(body: str) -> None:
    assert local(f"{body}<footer><p>Copyright © 27/06/2024 Kabar Muara</p></footer>") == LOCAL


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>{TITLE}</h1><aside>{STAMP}</aside>{paragraphs(TEXT)}</article>",
        f'<article><aside class="col">{PRINTED}</aside><div><h1>{TITLE}</h1>{paragraphs(TEXT)}</div></article>',
        f'<main>{OWN}<aside>Oleh <a href="/penulis/rina">Rina Wati</a> {PRINTED}</aside></main>',
    ],
)
def test_an_aside_that_only_says_when_and_by_whom_dates_its_article(body: str) -> None:
    assert local(body) == LOCAL


@pytest.mark.parametrize(
    ("aside", "outer"),
    [
        (f'<aside><a href="/pasar">{OTHER_TITLE}</a>{OLD_STAMP}</aside>', "article"),
        (f"<aside><h4>Agenda</h4>Pasar murah {OLD_STAMP}</aside>", "article"),
        (f'<aside class="related">{OLD_STAMP}</aside>', "article"),
        (f"<aside>{paragraphs(OTHER)}{OLD_STAMP}</aside>", "article"),
        (f"<aside>{OLD_STAMP}</aside>", "div"),
    ],
    ids=["card", "agenda", "related", "long box", "outside"],
)
def test_any_other_aside_does_not(aside: str, outer: str) -> None:
    assert local(f"<{outer}>{OWN}{aside}</{outer}>") is None


@pytest.mark.parametrize("path", ["2026/10/07/tambang", "2026-10-07/tambang"])
@pytest.mark.parametrize(
    ("printed", "day"), [("7 Oktober 2026 09:15 WIB", LOCAL), ("1 Januari 2026", "2026-10-07T00:00")]
)
def test_a_date_of_another_day_than_the_address_has_is_something_else_s(path: str, printed: str, day: str) -> None:
    html = f'<html lang="id"><title>{TITLE}</title><main>{OWN}<p class="date">{printed}</p></main></html>'
    page = Page(f"https://kabarmuara.example/{path}", html.encode(), "", datetime(2026, 10, 9, tzinfo=UTC))
    found = with_dates(read_page(page, PORTAL)).published
    assert found is not None
    assert found.local.isoformat()[:16] == day


@pytest.mark.parametrize(
    "top",
    [
        '<div id="jam">Kamis, 8 Oktober 2026</div>',
        '<div class="top-bar"><span>8 Oktober 2026</span></div>',
        "<header><a href=/>Beranda</a> <span>Kamis, 8 Oktober 2026</span></header>",
        '<div class="site-header clearfix"><p>Kamis, 8 Oktober 2026</p></div>',
    ],
)
def test_the_day_at_the_top_of_the_site_dates_no_article(top: str) -> None:
    assert local(top + OWN) is None
    assert local(f"{top}<div>{PRINTED}</div>{OWN}") == LOCAL


def test_the_header_that_holds_the_headline_is_the_article_s() -> None:
    assert local(f"<header><div>{PRINTED}</div><h1>{TITLE}</h1></header>{paragraphs(TEXT)}") == LOCAL


def test_an_aside_is_asked_only_where_nothing_else_dates_the_article() -> None:
    body = f"<article><h1>{TITLE}</h1><div>{PRINTED}</div>{paragraphs(TEXT)}<aside>{OLD_STAMP}</aside></article>"
    assert local(body) == LOCAL


@pytest.mark.parametrize("byline", ["Rina Wati (Kabar Muara)", "Rina Wati, Kabar Muara", "Rina Wati - Kabar Muara"])
def test_the_portal_s_name_behind_an_author_s_is_no_part_of_it(byline: str) -> None:
    assert author_of(byline, ("Kabar Muara",)) == "Rina Wati"
