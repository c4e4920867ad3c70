"""Health's figures from both sides: the least that names a portal, and the most that does not."""

import math
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwri_crawler.causes import Cause
from kwri_crawler.clock import utc_text
from kwri_crawler.health import (
    Arrival,
    CrawlEnd,
    ListingState,
    Loss,
    Past,
    Says,
    State,
    Word,
    judge,
    judge_all,
    windows,
)
from kwri_crawler.health.chance import SURE, at_least, at_most, quantile
from kwri_crawler.health.clock import lag_shift
from kwri_crawler.health.figures import portray
from kwri_crawler.health.low_days import known_low_days, shared_low_days
from kwri_crawler.health.past import Reason
from kwri_crawler.health.sentences import LABELS, cure_of, label, sentence
from kwri_crawler.health.volume import Usual

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)  # a Wednesday, 10:00 in Jakarta; no holiday for weeks around
TODAY = NOW.date()
H, D = timedelta(hours=1), timedelta(days=1)


def arrival(at: datetime, **changes: Any) -> Arrival:
    day = (at + 7 * H).date()
    return Arrival(at, day, 200, True, True, True, True, 1.0, False)._replace(**changes)


def even(a_day: int = 12, days: int = 120, **changes: Any) -> Past:
    """Return an even past: a_day articles each day in the hour before 03:00 UTC, two good crawls a day."""
    ends = [NOW - n * D for n in range(days, -1, -1)]
    arrivals = tuple(arrival(end - n * timedelta(seconds=1)) for end in ends for n in range(a_day, 0, -1))
    crawls = tuple(crawl(end - h * H, stored=a_day // 2) for end in ends for h in (2, 0))
    per_day = Counter(a.day for a in arrivals)
    whole = Past("contoh", "Asia/Jakarta", NOW - days * D, per_day, arrivals, crawls)
    return replace(whole, **changes)


def crawl(
    at: datetime,
    well: bool = True,
    finish: str = "finished",
    stored: int = 0,
    lost: int = 0,
    cause: Cause | None = None,
) -> CrawlEnd:
    return CrawlEnd(at, (at + 7 * H).date(), well, finish, None if well else "x", stored, lost, cause)


def latest(whole: Past, days: float, **changes: Any) -> Past:
    """Change the articles of the last days; a callable is given the article's place among them."""
    start, place, out = NOW - days * D, 0, []
    for each in whole.arrivals:
        if each.at > start:
            new = {name: value(place) if callable(value) else value for name, value in changes.items()}
            each = each._replace(**new)
            place += 1
        out.append(each)
    return replace(whole, arrivals=tuple(out))


def counted(whole: Past, *counts: int) -> Past:
    """Set how many articles came on the last complete days, the latest last."""
    days = {TODAY - D * (len(counts) - n): count for n, count in enumerate(counts)}
    return replace(whole, per_day={**whole.per_day, **days})


def word(whole: Past, now: datetime = NOW, **more: Any) -> Word:
    return judge(whole, now, **more).word


# ---------------------------------------------------------------------- chance


@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.001, 0.999))
def test_the_tail_of_a_binomial_is_the_sum_of_its_terms(hits: int, tries: int, share: float) -> None:
    hits = min(hits, tries)
    terms = [math.comb(tries, k) * share**k * (1 - share) ** (tries - k) for k in range(hits, tries + 1)]
    assert at_least(hits, tries, share) == pytest.approx(min(1, math.fsum(terms)), rel=1e-9)


@given(st.integers(0, 40), st.floats(0.5, 60), st.floats(1.1, 8))
def test_the_tail_of_a_negative_binomial_is_the_sum_of_its_terms(observed: int, expected: float, spread: float) -> None:
    size, chance = expected / (spread - 1), 1 / spread
    term, total = chance**size, 0.0
    for k in range(observed + 1):
        total += term
        term *= (size + k) / (k + 1) * (1 - chance)
    assert at_most(observed, expected, spread) == pytest.approx(min(1, total), rel=1e-6)


def test_nothing_is_certain_and_no_newsroom_more_even_than_chance() -> None:
    assert at_least(0, 9, 0.5) == at_most(0, 0, 2) == at_most(5, -1, 2) == 1
    assert at_most(3, 10, 0.1) == at_most(3, 10, 1.05) != at_most(3, 10, 1.06)
    assert at_least(1, 1, 0) == pytest.approx(1e-9)
    assert at_least(1, 2, 1) <= 1
    assert at_least(1, 5000, 0.5) == pytest.approx(1), "of chances far apart the small ones do not overflow"
    assert at_least(1000, 1000, 1) == pytest.approx((1 - 1e-9) ** 1000, abs=1e-9)
    assert SURE == 1e-6


@pytest.mark.parametrize(("share", "value"), [(0, 1), (0.24, 1), (0.25, 2), (0.5, 3), (0.75, 4), (0.99, 4), (1, 4)])
def test_a_quantile_is_the_value_below_which_its_share_lies(share: float, value: float) -> None:
    assert quantile([3, 1, 4, 2], share) == value


# ---------------------------------------------------------------------- which articles are the present


def test_a_windows_articles_are_at_least_eight_and_come_after_its_beginning() -> None:
    assert [(days, len(found)) for days, found in windows.recent(even(8), NOW)] == [(1, 8), (2, 16), (4, 32), (7, 56)]
    assert [(days, len(found)) for days, found in windows.recent(even(4), NOW)] == [(2, 8), (4, 16), (7, 28)]
    assert [(days, len(found)) for days, found in windows.recent(even(7), NOW)] == [(2, 14), (4, 28), (7, 49)]
    healed = even(8, state=State(Word.WELL, NOW - 3 * D))
    assert [(days, len(found)) for days, found in windows.recent(healed, NOW)] == [(1, 8), (2, 16), (4, 24), (7, 24)]
    ill = even(8, state=State(Word.THIN, NOW - 3 * D))
    assert len(list(windows.recent(ill, NOW))[-1][1]) == 56


def test_what_is_usual_lies_eight_weeks_back_from_two_days_ago_or_before_the_trouble() -> None:
    found = windows.usual(even(1), NOW)
    assert (found[0].day, found[-1].day, len(found)) == (TODAY - 57 * D, TODAY - 2 * D, 56)
    found = windows.usual(even(1, state=State(Word.THIN, NOW - 10 * D)), NOW)
    assert (found[0].day, found[-1].day) == (TODAY - 67 * D, TODAY - 12 * D)
    for word_, since in ((Word.WELL, 10 * D), (Word.NEW, 10 * D), (Word.THIN, windows.MEMORY)):
        assert windows.usual(even(1, state=State(word_, NOW - since)), NOW)[-1].day == TODAY - 2 * D
    assert windows.bad_since(State(Word.QUIET, NOW - windows.MEMORY + H), NOW) is not None


def test_a_word_that_was_given_stays_on_less_evidence() -> None:
    assert windows.level(State(Word.THIN, NOW), Word.THIN, Word.QUIET) == windows.HELD == 0.01
    assert windows.level(State(Word.THIN, NOW), Word.QUIET) == windows.level(None, Word.THIN) == SURE
    assert windows.well_since(State(Word.WELL, NOW)) == NOW
    assert windows.well_since(State(Word.THIN, NOW)) is None
    assert windows.well_since(None) is None


