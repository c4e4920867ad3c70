"""`make trial-year`: a year of 40 portals with faults, judged every evening; what is noticed, when, with which word.

Time is simulated, so nothing is fetched: the rows are written by the very functions that crawls call (crawls.begin,
begin_listing, record_page, take_due, store, settle, leave_listing, crawls.end), dates are read by the stage's own
reader, and tests/test_health.py shows with real crawls on loopback that these faults leave these rows.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine
from sqlite_utils import Database

from kwri_crawler.archive import articles, crawls, health, ledger, listings, open_archive
from kwri_crawler.archive.ledger import ListedUrl, Settlement
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.causes import Cause
from kwri_crawler.dates import date_article
from kwri_crawler.health import Word, judge_all
from kwri_crawler.health.past import BAD
from kwri_crawler.items import Article, DateKind, DateSource, DateText, Due, Outcome

ZONE = "Asia/Jakarta"
FIRST = date(2026, 1, 1)
HOURS = (7, 19)  # local; a harvest at each
LEBARAN = (date(2026, 3, 19), date(2026, 3, 29))  # few work; in the calendar of public holidays
UNFORESEEN = (date(2026, 9, 8), date(2026, 9, 9))  # a day of mourning, say: in no calendar


@dataclass(frozen=True)
class Fault:
    """What befalls one portal, and the word that it should get."""

    name: str
    right: Word
    begins: date
    days: int
    least_rate: float = 5.0  # articles a day of the portals that it may befall

    def on(self, day: date) -> bool:
        return self.begins <= day < self.begins + timedelta(days=self.days)


def faults(begins: date, step: int) -> tuple[Fault, ...]:
    """Return the year's faults, `step` days apart."""
    listed = (
        ("a redesign blanks bodies", Word.BROKEN, 15, 5.0),
        ("the only feed moves", Word.BROKEN, 15, 5.0),
        ("one feed of two listings moves", Word.BROKEN, 15, 5.0),
        ("a block by 403 of all", Word.BLOCKED, 15, 5.0),
        ("a block by 403 of pages", Word.BLOCKED, 15, 5.0),
        ("a challenge with status 200 for all", Word.BLOCKED, 15, 5.0),
        ("a challenge with status 200 for pages", Word.BLOCKED, 15, 5.0),
        ("its clock falls back seven hours", Word.BROKEN, 15, 5.0),
        ("its clock jumps ahead seven hours", Word.BROKEN, 15, 5.0),
        ("a slow decline", Word.QUIET, 75, 15.0),
        ("it stops publishing", Word.QUIET, 20, 12.0),
        ("it does not answer", Word.BROKEN, 15, 5.0),
        ("authors are lost", Word.THIN, 15, 5.0),
        ("bodies shrink to their leads", Word.THIN, 15, 5.0),
    )
    return tuple(
        Fault(name, word, begins + timedelta(days=step * number), days, rate)
        for number, (name, word, days, rate) in enumerate(listed)
    )


@dataclass
class Newsroom:
    """One simulated portal."""

    portal: Portal
    rate: float  # articles on its best weekday
    weekdays: tuple[float, ...]
    spread: float  # of the day's mood: 0 is even
    author: float  # share of articles that have one
    image: float
    words: float
    born: date
    fault: Fault | None = None
    written: dict[str, datetime] = field(default_factory=dict)  # address -> true publication, until it is settled
    count: int = 0

    def publish(self, day: date, chance: random.Random) -> list[datetime]:
        """Return the moments of a day's publications."""
        rate = self.rate * self.weekdays[day.weekday()] * chance.lognormvariate(0, self.spread)
        if LEBARAN[0] <= day <= LEBARAN[1]:
            rate *= 0.15
        elif UNFORESEEN[0] <= day <= UNFORESEEN[1]:
            rate *= 0.3
        if self.fault and self.fault.on(day):
            if self.fault.name == "a slow decline":
                rate *= decline(self.fault, day)
            elif self.fault.name == "it stops publishing":
                rate = 0
        number = _poisson(rate, chance)
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE))
        return sorted(midnight + timedelta(hours=chance.triangular(5, 23.5, 13)) for _ in range(number))

    def hit_by(self, name: str, day: date) -> bool:
        return self.fault is not None and self.fault.on(day) and name in self.fault.name


def decline(fault: Fault, day: date) -> float:
    """Return what is left of a declining portal: a sixtieth less each day, down to a fifth."""
    return max(0.2, 1 - (day - fault.begins).days / 60)


