"""An article's own part of a page: it begins below a picture's caption, and ends where the next one does."""

from collections.abc import Callable

import pytest

from tests.test_others import OTHER, OTHER_TITLE, TEXT, TITLE, paragraphs, read

PRINTED = "Rabu, 7 Oktober 2026 09:15 WIB"
EARLIER = "Selasa, 6 Oktober 2026 17:40 WIB"
CAPTION = "Nelayan berunjuk rasa di depan kantor kecamatan, Rabu pagi. Foto: Kabar Muara"
PICTURE = '<img src="/foto/nelayan.jpg" width="700">'


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
