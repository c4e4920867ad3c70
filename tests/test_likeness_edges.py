"""Each figure that parts copies from follow-ups, templates and roundups: a pair just inside, and one just outside."""

from dataclasses import replace

import pytest

from kwri_crawler.copies import hash_text, sketch_text, with_sketch
from kwri_crawler.copies.likeness import judge
from kwri_crawler.copies.sketch import FEWEST, MOST, sketch
from kwri_crawler.copies.texts import (
    DAY,
    LONGEST,
    NUMBER,
    OPENING,
    is_slip,
    kept_text,
    longest_gap,
    places_of_numbers,
    read_text,
    tokens_of,
)
from kwri_crawler.items import ComparedText, Figures, Likeness, TieKind
from tests.archives import an_article

COPY, FOLLOW_UP, TEMPLATE, CONTAINS = TieKind.COPY, TieKind.FOLLOW_UP, TieKind.TEMPLATE, TieKind.CONTAINS


def words(tag: str, count: int) -> list[str]:
    """Return so many different words without digits: of n words there are n - 4 passages."""
    return [f"{tag}{chr(97 + n // 676)}{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}" for n in range(count)]


def end_turned(text: list[str], count: int) -> list[str]:
    """Turn the last words round: as many passages are lost, and no word."""
    return text[: len(text) - count] + text[: -count - 1 : -1]


def compared(
    one: list[str], other: list[str], at_home: bool = False, titles: tuple[str, str] = ("Judul", "Judul")
) -> Likeness | None:
    texts = (
        ComparedText("satu", titles[0], " ".join(one)),
        ComparedText("satu" if at_home else "dua", titles[1], " ".join(other)),
    )
    found = judge(*texts)
    assert found == judge(*reversed(texts)), "a judgement must not depend on which article comes first"
    return found


def kind(*args: object, **more: object) -> TieKind | None:
    found = compared(*args, **more)  # type: ignore[arg-type]
    return found.kind if found else None


# ---------------------------------------------------------------------- on two portals


@pytest.mark.parametrize(("shared", "related"), [(14, True), (13, False)])
def test_a_quarter_of_the_passages_makes_two_texts_related(shared: int, related: bool) -> None:
    a = words("a", 44)  # 40 passages
    found = compared(a, a[:shared] + words("b", 30))
    assert (found.reason if found else None) == ("some passages are shared" if related else None)


@pytest.mark.parametrize(("shared", "reason"), [(22, "too many new words"), (21, "some passages are shared")])
def test_below_45_percent_of_the_passages_nothing_is_a_copy(shared: int, reason: str) -> None:
    a = words("a", 44)
    found = compared(a, a[:shared] + words("b", 22))
    assert found is not None
    assert (found.kind, found.reason) == (FOLLOW_UP, reason)


@pytest.mark.parametrize(("turned", "right"), [(40, COPY), (41, FOLLOW_UP)])
def test_under_another_opening_60_percent_are_needed(turned: int, right: TieKind) -> None:
    a = words("a", 104)
    assert kind(a, words("b", 60) + end_turned(a, turned)) is right


@pytest.mark.parametrize(("new", "opening", "right"), [(49, 0.155, COPY), (50, 0.138, FOLLOW_UP)])
def test_an_opening_is_the_same_from_15_percent_on(new: int, opening: float, right: TieKind) -> None:
    a = words("a", 104)
    found = compared(a, words("b", new) + end_turned(a, 41))
    assert found is not None
    assert (found.figures.opening, found.figures.containment, found.kind) == (opening, 0.59, right)


@pytest.mark.parametrize(("new", "opening", "right"), [(52, 0.15, COPY), (53, 0.125, FOLLOW_UP)])
def test_an_opening_of_just_15_percent_is_the_same_under_any_headline(new: int, opening: float, right: TieKind) -> None:
    a = words("a", 42)
    longer = words("b", new) + a[:26] + a[:25:-1]
    found = compared(a, longer)
    assert found is not None
    assert (found.figures.opening, found.figures.containment, found.kind) == (opening, 0.579, right)
    roundup = compared(a, longer, titles=("Judul", "Terpopuler: Judul"))
    assert roundup is not None
    assert roundup.kind is (COPY if right is COPY else CONTAINS)