def onset(fault: Fault) -> date:
    """Return the day on which a fault is one: a decline when half is gone."""
    return fault.begins + timedelta(days=30 if fault.name == "a slow decline" else 0)


def newsrooms(count: int, chance: random.Random, all_faults: Iterable[Fault], newborn: date) -> list[Newsroom]:
    """Make a country of newsrooms, large and small, each with its own week; the last is born within the year."""
    rooms = []
    for number in range(count):
        listings = [Listing(ListingKind.FEED, f"https://p{number}.example.org/feed")]
        if number % 3:
            listings.append(Listing(ListingKind.INDEX, f"https://p{number}.example.org/berita"))
        portal = Portal(f"p{number:02}", f"Portal {number}", f"https://p{number}.example.org/", "general", None, ZONE,
                        tuple(listings))  # fmt: skip
        sunday, saturday = chance.uniform(0.15, 0.9), chance.uniform(0.4, 1.0)
        rooms.append(
            Newsroom(
                portal,
                rate=min(60.0, max(1.5, chance.lognormvariate(2.4, 0.8))),
                weekdays=(1.0, *(chance.uniform(0.85, 1.0) for _ in range(4)), saturday, sunday),
                spread=chance.uniform(0.1, 0.3),
                author=chance.choice((0.0, 0.6, 0.9, 1.0)),
                image=chance.choice((0.7, 1.0)),
                words=chance.uniform(150, 450),
                born=newborn if number == count - 1 else FIRST,
            )
        )
    for fault in all_faults:
        chance.choice(befallen_by(fault, rooms)).fault = fault
    return rooms


def befallen_by(fault: Fault, rooms: list[Newsroom]) -> list[Newsroom]:
    """Return the newsrooms that a fault may befall: never the last, which is born within the year."""
    return [
        room for room in rooms[:-1]
        if room.fault is None and room.rate * room.weekdays[6] >= fault.least_rate / 2
        and room.rate >= fault.least_rate and (fault.name != "authors are lost" or room.author)
        and (len(room.portal.listings) == 1 if "only feed" in fault.name else True)
        and (len(room.portal.listings) == 2 if "two listings" in fault.name else True)
    ]  # fmt: skip


# ---------------------------------------------------------------------- what a crawl of a portal writes


def crawl(db: Database, room: Newsroom, now: datetime, chance: random.Random) -> None:
    """Write what a crawl of the portal would, at the simulated present."""
    day = now.astimezone(ZoneInfo(ZONE)).date()
    portal = room.portal
    crawl_id = crawls.begin(db, portal, None, None)
    trouble: list[str] = []
    causes: list[Cause] = []
    read = 0
    fresh = [ListedUrl(url.partition("://")[2], url) for url in room.written]
    for listing in portal.listings:
        row, newest = listings.begin_listing(db, portal.id, listing)
        failure = listing_failure(room, listing, day)
        if failure is not None:
            listings.leave_listing(db, row, *failure)
            trouble.append(f"{listing.url}: {failure[1]}")
            causes.append(failure[2])
            continue
        listings.record_page(db, portal.id, row, crawl_id, fresh, None)
        listings.end_listing(db, row, crawl_id, newest, None, on_known_ground=False)
        read += 1
    bad = 0
    finish: tuple[str, str | None] = ("finished", None)
    cause: Cause | None = causes[0] if causes else None
    if not read:
        finish = ("no listing", "; ".join(trouble))
    elif trouble:
        finish = ("incomplete", "; ".join(trouble))
    for due in ledger.take_due(db, portal.id, crawl_id, 5000, None) if read else ():
        settlement = page(db, room, due, crawl_id, now, day, chance)
        if settlement.outcome is not Outcome.FAILED:
            bad = 0
            continue
        bad += 1
        if bad == 10:
            finish = ("blocked", f"10 answers in a row were no pages; the last: {settlement.reason}")
            cause = settlement.cause
            break
    crawls.end(db, crawl_id, portal.id, *finish, 30, 1_000_000, cause)


def listing_failure(room: Newsroom, listing: Listing, day: date) -> tuple[str, str, Cause] | None:
    """Say how the spider leaves a listing that it cannot read; null when it can."""
    if room.hit_by("feed", day) and listing.kind is ListingKind.FEED:
        return "gone", "HTTP 404", Cause.GONE
    if room.hit_by("403 of all", day):
        return "failed", "HTTP 403", Cause.BLOCK
    if room.hit_by("200 for all", day):
        return "unreadable", "a challenge instead of the listing", Cause.BLOCK
    if room.hit_by("not answer", day):
        return "failed", "no answer in time", Cause.TIME_OUT
    return None


