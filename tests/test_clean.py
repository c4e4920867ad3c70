"""The stage clean: what of a page's furniture goes, and how much of a text it may take at most."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwri_crawler.items import Article, Link
from kwri_crawler.pages.cleaning import LONGEST_FIXED, clean_article, is_fixed_boilerplate, is_link_line
from kwri_crawler.pages.source import PageError
from kwri_crawler.pages.text import count_words
from tests.archives import an_article

LINE = "Baca juga: Pasar Baru Sukamaju Mulai Dibuka untuk Umum"  # nine words that lead elsewhere
TEXT = "Warga desa menyambut pembukaan pasar itu dengan gembira."  # eight words


def cleaned(*paragraphs: str, **changes: object) -> tuple[str, ...]:
    article = replace(an_article("a"), paragraphs=paragraphs, **changes)  # type: ignore[arg-type]
    return clean_article(article).paragraphs


# ---------------------------------------------------------------------- how much may go


@pytest.mark.parametrize(
    ("words", "links", "goes"),
    [
        (21, 1, True),  # 9 of 30 words: exactly the three tenths
        (20, 1, False),  # 9 of 29
        (42, 2, True),
        (41, 2, False),
        (1, 1, False),  # nine tenths of a text are never furniture
        (3, 3, False),
    ],
)
def test_links_go_while_they_are_at_most_three_tenths_of_the_text(words: int, links: int, goes: bool) -> None:
    text = " ".join(f"kata{number}" for number in range(words))
    paragraphs = tuple(f"Baca juga: {name} b c d e f g" for name in "xyz"[:links])
    assert {count_words((line,)) for line in paragraphs} == {9}
    assert cleaned(text, *paragraphs) == ((text,) if goes else (text, *paragraphs))


@given(st.lists(st.sampled_from([LINE, TEXT, "Bagikan", "Advertisement", "Baca: apa pun"]), min_size=1, max_size=12))
def test_of_any_text_links_take_at_most_three_tenths_of_the_words(paragraphs: list[str]) -> None:
    kept = cleaned(*paragraphs, "Warga.")
    words = 1 + count_words(tuple(p for p in paragraphs if not is_fixed_boilerplate(p)))
    lines_left = [p for p in kept if is_link_line(p)]
    assert lines_left or count_words(tuple(p for p in paragraphs if is_link_line(p))) <= 0.3 * words
    assert {TEXT}.intersection(kept) == {TEXT}.intersection(paragraphs)


def test_an_article_of_which_nothing_is_left_is_no_article() -> None:
    for paragraphs in (("Advertisement", "Bagikan"), ("***",), ()):
        with pytest.raises(PageError, match="no text is left"):
            clean_article(replace(an_article("a"), paragraphs=paragraphs))
    with pytest.raises(PageError, match="no text is left"):
        clean_article(replace(an_article("a"), title="\u200b"))
    assert clean_article(an_article("a")).word_count == 6


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Warga &quot;Muara&quot; menolak", 'Warga "Muara" menolak'),
        ("Tani &amp; Nelayan", "Tani & Nelayan"),
        ("A & B", "A & B"),
    ],
)
def test_a_title_that_was_escaped_twice_is_not(title: str, kept: str) -> None:
    assert clean_article(replace(an_article("a"), title=title)).title == kept
    assert cleaned(title, TEXT) == (kept, TEXT)


def test_of_what_was_escaped_twice_a_blank_is_one_and_markup_stays() -> None:
    assert cleaned("&nbsp;", f"{TEXT}&nbsp;", "Tulis &lt;br&gt; di situ.") == (TEXT, "Tulis &lt;br&gt; di situ.")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("河口三个村庄的渔民反对下个月开始的海砂开采计划。", 8),
        ("ชาวประมงคัดค้านแผนดูดทรายทะเล", 10),
        ("satu dua", 2),
        ("“satu” – dua", 2),
    ],
)
def test_words_of_scripts_without_blanks_are_counted_by_their_signs(text: str, count: int) -> None:
    assert count_words((text,)) == count


# ---------------------------------------------------------------------- what goes


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement", "IKLAN", "Advertisement - Scroll to continue",
        "Scroll untuk baca artikel", "[Gambas:Video CNN]",
        "Link berhasil disalin",
        "Copy Link", "View all results", "No Result View All Result", "1,2K shares",
        "Share this:",
        "Bagikan artikel ini", "Dibaca: 1.234 kali", "Post Views: 12", "Berita Terkait", "Baca Selengkapnya",
        "Halaman selanjutnya", "Halaman: 1 2 3", "Tinggalkan Komentar", "Leave a reply", "Loading...", "Read more",
        "Facebook Twitter WhatsApp", "share | tweet | pin", "|", "-", "  ", "…",
        "[CTA_MODULE]", "[irp posts=12 name=lain]", "[/vc_row]", "[ad_1]", "[embed-video id=3]",
        "Daftar Isi", "Berita Lain:",
        "Lorem Ipsum", "Lorem ipsum 2", "lorem ipsum dolor sit amet, consectetur adipiscing elit. " * 5,
    ],
)  # fmt: skip
def test_a_themes_own_words_go(line: str) -> None:
    assert is_fixed_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "Lorem ipsum adalah teks pengisi yang dipakai percetakan", "Apa itu lorem ipsum?",
        "[Red]", "[ant/rif]", "[bersambung]", "[Kabar Lereng]", "[1]", "[ad_1] Warga",
        "(*)", "***", "Bagikan sembako kepada warga terdampak banjir bandang", "Iklan rokok dilarang di kota itu",
        "Halaman kantor bupati dipadati warga", "Facebook", "Line", "Facebook memblokir akun itu",
        "Views dari puncak itu indah",
        "Dibaca ulang oleh hakim", "Laporan wartawan kami dari lokasi kejadian",
        "Scroll untuk " + "a" * (LONGEST_FIXED - 12),
    ],
)  # fmt: skip
def test_what_people_wrote_stays(line: str) -> None:
    assert not is_fixed_boilerplate(line)


def test_a_fixed_line_is_known_up_to_its_length() -> None:
    head = "Scroll untuk "
    assert is_fixed_boilerplate(head + "a" * 59)
    assert not is_fixed_boilerplate(head + "a" * 60)
    assert is_fixed_boilerplate(" .:" + "halaman:" + " 1" * 20)


@pytest.mark.parametrize(
    ("line", "leads"),
    [
        (LINE, True), ("Baca juga Pasar Baru Dibuka", True), ("Simak pula: Videonya", True),
        ("BACA : Harga Cabai Naik", True),
        ("Lihat juga video: Detik-detik", True), ("Ikuti berita kami di Google News", True),
        ("Yuk gabung saluran WhatsApp kami", True), ("- Baca juga: Banjir", True),
        ("Baca juga buku itu, katanya.", False), ("Warga baca juga: koran", False),
        ("Simak keterangan bupati berikut", False),
        ("Baca juga: " + "a" * 229, True), ("Baca juga: " + "a" * 230, False), ("Baca juga: " + "a" * 240, False),
    ],
)  # fmt: skip
def test_a_line_that_leads_elsewhere_is_told_from_a_sentence(line: str, leads: bool) -> None:
    assert is_link_line(line) is leads


def test_a_paragraph_that_repeats_the_one_before_the_title_or_the_summary_goes() -> None:
    assert cleaned("Judul a", "satu dua", "satu dua", "tiga", "satu dua") == ("satu dua", "tiga", "satu dua")
    assert cleaned("Ringkas", TEXT, lead="Ringkas") == (TEXT,)
    assert cleaned("Ringkas.", TEXT, lead="Ringkas.") == ("Ringkas.", TEXT), "a sentence of the body is its first"
    assert cleaned("Judul a") == ("Judul a",), "the only paragraph stays"


def test_fields_are_folded_and_links_go_with_their_text() -> None:
    article: Article = replace(
        an_article("a"),
        title="  Pasar\u200b Baru - contoh.example ",
        paragraphs=(" ".join([TEXT] * 4), "Baca juga: Harga Cabai Naik"),
        author="Oleh: Dewi  Lestari - contoh.com",
        section=" Daerah ",
        lead=" Pasar Baru ",
        tags=("Pasar", " pasar ", "Kota", ""),
        links=(
            Link("https://contoh.example/b", "Harga Cabai Naik"),
            Link("https://contoh.example/c", "pasar"),
            Link("x", ""),
        ),
        fetched_at=datetime(2024, 6, 28, tzinfo=UTC),
    )
    found = clean_article(article)
    assert (found.title, found.author, found.section, found.lead) == ("Pasar Baru", "Dewi Lestari", "Daerah", None)
    assert found.tags == ("Pasar", "Kota")
    assert [link.text for link in found.links] == ["pasar", ""]
    assert (len(found.paragraphs), found.word_count) == (1, 32)