# ---------------------------------------------------------------------- is it read?


@pytest.mark.parametrize(("age", "right"), [(14 * D, Word.WELL), (14 * D - H, Word.NEW)])
def test_for_two_weeks_a_portal_is_new(age: timedelta, right: Word) -> None:
    whole = even(days=14, began_at=NOW - age)
    verdict = judge(whole, NOW)
    assert (verdict.word, verdict.since) == (right, NOW - age)
    if right is Word.NEW:
        assert [reason.says for reason in verdict.reasons] == [Says.YOUNG]
    never = judge(replace(whole, began_at=None), NOW)
    assert (never.word, [reason.says for reason in never.reasons]) == (Word.NEW, [Says.NEVER])


@pytest.mark.parametrize(("ends", "right"), [
    ([(20, False), (0, False)], Word.BROKEN), ([(19.9, False), (0, False)], Word.WELL), ([(0, False)], Word.WELL),
    ([(30, False), (20, True), (0, False)], Word.WELL), ([(30, False), (10, False), (0, True)], Word.WELL),
    ([(40, False), (20, False), (10, None), (0, None)], Word.BROKEN), ([(20, None), (0, None)], Word.WELL),
    ([(9 * 24, False), (7 * 24, False)], Word.BROKEN), ([(9 * 24, False), (7 * 24 + 1, False)], Word.WELL),
])  # fmt: skip
def test_a_portal_that_no_crawl_read_for_twenty_hours_is_broken(
    ends: list[tuple[float, bool | None]], right: Word
) -> None:
    """None is a crawl that was stopped: it says nothing."""
    first = NOW - ends[0][0] * H
    before = tuple(c for c in even().crawls if c.at < first - H)
    end = {True: ("finished", None), False: ("no listing", Cause.TIME_OUT), None: ("stopped", Cause.STOPPED)}
    after = tuple(crawl(NOW - h * H, bool(well), end[well][0], cause=end[well][1]) for h, well in ends)
    whole = even(crawls=before + after)
    assert word(whole) is right


@pytest.mark.parametrize(("finish", "cause"), [
    ("stopped", Cause.STOPPED), ("killed", Cause.STOPPED), ("archive", Cause.DISK), ("archive", Cause.ARCHIVE),
    ("error", Cause.OURS), ("error", None),
])  # fmt: skip
def test_a_crawl_that_we_ended_says_nothing_of_the_portal(finish: str, cause: Cause | None) -> None:
    ends = tuple(crawl(NOW - h * H, False, finish, cause=cause) for h in (40, 20, 0))
    assert word(even(crawls=even().crawls[:-8] + ends)) is Word.WELL


def test_listings_that_were_not_read_are_where_to_look() -> None:
    listings = tuple(ListingState("feed", f"u{n}", status, None) for n, status in enumerate(("read", None, *"abcd")))
    ends = tuple(crawl(NOW - h * H, False, "no listing") for h in (30, 0))
    verdict = judge(even(crawls=even().crawls[:-6] + ends, listings=listings), NOW)
    assert verdict.reasons[0].examples == ("u2", "u3", "u4")
    assert verdict.reasons[0].figures == {"since": utc_text(NOW - 30 * H)}


def losing(lost: int, came: int, state: State | None = None, before: int = 0) -> Past:
    """Lose pages in the last day, beside so many articles; of earlier crawls' 6 articles so many were lost too."""
    whole = even(state=state)
    start = NOW - D
    arrivals = tuple(a for a in whole.arrivals if a.at <= start)
    arrivals += tuple(arrival(NOW - n * timedelta(minutes=1)) for n in range(came, 0, -1))
    losses = tuple(
        Loss(NOW - n * timedelta(minutes=1), f"u{n}", "unreadable", "no body", Cause.UNREAD) for n in range(lost, 0, -1)
    )
    crawls = tuple(replace(c, lost=before) for c in whole.crawls)
    per_day = Counter(a.day for a in arrivals)
    return replace(whole, arrivals=arrivals, losses=losses, crawls=crawls, per_day=per_day)


@pytest.mark.parametrize(("lost", "came", "before", "right"), [
    (5, 0, 0, True), (4, 0, 0, False),  # of a portal that loses nothing five are enough, four are not
    (7, 3, 0, True), (6, 4, 0, False), (6, 3, 0, False), (7, 6, 0, False),  # chance, when one in twenty is lost
    (8, 8, 0, False), (9, 8, 0, True),  # more than half
    (9, 0, 1, True), (8, 0, 1, False), (49, 0, 6, True), (48, 0, 6, False),  # where much is lost more is needed
])  # fmt: skip
def test_pages_that_bring_no_article_are_named_when_most_are_lost(
    lost: int, came: int, before: int, right: bool
) -> None:
    whole = losing(lost, came, before=before)
    found = [reason for reason in judge(whole, NOW).reasons if f"{lost} of {lost + came} pages" in reason.text]
    assert bool(found) is right
    if right:
        assert found[0].examples == ("u3", "u2", "u1")


def test_how_much_is_usually_lost_is_learned_from_forty_pages_of_the_weeks_before_the_last() -> None:
    whole = losing(5, 0)
    assert "5 of 5 pages" in judge(whole, NOW).why
    for at, counts in ((8 * D, True), (7 * D, True), (7 * D - H, False), (56 * D - H, True), (56 * D, False)):
        heavy = tuple(replace(c, lost=90 if c.at == NOW - at else 0, stored=1) for c in whole.crawls)
        heavy += () if any(c.lost for c in heavy) else (crawl(NOW - at, stored=1, lost=90),)
        heavy = tuple(sorted(heavy, key=lambda c: c.at))
        found = [r for r in judge(replace(whole, crawls=heavy), NOW).reasons if r.says is Says.LOST]
        assert bool(found) is not counts, f"{at}: 90 lost pages make five of five nothing new"
    few = tuple(replace(c, stored=0, lost=0) for c in whole.crawls)
    for stored, named in ((40, True), (39, False)):  # .05 to the fifth is rarer than one in a million, .1 is not
        crawls = tuple(replace(c, stored=stored) if c.at == NOW - 20 * D else c for c in few)
        found = [r for r in judge(replace(whole, crawls=crawls), NOW).reasons if r.says is Says.LOST]
        assert bool(found) is named


@pytest.mark.parametrize(("lost", "came", "right"), [(7, 1, True), (8, 3, False), (9, 3, True), (9, 4, True)])
def test_of_a_portal_whose_losses_are_not_known_one_page_in_ten_is_supposed_lost(
    lost: int, came: int, right: bool
) -> None:
    whole = losing(lost, came)
    few = tuple(replace(c, stored=0) for c in whole.crawls)
    reasons = judge(replace(whole, crawls=few), NOW).reasons
    assert any(reason.says is Says.LOST for reason in reasons) is right


