"""Two months of eight invented portals, in the archive: the demo's words through the real stages; always the same.

Every event becomes an article of one portal; some are releases that others run too, edited, at their own hours.
`python -m tests.sites.month FILE [--articles-a-day N]` writes it to a file, to look at.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from kwri_crawler.archive import articles, crawls, open_archive
from kwri_crawler.archive.health import record
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.causes import Cause
from kwri_crawler.clock import moment_of
from kwri_crawler.dates import with_dates
from kwri_crawler.health import Reason, Says, Verdict, Word
from kwri_crawler.items import Article, DateKind, DateSource, DateText
from kwri_crawler.pages.cleaning import clean_article
from pipelines.dedupe import DedupeStage
from tests.sites.corpus import ARTICLES, slug_of

FIRST, LAST = date(2024, 5, 1), date(2024, 6, 30)
MONTH = "2024-06"
# id, name, region, zone, share of the articles, how soon it copies (hours, median), whether it prints authors
PORTALS = (
    ("warta-brantas", "Warta Brantas", "Jawa Timur", "Asia/Jakarta", 9, 6.0, True),
    ("kabar-bromo", "Kabar Bromo", "Jawa Timur", "Asia/Jakarta", 8, 1.2, True),
    ("suara-madura", "Suara Madura", "Jawa Timur", "Asia/Jakarta", 6, 0.4, True),
    ("pena-mataraman", "Pena Mataraman", "Jawa Timur", "Asia/Jakarta", 5, 3.0, False),
    ("lensa-dewata", "Lensa Dewata", "Bali", "Asia/Makassar", 4, 5.0, True),
    ("gema-celebes", "Gema Celebes", "Sulawesi Selatan", "Asia/Makassar", 4, 8.0, True),
    ("cahaya-papua", "Cahaya Papua", "Papua", "Asia/Jayapura", 2, 12.0, True),
    ("portal-nusantara-bersatu-sejahtera", "Portal Nusantara Bersatu Sejahtera", None, "Asia/Jakarta", 2, 2.0, False),
)
PLACES = ("Surabaya", "Malang", "Sidoarjo", "Jember", "Banyuwangi", "Kediri", "Madiun", "Ngawi", "Sumenep", "Lamongan",
          "Denpasar", "Makassar", "Jayapura", "Probolinggo", "Tuban", "Blitar")  # fmt: skip
_OTHER_PLACES = ("Jombang", "Lumajang", "Tulungagung", "Magetan", "Ponorogo", "Pasuruan", "Gresik")
_KNOWN_PLACE = re.compile(rf"\b(?:{'|'.join((*PLACES, *_OTHER_PLACES))})\b")
HOSTILE = '<script>alert("judul")</script> & "Kutipan" <img src=x onerror=alert(1)>'
_HOLIDAY = date(2024, 6, 17)  # fewer articles
_MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli")
_LATE = ("Pendidikan", "Olahraga")  # sections that June is full of


@dataclass(frozen=True)
class Told:
    """An article before the stages."""

    portal: str
    at: datetime  # aware, UTC
    title: str
    section: str
    paragraphs: tuple[str, ...]
    tags: tuple[str, ...]


# what `scrapy harvest` noticed; the last is of the month after
HEALTH = (
    ("warta-brantas", "2024-05-16T02:00:00Z", "well", None),
    ("kabar-bromo", "2024-05-16T02:00:00Z", "well", None),
    (
        "kabar-bromo",
        "2024-06-20T02:00:00Z",
        "thin",
        Reason(Says.AUTHORS, {"have": 1, "total": 30, "days": 2, "usual": 0.97}),
    ),
    (
        "cahaya-papua",
        "2024-06-12T02:00:00Z",
        "blocked",
        Reason(Says.LOST, {"lost": 5, "total": 5, "days": 1}, Cause.BLOCK, "HTTP 403"),
    ),
    ("suara-madura", "2024-07-02T02:00:00Z", "broken", Reason(Says.NEVER_READ, {"since": "of July"})),
)


def portal_of(row: tuple[str, str, str | None, str, int, float, bool]) -> Portal:
    name, title, region, zone, *_ = row
    home = f"https://{name}.example/"
    return Portal(name, title, home, "varient", region, zone, (Listing(ListingKind.FEED, home + "feed"),))


def tell(a_day: float, seed: int = 6) -> Iterator[Told]:
    """Tell what the portals published, event by event; `a_day` articles a day, copies not counted."""
    dice = random.Random(seed)
    models = [article for article in ARTICLES if article.post_type == "article"]
    sentences = [text for model in models for text in model.paragraphs if isinstance(text, str) and len(text) > 60]
    used: set[str] = set()
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    for day in days:
        quiet = 0.35 if day == _HOLIDAY else 0.7 if day.weekday() == 6 else 1.0
        for _ in range(max(1, round(a_day * quiet * dice.uniform(0.8, 1.2)))):
            late = day.month == 6
            model = dice.choices(models, [3 if (m.section in _LATE) == late else 1 for m in models])[0]
            place = dice.choices(PLACES, range(len(PLACES), 0, -1))[0]
            row = dice.choices(PORTALS, [p[4] for p in PORTALS])[0]
            own = [text for text in model.paragraphs if isinstance(text, str)]
            told = [own[0], *dice.sample(own[1:], min(2, len(own) - 1)), *dice.sample(sentences, dice.randint(4, 9))]
            title = retell(model.title, place, dice)
            while title in used:
                title = f"{title.partition(' (')[0]} ({dice.randint(2, 999)})"
            used.add(title)
            clock = datetime(day.year, day.month, day.day, dice.randint(5, 22), dice.randint(0, 59), tzinfo=UTC)
            at = clock.replace(tzinfo=ZoneInfo(row[3])).astimezone(UTC)
            paragraphs = [retell(text, place, dice) for text in told]
            paragraphs[0] = f"{place.upper()} – {paragraphs[0]}"
            first = Told(row[0], at, title, model.section, tuple(paragraphs), model.tags)
            yield first
            if dice.random() < 0.14:
                yield from copies(first, dice)


def retell(text: str, place: str, dice: random.Random) -> str:
    """Move a text to another place, with other numbers and names, so that no two articles share its passages."""
    text = _KNOWN_PLACE.sub(place, text)
    words = re.sub(r"\d+", lambda _: str(dice.randint(2, 9999)), text).split()
    for at in range(dice.randint(1, 5), len(words), 5):
        if words[at].islower() and len(words[at]) > 3:
            words[at] = dice.choice(_SPARE)
    return " ".join(words)


_SPARE = tuple(
    dict.fromkeys(
        word
        for article in ARTICLES
        for text in article.paragraphs
        if isinstance(text, str)
        for word in text.split()
        if word.isalpha() and word.islower() and len(word) > 4
    )
)


def copies(first: Told, dice: random.Random) -> Iterator[Told]:
    """Copy a release to other portals: an hour or a day later, some cut or under another title."""
    others = [row for row in PORTALS if row[0] != first.portal]
    for row in dice.sample(others, min(len(others), 1 + int(dice.expovariate(0.45)))):
        lag = timedelta(hours=min(46.0, row[5] * dice.lognormvariate(0, 0.9)) + 1 / 60)
        paragraphs = first.paragraphs[: len(first.paragraphs) - (dice.random() < 0.3)]
        title = first.title if dice.random() < 0.5 else f"{first.title}, Ini Penjelasannya"
        section = first.section if dice.random() < 0.7 else "Daerah"
        at = (first.at + lag).replace(second=0)
        if at.date() <= LAST:
            yield Told(row[0], at, title, section, (*paragraphs, f"Sumber: {row[1]}."), first.tags[:1])


def article_of(told: Told, number: int, crawl: int) -> Article:
    """Return the article as a page's reader hands it to the stages."""
    row = next(row for row in PORTALS if row[0] == told.portal)
    local = told.at.astimezone(ZoneInfo(row[3]))
    printed = local.strftime("%Y-%m-%dT%H:%M:%S%z")
    if told.portal == "pena-mataraman":  # knows its days only
        printed = f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
    if number % 97 == 50:
        printed = "segera"  # no date: the article is undated
    return Article(
        portal=told.portal,
        zone=row[3],
        url=f"https://{told.portal}.example/{slug_of(told.title)[:80]}-{number}",
        title=told.title,
        paragraphs=told.paragraphs,
        fetched_at=told.at + timedelta(minutes=25),
        reader="varient",
        author=f"Penulis {number % 7}" if row[6] else None,
        section=told.section if number % 31 else None,
        tags=told.tags,
        image_url=f"https://{told.portal}.example/{number}.jpg" if number % 9 else None,
        language="id",
        dates=(DateText(DateKind.PUBLISHED, DateSource.BYLINE, printed),),
        crawl_id=crawl,
    )


