"""Archives of any size for `make trial-scale`: up to 100,000 articles through the stages and the archive's functions.

Larger ones are clones of that. Three years of 200 portals that were crawled twice a day, some 350 words an article with
the frequencies of a language, 6% edited copies, 2% edits, 2% lost addresses.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from kwri_crawler.archive import articles, crawls, ledger, open_archive, search_index
from kwri_crawler.archive.ledger import ListedUrl, Settlement
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.clock import utc_text
from kwri_crawler.items import Article, DateKind, DateSource, DateText, Link, Outcome
from kwri_crawler.web.addresses import url_key
from pipelines.clean import CleanStage
from pipelines.dates import DateStage
from pipelines.dedupe import DedupeStage
from tests.trials.cloned_archive import clone

PORTALS, DAYS, EVERY_H = 200, 3 * 365, 12
END = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
BASE = 100_000  # articles; a larger archive is so many clones of one
COMMON, SELDOM = ("pilkada", 0.30), ("sertijab", 0.02)  # a word, and the share of the articles that have it
AFTER_H = (1.0, 6.0, 24.0, 72.0, 240.0)  # an article is looked at again so long after it was published
COPIES, EDITS, LOST, UNDATED = 0.06, 0.02, 0.02, 0.008
_GROUP = 200  # articles a transaction
_SYLLABLES = [a + b + c for a in "bcdgjklmnprstwy" for b in "aeiou" for c in ("", "", "", "n", "r", "ng")]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_EVIDENCE = (("title", "json-ld"), ("author", "selector"), ("body", "selector"), ("image_url", "meta"))
_STAGES = (CleanStage(), DateStage(), DedupeStage())


class Writer:
    """Writes articles in order of time, always the same ones for a seed."""

    def __init__(self, seed: int, portals: int = PORTALS) -> None:
        self._dice = random.Random(seed)
        self._portals = portals
        made = random.Random(1)
        words = dict.fromkeys("".join(made.choices(_SYLLABLES, k=made.choice((1, 2, 2, 3, 3)))) for _ in range(90_000))
        self._words = [word for word in words if word not in (COMMON[0], SELDOM[0])][:45_000]
        # Zipf, as Indonesian news has it: the first word is every fortieth
        self._often = list(itertools.accumulate(1 / (rank + 2.7) ** 1.02 for rank in range(len(self._words))))
        self._names = ["".join(made.choices(_SYLLABLES, k=4)).capitalize() for _ in range(200_000)]
        self._shares = list(itertools.accumulate(1 / (rank + 12) ** 0.8 for rank in range(portals)))
        self._recent: list[Article] = []

    def write(self, number: int, at: datetime) -> Article:
        """Write the article of this number, published at this moment or, a copy, a little later."""
        dice = self._dice
        place = dice.choices(range(self._portals), cum_weights=self._shares)[0]
        if self._recent and dice.random() < COPIES:
            first = dice.choice(self._recent)
            at += timedelta(minutes=dice.randint(1, 300))
            paragraphs = list(first.paragraphs)
            if dice.random() < 0.4:
                del paragraphs[dice.randrange(1, len(paragraphs))]
            if dice.random() < 0.4:
                paragraphs.append(self.sentence(30))
        else:
            paragraphs = [self.sentence(dice.randint(28, 48)) for _ in range(dice.randint(8, 11))]
            for word, share in (COMMON, SELDOM):
                if dice.random() < share:
                    paragraphs[0] += f" Soal {word} {dice.randint(2, 1899)}."
        portal, title = portal_id(place), self.sentence(9)[:-1]
        local = at + timedelta(hours=7)
        tags = tuple(dict.fromkeys(dice.choices(self._words[40:], cum_weights=self._often[:-40], k=3)))
        article = Article(
            portal=portal, zone="Asia/Jakarta", url=f"https://{portal}.example/{title.replace(' ', '-')}-{number}",
            title=title, paragraphs=tuple(paragraphs), fetched_at=at + timedelta(minutes=25), reader="varient",
            author=f"Pewarta {dice.randrange(8)}", section=f"Rubrik {dice.randrange(12)}", tags=tags,
            lead=paragraphs[0][:140], image_url=f"https://{portal}.example/uploads/{number}.jpg", language="id",
            dates=_dates(local, is_dated=dice.random() > UNDATED), evidence=_EVIDENCE,
            links=tuple(Link(f"https://{portal}.example/tag/{tag}", tag) for tag in tags[: dice.randint(0, 3)]),
        )  # fmt: skip
        self._recent = [*self._recent[-300:], article]
        return article

    def sentence(self, size: int) -> str:
        """Write a sentence of so many words, here and there a name or a number among them."""
        words = self._dice.choices(self._words, cum_weights=self._often, k=size)
        if size > 20:
            words[self._dice.randrange(size)] = self._dice.choice(self._names)
            words[self._dice.randrange(size)] = str(self._dice.randint(2, 1899))
        return " ".join(words).capitalize() + "."


def _dates(local: datetime, is_dated: bool) -> tuple[DateText, ...]:
    if not is_dated:
        return (DateText(DateKind.PUBLISHED, DateSource.BYLINE, "segera"),)
    iso = local.strftime("%Y-%m-%dT%H:%M:%S+07:00")
    printed = f"{local.day} {_MONTHS[local.month - 1]} {local.year} {local:%H:%M} WIB"
    texts = ((DateSource.JSON_LD, iso), (DateSource.META, iso), (DateSource.BYLINE, printed))
    return tuple(DateText(DateKind.PUBLISHED, source, text) for source, text in texts)


def portal_id(place: int) -> str:
    """Return the id of a portal by its place, from 0."""
    return f"warta{place:03d}"


def portal(place: int) -> Portal:
    """Return a portal by its place, from 0."""
    name = portal_id(place)
    home = f"https://{name}.example/"
    listings = (Listing(ListingKind.FEED, home + "rss"), Listing(ListingKind.INDEX, home + "posts"))
    return Portal(name, f"Warta {place:03d}", home, "varient", "Jawa Timur", "Asia/Jakarta", listings)


def staged(article: Article) -> Article:
    """Return an article as the pure stages leave it."""
    for stage in _STAGES:
        article = stage.process_item(article)
    return article


def build(path: Path, size: int, portals: int = PORTALS, days: int = DAYS) -> None:
    """Make an archive of `size` articles at a path where none is; over BASE a multiple of it."""
    if size <= BASE:
        _write(path, size, portals, days)
        return
    if size % BASE:
        raise ValueError(f"{size}: over {BASE} write a multiple of it")
    base = path.with_name(f"{BASE}.sqlite")
    if not base.exists():
        _write(base, BASE, portals, days)
    clone(base, path, size // BASE, portals)


def _write(path: Path, size: int, portals: int, days: int) -> None:
    db = open_archive(path)
    db.execute("PRAGMA synchronous = OFF")
    start = END - timedelta(days=days)
    _add_frame(db, portals, days, start)
    listings = dict(db.execute("SELECT portal, min(id) FROM listings GROUP BY portal").fetchall())
    writer = Writer(1, portals)
    for first in range(0, size, _GROUP):
        db.execute("BEGIN IMMEDIATE")
        search_index.put_off(db)
        for number in range(first, min(size, first + _GROUP)):
            at = start + timedelta(days=days) * (number + 0.5) / (size + 1)
            article = writer.write(number, at.replace(second=0, microsecond=0))
            crawl = _crawl_of(article, start, portals, days)
            _enter(db, article, crawl, listings[article.portal], number)
        search_index.catch_up(db)
        db.execute("COMMIT")
    db.execute("PRAGMA optimize = 0x10002")
    db.close()


def _add_frame(db: Database, portals: int, days: int, start: datetime) -> None:
    """Enter portals, three years of their crawls, and how they were."""
    db.execute("BEGIN IMMEDIATE")
    for place in range(portals):
        one = portal(place)
        crawls.begin(db, one, None, None)
        db.conn.executemany(
            "INSERT INTO listings (portal, kind, url, tried_at, status, pages, entries, complete_crawl, complete_from,"
            " read_at, paged, tells) VALUES (?, ?, ?, ?, 'read', 1, 20, 1, 1, ?, ?, 0)",
            [
                (one.id, listing.kind, listing.url, utc_text(END), utc_text(END), listing.kind is ListingKind.INDEX)
                for listing in one.listings
            ],
        )
    moments = [utc_text(start + timedelta(hours=EVERY_H * turn)) for turn in range(days * 24 // EVERY_H)]
    ended = (
        "UPDATE crawls SET started_at = ?1, ended_at = ?1, finish = 'finished', found = 22, pending = 0, stored = 2,"
        " known = 20, unreadable = 0, refused = 0, gone = 0, failed = 0, requests = 4, bytes = 60000, version = '1'"
    )
    db.execute(ended, (moments[0],))
    columns = [row[1] for row in db.execute("PRAGMA table_info(crawls)") if row[1] != "id"]
    copied = ", ".join("?1" if column in ("started_at", "ended_at") else column for column in columns)
    copy = f"INSERT INTO crawls ({', '.join(columns)}) SELECT {copied} FROM crawls WHERE id <= ?2 ORDER BY id"
    db.conn.executemany(copy, [(at, portals) for at in moments[1:]])
    db.execute(
        "UPDATE portals SET next_due_at = ?, every_s = 43200,"
        " last_crawl = (SELECT max(id) FROM crawls WHERE portal = portals.id)",
        (utc_text(END),),
    )
    db.execute(
        "WITH RECURSIVE turns (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM turns LIMIT 21)"
        " INSERT INTO events (portal, at, word) SELECT id, strftime('%Y-%m-%dT%H:%M:%SZ', ?, (51 * n) || ' days'),"
        " iif(n % 2, 'quiet', 'well') FROM portals CROSS JOIN turns",
        (utc_text(start),),
    )
    db.execute("INSERT INTO institutions VALUES ('Sertijab', 'sertijab')")
    db.execute("COMMIT")


def _crawl_of(article: Article, start: datetime, portals: int, days: int) -> int:
    """Return the crawl that would have brought an article: rows of crawls go by moment, then by portal."""
    turn = min(int((article.fetched_at - start) / timedelta(hours=EVERY_H)) + 1, days * 24 // EVERY_H - 1)
    return turn * portals + int(article.portal[-3:]) + 1


def _enter(db: Database, article: Article, crawl: int, listing: int, number: int) -> None:
    found_at = utc_text(article.fetched_at - timedelta(minutes=5))
    entry = ListedUrl(url_key(article.url), article.url)
    row = ledger.enter(db, article.portal, listing, crawl, entry, found_at)
    article = replace(article, crawl_id=crawl, url_id=row)
    new = articles.store(db, staged(article)).article
    looks = [article.fetched_at + timedelta(hours=hours) for hours in AFTER_H]
    visited, following = [utc_text(at) for at in looks if at <= END], [utc_text(at) for at in looks if at > END]
    db.execute(
        "INSERT OR IGNORE INTO visits (article, portal, next_at, visited_at, visited_crawl) VALUES (?, ?, ?, ?, ?)",
        (new, article.portal, min(following, default=None), max(visited, default=None), crawl if visited else None),
    )
    if number % int(1 / EDITS) == 9 and new is not None:
        longer = (*article.paragraphs, "Berita ini ditambah dengan keterangan polisi.")
        later = article.fetched_at + timedelta(hours=3)
        articles.store(db, staged(replace(article, revisits=new, paragraphs=longer, fetched_at=later)))
    if number % int(1 / LOST) == 7:
        lost = ListedUrl(f"{entry.key}-x", f"{article.url}-x")
        row = ledger.enter(db, article.portal, listing, crawl, lost, found_at)
        ledger.settle(db, row, crawl, Settlement(Outcome.GONE, "Not Found", 404, final=True))