def test_the_commonest_cause_is_told_by_its_last_loss_and_what_was_taken_down_is_no_loss() -> None:
    whole = losing(9, 0)
    causes = [Cause.UNREAD, Cause.TIME_OUT, Cause.UNREAD, *[Cause.UNREAD] * 4, Cause.TIME_OUT, Cause.TIME_OUT]
    mixed = tuple(
        replace(loss, cause=cause, reason=f"{cause} {n} " + "x" * 400)
        for n, (loss, cause) in enumerate(zip(whole.losses, causes, strict=True))
    )
    (reason,) = [r for r in judge(replace(whole, losses=mixed), NOW).reasons if r.says is Says.LOST]
    assert (reason.cause, reason.examples) == (Cause.UNREAD, ("u5", "u4", "u3"))
    assert reason.told == ("unread 6 " + "x" * 400)[:300]
    gone = tuple(replace(loss, cause=Cause.GONE) for loss in whole.losses)
    assert not [r for r in judge(replace(whole, losses=gone), NOW).reasons if r.says is Says.LOST]


def test_of_a_portal_that_refuses_us_lost_pages_are_not_told_too() -> None:
    whole = losing(20, 0)
    for cause, number in ((Cause.BLOCK, 1), (Cause.DNS, 2)):
        ends = tuple(crawl(NOW - h * H, False, "no listing", cause=cause) for h in (30, 0))
        verdict = judge(replace(whole, crawls=whole.crawls[:-8] + ends), NOW)
        assert len([reason for reason in verdict.reasons if reason.says in (Says.UNREAD, Says.LOST)]) == number


def test_losses_are_counted_in_the_shortest_window_that_shows_them() -> None:
    whole = losing(5, 0)
    slow = tuple(Loss(NOW - n * D, f"u{n}", "unreadable", "x", Cause.UNREAD) for n in range(6, -1, -1))
    quiet = replace(whole, losses=slow, arrivals=tuple(a for a in whole.arrivals if a.at <= NOW - 8 * D))
    (reason,) = [r for r in judge(quiet, NOW).reasons if r.says is Says.LOST]
    assert reason.figures == {"lost": 7, "total": 7, "days": 7}
    (reason,) = [r for r in judge(whole, NOW).reasons if r.says is Says.LOST]
    assert reason.figures["days"] == 1


@pytest.mark.parametrize(("changes", "right"), [
    ({}, Word.BLOCKED), ({"has_articles": True}, Word.NEW), ({"arrivals": (arrival(NOW),)}, Word.NEW),
    ({"crawls": (crawl(NOW - H, False, "no listing", 1, cause=Cause.BLOCK),)}, Word.NEW),
    ({"crawls": (crawl(NOW - H, False, "stopped", cause=Cause.STOPPED),)}, Word.NEW), ({"crawls": ()}, Word.NEW),
    ({"crawls": (crawl(NOW - H, False, "no listing", cause=Cause.DNS),)}, Word.BROKEN),
    ({"crawls": (crawl(NOW - H, lost=3),)}, Word.NEW),
    ({"crawls": (crawl(NOW - H, lost=3),), "losses": (Loss(NOW, "u", "unreadable", "x", Cause.UNREAD),)}, Word.BROKEN),
    ({"crawls": (crawl(NOW - H, lost=3),), "losses": (Loss(NOW, "u", "gone", "x", Cause.GONE),)}, Word.NEW),
    ({"crawls": (crawl(NOW - H, lost=0),), "losses": (Loss(NOW, "u", "unreadable", "x", Cause.UNREAD),)}, Word.NEW),
    ({"crawls": (crawl(NOW - H, finish="time", lost=3),), "losses": (Loss(NOW, "u", "unreadable", "x"),)}, Word.NEW),
])  # fmt: skip
def test_a_portal_that_never_worked_says_so_from_its_first_crawl(changes: dict[str, Any], right: Word) -> None:
    first = Past("x", "Asia/Jakarta", NOW - H, crawls=(crawl(NOW - H, False, "no listing", cause=Cause.BLOCK),))
    verdict = judge(replace(first, **changes), NOW)
    assert verdict.word is right
    if right is not Word.NEW:
        assert verdict.reasons[0].figures == {"since": utc_text(NOW - H)}


def test_a_portal_that_never_worked_is_told_by_its_last_crawl_and_since_its_first() -> None:
    ends = tuple(
        replace(crawl(NOW - n * H, False, "no listing", cause=cause), reason=f"{cause} {n}" + "x" * 400)
        for n, cause in ((9, Cause.DNS), (5, Cause.DNS), (1, Cause.BLOCK))
    )
    verdict = judge(Past("x", "Asia/Jakarta", NOW - 9 * H, crawls=ends), NOW)
    reason = verdict.reasons[0]
    assert (verdict.word, reason.cause, reason.told) == (Word.BLOCKED, Cause.BLOCK, ("block 1" + "x" * 400)[:300])
    assert reason.figures == {"since": utc_text(NOW - 9 * H)}


def test_why_a_portal_is_not_read_is_the_commonest_cause_of_two_days_and_its_latest_words() -> None:
    good = even().crawls[:-10]
    causes = (
        (60, Cause.BLOCK),
        (50, Cause.BLOCK),
        (49, Cause.BLOCK),
        (48, Cause.DNS),
        (20, Cause.DNS),
        (0, Cause.BLOCK),
    )
    ends = tuple(
        replace(crawl(NOW - h * H, False, "no listing", cause=cause), reason=f"{cause} {h} " + "x" * 400)
        for h, cause in causes
    )
    verdict = judge(even(crawls=good + ends), NOW)
    assert (verdict.word, verdict.reasons[0].cause) == (Word.BROKEN, Cause.DNS)
    assert verdict.reasons[0].told == ("dns 20 " + "x" * 400)[:300]
    assert verdict.reasons[0].figures == {"since": utc_text(NOW - 60 * H)}
    some = tuple(replace(end, stored=2) for end in ends)
    told = judge(even(crawls=good + some), NOW).reasons[0]
    refused = tuple(replace(end, cause=Cause.BLOCK) for end in ends)
    assert word(even(crawls=good + refused)) is Word.BLOCKED
    in_part = tuple(replace(end, stored=2) for end in refused)
    assert word(even(crawls=good + in_part)) is Word.BROKEN, "a block lets nothing through: one listing is at fault"
    assert (told.says, told.figures["stored"]) == (Says.READ_IN_PART, 6), "of the last two days"


def test_pages_that_are_still_lost_keep_their_word_on_less_evidence() -> None:
    assert word(losing(5, 2)) is Word.WELL
    for state in (Word.BROKEN, Word.BLOCKED):
        assert word(losing(5, 2, State(state, NOW - D))) is Word.BROKEN
    assert word(losing(5, 5, State(Word.BROKEN, NOW - D))) is Word.WELL
    assert word(losing(5, 2, State(Word.THIN, NOW - D))) is Word.WELL


# ---------------------------------------------------------------------- are its articles as they were?


@pytest.mark.parametrize("name", ["author", "section", "image", "minute"])
@pytest.mark.parametrize(("have", "right"), [(4, Word.THIN), (5, Word.WELL)])
def test_a_field_that_half_of_the_articles_lack_makes_a_portal_thin(name: str, have: int, right: Word) -> None:
    whole = even(10)
    assert word(latest(whole, 7, **{name: lambda place: place % 10 < have})) is right
    assert word(latest(whole, 200, **{name: lambda place: place % 10 < have})) is Word.WELL, "it never had more"


