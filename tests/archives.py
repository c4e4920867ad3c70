"""A small archive to ask: one portal with a feed and an index, and what its crawls bring, without a network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from kwri_crawler.archive import crawls, listings, open_archive, stories
from kwri_crawler.archive.ledger import ListedUrl
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.items import Article, DateKind, DateSource, DateText
from kwri_crawler.web.addresses import url_key

HOME = "https://contoh.example/"
INDEX = Listing(ListingKind.INDEX, HOME + "posts")
FEED = Listing(ListingKind.FEED, HOME + "rss/latest-posts")
PORTAL = Portal(
    id="contoh", name="Contoh", home=HOME, family="varient", region=None, zone="Asia/Jakarta", listings=(FEED, INDEX),
    hosts=("contoh.example",),
)  # fmt: skip


@cache
def _bytes_of_a_new_archive() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "new.sqlite"
        open_archive(path).close()
        return path.read_bytes()


def new_archive(path: Path) -> Database:
    """Return a new archive at a path; made once a process and then copied, in a twentieth of the time.

    What this connection commits waits for no disk.
    """
    path.write_bytes(_bytes_of_a_new_archive())
    db = open_archive(path)
    db.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug here
    return db


def listed(*names: str) -> list[ListedUrl]:
    return [ListedUrl(url_key(HOME + name), HOME + name) for name in names]


def an_article(name: str, text: str = "Satu kalimat tentang kota.", **changes: object) -> Article:
    article = Article(
        portal="contoh",
        zone="Asia/Jakarta",
        url=HOME + name,
        title=f"Judul {name}",
        paragraphs=(text, "Paragraf kedua."),
        fetched_at=datetime(2024, 6, 28, 1, 0, tzinfo=UTC),
        reader="varient",
        text_hash=f"hash of {text}",
        tags=("polisi", "surabaya"),
        dates=(DateText(DateKind.PUBLISHED, DateSource.BYLINE, "Jun 27, 2024 - 14:10"),),
    )
    return replace(article, **changes)  # type: ignore[arg-type]


def crawl_of(db: Database, since: str | None = None) -> int:
    return crawls.begin(db, PORTAL, since, None)


def outcomes(db: Database) -> dict[str, str]:
    return {row["url"].removeprefix(HOME): row["outcome"] for row in db.query("SELECT url, outcome FROM urls")}


def walk(db: Database, crawl: int, pages: list[list[str]], listing: Listing = INDEX, finish: bool = True) -> int:
    """Read the pages of a listing until known ground, as a crawl does; return how many pages that took."""
    row, began = listings.begin_listing(db, PORTAL.id, listing)
    for count, page in enumerate(pages, 1):
        recorded = listings.record_page(db, PORTAL.id, row, crawl, listed(*page), None)
        if recorded.known_ground:
            listings.end_listing(db, row, crawl, began, None, on_known_ground=True)
            return count
    if finish:
        listings.end_listing(db, row, crawl, began, None, on_known_ground=False)
    return len(pages)


def check_derived(db: Database) -> None:
    """Check that all that is derived from articles is what it would be if it were made anew: keys, search, stories."""
    assert not db.execute("PRAGMA foreign_key_check").fetchall()
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES('integrity-check', 1)")
    for row in db.query("SELECT url, url_key FROM articles"):
        assert url_key(row["url"]) == row["url_key"]
    before = _derived(db)
    for table in ("marks", "sketches", "ties"):
        db.execute(f"DELETE FROM {table}")
    assert list(stories.rebuild(db, 1000))
    assert _derived(db) == before, "stories were left as an earlier text or address had them"


def _derived(db: Database) -> list[list[object]]:
    return [
        db.execute(asked).fetchall()
        for asked in (
            "SELECT id, story FROM articles ORDER BY id",
            "SELECT * FROM stories ORDER BY id",
            "SELECT * FROM first_copies ORDER BY story, portal",
            "SELECT article, other, kind, reason, containment, jaccard FROM ties ORDER BY article, other",
            "SELECT * FROM marks ORDER BY week, hash, article",
        )
    ]