def build(path: Path, a_day: float = 18) -> Database:
    """Store the two months through the stages clean, dates, dedupe and the archive's store; return the open archive."""
    db = open_archive(path)
    db.execute("PRAGMA synchronous = OFF")
    crawl_of = {row[0]: crawls.begin(db, portal_of(row), None, None) for row in PORTALS}
    told = sorted(tell(a_day), key=lambda one: (one.at, one.portal))
    worst = next(n for n, one in enumerate(told) if one.at.month == 6)  # a hostile page among them
    told[worst] = replace(told[worst], title=HOSTILE, section="<b>Tebal</b>")
    stage = DedupeStage()
    db.execute("BEGIN IMMEDIATE")
    for number, one in enumerate(told, 1):
        article = stage.process_item(with_dates(clean_article(article_of(one, number, crawl_of[one.portal]))))
        articles.store(db, article)
    for portal, at, word, reason in HEALTH:
        reasons = (reason,) if reason else ()
        record(db, [Verdict(portal, Word(word), moment_of(at), reasons)], moment_of(at))
    db.execute("COMMIT")
    return db


def main() -> int:
    """Write the two months to a file and say how much that is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles-a-day", type=float, default=18)
    asked = parser.parse_args()
    db = build(asked.file, asked.articles_a_day)
    (number, stories) = db.execute("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM stories)").fetchone()
    print(f"{asked.file}: {number} articles, {stories} stories")
    db.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