@pytest.mark.parametrize(("share", "right"), [(31, Word.THIN), (29, Word.WELL)])
def test_a_field_that_fewer_than_three_tenths_had_is_not_missed(share: int, right: Word) -> None:
    whole = latest(even(100), 200, author=lambda place: place % 100 < share)
    assert word(latest(whole, 2, author=False)) is right


@pytest.mark.parametrize(("words", "right"), [(119, Word.THIN), (120, Word.WELL), (60, Word.THIN), (900, Word.WELL)])
def test_articles_of_less_than_six_tenths_of_their_length_are_thin(words: int, right: Word) -> None:
    assert word(latest(even(), 2, words=words)) is right


@pytest.mark.parametrize(("short", "right"), [(24, Word.THIN), (26, Word.WELL)])
def test_an_article_is_short_that_is_shorter_than_three_quarters_of_the_usual_ones(short: int, right: Word) -> None:
    whole = latest(even(100), 200, words=lambda place: 110 if place % 100 < short else 200)
    assert word(latest(whole, 2, words=110)) is right


@pytest.mark.parametrize(("few", "right"), [(11, Word.THIN), (10, Word.WELL)])
def test_short_articles_must_be_more_than_chance_puts_there(few: int, right: Word) -> None:
    """.27 to the tenth is 2 in a million, to the eleventh less than one."""
    whole = even(1)
    start = len(whole.arrivals)
    late = tuple(arrival(NOW + n * timedelta(seconds=1), words=10) for n in range(few))
    whole = replace(whole, arrivals=whole.arrivals[: start - 8] + late)
    assert word(whole, NOW + H) is right


@pytest.mark.parametrize(("have", "right"), [(49, Word.THIN), (50, Word.WELL)])
def test_a_field_is_missed_when_fewer_than_half_of_the_usual_share_have_it(have: int, right: Word) -> None:
    old = tuple(arrival(NOW - 10 * D + n * timedelta(seconds=1), author=n < 40) for n in range(80))
    new = tuple(arrival(NOW - H + n * timedelta(seconds=1), author=n < have) for n in range(200))
    assert word(even(arrivals=old + new)) is right


@pytest.mark.parametrize(("had", "usual"), [(40, 41 / 42), (20, 21 / 42)])
def test_what_is_usual_is_never_quite_all_and_is_told_to_four_places(had: int, usual: float) -> None:
    old = tuple(arrival(NOW - 5 * D + n * timedelta(seconds=1), author=n < had) for n in range(40))
    new = tuple(arrival(NOW - H + n * timedelta(seconds=1), author=False) for n in range(30))
    (reason,) = judge(even(arrivals=old + new), NOW).reasons
    assert (reason.says, reason.figures) == (
        Says.AUTHORS, {"have": 0, "total": 30, "days": 1, "usual": round(usual, 4)}
    )  # fmt: skip


@pytest.mark.parametrize(("usual", "right"), [(40, Word.THIN), (39, Word.WELL)])
def test_what_is_usual_is_learned_from_forty_articles(usual: int, right: Word) -> None:
    old = tuple(arrival(NOW - 5 * D + n * timedelta(seconds=1)) for n in range(usual))
    new = tuple(arrival(NOW - H + n * timedelta(seconds=1), author=False) for n in range(20))
    assert word(even(arrivals=old + new)) is right


@pytest.mark.parametrize(("lack", "held", "right"), [
    (6, True, Word.THIN), (6, False, Word.THIN), (2, True, Word.WELL),
])  # fmt: skip
def test_a_thin_portal_stays_thin_until_the_field_is_back(lack: int, held: bool, right: Word) -> None:
    state = State(Word.THIN, NOW - D) if held else None
    assert word(replace(latest(even(10), 1, author=lambda place: place % 10 >= lack), state=state)) is right


def test_a_word_begins_when_it_was_given_and_reasons_stand_in_the_order_of_their_weight() -> None:
    thin = latest(even(), 2, author=False, words=10)
    assert judge(thin, NOW).since == NOW
    began = NOW - 3 * D
    assert judge(replace(thin, state=State(Word.THIN, began)), NOW).since == began
    assert judge(replace(thin, state=State(Word.WELL, began)), NOW).since == NOW
    assert judge(even(), NOW).since == NOW - 120 * D
    assert judge(even(state=State(Word.THIN, began)), NOW).since == NOW
    both = judge(latest(thin, 2, future=True, lag_h=None), NOW)
    assert (both.word, len(both.reasons)) == (Word.BROKEN, 3)
    assert "clock" in both.reasons[0].text


# ---------------------------------------------------------------------- its clock


@pytest.mark.parametrize(
    ("lag", "right"), [(3.0, Word.BROKEN), (2.9, Word.WELL), (-1.0, Word.BROKEN), (-0.9, Word.WELL)]
)
def test_a_clock_has_jumped_when_all_lags_move_by_two_hours(lag: float, right: Word) -> None:
    whole = latest(even(), 2, lag_h=lag)
    assert word(whole) is right
    assert lag_shift(whole, NOW) == pytest.approx(lag - 1)
    if right is Word.BROKEN:
        assert ("earlier" if lag > 0 else "later") in judge(whole, NOW).why


@pytest.mark.parametrize(
    ("shared", "right"), [(0.9, Word.BROKEN), (1.0, Word.WELL), (-1.0, Word.WELL), (-0.9, Word.BROKEN)]
)
def test_a_shift_that_most_portals_share_by_an_hour_is_ours(shared: float, right: Word) -> None:
    assert word(latest(even(), 2, lag_h=9.0), shared_lag_h=shared) is right


@pytest.mark.parametrize(("ahead", "right"), [(7, Word.BROKEN), (6, Word.WELL)])
def test_a_clock_is_ahead_when_more_than_half_are_dated_in_the_future(ahead: int, right: Word) -> None:
    assert word(latest(even(12), 1, future=lambda place: place < ahead)) is right


@pytest.mark.parametrize(("total", "ahead", "right"), [
    (8, 6, Word.BROKEN), (8, 5, Word.WELL), (9, 6, Word.WELL), (9, 7, Word.BROKEN), (13, 7, Word.WELL),
    (13, 8, Word.BROKEN), (16, 8, Word.WELL), (16, 9, Word.BROKEN),
])  # fmt: skip
def test_a_few_future_dates_may_be_chance_as_if_one_in_twenty_were_usual(total: int, ahead: int, right: Word) -> None:
    assert word(latest(even(total), 1, future=lambda place: place < ahead)) is right


@pytest.mark.parametrize(("usual", "right"), [(30, Word.WELL), (10, Word.BROKEN)])
def test_future_dates_are_measured_by_how_many_are_usual(usual: int, right: Word) -> None:
    whole = latest(even(20), 200, future=lambda place: place % 100 < usual)
    assert word(latest(whole, 1, future=lambda place: place < 13)) is right


