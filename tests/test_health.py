"""Health: the right word for what befalls a portal, no word for what is normal; kept as events and sent on."""

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kwri_crawler.archive import articles, open_archive, plan, watches
from kwri_crawler.archive.health import only_authors
from kwri_crawler.archive.watches import Watch
from kwri_crawler.causes import Cause
from kwri_crawler.health import Arrival, CrawlEnd, Loss, Past, Says, State, Word, judge, judge_all
from kwri_crawler.health.chance import at_least, at_most
from kwri_crawler.health.judge import _lost_pages
from kwri_crawler.health.low_days import known_low_days
from tests.archives import an_article, crawl_of, new_archive
from tests.crawling import IMPATIENT, rows, run, value
from tests.receivers import Listener, listening
from tests.sites.corpus import ARTICLES
from tests.sites.network import Network
from tests.sites.server import Answer, Request
from tests.trials import volume, year

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)  # a Wednesday; no holiday for weeks around
DAYS = 100


def past(portal: str = "contoh", days: int = DAYS, a_day: int = 12, sunday: int = 12, **changes: Any) -> Past:
    """Return an even past: two crawls a day, all well, the last one at NOW."""
    arrivals, crawls = [], []
    for back in range(days, -1, -1):
        at = NOW - timedelta(days=back)
        day = (at + timedelta(hours=7)).date()
        number = sunday if day.weekday() == 6 else a_day
        arrivals += [arrival(at - timedelta(minutes=n), day) for n in range(number, 0, -1)]
        crawls += [CrawlEnd(at - timedelta(hours=h), day, True, "finished", None, number // 2, 0) for h in (2, 0)]
    per_day = Counter(a.day for a in arrivals)
    whole = Past(portal, "Asia/Jakarta", NOW - timedelta(days=days), per_day, tuple(arrivals), tuple(crawls))
    return replace(whole, **changes)


def arrival(at: datetime, day: date, **changes: Any) -> Arrival:
    words = random.Random(at.isoformat()).randint(150, 400)
    lag = random.Random(at.isoformat()).uniform(0.2, 2.0)
    return Arrival(at, day, words, True, True, True, True, lag, False)._replace(**changes)


def since(whole: Past, days: float, **changes: Any) -> Past:
    """Change the articles of the last days."""
    start = NOW - timedelta(days=days)
    return replace(
        whole,
        arrivals=tuple(
            a._replace(**{n: v(a) if callable(v) else v for n, v in changes.items()}) if a.at > start else a
            for a in whole.arrivals
        ),
    )


def without_news(whole: Past, days: int) -> Past:
    start = NOW - timedelta(days=days)
    arrivals = tuple(a for a in whole.arrivals if a.at <= start)
    return replace(whole, arrivals=arrivals, per_day=Counter(a.day for a in arrivals))


def word(whole: Past, now: datetime = NOW) -> Word:
    return judge(whole, now).word


# ---------------------------------------------------------------------- the judgement


def test_an_even_past_is_well_and_gives_no_reason() -> None:
    verdict = judge(past(), NOW)
    assert (verdict.word, verdict.reasons) == (Word.WELL, ())


@pytest.mark.parametrize(("name", "changes"), [
    ("author", {"author": False}), ("section", {"section": False}), ("image", {"image": False}),
    ("minute", {"minute": False, "lag_h": None}), ("words", {"words": 25}),
])  # fmt: skip
def test_a_field_that_is_lost_makes_a_portal_thin(name: str, changes: dict[str, Any]) -> None:
    assert word(since(past(), 1.5, **changes)) is Word.THIN, name
    lacking = since(past(), DAYS + 1, **changes)
    assert word(lacking) is Word.WELL, "a portal that never had it misses nothing"


@pytest.mark.parametrize("hours", [7.0, -7.0, 24.0])
def test_a_clock_that_jumps_is_named(hours: float) -> None:
    jumped = since(past(), 1.5, lag_h=lambda a: a.lag_h + hours)
    verdict = judge(jumped, NOW)
    assert verdict.word is Word.BROKEN
    assert "clock" in verdict.why
    future = since(past(), 1.5, lag_h=None, minute=False, future=True)
    assert "in the future" in judge(future, NOW).why


def test_a_clock_that_jumps_is_named_where_crawls_are_rare_and_articles_few() -> None:
    """Two crawls a day find articles up to twelve hours late: the jump is narrower than what is usual."""
    chance = random.Random(1)
    small = past(a_day=5, sunday=5)
    small = since(small, DAYS + 1, lag_h=lambda _: chance.uniform(0, 12))
    assert word(small) is Word.WELL
    assert word(since(small, 1.99, lag_h=lambda a: a.lag_h + 7)) is Word.BROKEN


def test_what_waited_for_the_end_of_a_block_is_no_jump_of_the_clock() -> None:
    whole = past()
    begin, end = NOW - timedelta(days=4), NOW - timedelta(hours=1)
    crawls = tuple(
        replace(crawl, well=False, finish="no listing", reason="x", cause=Cause.BLOCK, stored=0)
        if begin < crawl.at < end
        else crawl
        for crawl in whole.crawls
    )
    late = tuple(
        arrival(NOW + timedelta(seconds=n), whole.today(NOW), lag_h=float(n)) for n in range(1, 60)
    )  # all that was published meanwhile comes with the first crawl that is let in
    before = tuple(a for a in whole.arrivals if a.at <= begin)
    healed = replace(whole, arrivals=before + late, per_day=Counter(a.day for a in before + late), crawls=crawls,
                     state=State(Word.BLOCKED, NOW - timedelta(days=3)))  # fmt: skip
    assert word(healed, NOW + timedelta(minutes=5)) is Word.WELL
    gapless = tuple(replace(crawl, well=True, reason=None) for crawl in whole.crawls)
    assert "clock" in judge(replace(healed, crawls=gapless), NOW + timedelta(minutes=5)).why


def test_days_before_a_recovery_are_held_against_nobody() -> None:
    whole = past()
    gone = {(NOW - timedelta(days=back)).date() for back in range(5, 15)}
    few = {(NOW - timedelta(days=back)).date() for back in range(1, 4)}
    per_day = {day: 0 if day in gone else 7 if day in few else count for day, count in whole.per_day.items()}
    declined = replace(whole, per_day=per_day)
    assert word(declined) is Word.QUIET
    assert word(replace(declined, state=State(Word.WELL, NOW - timedelta(days=4)))) is Word.WELL


def test_a_slow_decline_is_named_when_half_is_gone_and_chance_alone_is_not() -> None:
    """The short form of `make trial-volume`."""
    lived = volume.live(seed=1, portals=12, days=290, declining=1)
    ((_, named_after),) = lived.declines
    assert named_after is not None
    assert named_after <= 2
    assert not lived.false_alarms


@pytest.mark.parametrize(("days", "right"), [(14, Word.WELL), (22, Word.QUIET)])
def test_a_loss_of_a_third_is_named_when_three_weeks_show_it(days: int, right: Word) -> None:
    whole = past(days=130, a_day=20, sunday=20)
    first = (NOW - timedelta(days=days)).date()
    assert word(replace(whole, per_day={day: 13 if day >= first else 20 for day in whole.per_day})) is right


def test_a_delay_that_all_portals_share_is_ours() -> None:
    late = [since(past(f"p{n}"), 1.5, lag_h=lambda a: a.lag_h + 9) for n in range(8)]
    assert {verdict.word for verdict in judge_all(late, NOW)} == {Word.WELL}
    one = [past(f"p{n}") for n in range(7)] + [late[0]]
    assert [verdict.word for verdict in judge_all(one, NOW)].count(Word.BROKEN) == 1


def test_silence_is_quiet_but_not_on_sundays_and_not_when_most_are_silent() -> None:
    assert word(without_news(past(), 3)) is Word.QUIET
    sundays_off = past(sunday=0)
    for back in range(7):
        assert word(sundays_off, NOW - timedelta(days=back)) is not Word.QUIET
    silent = [without_news(past(f"p{n}"), 3) for n in range(8)]
    assert {verdict.word for verdict in judge_all(silent, NOW)} == {Word.WELL}, "a holiday of all"
    one = [past(f"p{n}") for n in range(7)] + [silent[0]]
    assert [verdict.word for verdict in judge_all(one, NOW)].count(Word.QUIET) == 1


def test_days_on_which_we_did_not_look_are_no_silence() -> None:
    asleep = without_news(past(), 5)
    start = NOW - timedelta(days=5)
    asleep = replace(asleep, crawls=tuple(crawl for crawl in asleep.crawls if crawl.at <= start))
    assert word(asleep) is Word.WELL


def test_the_days_around_lebaran_are_known() -> None:
    assert {date(2026, 3, 19), date(2026, 3, 21), date(2026, 3, 27)} <= known_low_days(2026)
    assert date(2026, 11, 25) not in known_low_days(2026)


def test_a_young_portal_is_new_but_a_block_is_named_at_once() -> None:
    young = past(days=5)
    assert word(young) is Word.NEW
    assert word(Past("contoh", "Asia/Jakarta", None)) is Word.NEW
    refused = tuple(
        replace(crawl, well=False, finish="no listing", reason="x", cause=Cause.BLOCK, stored=0)
        for crawl in young.crawls
    )
    assert word(replace(young, crawls=refused)) is Word.BLOCKED


def test_one_bad_night_is_no_alarm() -> None:
    whole = past()
    night = tuple(
        replace(crawl, well=False, finish="no listing", reason="x", cause=Cause.TIME_OUT)
        if NOW - crawl.at < timedelta(hours=12) else crawl
        for crawl in whole.crawls
    )  # fmt: skip
    assert word(replace(whole, crawls=night)) is Word.WELL


def test_what_came_since_the_trouble_began_is_not_taken_for_usual_until_eight_weeks_have_passed() -> None:
    thin = since(past(), 40, author=False)
    began = NOW - timedelta(days=40)
    assert word(replace(thin, state=State(Word.THIN, began))) is Word.THIN
    old = since(past(), 70, author=False)
    assert word(replace(old, state=State(Word.THIN, NOW - timedelta(days=70)))) is Word.WELL


def test_the_word_keeps_its_beginning() -> None:
    began = NOW - timedelta(days=3)
    thin = replace(since(past(), 3, author=False), state=State(Word.THIN, began))
    assert judge(thin, NOW).since == began
    assert judge(replace(thin, state=State(Word.WELL, began)), NOW).since == NOW


OUTAGES = (
    Cause.DNS, Cause.CONNECTION_REFUSED, Cause.TIME_OUT, Cause.TLS, Cause.NO_CONNECTION, Cause.CUT_OFF,
    Cause.SERVER_ERROR, Cause.ROBOTS_UNREACHABLE,
)  # fmt: skip


def unread(whole: Past, cause: Cause | None, hours: float = 48, finish: str = "no listing", **changes: Any) -> Past:
    """Have the crawls of the last hours end badly, with nothing but the cause to tell why."""
    crawls = tuple(
        replace(crawl, well=False, finish=finish, reason="x", stored=0, cause=cause, **changes)
        if NOW - crawl.at < timedelta(hours=hours) else crawl
        for crawl in whole.crawls
    )  # fmt: skip
    return replace(whole, crawls=crawls)


@pytest.mark.parametrize(
    ("cause", "right", "cure"),
    [
        (Cause.BLOCK, Word.BLOCKED, "our user agent"),
        (Cause.ROBOTS, Word.BLOCKED, "active = false"),
        *((cause, Word.BROKEN, "wait a day" if cause is not Cause.TLS else "certificate") for cause in OUTAGES),
        (Cause.GONE, Word.BROKEN, "new address"),
        (Cause.MOVED, Word.BROKEN, "new address"),
        (Cause.UNREAD, Word.BROKEN, "[selectors]"),
        (Cause.NOT_TAKEN, Word.BROKEN, "[selectors]"),
        (Cause.PROTECTED, Word.BROKEN, "log in"),
        (Cause.OURS, Word.BROKEN, "nothing is wrong with the portal"),
        (None, Word.BROKEN, "look at an address"),
    ],
)
def test_the_word_and_the_cure_of_a_portal_that_is_not_read_go_by_the_cause(
    cause: Cause | None, right: Word, cure: str
) -> None:
    verdict = judge(unread(past(), cause), NOW)
    assert (verdict.word, verdict.reasons[0].cause) == (right, cause)
    assert cure in verdict.reasons[0].cure
    assert ("active = false" in verdict.reasons[0].cure) == (cause is Cause.ROBOTS), "only a ban is to be obeyed"
    lost = tuple(Loss(NOW - timedelta(minutes=n), "u", "failed", "x", cause) for n in range(9))
    pages = replace(without_news(past(), 1), losses=lost)
    found = [(word, reason.cure) for word, reason in _lost_pages(pages, NOW)]
    expected = [] if cause in (Cause.GONE, Cause.MOVED) else [(right, verdict.reasons[0].cure)]
    assert found == expected, "pages that were taken down are nothing that a person could mend"


@pytest.mark.parametrize(("cause", "finish"), [
    (Cause.STOPPED, "stopped"), (Cause.STOPPED, "killed"), (Cause.DISK, "archive"), (Cause.ARCHIVE, "archive"),
    (Cause.OURS, "error"),
])  # fmt: skip
def test_a_crawl_that_we_could_not_finish_says_nothing_of_its_portal(cause: Cause, finish: str) -> None:
    assert word(unread(past(), cause, finish=finish)) is Word.WELL
    young = Past("contoh", "Asia/Jakarta", NOW - timedelta(hours=1), crawls=(end(0, finish, cause),))
    assert word(young) is Word.NEW


def test_a_block_that_lets_articles_through_is_a_listing_at_fault() -> None:
    verdict = judge(unread(past(), Cause.BLOCK, lost=0), NOW)
    assert (verdict.word, verdict.reasons[0].says) == (Word.BLOCKED, Says.UNREAD)
    whole = past()
    partly = tuple(replace(crawl, well=False, finish="incomplete", cause=Cause.BLOCK) for crawl in whole.crawls[-6:])
    verdict = judge(replace(whole, crawls=whole.crawls[:-6] + partly), NOW)
    assert (verdict.word, verdict.reasons[0].says) == (Word.BROKEN, Says.READ_IN_PART)
    assert verdict.reasons[0].figures["stored"] == sum(crawl.stored for crawl in partly[-5:])


def end(hours_ago: float, finish: str, cause: Cause | None = None, lost: int = 0, stored: int = 0) -> CrawlEnd:
    at = NOW - timedelta(hours=hours_ago)
    well = finish in ("finished", "limit", "time")
    return CrawlEnd(at, (at + timedelta(hours=7)).date(), well, finish, "x", stored, lost, cause)


def unknown(*crawls: CrawlEnd, **changes: Any) -> Past:
    """Return a portal of which no article ever came."""
    return Past("contoh", "Asia/Jakarta", crawls[0].at, crawls=crawls, **changes)


def losses(cause: Cause, number: int = 2) -> tuple[Loss, ...]:
    return tuple(Loss(NOW - timedelta(minutes=9), f"https://c/{n}", "failed", "x", cause) for n in range(number))


@pytest.mark.parametrize("days", [0, 40])
@pytest.mark.parametrize(("cause", "right"), [
    (Cause.DNS, Word.BROKEN), (Cause.BLOCK, Word.BLOCKED), (Cause.ROBOTS, Word.BLOCKED), (Cause.OURS, Word.BROKEN),
])  # fmt: skip
def test_a_portal_that_never_worked_says_so_from_its_first_crawl(cause: Cause, right: Word, days: int) -> None:
    verdict = judge(unknown(*(end(24 * day, "no listing", cause) for day in range(days, -1, -1))), NOW)
    assert (verdict.word, verdict.reasons[0].says, verdict.reasons[0].cause) == (right, Says.NEVER_READ, cause)
    read = unknown(end(1, "finished"), losses=losses(cause))
    assert word(replace(read, crawls=(end(1, "finished", lost=2),))) is right, "its listing came, and no page did"


@pytest.mark.parametrize(
    ("whole", "why"),
    [
        (unknown(end(0, "finished")), "its listing was read, and named nothing"),
        (unknown(end(1, "no listing", Cause.DNS), end(0, "finished")), "it works by now"),
        (unknown(end(0, "time", lost=2), losses=losses(Cause.UNREAD)), "its articles have not had their turn"),
        (unknown(end(0, "finished", lost=2), losses=losses(Cause.GONE)), "what it named was taken down"),
        (unknown(end(1, "finished", stored=1), end(0, "no listing", Cause.DNS)), "one bad hour of a portal that works"),
        (unknown(end(0, "no listing", Cause.DNS), has_articles=True), "its articles came from kept pages"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_portal_that_may_yet_work_is_new(whole: Past, why: str) -> None:
    assert word(whole) is Word.NEW, why


def test_tails_agree_with_counting() -> None:
    assert at_least(3, 3, 0.5) == pytest.approx(1 / 8)
    assert at_least(1, 2, 0.5) == pytest.approx(3 / 4)
    # Geometric: variance 2 at mean 1 is size 1, so that nothing has probability 1/2.
    assert at_most(0, 1, 2) == pytest.approx(1 / 2)
    assert at_most(1, 1, 2) == pytest.approx(3 / 4)
    assert at_most(0, 5000, 2) < 1e-100, "no underflow to a wrong zero, and none to one"
    assert at_most(10_000, 5000, 2) == pytest.approx(1)


def test_a_simulated_season_names_every_fault_in_time_and_cries_no_wolf(tmp_path: Path) -> None:
    season = year.simulate(5, tmp_path, portals=12, days=92, first_fault=56, step=5)
    assert len(season.noticed) >= 4
    assert season.late_or_wrong == []
    assert season.false_alarms == ()
    assert season.newborn == ("new", "well")


# ---------------------------------------------------------------------- real crawls leave what the year simulates

CHALLENGE = """<!DOCTYPE html><html><head><title>Just a moment...</title></head>
<body><p>Please wait.</p><script>window._cf_chl_opt = {};</script></body></html>"""
BLANK = """<!DOCTYPE html><html><head><title>Kabar Kota</title></head><body><header>Menu</header><h1>Kabar Kota</h1>
<div class="baru"></div><footer>Redaksi</footer></body></html>"""


def only_pages(answer: Answer) -> Any:
    return lambda request: answer if "kabar-baru" in request.route else None


def only_feed(answer: Answer) -> Any:
    return lambda request: answer if "/rss" in request.route else None


def age(archive: Path, hours: int) -> None:
    """Let time pass: all moments of the archive move back."""
    moments = {
        "crawls": ("started_at", "ended_at"), "urls": ("found_at", "tried_at", "next_try_at"), "events": ("at",),
        "articles": ("fetched_at", "first_seen_at"), "portals": ("next_due_at",),
        "robots": ("fetched_at",), "answers": ("full_at",),
    }  # fmt: skip
    with sqlite3.connect(archive) as connection:
        for table, columns in moments.items():
            for column in columns:
                connection.execute(
                    f"UPDATE {table} SET {column} = strftime('%Y-%m-%dT%H:%M:%SZ', {column}, ?)", (f"-{hours} hours",)
                )


def test_the_faults_of_the_simulated_year_are_those_of_real_crawls(tmp_path: Path) -> None:
    faults: dict[str, tuple[Any, Word, str]] = {
        "demo-01": (only_pages(Answer(BLANK)), Word.BROKEN, "too short"),
        "demo-02": (only_feed(Answer("gone", 404)), Word.BROKEN, "HTTP 404"),
        "demo-03": (lambda _: Answer("no", 403), Word.BLOCKED, "HTTP 403"),
        "demo-04": (only_pages(Answer("no", 403)), Word.BLOCKED, "HTTP 403"),
        "demo-05": (lambda _: Answer(CHALLENGE), Word.BLOCKED, "a challenge instead of the listing"),
        "demo-06": (only_pages(Answer(CHALLENGE)), Word.BLOCKED, "a challenge instead of the page"),
        "demo-07": (lambda _: None, Word.NEW, ""),
        "demo-08": (
            lambda _: Answer("User-agent: *\nDisallow: /", content_type="text/plain"),
            Word.BLOCKED,
            "robots.txt",
        ),
    }
    archive = tmp_path / "kwri.sqlite"
    with Network(len(faults), ARTICLES[:6]) as network:
        settings = {
            "ARCHIVE_PATH": str(archive), "PORTALS_PATH": str(network.write_catalogue(tmp_path / "portals")),
            "CONNECT_TO": json.dumps(network.places), **IMPATIENT,
        }  # fmt: skip
        assert run("harvest", **settings).code == 0
        for name, (fault, _, _) in faults.items():
            network.faults[name] = fault
            portal = network.portals[name]
            for number in range(8):
                newest = max(portal.articles, key=lambda article: article.created_at)
                portal.publish(
                    replace(newest, slug=f"kabar-baru-{number}", title=f"Kabar Baru {number} {name}",
                            created_at=newest.created_at + timedelta(minutes=1))
                )  # fmt: skip
        for _ in range(2):
            age(archive, 24)
            assert run("harvest", **settings).code == 1
        shown = run("portals", "--json", **settings)
        said = {row["portal"]: row for row in map(json.loads, shown.out.splitlines())}
        assert {name: said[name]["word"] for name in faults} == {name: right for name, (_, right, _) in faults.items()}
        for name, (_, right, reason) in faults.items():
            if right is not Word.NEW:
                why = said[name]["reasons"][0]
                assert reason in why["text"], why
                assert why["examples"], f"{name}: no address to look at"
                assert why["cure"]
        full = run("portals", "demo-04", **settings).out
        assert "is blocked since" in full
        assert "kabar-baru-" in full
        assert "try:" in full
        table = run("portals", **settings).out.splitlines()
        assert table[2].split()[1] == "blocked", "the worst stand first"
        assert table[0].startswith("8 portals: 5 blocked, 2 broken, 1 new")
    events = rows(archive, "SELECT word, was, why, examples FROM events WHERE portal = 'demo-03' ORDER BY id")
    assert [(event["word"], event["was"]) for event in events] == [("new", None), ("blocked", "new")]
    assert json.loads(events[1]["examples"])
    assert value(archive, "SELECT word FROM portal_health WHERE portal = 'demo-01'") == "broken"


def test_a_ban_by_robots_txt_is_named_within_two_days_where_crawls_are_as_rare_as_they_get(tmp_path: Path) -> None:
    archive = tmp_path / "kwri.sqlite"
    pause = int(plan.LATEST / timedelta(hours=1)) + 1  # an hourly harvest adds an hour
    with Network(1, ARTICLES[:6]) as network:
        settings = {
            "ARCHIVE_PATH": str(archive), "PORTALS_PATH": str(network.write_catalogue(tmp_path / "portals")),
            "CONNECT_TO": json.dumps(network.places), **IMPATIENT,
        }  # fmt: skip
        assert run("harvest", **settings).code == 0
        ban = Answer("User-agent: *\nDisallow: /", content_type="text/plain")  # just after robots.txt was read
        network.faults["demo-01"] = lambda request: ban if request.path == "/robots.txt" else None
        for _ in range(pause, 48, pause):
            age(archive, pause)
            assert run("harvest", **settings).code == 1
    (event,) = rows(archive, "SELECT why, examples FROM events WHERE word = 'blocked'")
    assert "robots.txt" in event["why"]


# ---------------------------------------------------------------------- sent on


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


def test_changes_are_sent_on_and_monitors_are_told(tmp_path: Path, listener: Listener) -> None:
    archive, metrics, kept = tmp_path / "kwri.sqlite", tmp_path / "prom" / "kwri.prom", tmp_path / "changes.jsonl"
    command = tmp_path / "tell"
    command.write_text(f'#!/bin/sh\ncat >> {kept}\necho " $KWRI_PORTAL $KWRI_WORD" >> {kept}\n')
    command.chmod(0o755)

    def refuse(_: Request) -> Answer:
        return Answer("no", 403)

    with Network(2, ARTICLES[:3]) as network:
        settings = {
            "ARCHIVE_PATH": str(archive), "PORTALS_PATH": str(network.write_catalogue(tmp_path / "portals")),
            "CONNECT_TO": json.dumps(network.places), **IMPATIENT, "HEALTH_COMMAND": str(command),
            "HEALTH_WEBHOOK": f"{listener.url}/hook/secret", "PING_URL": f"{listener.url}/ping/id",
            "PROMETHEUS_FILE": str(metrics),
        }  # fmt: skip
        assert run("harvest", **settings).code == 0
        assert [path for path, _ in listener.heard] == ["/ping/id/start", "/ping/id"], "new portals are no news"
        network.faults["demo-01"] = refuse
        for _ in range(2):
            age(archive, 24)
            done = run("harvest", **settings)
        assert done.code == 1
        assert "demo-01 is blocked, was new" in done.out
        paths = [path for path, _ in listener.heard]
        assert paths.count("/hook/secret") == 1, "once a change, not once a harvest"
        assert paths[-1] == "/ping/id/fail"
        hook = json.loads(dict(listener.heard)["/hook/secret"])
        assert hook["text"].startswith("demo-01: blocked (was new)")
        assert hook["changes"][0]["examples"]
        assert kept.read_text().endswith(" demo-01 blocked\n")
        assert 'kwri_portal_health{portal="demo-01",word="blocked"} 1' in metrics.read_text()
        assert "kwri_harvest_exit_code 1" in metrics.read_text()
        assert list(metrics.parent.iterdir()) == [metrics]
        dead = {**settings, "HEALTH_WEBHOOK": "http://127.0.0.1:9/s3cret", "PING_URL": "", "HEALTH_COMMAND": "/none"}
        network.faults.clear()
        age(archive, 24)
        db = open_archive(archive)
        assert watches.add(db, Watch("semua", "yang OR dan OR di", send=("mati", "wa")))
        db.execute("UPDATE watches SET seen_article = 0")
        db.execute("UPDATE articles SET published_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = 1")
        db.close()
        told = {"wa": listener.url.replace("http:", "json:") + "/wa", "mati": "json://127.0.0.1:9/s3cret"}
        back = run("harvest", "--all", **dead, NOTIFY=json.dumps(told), LOG_LEVEL="DEBUG")
        assert back.code == 0, "who cannot be told stops no harvest"
        assert "could not be told" in back.log
        assert "s3cret" not in back.log
        assert "watch semua: 1 story to wa\n" in back.out
        assert "mati (127.0.0.1): watch semua: could not be told: " in back.log
        assert json.loads(dict(listener.heard)["/wa"])["title"] == "semua: 1 cerita"


def test_one_author_of_all_newest_articles_is_named_and_two_or_none_are_not(tmp_path: Path) -> None:
    db = new_archive(tmp_path / "kwri.sqlite")
    crawl = crawl_of(db)
    for number in range(3):
        said = an_article(f"a{number}", f"Kalimat ke-{number}.", crawl_id=crawl, author="Redaktur Piket")
        articles.store(db, said)
    assert only_authors(db, least=3) == {"contoh": "Redaktur Piket"}
    assert only_authors(db, least=4) == {}
    articles.store(db, an_article("b", "Kalimat lain.", crawl_id=crawl, author="Rina Wati"))
    assert only_authors(db, least=3) == {}
    articles.store(db, an_article("c", "Kalimat terakhir.", crawl_id=crawl))
    assert only_authors(db, least=1) == {}
    db.close()