@pytest.mark.parametrize(("size", "new", "right"), [(100, 30, COPY), (100, 31, FOLLOW_UP), (103, 31, FOLLOW_UP)])
def test_a_copy_has_at_most_three_new_words_in_ten(size: int, new: int, right: TieKind) -> None:
    a = words("a", size)
    assert kind(a, a[: size - new] + words("b", new)) is right


def with_numbers(text: list[str], numbers: list[str], beside: str = "") -> list[str]:
    """Put a number behind every tenth word; `beside` changes the words at both of its sides."""
    out = list(text)
    for place, number in enumerate(numbers):
        at = 5 + 10 * place
        out[at - 1 : at + 2] = [out[at - 1] + beside, number, out[at + 1] + beside]
    return out


@pytest.mark.parametrize(
    ("numbers", "changed", "at_home", "right"),
    [
        (3, 1, False, TEMPLATE), (4, 1, False, COPY), (6, 2, False, TEMPLATE), (7, 2, False, COPY),
        (5, 1, True, TEMPLATE), (6, 1, True, COPY), (11, 2, True, COPY), (4, 0, False, COPY), (4, 0, True, COPY),
    ],
)  # fmt: skip
def test_of_the_numbers_in_the_same_words_a_third_may_not_change_and_a_fifth_at_home(
    numbers: int, changed: int, at_home: bool, right: TieKind
) -> None:
    a = words("a", 204)
    given = [str(100 + n) for n in range(numbers)]
    other = [*(str(900 + n) for n in range(changed)), *given[changed:]]
    found = compared(with_numbers(a, given), with_numbers(a, other), at_home)
    assert found is not None
    assert (found.figures.numbers_kept, found.figures.numbers_changed) == (numbers - changed, changed)
    assert found.kind is right


def test_other_numbers_in_the_same_words_of_texts_that_share_little_are_nothing() -> None:
    a, b = words("a", 60), words("b", 80)
    one, other = with_numbers(a, ["111"]), with_numbers(a, ["222"])
    assert kind(one, other) is TEMPLATE
    assert compared(one, other[:30] + b) is None, "related, no copy, and no template either"
    assert kind(one, one[:30] + b) is FOLLOW_UP


@pytest.mark.parametrize(
    ("numbers", "shared", "right"),
    [(4, 2, COPY), (4, 1, FOLLOW_UP), (3, 0, COPY), (6, 3, COPY), (6, 2, FOLLOW_UP), (11, 5, FOLLOW_UP)],
)
def test_of_four_numbers_or_more_half_must_be_the_others_too(numbers: int, shared: int, right: TieKind) -> None:
    a = words("a", 204)
    given = [str(100 + n) for n in range(numbers)]
    other = given[:shared] + [str(900 + n) for n in range(numbers - shared)]
    found = compared(with_numbers(a, given), with_numbers(a, other, beside="x"))
    assert found is not None
    assert (found.figures.numbers_kept, found.figures.numbers_changed) == (0, 0), "they stand in other words"
    assert found.kind is right
    assert kind(with_numbers(a, given), with_numbers(a, [*other, "5", "6"], beside="x")) is right, "the fewer count"


@pytest.mark.parametrize(
    ("day", "at_home", "right"),
    [
        ("4 Juni", False, COPY), ("6 Juni", False, COPY), ("2 Juni 2024", False, COPY), ("7 Juni", False, TEMPLATE),
        ("1/6", False, TEMPLATE), ("4 Juni", True, COPY), ("5 Juni", True, TEMPLATE), ("3/6/2024", True, TEMPLATE),
    ],
)  # fmt: skip
def test_each_portal_may_name_a_day_two_days_off_and_one_portal_none(day: str, at_home: bool, right: TieKind) -> None:
    a = words("a", 104)
    assert kind(with_numbers(a, ["4 Juni"]), with_numbers(a, [day]), at_home) is right


def test_of_two_days_in_the_same_words_one_is_near_enough() -> None:
    a = ["oleh", "warga", "pada", "4 Juni", "di", "pasar", "baru"]
    b = [*a, *words("b", 60), *a[:3], "9 Juni", *a[4:]]
    assert kind([*a, *words("b", 60)], [*b, *words("c", 5)]) is COPY
    assert kind([*a, *words("b", 60)], [day.replace("4 Juni", "8 Juni") for day in b]) is TEMPLATE


def test_a_number_is_no_day_off() -> None:
    a = words("a", 104)
    assert kind(with_numbers(a, ["4 Juni"]), with_numbers(a, ["190"])) is COPY, "nothing of one kind changed"
    assert kind(with_numbers(a, ["190"]), with_numbers(a, ["191"])) is TEMPLATE