@pytest.mark.parametrize(("lag", "says", "hours"), [(3.46, Says.EARLIER, 2.5), (-2.04, Says.LATER, 3.0)])
def test_a_jump_is_told_in_hours_and_tenths(lag: float, says: Says, hours: float) -> None:
    (reason,) = judge(latest(even(), 2, lag_h=lag), NOW).reasons
    assert (reason.says, reason.figures) == (says, {"days": 1, "hours": hours})


@pytest.mark.parametrize(("state", "right"), [
    (None, Word.BROKEN), (State(Word.THIN, NOW - 3 * D), Word.BROKEN), (State(Word.BROKEN, NOW - 3 * D), Word.WELL),
])  # fmt: skip
def test_a_clock_is_mended_when_the_shortest_window_is_right_again(state: State | None, right: Word) -> None:
    jumped = latest(latest(even(), 2, lag_h=9.0), 1, lag_h=1.0)
    assert word(replace(jumped, state=state)) is right


@pytest.mark.parametrize(("beyond", "held", "right"), [
    (5, True, Word.BROKEN), (5, False, Word.WELL), (4, True, Word.WELL),
])  # fmt: skip
def test_a_clock_that_is_still_wrong_keeps_its_word_on_less_evidence(beyond: int, held: bool, right: Word) -> None:
    """Of twenty articles so many lie beyond the outer edge, which one in twenty usually does."""
    wide = latest(even(20), 200, lag_h=lambda place: place * 37 % 1000 / 100)
    whole = latest(wide, 1, lag_h=lambda place: 9.6 if place < beyond else 7.2)
    assert word(replace(whole, state=State(Word.BROKEN, NOW - 3 * D) if held else None)) is right


@pytest.mark.parametrize(("held", "right"), [(True, Word.BROKEN), (False, Word.WELL)])
def test_future_dates_keep_their_word_on_less_evidence(held: bool, right: Word) -> None:
    whole = latest(even(9), 1, future=lambda place: place < 5)
    assert word(replace(whole, state=State(Word.BROKEN, NOW - 3 * D) if held else None)) is right


@pytest.mark.parametrize(("lag", "right"), [(9.7, Word.BROKEN), (0.2, Word.BROKEN), (7.5, Word.WELL), (2.0, Word.WELL)])
def test_a_jump_narrower_than_what_is_usual_is_seen_at_the_edges(lag: float, right: Word) -> None:
    wide = latest(even(), 200, lag_h=lambda place: place * 37 % 100 / 10)
    assert word(wide) is Word.WELL
    assert word(latest(wide, 1, lag_h=lag)) is right


@pytest.mark.parametrize("later", [True, False])
@pytest.mark.parametrize(("share", "few"), [(0.05, 20), (0.01, 6)])
def test_a_jump_shows_beyond_one_lag_in_twenty_or_one_in_a_hundred(share: float, few: int, later: bool) -> None:
    """Of twenty articles all must lie beyond the inner edge, or six beyond the outer one."""
    wide = latest(even(20), 200, lag_h=lambda place: place * 37 % 1000 / 100)
    lags = [each.lag_h for each in windows.usual(wide, NOW) if each.lag_h is not None]
    edge, rest = quantile(lags, 1 - share if later else share), 7.2 if later else 2.8
    for moved, right in ((0.0, Word.WELL), (1e-6, Word.BROKEN)):
        beyond = edge + moved if later else edge - moved
        assert word(latest(wide, 1, lag_h=lambda place, x=beyond: x if place < few else rest)) is right
    fewer = latest(wide, 1, lag_h=lambda place: (edge + 1e-6 if later else edge - 1e-6) if place < few - 1 else rest)
    assert word(fewer) is (Word.WELL if few == 6 else Word.BROKEN)


@pytest.mark.parametrize(("at", "right"), [
    (NOW - 23 * H, Word.WELL), (NOW - 2 * H - timedelta(seconds=1), Word.WELL), (NOW - 2 * H, Word.BROKEN),
])  # fmt: skip
def test_a_pause_is_over_when_the_crawl_after_the_one_that_caught_up_begins(at: datetime, right: Word) -> None:
    whole = even()
    crawls = [c for c in whole.crawls if not NOW - 3 * D < c.at < NOW - 3 * H]
    crawls = sorted((*crawls, crawl(NOW - 23 * H, stored=6)), key=lambda c: c.at)
    before = tuple(a for a in whole.arrivals if a.at < NOW - 3 * D)
    late = tuple(arrival(at, lag_h=9.0) for _ in range(12))
    assert word(replace(whole, crawls=tuple(crawls), arrivals=before + late)) is right


@pytest.mark.parametrize("well", [True, False])
def test_a_block_is_a_pause_too_however_often_we_asked(well: bool) -> None:
    whole, over = even(), NOW - 2 * H
    crawls = tuple(replace(c, well=well, stored=0) if NOW - 3 * D < c.at < over else c for c in whole.crawls)
    before = tuple(a for a in whole.arrivals if a.at < NOW - 3 * D)
    late = tuple(arrival(over + n * timedelta(seconds=1), lag_h=9.0) for n in range(12))
    reasons = judge(replace(whole, crawls=crawls, arrivals=before + late), NOW).reasons
    assert any(reason.says is Says.EARLIER for reason in reasons) is well


@pytest.mark.parametrize(("total", "beyond", "right"), [
    (14, 6, Word.BROKEN), (14, 5, Word.WELL), (22, 7, Word.WELL), (22, 8, Word.BROKEN),
])  # fmt: skip
def test_where_no_lag_of_forty_lay_beyond_the_edge_one_in_forty_two_is_supposed_to(
    total: int, beyond: int, right: Word
) -> None:
    """Forty lags of one hour or five: 1 / 42 is the share with which chance puts an article beyond five."""
    old = tuple(arrival(NOW - 10 * D + n * timedelta(seconds=1), lag_h=1.0 if n < 21 else 5.0) for n in range(40))
    new = tuple(arrival(NOW - H + n * timedelta(seconds=1), lag_h=9.0 if n < beyond else 5.0) for n in range(total))
    assert word(even(arrivals=old + new)) is right


@pytest.mark.parametrize("good", [0, 1])
def test_between_fewer_than_two_good_crawls_there_is_no_pause(good: int) -> None:
    whole = latest(even(), 2, lag_h=9.0)
    crawls = tuple(crawl(NOW - 30 * H + n * H, well=n < good) for n in range(30))
    assert any(reason.says is Says.EARLIER for reason in judge(replace(whole, crawls=crawls), NOW).reasons)


@pytest.mark.parametrize(("longer", "right"), [(0 * H, Word.BROKEN), (timedelta(seconds=1), Word.WELL)])
def test_a_pause_is_two_hours_longer_than_nine_gaps_in_ten(longer: timedelta, right: Word) -> None:
    """The portal is crawled at 01:00 and 03:00: gaps of two hours, and of twenty-two."""
    whole, began = even(), NOW + longer
    crawls = (*(c for c in whole.crawls if c.at <= NOW - D), crawl(began, stored=12))
    before = tuple(a for a in whole.arrivals if a.at <= NOW - D)
    late = tuple(arrival(began + n * timedelta(seconds=1), lag_h=9.0) for n in range(12))
    assert word(replace(whole, crawls=crawls, arrivals=before + late), NOW + H) is right


