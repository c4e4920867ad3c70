"""`make trial-completeness`: 30 simulated days of publishing, editing, removing and back-dating under killed crawls.

An interval ends with a crawl that came to its end; before it, crawls are killed at random and the portal goes on
changing. Then: what was there at the end of an interval is in the archive, each text that an article had at the end of
an interval is its present text or a revision, and nothing is in the archive that never was on the portal. A portal that
does not tell what changed has longer intervals, see Pages. On a share of the days (--bad) answers are as bad_days.py
has them, or the crawling machine's clock is a year ahead.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from kwri_crawler.settings import ALL_LISTINGS_EVERY_H, VISIT_AFTER_H
from tests.crawling import HANGS_S, assert_sound, command, crawl, rows, start
from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.portals import write_portals
from tests.sites.varient import VarientPortal
from tests.sites.wordpress import Blog, BloggerPortal, WordPressPortal
from tests.trials.bad_days import AHEAD, Weather

PLAIN = tuple(article for article in ARTICLES if article.post_type == "article" and not article.source_url)
DAY, YEAR = timedelta(days=1), timedelta(days=365)
FIRST = datetime(2024, 6, 1, 5, 0)  # of the portal's clock, local


@dataclass
class Newsroom:
    """Editors of a portal, and everything that they ever published."""

    site: Blog | VarientPortal
    chance: random.Random
    written: int = 0
    ever: dict[str, set[str]] = field(default_factory=dict)  # title -> every text that it ever had
    removed: dict[str, datetime] = field(default_factory=dict)  # title -> when
    edited: int = 0

    def work(self, now: datetime) -> None:
        """Do what is done between two crawls."""
        self.site.now = now
        for _ in range(self.chance.randint(0 if self.written else 3, 4)):
            self._publish(now)
        articles = self.site.articles
        if articles and self.chance.random() < 0.5:
            article = self.chance.choice(articles[-40:] if self.chance.random() < 0.7 else articles)
            self.edited += 1
            words = f"Perubahan nomor {self.edited}: keterangan ini ditambahkan redaksi pada {now:%d/%m pukul %H}."
            self.site.edit(article.slug, paragraphs=(*article.paragraphs, words))
        if len(articles) > 5 and self.chance.random() < 0.2:
            article = self.chance.choice(articles[-30:])
            self.site.remove(article.slug)
            self.removed[article.title] = now
        for article in self.site.articles:
            self.ever.setdefault(article.title, set()).add(text_of(article))

    def _publish(self, now: datetime) -> None:
        self.written += 1
        like = self.chance.choice(PLAIN)
        kind = self.chance.random()
        created = now - timedelta(minutes=self.chance.randint(0, 50))
        if kind < 0.15:  # back-dated
            created = now - timedelta(days=self.chance.randint(1, 60))
        article = replace(
            like,
            slug=f"kabar-{self.written}",
            title=f"{like.title} ({self.written})",
            created_at=created,
            updated_at=None,
            paragraphs=(f"Kabar nomor {self.written} dari daerah.", *like.paragraphs),
        )
        if isinstance(self.site, VarientPortal):
            self.site.publish(article)
        else:  # one that was scheduled was last saved days before it appeared
            self.site.publish(article, saved=now - timedelta(days=2) if kind > 0.9 else None)


def text_of(article: DemoArticle) -> str:
    return unsigned("\n\n".join(article.expected))


def unsigned(text: str) -> str:
    """Return a text without the desk's sign at its end, which the readers of pages drop."""
    return re.sub(r"\s*\((?:\*|red|hms/red)\)$", "", text)


@dataclass
class Owed:
    """What an archive must hold of a portal whose listings tell what changed: all that an interval ended with."""

    texts: dict[str, set[str]] = field(default_factory=dict)  # title -> the texts that it had
    last: datetime = FIRST  # the end of the interval before

    def end_interval(self, articles: tuple[DemoArticle, ...], now: datetime) -> None:
        """Note what was there when a crawl came to its end."""
        for article in articles:
            self.texts.setdefault(article.title, set()).add(text_of(article))
        self.last = now


@dataclass
class Pages(Owed):
    """The same where only an article's page shows an edit.

    A text is owed when it stood throughout an interval in which the schedule of visits looks at its article. An article
    that was dated back to before the interval is owed when it was there for as long as cheap listings stand for all.
    """

    before: dict[str, str] = field(default_factory=dict)  # title -> its text when the last interval ended
    since: dict[str, datetime] = field(default_factory=dict)  # title -> the end of the interval that first had it

    def end_interval(self, articles: tuple[DemoArticle, ...], now: datetime) -> None:
        """Note what was there when a crawl came to its end."""
        for article in articles:
            first = self.since.setdefault(article.title, now)
            if article.created_at >= self.last or now - first > timedelta(hours=ALL_LISTINGS_EVERY_H):
                self.texts.setdefault(article.title, set())
            looks = (article.created_at + timedelta(hours=hours) for hours in VISIT_AFTER_H)
            text = text_of(article)
            if self.before.get(article.title) == text and any(
                first < look and self.last < look <= now for look in looks
            ):
                self.texts.setdefault(article.title, set()).add(text)
        self.before = {article.title: text_of(article) for article in articles}
        self.last = now


