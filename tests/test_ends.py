"""What may be cut from a release's ends before it is compared, and what may not."""

from __future__ import annotations

import pytest

from kwri_crawler.copies import cut_ends
from kwri_crawler.copies.ends import MOST, MOST_PROSE
from tests.test_likeness import FLOOD, MARKET

TEXT = "\n\n".join(FLOOD)
LETTERHEAD = "KEPOLISIAN DAERAH CONTOH RAYA\n\nJalan Contoh Nomor 12 Kota Contoh 60111 Telp. (031) 5550123"
SIGNATURE = "Kota Contoh, 18 Juni 2025\n\nKABID HUMAS\n\nDr. CONTOH PENANDATANGAN, S.H., M.H."
PROSE = "dengan hormat kami sampaikan kepada rekan media " * 20


def words(count: int) -> str:
    return " ".join(PROSE.split()[:count])


def test_letterhead_and_signature_go_and_the_text_stays() -> None:
    assert cut_ends(f"{LETTERHEAD}\n\n{TEXT}\n\n{SIGNATURE}", TEXT) == TEXT


@pytest.mark.parametrize("joined", ["\n", " "])
def test_they_go_from_lines_that_are_wrapped_and_from_a_text_without_lines(joined: str) -> None:
    release = joined.join(f"{LETTERHEAD}\n\n{TEXT}\n\n{SIGNATURE}".split("\n\n"))
    left = cut_ends(release, TEXT)
    assert "CONTOH RAYA" not in left
    assert "PENANDATANGAN" not in left
    assert " ".join(left.split()).count(" ".join(FLOOD[1].split())) == 1


def test_running_text_goes_only_as_far_as_a_greeting() -> None:
    assert cut_ends(f"{words(12)}\n\n{TEXT}", TEXT) == TEXT
    long = cut_ends("\n\n".join([words(12)] * 6) + f"\n\n{TEXT}", TEXT)
    assert len(long.split()) - len(TEXT.split()) == 72 - MOST_PROSE // 12 * 12


def test_running_text_stays_whole_where_it_is_asked_what_was_left_out() -> None:
    release = f"{LETTERHEAD}\n\n{TEXT}\n\n{words(12)}\n\n{SIGNATURE}"
    assert cut_ends(release, TEXT, most_prose=0) == f"{TEXT}\n\n{words(12)}"


def test_a_lead_that_the_article_has_only_in_part_stays_whole() -> None:
    lead = f"{words(24)} {FLOOD[0]}"
    assert cut_ends(f"{LETTERHEAD}\n\n{lead}\n\n{FLOOD[1]}", TEXT) == f"{lead}\n\n{FLOOD[1]}"


def test_an_end_that_the_article_has_only_in_part_stays_whole() -> None:
    end = f"{FLOOD[1]} {words(24)}"
    assert cut_ends(f"{FLOOD[0]}\n\n{end}\n\n{SIGNATURE}", TEXT) == f"{FLOOD[0]}\n\n{end}"


def test_a_number_inside_of_a_sentence_is_no_memos() -> None:
    release = f"{FLOOD[0]} Banjir itu yang ke 12. Warga mengungsi.\n\n{FLOOD[1]}"
    assert cut_ends(release, release) == release
    assert cut_ends(f"1. {release}", release) == release


def test_words_that_the_article_has_around_other_numbers_stay() -> None:
    lead = (
        "Kantor Pelabuhan {} melepas muatan perdana {} ton garam rakyat {} ke Seberang, Rabu ({}/6/2024). Nilai"
        " Jual Garam mencapai {} juta rupiah seluruhnya, dan hasilnya kembali kepada petambak kecil."
    )
    ours = lead.format("Karang Asri", 22, "Teluk Sabang", 19, 154)
    theirs = lead.format("Muara Indah", 18, "Tanjung Laut", 12, 126)
    assert cut_ends(f"{LETTERHEAD}\n\n{ours}\n\n{FLOOD[0]}", f"{theirs}\n\n{TEXT}") == f"{ours}\n\n{FLOOD[0]}"


def test_no_more_than_so_many_words_go_whatever_they_look_like() -> None:
    release = "\n\n".join(["KEPALA DINAS CONTOH"] * 200) + f"\n\n{TEXT}"
    assert len(cut_ends(release, TEXT).split()) == len(TEXT.split()) + 600 - MOST


def test_texts_that_share_nothing_are_left_alone() -> None:
    release = f"{LETTERHEAD}\n\n{TEXT}"
    assert cut_ends(release, "\n\n".join(MARKET)) == release


def test_the_numbers_of_a_memos_paragraphs_are_no_part_of_them() -> None:
    memo = "\n\n".join(f"{number}. {text}" for number, text in enumerate(FLOOD, 1))
    assert cut_ends(memo, TEXT) == TEXT
