"""What a text changed of another, in pieces: nothing is lost, what is equal is left out, and no text takes long."""

from __future__ import annotations

import random
import time

import pytest

from kwri_crawler.copies.differences import MOST_WORDS, Kind, Piece, changed_words, compare, differences

WORDS = ("satu", "dua", "tiga", "empat", "lima", "enam")
LONG = " ".join(f"kata{n}" for n in range(60))


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("satu dua", "satu dua", [("same", "satu dua")]),
        ("satu dua tiga", "satu lima tiga", [("same", "satu"), ("gone", "dua"), ("new", "lima"), ("same", "tiga")]),
        ("satu dua", "satu dua tiga", [("same", "satu dua"), ("new", "tiga")]),
        ("nol satu dua", "satu dua", [("gone", "nol"), ("same", "satu dua")]),
        ("", "satu", [("new", "satu")]),
        ("", "", []),
        # one equal word between changes is chance
        ("a b c dan d e f", "u v w dan x y z", [("gone", "a b c dan d e f"), ("new", "u v w dan x y z")]),
        # what stands before or behind all changes is no chance
        ("a b c dan", "u v w dan", [("gone", "a b c"), ("new", "u v w"), ("same", "dan")]),
        ("dan a b c", "dan u v w", [("same", "dan"), ("gone", "a b c"), ("new", "u v w")]),
        ("a dan d", "u dan x", [("gone", "a"), ("new", "u"), ("same", "dan"), ("gone", "d"), ("new", "x")]),
    ],
)
def test_what_is_gone_stands_before_what_is_new(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert compare(before, after) == (tuple(Piece(Kind(kind), text) for kind, text in pieces), False)


def test_of_a_long_equal_stretch_only_what_stands_beside_a_change_is_shown() -> None:
    words = LONG.split()
    pieces = compare(f"{LONG} x {LONG}", f"{LONG} y {LONG}").pieces
    assert [(kind, len(text.split())) for kind, text in pieces] == [
        ("gap", 48), ("same", 12), ("gone", 1), ("new", 1), ("same", 12), ("gap", 48),
    ]  # fmt: skip
    middle = compare(f"x {LONG} x", f"y {LONG} y").pieces
    assert [(kind, len(text.split())) for kind, text in middle[2:5]] == [("same", 12), ("gap", 36), ("same", 12)]
    assert middle[2].text.split() == words[:12]
    assert middle[4].text.split() == words[-12:]
    assert changed_words(middle) == 4


@pytest.mark.parametrize(("words", "is_cut"), [(28, False), (29, True)])
def test_a_stretch_is_cut_where_more_than_four_words_of_it_go(words: int, is_cut: bool) -> None:
    between = " ".join(f"kata{n}" for n in range(words))
    assert any(kind is Kind.GAP for kind, _ in compare(f"x {between} x", f"y {between} y").pieces) is is_cut


def test_both_texts_can_be_read_from_the_pieces() -> None:
    dice = random.Random(7)
    for _ in range(300):
        before, after = (" ".join(dice.choices(WORDS, k=dice.randint(0, 60))) for _ in range(2))
        pieces = compare(before, after).pieces
        ours = [text for kind, text in pieces if kind is not Kind.NEW]
        theirs = [text for kind, text in pieces if kind is not Kind.GONE]
        assert (" ".join(ours), " ".join(theirs)) == (before, after)
        assert all(text for _, text in pieces)


@pytest.mark.parametrize(
    ("before", "after", "is_far"),
    [
        ("a " * 100_000, "b " + "a " * 100_000 + "b", True),
        ("a b " * 50_000, "b a " * 50_000, True),
        (" ".join(f"{n}" if n % 2 else f"x{n}" for n in range(MOST_WORDS)),
         " ".join(f"{n}" if n % 2 else f"y{n}" for n in range(MOST_WORDS)), False),
    ],
)  # fmt: skip
def test_no_two_texts_take_long(before: str, after: str, is_far: bool) -> None:
    begin = time.process_time()
    pieces, is_coarse = compare(before, after)
    pairs = differences(before, after)
    assert time.process_time() - begin < 2.0
    assert (is_coarse, pairs.is_coarse) == (is_far, is_far)
    if is_far:
        gone, new = (" ".join(text for kind, text in pieces if kind is one) for one in (Kind.GONE, Kind.NEW))
        assert pairs.pairs == [(gone, new)]


def test_differences_are_pairs_word_by_word() -> None:
    assert differences("satu dua tiga", "satu dua tiga") == ([], False)
    assert differences("", "") == ([], False)
    changed = differences("satu dua tiga empat", "satu DUA tiga empat lima")
    assert changed == ([("dua", "DUA"), ("", "lima")], False)
    assert differences("satu dua tiga", "dua tiga") == ([("satu", "")], False)