@pytest.mark.parametrize(("lags", "known"), [(3, True), (2, False)])
def test_a_shift_is_known_from_three_articles_and_forty_before(lags: int, known: bool) -> None:
    recent = latest(even(2), 2, lag_h=lambda place: 2.0 if place < lags else None)
    assert (lag_shift(recent, NOW) is not None) is known
    for usual in (40, 39):
        old = tuple(arrival(NOW - 5 * D + n * timedelta(seconds=1)) for n in range(usual))
        whole = even(arrivals=old + recent.arrivals[-4:])
        assert (lag_shift(whole, NOW) is not None) is (known and usual == 40)


@pytest.mark.parametrize(("portals", "right"), [(5, Word.WELL), (4, Word.BROKEN)])
def test_a_shared_shift_is_the_middle_one_of_five_portals_at_least(portals: int, right: Word) -> None:
    late = [replace(latest(even(), 2, lag_h=9.0), portal=f"p{n}") for n in range(portals)]
    assert {verdict.word for verdict in judge_all(late, NOW)} == {right}


@pytest.mark.parametrize(("paused", "right"), [(True, Word.WELL), (False, Word.BROKEN)])
def test_what_a_crawl_found_after_a_long_pause_came_late_by_our_fault(paused: bool, right: Word) -> None:
    whole = latest(even(crawls=even().crawls), 1, lag_h=9.0)
    if paused:
        crawls = tuple(c for c in whole.crawls if not NOW - 3 * D < c.at < NOW - 23 * H)
        began = replace(crawls[-1], at=NOW - 23 * H)
        whole = replace(whole, crawls=tuple(sorted((*crawls, began), key=lambda c: c.at)))
    before = tuple(a for a in whole.arrivals if a.at < NOW - 3 * D)
    late = tuple(arrival(NOW - 22 * H + n * timedelta(minutes=1), lag_h=9.0) for n in range(12))
    whole = replace(whole, arrivals=before + late)
    assert word(whole) is right


# ---------------------------------------------------------------------- does it publish?


QUIET = State(Word.QUIET, NOW - 25 * D)


@pytest.mark.parametrize(("counts", "right"), [
    ((4, 5), Word.QUIET), ((5, 5), Word.WELL),  # a quarter of two days
    ((20, 0, 0, 14), Word.QUIET), ((0, 10, 4), Word.QUIET), ((0, 10, 5), Word.WELL),  # a quarter of three
    ((24, 24, 24, 5, 5, 5, 6), Word.WELL),  # more than a quarter of two, three and four
    ((12,) * 6 + (11,), Word.QUIET), ((12,) * 7, Word.WELL),  # six tenths of seven
    ((11,) + (12,) * 6, Word.QUIET),
    ((13,) * 13 + (12,), Word.QUIET), ((12,) + (13,) * 13, Word.QUIET), ((13,) * 14, Word.WELL),  # .65 of fourteen
    ((14,) * 20 + (13,), Word.QUIET), ((13,) + (14,) * 20, Word.QUIET), ((14,) * 21, Word.WELL),  # .7 of twenty-one
    ((0, 0, 0, 0, 15, 15, 15), Word.WELL), ((0, 0, 0, 0, 15, 15, 14), Word.QUIET),  # three quarters of three days
])  # fmt: skip
def test_a_quiet_portal_stays_quiet_until_it_publishes_as_it_used_to(counts: tuple[int, ...], right: Word) -> None:
    assert word(counted(even(20, state=QUIET), *counts)) is right


@pytest.mark.parametrize(("counts", "days", "came"), [
    ((4, 5), 2, 9), ((0, 10, 4), 3, 14), ((16, 1, 6, 6, 6), 4, 19), ((11,) + (12,) * 6, 7, 83),
    ((12,) + (13,) * 13, 14, 181), ((13,) + (14,) * 20, 21, 293),
])  # fmt: skip
def test_silence_is_told_of_the_shortest_window_that_shows_it(counts: tuple[int, ...], days: int, came: int) -> None:
    (reason,) = judge(counted(even(20, state=QUIET), *counts), NOW).reasons
    assert (reason.says, reason.figures["days"], reason.figures["came"]) == (Says.FEWER, days, came)


def test_what_is_usual_is_told_to_a_tenth() -> None:
    uneven = replace(even(20), per_day={day: 20 + day.toordinal() % 2 for day in even(20).per_day})
    (reason,) = judge(counted(uneven, 0, 0), NOW).reasons
    assert reason.figures == {"came": 0, "days": 2, "usual": 41.0}
    third = replace(even(20), per_day={day: 20 + (day.weekday() == 0) for day in even(20).per_day})
    (reason,) = judge(counted(third, 0, 0), NOW).reasons
    monday, mean = (8 * 21 + 20 + 1 / 7) / 9, (8 * 20 + 20 + 1 / 7) / 9
    assert reason.figures["usual"] == round(monday + mean, 1) == 40.9


@pytest.mark.parametrize(("counts", "right"), [
    ((0, 0), Word.QUIET), ((0,), Word.WELL), ((20, 3, 4), Word.WELL), ((20, 3, 3), Word.QUIET),
])  # fmt: skip
def test_two_silent_days_make_a_portal_quiet_and_a_low_one_may_be_chance(counts: tuple[int, ...], right: Word) -> None:
    assert word(counted(even(20), *counts)) is right


@pytest.mark.parametrize(("latest_three", "right"), [((15, 15, 14), Word.QUIET), ((15, 15, 15), Word.WELL)])
def test_the_three_latest_days_are_no_measure_of_themselves(latest_three: tuple[int, ...], right: Word) -> None:
    """Measured by eight weeks with the seven in them, 44 articles would be three quarters of what is usual."""
    assert word(counted(even(20, days=60), 0, 0, 0, 0, *latest_three)) is right


def test_days_that_say_nothing_are_left_out() -> None:
    silent = counted(even(20), 0, 0)
    assert word(silent) is Word.QUIET
    days = {TODAY - D, TODAY - 2 * D}
    assert word(silent, low=frozenset(days)) is Word.WELL, "most portals fell"
    for well, stored, lost, right in (
        (False, 0, 0, Word.WELL), (False, 1, 0, Word.QUIET), (True, 0, 2, Word.QUIET), (True, 0, 3, Word.WELL)
    ):  # fmt: skip
        changes = {"well": well, "stored": stored, "lost": lost, "finish": "stopped", "cause": Cause.STOPPED}
        crawls = tuple(
            replace(c, **changes) if c.day in days else c  # type: ignore[arg-type]
            for c in silent.crawls if c.day not in days or c.at.hour == 1
        )  # fmt: skip
        assert word(replace(silent, crawls=crawls)) is right, (well, stored, lost)
    assert word(counted(even(20), 0)) is Word.WELL, "today is not over, and yesterday is one day"