def page(
    db: Database, room: Newsroom, due: Due, crawl_id: int, now: datetime, day: date, chance: random.Random
) -> Settlement:
    """Settle one address as the spider would."""
    failure: Settlement | None = None
    if room.hit_by("blanks bodies", day):
        failure = Settlement(
            Outcome.UNREADABLE,
            "no article: a short text that does not say of itself that it is one",
            200,
            cause=Cause.UNREAD,
        )
    elif room.hit_by("403 of pages", day):
        failure = Settlement(Outcome.FAILED, "HTTP 403", 403, cause=Cause.BLOCK)
    elif room.hit_by("200 for pages", day):
        failure = Settlement(Outcome.UNREADABLE, "a challenge instead of the page", 200, cause=Cause.BLOCK)
    elif chance.random() < 0.01:
        failure = chance.choice(
            (
                Settlement(Outcome.FAILED, "HTTP 502", 502, cause=Cause.SERVER_ERROR),
                Settlement(Outcome.GONE, "HTTP 404", 404, final=True, cause=Cause.GONE),
            )
        )
    if failure is not None:
        ledger.settle(db, due.id, crawl_id, failure)
        return failure
    published = room.written.pop(due.url)
    if room.hit_by("falls back", day):
        published -= timedelta(hours=7)
    if room.hit_by("jumps ahead", day):
        published += timedelta(hours=7)
    dates = (DateText(DateKind.PUBLISHED, DateSource.META, published.astimezone(ZoneInfo(ZONE)).isoformat()),)
    dated = date_article(dates, ZONE, now, due.url)
    words = max(30, int(room.words * chance.lognormvariate(0, 0.35)))
    if room.hit_by("shrink", day):
        words = chance.randint(18, 35)
    return articles.store(
        db,
        Article(
            portal=room.portal.id,
            zone=ZONE,
            url=due.url,
            title=f"Kabar {due.id}",
            paragraphs=(f"kabar {due.id}",),  # the words themselves play no part here
            fetched_at=now,
            reader="general",
            author="Redaksi" if chance.random() < room.author and not room.hit_by("authors", day) else None,
            section="Daerah",
            image_url="https://example.org/a.jpg" if chance.random() < room.image else None,
            dates=dates,
            url_id=due.id,
            crawl_id=crawl_id,
            word_count=words,
            published=dated.published,
            published_reason=dated.reason,
            text_hash=f"{room.portal.id}-{due.id}",
        ),
    )


# ---------------------------------------------------------------------- the year


@dataclass(frozen=True)
class Noticed:
    """What became of one fault."""

    fault: Fault
    portal: str
    rate: float
    word: Word | None  # the first bad word that it got; null if none
    after_days: int | None  # from the fault's onset to that word; null if never
    times: int  # how often it was named while it lasted: once is right, more is a word that comes and goes
    healed_days: int | None  # from the fault's end until it was well again; null if never


@dataclass(frozen=True)
class Year:
    """What a simulated year showed."""

    noticed: tuple[Noticed, ...]
    false_alarms: tuple[str, ...]
    healthy: int  # portals that never had a fault
    newborn: tuple[str, ...]  # the newborn portal's words, in order
    articles: int
    seconds: float

    @property
    def late_or_wrong(self) -> list[Noticed]:
        return [n for n in self.noticed if n.word is not n.fault.right or n.after_days is None or n.after_days > 2]


def simulate(
    seed: int, folder: Path, portals: int = 40, days: int = 365, first_fault: int = 70, step: int = 16
) -> Year:
    """Live through a year, judging every evening."""
    begun = time.process_time()
    chance = random.Random(seed)
    all_faults = tuple(
        f for f in faults(FIRST + timedelta(days=first_fault), step) if (f.begins - FIRST).days < days - 20
    )
    newborn = FIRST + timedelta(days=first_fault)
    rooms = newsrooms(portals, chance, all_faults, newborn)
    db = open_archive(folder / f"year-{seed}.sqlite")
    db.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug here
    db.execute("PRAGMA cache_size = -100000")  # KB: the year fits
    unread: dict[str, list[datetime]] = {room.portal.id: [] for room in rooms}
    changes: list[health.Change] = []
    for number in range(days):
        day = FIRST + timedelta(days=number)
        for room in rooms:
            if day >= room.born:
                unread[room.portal.id] += room.publish(day, chance)
            if day == room.born and room.born != FIRST:  # its index goes back for a year
                back = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE))
                unread[room.portal.id] += [back - timedelta(days=chance.uniform(4, 365)) for _ in range(800)]
        for hour in HOURS:
            now = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
            with time_machine.travel(now, tick=False):
                db.execute("BEGIN IMMEDIATE")
                for room in rooms:
                    if day < room.born:
                        continue
                    waiting = unread[room.portal.id]
                    for moment in [m for m in waiting if m <= now]:
                        room.count += 1
                        room.written[f"https://{room.portal.hosts[0]}/kabar-{room.count}"] = moment
                    unread[room.portal.id] = [m for m in waiting if m > now]
                    crawl(db, room, now, chance)
                if hour == HOURS[-1]:
                    known = [room.portal for room in rooms if day >= room.born]
                    changes += health.record(db, judge_all(health.read_pasts(db, known, now), now), now)
                db.execute("COMMIT")
    (count,) = db.execute("SELECT count(*) FROM articles").fetchone()
    db.close()
    return sum_up(rooms, changes, newborn, count, time.process_time() - begun)