@pytest.mark.parametrize(
    ("shorter", "longer", "title", "right"),
    [
        (70, 200, "Judul", COPY), (70, 201, "Judul", CONTAINS),  # .35
        (180, 240, "Terpopuler: Judul", COPY), (180, 241, "Terpopuler: Judul", CONTAINS),  # .75
        (180, 250, "Judul", COPY), (180, 250, "Stop 5 Truk", COPY), (180, 250, "Top 5", CONTAINS),
        (180, 250, "5 Berita Pilihan", CONTAINS), (180, 250, "Kumpulan Doa", CONTAINS),
        (180, 250, "Rangkuman Kota", CONTAINS), (180, 250, "Sepekan di Kota", CONTAINS),
        (180, 250, "3 fakta soal banjir", CONTAINS), (180, 250, "Kaleidoskop 2024", CONTAINS),
        (180, 250, "Berita Pilihan", COPY), (180, 250, "12 Hoaks Terbaru", CONTAINS), (180, 250, "Populer!", CONTAINS),
    ],
)  # fmt: skip
def test_a_long_text_under_another_opening_is_a_roundup(shorter: int, longer: int, title: str, right: TieKind) -> None:
    a, b = words("a", shorter + 4), words("b", longer - shorter)
    assert kind(a, b + a, titles=("Judul", title)) is right
    assert kind(a, a + b, titles=("Judul", title)) is COPY, "it begins as the other does"
    assert kind(a, b + a, titles=(title, "Judul")) is (CONTAINS if shorter == 70 < longer - 130 else COPY)


@pytest.mark.parametrize(
    ("titles", "right"),
    [
        (("Harga 4 Juni", "Harga 5 Juni"), TEMPLATE), (("Harga 4 Juni", "Harga 4/6"), COPY),
        (("Harga", "Harga 5 Juni"), COPY),
        (("4 Juni dan 5 Juni", "5 Juni"), COPY), (("Harga 4", "Harga 5"), COPY),
    ],
)  # fmt: skip
def test_headlines_that_name_other_days_make_templates(titles: tuple[str, str], right: TieKind) -> None:
    a = words("a", 104)
    assert kind(a, [*a, "lagi"], titles=titles) is right


# ---------------------------------------------------------------------- on one portal


@pytest.mark.parametrize(("turned", "jaccard", "right"), [(33, 0.5, COPY), (34, 0.489, FOLLOW_UP)])
def test_at_home_half_of_all_passages_must_be_shared(turned: int, jaccard: float, right: TieKind) -> None:
    a = words("a", 103)
    found = compared(a, end_turned(a, turned), at_home=True)
    assert found is not None
    assert (found.figures.jaccard, found.kind) == (jaccard, right)
    assert kind(a, end_turned(a, turned)) is COPY, "on two portals it is enough"


@pytest.mark.parametrize(("new", "opening", "right"), [(40, 0.31, COPY), (41, 0.293, FOLLOW_UP)])
def test_at_home_three_tenths_of_the_opening_must_be_shared(new: int, opening: float, right: TieKind) -> None:
    a = words("a", 104)
    found = compared(a, words("b", new) + a, at_home=True)
    assert found is not None
    assert (found.figures.opening, found.kind) == (opening, right)


@pytest.mark.parametrize(("passages", "right"), [(200, COPY), (199, FOLLOW_UP)])
def test_at_home_a_new_opening_is_allowed_when_eight_tenths_are_shared(passages: int, right: TieKind) -> None:
    a = words("a", passages + 4)
    assert kind(a, words("b", 50) + a, at_home=True) is right


@pytest.mark.parametrize(("added", "right"), [(50, COPY), (51, FOLLOW_UP)])
def test_at_home_a_passage_of_more_than_fifty_words_makes_a_follow_up(added: int, right: TieKind) -> None:
    a = words("a", 204)
    for longer in (a + words("b", added), a[:100] + words("b", added) + a[100:]):
        found = compared(a, longer, at_home=True)
        assert found is not None
        assert (found.figures.added, found.kind) == (added, right)


# ---------------------------------------------------------------------- short texts, and figures


@pytest.mark.parametrize(("length", "right"), [(40, COPY), (39, None)])
def test_from_forty_words_on_a_text_is_compared(length: int, right: TieKind | None) -> None:
    a = words("a", length)
    assert kind(a, [*a, "dan", "lagi"]) is right
    assert kind(a, [*a[:-1], "lain"]) is right