def test_a_silence_that_nobody_looked_at_for_two_weeks_is_no_news() -> None:
    for gap, right in ((14, Word.QUIET), (15, Word.WELL)):
        last = TODAY - gap * D
        whole = even(20)
        per_day = {day: 0 if day > last - 3 * D else count for day, count in whole.per_day.items()}
        crawls = tuple(c for c in whole.crawls if c.day <= last)
        assert word(replace(whole, per_day=per_day, crawls=crawls)) is right


@pytest.mark.parametrize(("days", "right"), [(16, Word.QUIET), (15, Word.WELL)])
def test_what_is_usual_is_learned_from_fourteen_days_before_the_window(days: int, right: Word) -> None:
    assert word(counted(even(20, days=days), 0, 0)) is right


@pytest.mark.parametrize(("healed", "right"), [(2 * D, Word.QUIET), (D, Word.WELL)])
def test_days_before_a_portal_was_well_again_are_not_counted(healed: timedelta, right: Word) -> None:
    assert word(counted(even(20, state=State(Word.WELL, NOW - healed)), 0, 0)) is right


def test_days_of_a_trouble_and_the_latest_ones_are_no_measure_of_what_is_usual() -> None:
    days = {TODAY - n * D: 2 if n <= 60 else 20 for n in range(1, 121)}
    fallen = replace(even(20), per_day=days)
    assert word(fallen) is Word.QUIET, "the better eight weeks lie before"
    assert word(replace(fallen, state=State(Word.QUIET, NOW - 50 * D))) is Word.QUIET
    sunk = counted(even(20, days=17), *[4] * 3)
    assert word(replace(sunk, state=State(Word.QUIET, NOW - 3 * D))) is Word.QUIET
    back = counted(even(20, days=18, state=State(Word.QUIET, NOW - 9 * D)), *[0] * 6, 20, 20, 20)
    assert word(back) is Word.WELL, "measured by what came before the last three days"


def test_a_portal_of_an_article_in_four_days_is_no_more_even_than_chance() -> None:
    days = [TODAY - n * D for n in range(56, 0, -1)]
    counts = Counter({day: int(n % 4 == 0) for n, day in enumerate(days)})
    assert Usual(days, counts, before=TODAY, bad_since=None).spread > 1
    assert Usual(days, Counter(), before=TODAY, bad_since=None).spread == 1


def test_what_is_usual_is_the_better_of_two_blocks_of_eight_weeks() -> None:
    days = [TODAY - n * D for n in range(112, 0, -1)]
    low_then_high = Counter({day: 10 if n < 56 else 20 for n, day in enumerate(days)})
    high_then_low = Counter({day: 20 if n < 56 else 10 for n, day in enumerate(days)})
    for counts in (low_then_high, high_then_low):
        usual = Usual(days, counts, before=TODAY, bad_since=None)
        assert usual.of(days[-7:]) == pytest.approx(140)
        assert usual.spread == pytest.approx(1 + 0.25**2 * 20)
        assert usual.spread_over(7) == pytest.approx(usual.spread * (1 + 7 / 56))
    assert Usual(days, high_then_low, before=TODAY, bad_since=NOW - 56 * D).of(days[-7:]) == pytest.approx(140)
    assert Usual(days[:13], low_then_high, before=days[13], bad_since=None).of(days[:1]) == 0
    assert Usual(days[:14], low_then_high, before=days[14], bad_since=None).of(days[:1]) == 10
    assert Usual([], Counter(), before=TODAY, bad_since=None).spread_over(3) == 4


@pytest.mark.parametrize(("before", "bad_since", "week"), [
    (0, 20, 70), (20, 0, 70), (20, 20, 70), (0, 0, 140), (0, None, 140), (20, None, 70),
])  # fmt: skip
def test_what_is_usual_ends_with_the_window_or_the_trouble_whichever_came_first(
    before: int, bad_since: int | None, week: float
) -> None:
    """A portal with ten articles a day has had forty in each of the last twenty days."""
    days = [TODAY - n * D for n in range(112, 0, -1)]
    counts = Counter({day: 10 if n < 92 else 40 for n, day in enumerate(days)})
    since = None if bad_since is None else NOW - bad_since * D
    found = Usual(days, counts, before=TODAY - before * D, bad_since=since).of(days[-7:])
    assert (found > 70 + 1e-9) is (week > 70)


def test_the_better_block_has_more_a_day_and_not_more_days() -> None:
    few = [TODAY - n * D for n in range(14, 0, -1)]
    many = [TODAY - n * D for n in range(112, 56, -1)]
    for high, week in ((20, 140), (9, 70)):
        counts = Counter(dict.fromkeys(many, 10) | dict.fromkeys(few, high))
        assert Usual(many + few, counts, before=TODAY, bad_since=None).of(few[-7:]) == pytest.approx(week)


def test_a_weekday_that_brings_next_to_nothing_is_as_uneven_as_one_with_a_fifth_of_an_article() -> None:
    days = [TODAY - n * D for n in range(56, 0, -1)]
    first = {weekday: next(day for day in days if day.weekday() == weekday) for weekday in (0, 1)}
    counts = Counter({first[0]: 40, first[1]: 1})
    overall = 41 / 56
    monday, tuesday, idle = (40 + overall) / 9, (1 + overall) / 9, overall / 9
    squares = (40 - monday) ** 2 / monday + 7 * monday + ((1 - tuesday) ** 2 + 7 * tuesday**2) / 0.2
    squares += 40 * idle**2 / 0.2
    assert Usual(days, counts, before=TODAY, bad_since=None).spread == pytest.approx(squares / 49)


def test_a_weekday_is_steadied_by_one_day_of_the_mean() -> None:
    days = [TODAY - n * D for n in range(56, 0, -1)]
    counts = Counter({day: 0 if day.weekday() == 6 else 14 for day in days})
    usual = Usual(days, counts, before=TODAY, bad_since=None)
    sunday = next(day for day in days if day.weekday() == 6)
    assert usual.of([sunday]) == pytest.approx((0 + 12) / 9)
    assert usual.of([sunday + D]) == pytest.approx((8 * 14 + 12) / 9)
    uneven = Counter({day: 5 if n % 14 < 7 else 35 for n, day in enumerate(days)})
    assert Usual(days, uneven, before=TODAY, bad_since=None).spread == pytest.approx(56 * 225 / 20 / 49)


# ---------------------------------------------------------------------- low days


@pytest.mark.parametrize(("portals", "count", "low"), [(5, 13, True), (5, 14, False), (4, 13, False)])
def test_a_day_is_low_when_the_middle_of_five_portals_has_less_than_seven_tenths(
    portals: int, count: int, low: bool
) -> None:
    pasts = [replace(counted(even(20), count), portal=f"p{n}") for n in range(portals)]
    assert shared_low_days(pasts, NOW) == (frozenset({TODAY - D}) if low else frozenset())
    young = [even(10, days=20) for _ in range(portals)]
    assert shared_low_days([counted(past, 0) for past in young], NOW) == frozenset(), "twenty days are too few"
    old = [even(10, days=21) for _ in range(portals)]
    assert bool(shared_low_days([counted(past, 0) for past in old], NOW)) is (portals == 5)
    small = [counted(even(1), 0) for _ in range(portals)]
    assert bool(shared_low_days(small, NOW)) is (portals == 5), "one article a day is enough to miss"