def sum_up(rooms: list[Newsroom], changes: list[health.Change], newborn: date, count: int, seconds: float) -> Year:
    """Sort the changes into what was noticed and what was false."""
    noticed, false = [], []
    for room in rooms:
        own = [(c.at.astimezone(ZoneInfo(ZONE)).date(), c.verdict) for c in changes if c.portal == room.portal.id]
        fault = room.fault
        if fault is None:
            false += [f"{room.portal.id}: {v.word} on {at}: {v.why}" for at, v in own if v.word in BAD]
            continue
        # A fault's last day may still be felt three days later: a window of four days holds it.
        end = fault.begins + timedelta(days=fault.days)
        inside = [(at, v) for at, v in own if fault.begins <= at < end + timedelta(days=4)]
        false += [
            f"{room.portal.id} ({fault.name}): {v.word} on {at}: {v.why}"
            for at, v in own
            if v.word in BAD and (at, v) not in inside
        ]
        bad = [(at, v) for at, v in inside if v.word in BAD]
        well = [at for at, v in own if at >= end and v.word is Word.WELL]
        noticed.append(
            Noticed(
                fault,
                room.portal.id,
                room.rate,
                bad[0][1].word if bad else None,
                max(0, (bad[0][0] - onset(fault)).days) if bad else None,
                len(bad),
                (well[0] - end).days if well else None,
            )
        )
    born = [room.portal.id for room in rooms if room.born == newborn]
    words = tuple(c.verdict.word.value for c in changes if c.portal in born)
    order = tuple(sorted(noticed, key=lambda n: n.fault.begins))
    return Year(order, tuple(false), sum(r.fault is None for r in rooms), words, count, seconds)


def table(years: dict[int, Year]) -> Iterator[str]:
    """Write what was noticed."""
    words = f"{'word':8} {'right':8} {'times':>5}"
    yield f"{'fault':40} {'seed':>4} {'a day':>6} {'noticed after':>14}  {words} {'well again':>11}"
    for seed, year in years.items():
        for n in year.noticed:
            after = "never" if n.after_days is None else f"{n.after_days} days"
            healed = "never" if n.healed_days is None else f"{n.healed_days} days"
            words = f"{n.word or '-':8} {n.fault.right:8} {n.times:5}"
            yield f"{n.fault.name:40} {seed:4} {n.rate:6.1f} {after:>14}  {words} {healed:>11}"
    for seed, year in years.items():
        yield (
            f"seed {seed}: {year.articles} articles, {year.healthy} portals without a fault; newborn portal:"
            f" {' -> '.join(year.newborn)}; {len(year.false_alarms)} false alarms; {year.seconds:.0f} s of CPU"
        )
        yield from (f"  FALSE {alarm}" for alarm in year.false_alarms)


def _poisson(mean: float, chance: random.Random) -> int:
    """Draw from Poisson's distribution: exponential steps."""
    count, left = 0, mean
    while mean > 0 and (left := left - chance.expovariate(1.0)) > 0:
        count += 1
    return count


def main() -> int:
    """Live through some years, print what was noticed; 1 when anything was late, wrong or false."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--portals", type=int, default=40)
    parser.add_argument("--days", type=int, default=365)
    options = parser.parse_args()
    years: dict[int, Year] = {}
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor() as pool:
        asked = {
            pool.submit(simulate, seed, Path(folder), options.portals, options.days): seed for seed in options.seeds
        }
        for done in as_completed(asked):
            years[asked[done]] = done.result()
            print(*table({asked[done]: done.result()}), "", sep="\n", flush=True)
    return int(any(year.late_or_wrong or year.false_alarms for year in years.values()))


if __name__ == "__main__":
    sys.exit(main())