@pytest.mark.parametrize(
    ("length", "titles", "right"),
    [
        (20, ("a b c d", "a b x y z"), COPY), (20, ("a b c d", "a x y z"), None), (20, ("a b c", "a x y"), None),
        (19, ("a b c d", "a b c d"), None),
        (39, ("a b", "x y"), None), (40, ("a b", "x y"), COPY), (20, ("a b c d e f", "a x"), COPY),
    ],
)  # fmt: skip
def test_a_short_text_that_is_identical_is_a_copy_under_half_of_the_headline(
    length: int, titles: tuple[str, str], right: TieKind | None
) -> None:
    a = words("a", length)
    assert kind(a, a, titles=titles) is right


def test_the_figures_of_identical_texts() -> None:
    a = [*words("a", 50), "17", "4 Juni", "2024"]
    found = compared(a, a)
    assert found == Likeness(COPY, "the same text", Figures(1, 1, 1, 1, 0, 0, 2, 0))


def test_the_figures_of_a_pair() -> None:
    a = with_numbers(words("a", 84), ["17", "18"])  # 80 passages
    b = [*with_numbers(words("a", 84), ["17", "99"])[:64], *words("b", 56)]  # 60 of a's words, and 116 passages
    found = compared(a, b)
    assert found is not None
    shared = 60 - 5  # one number is another
    assert found.figures == Figures(
        containment=round(shared / 80, 3),
        jaccard=round(shared / (80 + 116 - shared), 3),
        length_ratio=round(80 / 116, 3),
        opening=round((58 - 3) / 58, 3),
        new_words=round(21 / 84, 3),
        added=56,
        numbers_kept=1,
        numbers_changed=1,
    )


# ---------------------------------------------------------------------- sketches, tokens, places


@pytest.mark.parametrize(
    ("length", "hashes"), [(39, 0), (40, 16), (271, 16), (272, 17), (767, 47), (768, 48), (900, 48)]
)
def test_a_sketch_has_a_hash_for_each_sixteen_words_within_bounds(length: int, hashes: int) -> None:
    text = read_text(" ".join(words("a", length)))
    assert len(text.tokens) == length
    found = sketch(text)
    assert len(found) == hashes
    assert (FEWEST, MOST) == (16, 48)
    assert found == tuple((low & 0xFFFFFFFF) - 0x80000000 for low in sorted(text.different)[:hashes])
    assert all(-(1 << 31) <= each < 1 << 31 for each in found)


def test_an_article_is_marked_with_hash_and_sketch_of_its_text() -> None:
    article = replace(an_article("a"), paragraphs=(" ".join(words("a", 30)), " ".join(words("b", 30))), text_hash="")
    marked = with_sketch(article)
    assert marked.text_hash == hash_text((" ".join([*words("a", 30), *words("b", 30)]),))
    assert marked.sketch == sketch_text("\n\n".join(article.paragraphs)) != ()
    assert replace(marked, text_hash="", sketch=()) == article


def test_a_sketch_of_few_different_passages_has_them_all() -> None:
    text = read_text("satu dua tiga empat lima enam " * 20)
    assert len(sketch(text)) == len(text.different) == 6


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("9 Juni 2025", (f"{DAY}195",)), ("9/6", (f"{DAY}195",)), ("09/06/25", (f"{DAY}195",)),
        ("1 Jan", (f"{DAY}32",)),
        ("31 Desember", (f"{DAY}403",)), ("17 Ags", (f"{DAY}265",)), ("17 Agustus", (f"{DAY}265",)),
        ("9-11 Juni", (f"{DAY}195",)), ("9 – 11 Juni", (f"{DAY}195",)), ("5 Mei 1998", (f"{DAY}160",)),
        ("10 september", (f"{DAY}289",)), ("12 Juli", (f"{DAY}229",)), ("3 Okt", (f"{DAY}313",)),
        ("9 juniper", (f"{NUMBER}9", "juniper")),
        ("1.500.000", (f"{NUMBER}1500000",)), ("1,500", (f"{NUMBER}1500",)), ("18,4", (f"{NUMBER}18p4",)),
        ("18.45", (f"{NUMBER}18p45",)), ("007", (f"{NUMBER}7",)), ("0", (f"{NUMBER}0",)), ("000", (f"{NUMBER}0",)),
        ("2024", ("2024",)), ("1998", ("1998",)), ("2.024", ("2024",)), ("1824", (f"{NUMBER}1824",)),
        ("20245", (f"{NUMBER}20245",)),
        ("12345", (f"{NUMBER}12345",)), ("Kata-KATA", ("kata", "kata")), ("a_b", ("a", "b")),
        ("1.5001", (f"{NUMBER}1p5001",)),
    ],
)  # fmt: skip
def test_numbers_days_and_years_are_tokens(text: str, tokens: tuple[str, ...]) -> None:
    assert tokens_of(text) == tokens


