"""What a desk notes by hand outlives all that a program does to an article, and goes when the article is taken down."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from kwri_crawler.archive import ArchiveError, articles, notes, open_archive
from kwri_crawler.archive.notes import Note, Tone
from kwri_crawler.items import KeptPage
from kwri_crawler.kept import file as kept
from tests.archives import HOME, PORTAL, an_article, crawl_of, new_archive
from tests.crawling import rows, run_here
from tests.test_forget import portals, readable

AT = "2024-07-01T02:00:00Z"
WHOLE = Note(Tone.NEGATIVE, "Banjir", "Judulnya lebih keras daripada isinya", True)
RECEIVED = datetime(2024, 6, 29, 1, 0, tzinfo=UTC)


def noted(archive: Path | Database) -> list[tuple[object, ...]]:
    sql = "SELECT article, tone, topic, note, starred, by_whom, at FROM notes ORDER BY article"
    if isinstance(archive, Database):
        return list(archive.execute(sql).fetchall())
    return [tuple(row.values()) for row in rows(archive, sql)]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive with a noted article, and a newer page of it among the kept ones."""
    path = tmp_path / "a.sqlite"
    db = new_archive(path)
    number = articles.store(db, an_article("kasus", crawl_id=crawl_of(db))).article or 0
    assert notes.set_note(db, number, WHOLE, "rina", AT)
    db.close()
    pages = kept.open_pages(kept.pages_path(None, path))
    kept.add(pages, [KeptPage(PORTAL.id, HOME + "kasus", HOME + "kasus", 200, (), readable("Kasus"), RECEIVED)])
    pages.close()
    return path


def test_a_note_outlives_reread_redate_restory_and_backup(archive: Path, tmp_path: Path) -> None:
    before = noted(archive)
    assert before == [(1, "negatif", "Banjir", "Judulnya lebih keras daripada isinya", 1, "rina", AT)]
    settings = {"ARCHIVE_PATH": str(archive), "PORTALS_PATH": portals(tmp_path)}
    body = rows(archive, "SELECT body, published_at FROM articles")
    with sqlite3.connect(archive) as db:
        db.execute("UPDATE sketches SET method = 0")
    for command in ("reread --apply", "redate --apply", "restory"):
        done = run_here(*command.split(), **settings)
        assert done.code == 0, done.log
        assert noted(archive) == before, command
    assert rows(archive, "SELECT body, published_at FROM articles") != body, "nothing was read again"
    copy = tmp_path / "copy.sqlite"
    assert run_here("backup", str(copy), **settings).code == 0
    assert noted(copy) == before


def test_a_taken_down_article_takes_its_note_along(archive: Path) -> None:
    done = run_here("forget", HOME + "kasus", "--yes", ARCHIVE_PATH=str(archive))
    assert done.code == 0, done.log
    assert noted(archive) == []
    assert b"lebih keras" not in b"".join(path.read_bytes() for path in archive.parent.glob("a.sqlite*"))


def test_the_last_word_counts_an_empty_one_removes_it_and_no_article_has_none(archive: Path) -> None:
    db = open_archive(archive)
    assert notes.set_note(db, 1, Note(Tone.POSITIVE), "budi", AT)
    assert noted(db) == [(1, "positif", None, None, 0, "budi", AT)]
    assert notes.set_note(db, 1, Note(), "budi", AT)
    assert not notes.set_note(db, 2, WHOLE, "budi", AT)
    assert noted(db) == []
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO notes (article, tone, by_whom, at) VALUES (1, 'bagus', 'budi', ?)", [AT])


@pytest.mark.parametrize(
    ("own", "others", "after"),
    [
        (None, WHOLE, (WHOLE.tone, WHOLE.topic, WHOLE.note, 1, "rina")),
        (Note(Tone.NEUTRAL), WHOLE, ("netral", WHOLE.topic, WHOLE.note, 1, "budi")),
        (Note(note="Sudah dibalas"), WHOLE, ("negatif", "Banjir", f"Sudah dibalas\n{WHOLE.note}", 1, "budi")),
        (Note(note=WHOLE.note), WHOLE, ("negatif", "Banjir", WHOLE.note, 1, "budi")),
        (WHOLE, None, (WHOLE.tone, WHOLE.topic, WHOLE.note, 1, "budi")),
    ],
)
def test_of_two_articles_that_prove_to_be_one_both_notes_are_kept(
    own: Note | None, others: Note | None, after: tuple[object, ...], tmp_path: Path
) -> None:
    db = new_archive(tmp_path / "a.sqlite")
    crawl = crawl_of(db)
    text = "Petani jagung di tiga desa memanen lebih awal karena hujan turun sejak awal bulan."
    first = an_article("panen", text, crawl_id=crawl)
    old, new = (articles.store(db, replace(first, url=HOME + name, text_hash=name)).article or 0 for name in ("a", "b"))
    for number, note, whom in ((old, own, "budi"), (new, others, "rina")):
        assert note is None or notes.set_note(db, number, note, whom, AT)
    moved = replace(first, url=HOME + "b", page_url=HOME + "b", text_hash="b", revisits=old)
    assert articles.store(db, moved).article == old
    assert db["articles"].count == 1
    assert noted(db) == [(old, *after, AT)]


def test_a_note_that_meets_another_writer_is_refused_and_tells_why(archive: Path) -> None:
    with sqlite3.connect(archive, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = sqlite3.connect(archive, timeout=0)
        with pytest.raises(ArchiveError, match="it was not noted: database is locked"):
            notes.note_down(waiting, 1, {"tone": Tone.NEUTRAL}, "budi", AT)
        other.execute("ROLLBACK")
    assert notes.note_down(waiting, 1, {"tone": Tone.NEUTRAL}, "budi", AT)
    waiting.close()
    assert noted(archive) == [(1, "netral", *WHOLE[1:3], 1, "budi", AT)]