@dataclass(frozen=True)
class Figures:
    """What the trial saw."""

    intervals: int
    kills: int
    articles: int  # that were there at the end of an interval
    texts: int  # that they had then
    edits: int
    removed: int  # of the articles in the archive, a day before the end or earlier: a 404 is believed when seen twice
    unmarked: tuple[str, ...]  # of them those that the archive does not mark as gone, with the hour of removal
    requests: float  # an interval, killed crawls left out
    bad_days: Mapping[str, int]
    lost_articles: tuple[str, ...]
    lost_texts: tuple[str, ...]
    invented: tuple[str, ...]


def simulate(
    site: Blog | VarientPortal, portal: str, folder: Path, days: float, every_h: float, seed: int, bad: float = 0
) -> Figures:
    """Run the simulated days; raises AssertionError when a crawl fails or the archive is not sound."""
    chance = random.Random(seed)
    newsroom = Newsroom(site, chance)
    weather = Weather(site, random.Random(seed + 1))
    archive = folder / "a.sqlite"
    varient = isinstance(site, VarientPortal)
    where = {} if varient else {"PORTALS_PATH": write_portals(folder / "portals")}
    owed = Pages() if varient else Owed()
    kills = intervals = 0
    now = FIRST
    while now < FIRST + timedelta(days=days):
        given = {"portal": portal, "NOW": f"{now.isoformat()}+07:00", **where}
        newsroom.work(now)
        while chance.random() < 0.3:
            site.latency_s = 0.1
            asked = len(site.requests)
            process = start(archive, {site.host: site.address}, **given)
            while len(site.requests) == asked and process.poll() is None:
                time.sleep(0.02)
            time.sleep(chance.uniform(0, 0.5))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
            process.communicate()
            now += timedelta(minutes=10)  # two edits in one second could not be told apart by their moments
            given["NOW"] = f"{now.isoformat()}+07:00"
            newsroom.work(now)
        site.latency_s = 0
        if weather.next_day(bad) == AHEAD:
            ahead = {**given, "NOW": f"{(now + YEAR).isoformat()}+07:00"}
            crawl(archive, {site.host: site.address}, timeout_s=HANGS_S, **ahead)
        done = crawl(archive, {site.host: site.address}, timeout_s=HANGS_S, **given)
        assert done.code == 0, f"{weather.today}: {command(archive, {}, **given)}: {done.out}\n{done.log[-3000:]}"
        intervals += 1
        owed.end_interval(site.articles, now)
        now += timedelta(hours=every_h)
    assert_sound(archive)
    stored: dict[str, set[str]] = {}
    for row in rows(archive, "SELECT title, body FROM articles"):
        stored.setdefault(row["title"], set()).add(unsigned(row["body"]))
    for row in rows(archive, "SELECT title, body FROM revisions"):
        stored.setdefault(row["title"], set()).add(unsigned(row["body"]))
    seen = owed.texts
    (counts,) = rows(archive, "SELECT avg(requests) AS requests FROM crawls WHERE finish = 'finished'")
    marks = {row["title"]: row["gone_at"] for row in rows(archive, "SELECT title, gone_at FROM articles")}
    removed = {title: at for title, at in newsroom.removed.items() if title in marks and at < now - DAY}
    return Figures(
        intervals, kills, len(seen), sum(map(len, seen.values())), newsroom.edited, len(removed),
        tuple(f"{title} at {at:%Y-%m-%d %H:%M}" for title, at in removed.items() if not marks[title]),
        counts["requests"], weather.met,
        lost_articles=tuple(sorted(seen.keys() - stored.keys())),
        lost_texts=tuple(title for title, texts in seen.items() if title in stored and texts - stored[title]),
        invented=tuple(title for title, texts in stored.items() if texts - newsroom.ever.get(title, set())),
    )  # fmt: skip


KINDS: dict[str, tuple[str, Callable[[], Blog | VarientPortal]]] = {
    "WordPress": ("warta", WordPressPortal),
    "Blogger": ("kabar", BloggerPortal),
    "Varient": ("kwri-jatim", lambda: VarientPortal(articles=())),
}


def main() -> int:
    """Run the trial on a WordPress, a Blogger and a Varient portal, and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--every", type=float, default=6, help="simulated hours between two intervals")
    parser.add_argument("--bad", type=float, default=0.5, help="share of days that are bad (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=list(KINDS))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    failed = False
    for name in options.kinds:
        portal, make = KINDS[name]
        site = make()
        with tempfile.TemporaryDirectory() as folder, site:
            figures = simulate(site, portal, Path(folder), options.days, options.every, options.seed, options.bad)
        print(
            f"{name}: {figures.intervals} intervals, {figures.kills} kills; {figures.articles} articles with"
            f" {figures.texts} texts were there for an interval: {len(figures.lost_articles)} articles and"
            f" {len(figures.lost_texts)} texts lost, {len(figures.invented)} invented; {figures.removed} removed,"
            f" {len(figures.unmarked)} of them not marked; {figures.requests:.1f} requests a crawl",
            flush=True,
        )
        print(f"  bad days: {', '.join(f'{times} {name}' for name, times in sorted(figures.bad_days.items()))}")
        for title in figures.unmarked:
            print(f"  not marked: {title}")
        for title in (*figures.lost_articles, *figures.lost_texts, *figures.invented):
            print(f"  {title}")
        failed = failed or bool(figures.lost_articles or figures.lost_texts or figures.invented)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