def test_a_passage_is_five_words_in_a_row_whatever_their_case() -> None:
    one, other = read_text("Satu dua tiga empat lima enam"), read_text("satu DUA tiga, empat lima! tujuh")
    assert (len(one.passages), len(one.different & other.different)) == (2, 1)
    assert read_text("satu dua tiga empat").passages == ()
    assert one.words == {"satu", "dua", "tiga", "empat", "lima", "enam"}
    again = read_text("a b c d e a b c d e")
    assert (len(again.passages), len(again.different)) == (6, 5)


def test_the_opening_is_sixty_words_three_by_three() -> None:
    text = read_text(" ".join(words("a", 80)))
    assert len(text.opening) == OPENING - 2 == 58
    assert max(text.opening) == tuple(words("a", 60)[57:])


def test_of_a_text_without_end_so_many_characters_are_read() -> None:
    assert len(read_text("a " * LONGEST).tokens) == LONGEST / 2 == 30_000


@pytest.mark.parametrize(
    ("kept", "gap"),
    [([], 14), ([0], 9), ([9], 9), ([0, 9], 4), ([4], 5), (list(range(10)), 0), ([0, 5], 4)],
)
def test_the_longest_gap_is_what_no_shared_passage_covers(kept: list[int], gap: int) -> None:
    text = read_text(" ".join(words("a", 14)))
    assert longest_gap(text, frozenset(text.passages[place] for place in kept)) == gap


def test_a_number_stands_where_three_plain_words_stand_with_it() -> None:
    assert kept_text("a b 5 c d").tokens == ("a", "b", f"{NUMBER}5", "c", "d")
    assert places_of_numbers("a b 5 c d") == {("2", "a", "b", NUMBER, "c", "d"): {f"{NUMBER}5"}}
    assert places_of_numbers("a b 5 c 6") == {
        ("2", "a", "b", NUMBER, "c", NUMBER): {f"{NUMBER}5"}, ("4", "a", "b", NUMBER, "c", NUMBER): {f"{NUMBER}6"},
    }  # fmt: skip
    assert places_of_numbers("a b 5 7 6") == {}
    assert places_of_numbers("senin b 5 c 6") == {}, "weekdays are no plain words"
    assert places_of_numbers("5 b c d") == {}, "fewer words than a passage"
    assert len(places_of_numbers("a b c d e 5 f g h i j")) == 5
    assert places_of_numbers("a b 5 c d a b 6 c d")["2", "a", "b", NUMBER, "c", "d"] == {f"{NUMBER}5", f"{NUMBER}6"}
    day = places_of_numbers("senin a b 4 juni c")
    assert set(day) == {("3", "\x03", "a", "b", DAY, "c")}


@pytest.mark.parametrize(
    ("one", "other", "weekdays", "slip"),
    [
        ((18, 5), (18, 6), ("rabu", "rabu"), True), ((18, 6), (25, 6), ("rabu", "rabu"), False),
        ((31, 3), (24, 3), ("senin", "senin"), False), ((31, 3), (23, 3), ("senin", "senin"), True),
        ((1, 4), (25, 3), ("senin", "senin"), False), ((18, 5), (18, 6), ("rabu", "senin"), False),
        ((18, 5), (18, 5), ("rabu", "rabu"), False), ((18, 5), (18, 6), ("", ""), False),
        ((30, 2), (1, 3), ("rabu", "rabu"), True),
    ],
)  # fmt: skip
def test_two_days_of_one_weekday_that_no_year_has_are_a_slip(
    one: tuple[int, int], other: tuple[int, int], weekdays: tuple[str, str], slip: bool
) -> None:
    days = [
        f"{DAY}{day + 31 * month}" + f" {weekday}" * bool(weekday)
        for (day, month), weekday in zip((one, other), weekdays, strict=True)
    ]
    assert is_slip(*days) is slip