def test_weekdays_on_which_a_portal_publishes_nothing_say_nothing() -> None:
    whole = even(1)
    idle = replace(whole, per_day={day: 0 if day.weekday() == 6 else 1 for day in whole.per_day})
    assert shared_low_days([idle] * 5, NOW) == frozenset()
    half = replace(whole, per_day={day: day.toordinal() % 7 // 6 for day in whole.per_day})
    assert shared_low_days([half] * 5, NOW) == frozenset()


def test_newsrooms_are_empty_from_two_days_before_idul_fitri_until_a_week_after() -> None:
    days = known_low_days.__wrapped__(2024)  # without what was found before; it was on 10 and 11 April
    assert sorted(day.day for day in days if day.month == 4) == [*range(8, 20)]
    assert date(2024, 8, 17) in days


def test_the_days_from_two_before_lebaran_to_a_week_after_its_second_day_are_known() -> None:
    days = known_low_days(2026)  # Idul Fitri: 21 and 22 March
    around = [date(2026, 3, 1) + n * D for n in range(60)]
    lebaran = [day for day in around if day in days and date(2026, 3, 15) < day < date(2026, 4, 2)]
    assert (lebaran[0], lebaran[-1], len(lebaran)) == (date(2026, 3, 19), date(2026, 3, 30), 12)
    assert date(2026, 8, 17) in days
    assert date(2026, 8, 18) not in days


# ---------------------------------------------------------------------- figures


def test_a_portrait_sets_the_last_week_beside_the_eight_weeks_before() -> None:
    whole = latest(even(10), 7, author=lambda place: place % 2 == 0, words=100, lag_h=5.0, image=False)
    losses = tuple(Loss(NOW - H, "u", "unreadable", "no body", Cause.UNREAD) for _ in range(30))
    crawls = tuple(replace(c, lost=3, well=False) if c.at > NOW - 5 * D else c for c in whole.crawls)
    week, usual = (found := portray(replace(whole, losses=losses, crawls=crawls), NOW)).week, found.usual
    assert (week.author, week.section, week.image, week.to_the_minute) == (0.5, 1, 0, 1)
    assert (week.words, week.lag_h) == (100, 5.0)
    assert week.articles_a_day == pytest.approx(70 / 7)
    assert week.lost == pytest.approx(30 / 100)
    assert week.crawls_unread == pytest.approx(10 / 14)
    assert (usual.author, usual.words, usual.lag_h, usual.lost, usual.crawls_unread) == (1, 200, 1.0, 0, 0)
    assert usual.articles_a_day == pytest.approx(10)
    assert found.weekdays == (10,) * 7
    days = {day: 900 if day <= TODAY - 64 * D else 0 if day == TODAY else count for day, count in whole.per_day.items()}
    assert portray(replace(whole, per_day=days), NOW).weekdays == (10,) * 7, "nine weeks of complete days"
    old = replace(whole, crawls=tuple(replace(c, lost=50) if c.at <= NOW - 63 * D else c for c in whole.crawls))
    assert portray(old, NOW).usual.lost == 0
    assert portray(latest(whole, 200, words=lambda place: 9 if place < 560 else 200), NOW).usual.words == 200
    nothing = portray(Past("contoh", "Asia/Jakarta", None), NOW)
    assert set(vars_of(nothing.week)) == {None}
    assert nothing.weekdays == (None,) * 7


def test_a_portrait_tells_weekdays_apart_and_lags_that_are_known() -> None:
    whole = even(3)
    per_day = {day: day.weekday() + (day.day % 2) for day in whole.per_day}
    found = portray(latest(replace(whole, per_day=per_day), 7, lag_h=lambda place: place or None), NOW)
    seen = [day for day in per_day if TODAY - 63 * D < day < TODAY]
    for weekday, mean in enumerate(found.weekdays):
        same = [per_day[day] for day in seen if day.weekday() == weekday]
        assert mean == pytest.approx(sum(same) / len(same))
        assert mean is not None
        assert weekday < mean < weekday + 1
    assert found.week.lag_h == 11, "of twenty known lags"


def test_a_week_begins_seven_days_ago_and_what_is_usual_nine_weeks_ago() -> None:
    moments = (NOW - 63 * D, NOW - 63 * D + H, NOW - 7 * D, NOW - 7 * D + H)
    whole = Past(
        "contoh", "Asia/Jakarta", NOW - 90 * D,
        arrivals=tuple(arrival(at, words=n) for n, at in enumerate(moments)),
        crawls=tuple(crawl(at, n % 2 == 0, lost=10**n) for n, at in enumerate(moments)),
    )  # fmt: skip
    found = portray(whole, NOW)
    assert (found.usual.words, found.usual.lost, found.usual.crawls_unread) == (2, 110 / 112, 0.5)
    assert (found.week.words, found.week.lost, found.week.crawls_unread) == (3, 1000 / 1001, 1)


# ---------------------------------------------------------------------- in words


@pytest.mark.parametrize("cause", [None, *Cause])
def test_a_cause_has_its_label_and_its_cure_or_is_unknown(cause: Cause | None) -> None:
    assert label(cause) == (LABELS[cause][1] if cause in LABELS else "unknown")
    cure = cure_of(Says.LOST, cause)
    assert (cure == cure_of(Says.LOST, None)) is (cause is None or cause not in LABELS)
    assert Reason(Says.LOST, cause=cause).cure == cure
    assert cure_of(Says.FUTURE, cause) == cure_of(Says.EARLIER, None) != cure


@pytest.mark.parametrize(("says", "figures", "told", "text"), [
    (Says.NEVER_READ, {"since": "2024-06-20T03:00:00Z"}, "HTTP {403}",
     "no article of it ever came, since 2024-06-20 03:00 UTC (HTTP {403})"),
    (Says.NEVER, {}, None, "it was never crawled"), (Says.YOUNG, {}, "x", "crawled for less than two weeksx"),
    (Says.LOST, {"lost": 5, "total": 7, "days": 2}, None, "5 of 7 pages brought no article in 2 days: "),
    (Says.LATER, {"days": 2, "hours": 2.25}, None,
     "its clock jumped: articles of 2 days are dated 2.2 hours later than they come"),
    (Says.AUTHORS, {"have": 1, "total": 9, "days": 2, "usual": 0.981}, None,
     "1 of 9 articles in 2 days have an author; usual is 98%"),
    (Says.UNREAD, {"since": 5}, "x", "no crawl read it whole since 5 (x)"),
])  # fmt: skip
def test_a_finding_is_a_sentence_with_its_figures(
    says: Says, figures: dict[str, Any], told: str | None, text: str
) -> None:
    assert Reason(says, figures, told=told).text == text
    pieces = sentence(says, figures, told)
    assert [piece for piece, is_told in pieces if is_told] == ([told] if told else [])
    assert all(piece for piece, _ in pieces)


def vars_of(figures: object) -> list[object]:
    return [getattr(figures, name) for name in figures.__slots__]  # type: ignore[attr-defined]
