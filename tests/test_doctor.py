"""`scrapy doctor`, `backup` and `deploy`: an installation is examined, copied, restored, upgraded and started."""

import argparse
import json
import os
import resource
import shlex
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import Settings
from sqlite_utils import Database

from kwri_crawler.archive import ArchiveError, checkup, open_archive, schema
from kwri_crawler.archive.articles import store
from kwri_crawler.archive.backup import back_up
from kwri_crawler.archive.checkup import Checkup, check_up
from kwri_crawler.command.checks import (
    FAIL,
    OK,
    WARN,
    Check,
    check_archive,
    check_clock,
    check_open_files,
    check_secrets,
    check_versions,
)
from kwri_crawler.commands.deploy import fill, given_settings, places
from kwri_crawler.commands.doctor import examine, few
from kwri_crawler.kept.file import open_pages
from tests.archives import an_article, crawl_of
from tests.crawling import HOST, PORTAL, PROJECT, assert_sound, contents, crawl, run, run_here, start, value
from tests.sites.corpus import ARTICLES
from tests.sites.server import Answer, LocalServer, Request
from tests.sites.varient import VarientPortal

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
COMMANDS = sorted(
    path.stem for path in (PROJECT / "kwri_crawler" / "commands").glob("*.py")
    if "class Command(" in path.read_text(encoding="utf-8")
)  # fmt: skip


@pytest.fixture
def site() -> Iterator[VarientPortal]:
    with VarientPortal(articles=ARTICLES[:25]) as portal:
        yield portal


def doctor(archive: Path, *named: str, network: bool = False, full: bool = False, **settings: str) -> list[Check]:
    """Examine as the command does, in this process: two commands run whole below."""
    given = Settings()
    given.setmodule("kwri_crawler.settings")
    given.setdict({"ARCHIVE_PATH": str(archive), "CONTACT": "you@example.invalid", **settings}, priority="cmdline")
    return list(examine(given, list(named), network, full, datetime.now(UTC)))


def verdicts(checks: list[Check]) -> dict[str, str]:
    return {check.name: check.verdict for check in checks}


# ---------------------------------------------------------------------- doctor


@pytest.mark.parametrize(
    ("hard", "at_once", "verdict", "enough"),
    [
        (1 << 20, 256, OK, ""),
        (resource.RLIM_INFINITY, 256, OK, ""),
        (1024, 120, OK, ""),
        (1024, 121, WARN, "enough for 120 portals"),
        (40, 16, WARN, "enough for 1 portals"),
    ],
)
def test_open_files_are_compared_with_what_a_harvest_may_need(
    hard: int, at_once: int, verdict: str, enough: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (32, hard))
    found = check_open_files(at_once)
    assert found.verdict == verdict, found
    assert enough in found.text
    assert ("LimitNOFILE" in found.cure) is (verdict == WARN)


def test_a_new_installation_is_fit_and_no_archive_is_made_by_looking(tmp_path: Path) -> None:
    done = doctor(tmp_path / "kwri.sqlite")
    assert verdicts(done) == {
        "versions": OK, "home": OK, "settings": OK, "catalogue": OK, "archive": WARN, "disk": OK,
        "files": OK,
    }  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    whole = run("doctor", ARCHIVE_PATH=str(tmp_path / "kwri.sqlite"))
    told = whole.out
    assert whole.code == 0
    assert "warn  settings" in told
    assert '-> write CONTACT = "a mail address or a page" into' in told, "a cure stands under what is wrong"


def test_a_running_installation_is_examined_also_while_a_crawl_writes(tmp_path: Path, site: VarientPortal) -> None:
    archive = tmp_path / "kwri.sqlite"
    site.latency_s = 0.05
    process = start(archive, {HOST: site.address})
    end = time.monotonic() + 20
    while not (archive.exists() and len(site.requests) > 12) and time.monotonic() < end:
        time.sleep(0.05)
    done = doctor(archive)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert (verdicts(done)["archive"], verdicts(done)["schema"]) == (OK, OK), done
    assert verdicts(doctor(archive, full=True)) == {
        "versions": OK, "home": OK, "settings": OK, "catalogue": OK, "archive": OK, "schema": OK, "pages": OK,
        "disk": OK, "files": OK, "clock": OK, "harvest": OK, "backup": WARN,
    }  # fmt: skip


def test_damage_is_found_and_named(tmp_path: Path, site: VarientPortal) -> None:
    archive = tmp_path / "kwri.sqlite"
    assert crawl(archive, {HOST: site.address}).code == 0
    whole = archive.read_bytes()
    with archive.open("r+b") as file:
        for page in range(8, len(whole) // 4096, 3):
            file.seek(page * 4096)
            file.write(os.urandom(4096))
    done = run("doctor", "--json", ARCHIVE_PATH=str(archive))
    assert done.code == 1
    assert [c["name"] for c in json.loads(done.out)["checks"] if c["verdict"] == FAIL] == ["archive"]
    archive.write_bytes(whole)
    with sqlite3.connect(archive) as connection:  # a search index that disagrees with the articles
        retitle_unseen(connection, "something else")
    assert verdicts(doctor(archive))["search"] == FAIL
    assert "mend-search" in run("backup", ARCHIVE_PATH=str(archive)).log
    mended = run("doctor", "--mend-search", "--json", ARCHIVE_PATH=str(archive))
    assert mended.code == 0, mended.out
    assert "search" not in verdicts(doctor(archive, full=True))
    archive.write_bytes(b"no database at all " * 400)
    assert verdicts(doctor(archive))["archive"] == FAIL


@pytest.mark.parametrize("name", ["a?.sqlite", "a#b.sqlite", "a%20b.sqlite", "a b.sqlite"])
def test_an_archive_is_found_whatever_its_path_holds(name: str, tmp_path: Path) -> None:
    open_archive(tmp_path / name).close()
    assert verdicts(doctor(tmp_path / name))["archive"] == OK


def damaged_search(archive: Path, number: int = 40) -> sqlite3.Connection:
    """Make an archive of many articles whose index does not know the first one's title; return a connection to it."""
    db = open_archive(archive)
    crawl = crawl_of(db)
    for each in range(number):
        store(db, an_article(f"a{each}", f"Kalimat nomor {each} tentang kota ini.", crawl_id=crawl))
    db.close()
    connection = sqlite3.connect(archive, isolation_level=None)
    retitle_unseen(connection, "Jembatan Gantung")
    return connection


def retitle_unseen(connection: sqlite3.Connection, title: str) -> None:
    """Change a title behind the search index's back."""
    (trigger,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_au'").fetchone()
    connection.execute("DROP TRIGGER articles_au")
    connection.execute("UPDATE articles SET title = ? WHERE id = 1", (title,))
    connection.execute(trigger)


def test_the_search_index_is_compared_whole_while_another_program_writes(tmp_path: Path) -> None:
    writer = damaged_search(tmp_path / "a.sqlite")
    writer.execute("BEGIN IMMEDIATE")
    found = check_up(tmp_path / "a.sqlite", full=True)
    assert (found.damage, bool(found.search), found.looked_up) == (None, True, None)
    writer.execute("ROLLBACK")
    assert {path.name.partition("sqlite")[2] for path in tmp_path.iterdir()} <= {"", "-wal", "-shm", ".lock"}
    writer.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    assert check_up(tmp_path / "a.sqlite", full=False).search is None


def test_the_search_index_of_a_large_archive_is_sampled_without_a_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = damaged_search(tmp_path / "a.sqlite")
    monkeypatch.setattr(checkup, "QUICK_CHECK_BYTES", 4096)
    writer.execute("BEGIN IMMEDIATE")
    found = check_up(tmp_path / "a.sqlite", full=False)
    assert found.search == "article 1 is not found by the words of its title"
    writer.execute("ROLLBACK")
    assert check_up(tmp_path / "a.sqlite", full=True).looked_up is None
    writer.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    found = check_up(tmp_path / "a.sqlite", full=False)
    assert (found.search, found.looked_up) == (None, 40)
    (said,) = [check for check in check_archive(tmp_path / "a.sqlite", False)[1] if check.name == "search"]
    assert (said.verdict, "40 articles" in said.text, "--full" in said.text) == (OK, True, True)


@pytest.mark.parametrize("left", ["a-pages.sqlite", "backups/a-20260302T120000Z.sqlite", None])
@pytest.mark.parametrize(("command", "code"), [(("crawl", "kwri-jatim"), 5), (("harvest",), 2), (("export",), 5)])
def test_no_command_begins_anew_where_an_archive_was_lost(
    command: tuple[str, ...], code: int, left: str | None, tmp_path: Path
) -> None:
    archive = tmp_path / "a.sqlite"
    archive.touch()
    if left is not None:
        (tmp_path / left).parent.mkdir(exist_ok=True)
        (tmp_path / left).touch()
    nowhere = {"CONNECT_TO": '{"*": "127.0.0.1:9"}', "DOWNLOAD_DELAY": "0", "RETRY_TIMES": "0"}
    done = run(*command, ARCHIVE_PATH=str(archive), **nowhere)
    assert (done.code == code) is (left is not None), done.log
    assert ("restore a backup" in done.log) is (left is not None)
    assert (archive.stat().st_size == 0) is (left is not None)


def test_an_empty_archive_beside_what_an_archive_leaves_was_lost(tmp_path: Path) -> None:
    archive = tmp_path / "kwri.sqlite"
    archive.touch()
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "kwri-20260302T120000Z.sqlite").touch()
    (lost,) = [check for check in doctor(archive) if check.name == "archive"]
    assert (lost.verdict, "is empty" in lost.text, "restore a backup" in lost.cure) == (FAIL, True, True)


def test_kept_pages_that_are_damaged_and_a_table_that_is_gone_are_seen(tmp_path: Path) -> None:
    archive, pages = tmp_path / "a.sqlite", tmp_path / "a-pages.sqlite"
    open_archive(archive).close()
    open_pages(pages).close()
    assert verdicts(doctor(archive))["pages"] == verdicts(doctor(archive))["archive"] == OK
    for broken in (b"bukan basis data " * 400, b""):
        pages.write_bytes(broken)
        for beside in ("-wal", "-shm"):
            pages.with_name(pages.name + beside).unlink(missing_ok=True)
        assert verdicts(doctor(archive))["pages"] == (FAIL if broken else OK)  # an empty one is begun anew
    db = sqlite3.connect(archive)
    db.execute("DROP TABLE visits")
    db.close()
    (found,) = (check for check in doctor(archive) if check.name == "archive")
    assert (found.verdict, "it has no table visits" in found.text) == (FAIL, True)


@pytest.mark.parametrize(
    "part", ["trigger articles_ai", "view latest_articles", "index urls_due", "table articles_fts"]
)
def test_whatever_the_schema_lacks_is_named(part: str, tmp_path: Path) -> None:
    archive = tmp_path / "a.sqlite"
    open_archive(archive).close()
    with closing(sqlite3.connect(archive)) as db:
        db.execute(f"DROP {part}")
    (found,) = (check for check in doctor(archive) if check.name == "archive")
    assert (found.verdict, f"it has no {part}" in found.text) == (FAIL, True), found


def test_a_schema_that_is_no_text_is_damage_for_whoever_opens_the_archive(tmp_path: Path) -> None:
    archive = tmp_path / "a.sqlite"
    open_archive(archive).close()
    db = sqlite3.connect(archive)
    db.executescript(
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = CAST(replace(CAST(sql AS BLOB), 'SELECT', x'b0b1')"
        " AS TEXT) WHERE name = 'latest_articles'; PRAGMA wal_checkpoint(TRUNCATE)"
    )
    db.close()
    with pytest.raises(ArchiveError, match="is damaged"):
        open_archive(archive)


def test_wrong_settings_catalogue_and_disk_fail_with_a_cure(tmp_path: Path) -> None:
    (tmp_path / "portals").mkdir()
    (tmp_path / "portals" / "x.toml").write_text("nam = 1\n")
    shutil.copy(PROJECT / "kwri_crawler" / "portals" / "kwri-jatim.toml", tmp_path / "portals")
    done = doctor(
        tmp_path / "kwri.sqlite", ROBOTSTXT_OBEY="0", PORTALS_PATH=str(tmp_path / "portals"), MIN_FREE_MB="999999999"
    )
    failed = [check for check in done if check.verdict == FAIL]
    assert [check.name for check in failed] == ["settings", "catalogue", "disk"]
    assert all(check.cure for check in failed)
    assert "x.toml" in failed[1].text
    assert next(check.text for check in done if check.name == "catalogue") == "1 portals, 1 active"


def test_old_versions_and_a_clock_that_went_back_fail() -> None:
    right = {"scrapy": "2.19.0"}.get
    assert check_versions((3, 11, 2), (3, 40, 1), lambda name: right(name, "")).verdict == OK
    assert check_versions((3, 10, 9), (3, 40, 1), lambda name: right(name, "")).verdict == FAIL
    assert check_versions((3, 11, 2), (3, 31, 0), lambda name: right(name, "")).verdict == FAIL
    assert check_versions((3, 11, 2), (3, 40, 1), lambda _: "2.11.2").verdict == FAIL
    found = Checkup(None, (), (), 1, 1, NOW + timedelta(hours=2), NOW, 0)
    assert check_clock(found, NOW).verdict == FAIL
    put_right = check_clock(replace(found, latest_crawl=NOW), NOW)
    assert (put_right.verdict, "rows from the future" in put_right.text) == (WARN, True)
    assert check_clock(replace(found, latest_crawl=NOW + timedelta(hours=1)), NOW).verdict == FAIL
    assert check_clock(found, NOW + timedelta(hours=3)).verdict == OK


class Robots(LocalServer):
    """Answers for several portals' robots.txt."""

    def answer(self, request: Request) -> Answer:
        rules = {"jatim.kwri.or.id": "User-agent: *\nDisallow: /", "indonesiasatu.co.id": "User-agent: *\nDisallow:"}
        if request.route != "/robots.txt":
            return Answer(status=404)
        body = rules.get(request.host.removeprefix("www."))
        return Answer(body, content_type="text/plain") if body else Answer("no", 403)


def test_with_network_each_portal_is_asked_for_its_robots_txt_and_nothing_else(tmp_path: Path) -> None:
    with Robots() as server:
        done = doctor(tmp_path / "kwri.sqlite", network=True, CONNECT_TO=json.dumps({"*": server.address}))
        assert {path for _, path, *_ in server.requests} == {"/robots.txt"}
        agents = {headers["User-Agent"] for *_, headers in server.requests}
    said = {check.text.partition(":")[0]: check for check in done if check.name == "robots"}
    assert said[PORTAL].verdict == WARN
    assert "forbids" in said[PORTAL].text
    assert said["indonesiasatu"].verdict == OK
    assert said["beritaterbaru"].text.endswith("HTTP 403")
    assert verdicts(done)["clock"] == OK
    assert all("you@example.invalid" in agent for agent in agents)
    shown = list(few([*done, *[Check("robots", OK, f"warta-{n}: it lets us in") for n in range(30)]]))
    assert [check.text for check in shown if check.name == "robots" and check.verdict == OK] == [
        "31 portals let us in; --json names them"
    ]
    assert [check for check in shown if check.verdict != OK] == [check for check in done if check.verdict != OK]
    gone = doctor(tmp_path / "kwri.sqlite", PORTAL, network=True, CONNECT_TO=json.dumps({"*": server.address}))
    assert [check.verdict for check in gone if check.name == "robots"] == [FAIL], "nobody answers there any more"


# ---------------------------------------------------------------------- backup, restore, upgrade


def test_a_backup_made_while_a_crawl_writes_is_whole_and_restores(tmp_path: Path, site: VarientPortal) -> None:
    archive = tmp_path / "output" / "kwri.sqlite"
    site.latency_s = 0.05
    process = start(archive, {HOST: site.address})
    end = time.monotonic() + 20
    while len(site.requests) < 15 and time.monotonic() < end:
        time.sleep(0.05)
    made = run("backup", "--json", ARCHIVE_PATH=str(archive))
    process.communicate(timeout=60)
    assert made.code == 0, made.log
    copy = Path(json.loads(made.out)["file"])
    assert copy.parent == archive.parent / "backups"
    assert json.loads(made.out)["articles"] > 0
    assert json.loads(made.out)["not_copied"] == str(archive.with_name("kwri-pages.sqlite")), "the kept pages"
    assert_sound(copy)
    expected = contents(archive)
    # What `scrapy backup --help` says of restoring, word for word.
    archive.with_name("kwri.sqlite-wal").unlink(missing_ok=True)
    archive.with_name("kwri.sqlite-shm").unlink(missing_ok=True)
    shutil.copy(copy, archive)
    assert verdicts(doctor(archive))["archive"] == OK
    site.latency_s = 0
    assert crawl(archive, {HOST: site.address}).code == 0
    again = {row["url"] for row in contents(archive)}
    assert {row["url"] for row in expected} <= again, "what was crawled after the backup is crawled again"
    assert_sound(archive)


def test_kept_pages_are_copied_as_the_help_of_backup_says(tmp_path: Path) -> None:
    pages, copy = tmp_path / "kwri-pages.sqlite", tmp_path / "usb" / "kwri-pages.sqlite"
    open_archive(tmp_path / "kwri.sqlite").close()
    assert "not copied" not in run("backup", ARCHIVE_PATH=str(tmp_path / "kwri.sqlite")).out, "there are none"
    open_pages(pages).close()
    assert f"{pages}: not copied" in run("backup", ARCHIVE_PATH=str(tmp_path / "kwri.sqlite")).out
    (line,) = [line for line in run("backup", "--help").out.splitlines() if "VACUUM INTO" in line]
    statement = line.split('"')[1].replace("/mnt/usb/kwri-pages.sqlite", str(copy))
    copy.parent.mkdir()
    with sqlite3.connect(pages) as connection:
        connection.execute(statement)
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM pages").fetchone() == (0,)


def test_old_copies_go_only_once_the_new_one_is_there(tmp_path: Path) -> None:
    archive = tmp_path / "kwri.sqlite"
    nothing = run("backup", ARCHIVE_PATH=str(archive))
    assert nothing.code == 5
    assert "no archive" in nothing.log
    open_archive(archive).close()
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"kwri-2026010{day}T020000Z.sqlite").write_text("old")
    (folder / "mine.sqlite").write_text("not ours to remove")
    assert run("backup", "--keep", "2", ARCHIVE_PATH=str(archive)).code == 0
    left = sorted(path.name for path in folder.iterdir())
    assert left[0] == "kwri-20260103T020000Z.sqlite"
    assert len(left) == 3
    assert left[-1] == "mine.sqlite"


def test_a_copy_that_cannot_be_made_replaces_none(tmp_path: Path) -> None:
    archive, target = tmp_path / "kwri.sqlite", tmp_path / "usb" / "kwri.sqlite"
    open_archive(archive).close()
    assert back_up(archive, target).articles == 0
    before = target.read_bytes()
    archive.write_bytes(b"damaged " * 4000)
    with pytest.raises(ArchiveError, match="was not made"):
        back_up(archive, target)
    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == ["kwri.sqlite"]
    with pytest.raises(ArchiveError, match="archive itself"):
        back_up(target, target)


def test_a_backup_that_was_killed_leaves_nothing_for_long(tmp_path: Path) -> None:
    archive, target = tmp_path / "kwri.sqlite", tmp_path / "usb" / "kwri.sqlite"
    open_archive(archive).close()
    ended = subprocess.Popen(["true"])
    ended.wait()
    target.parent.mkdir()
    names = [f".kwri.sqlite.{who}.part" for who in (ended.pid, os.getppid(), "mine")] + [f".b.sqlite.{ended.pid}.part"]
    for name in names:
        (target.parent / name).write_bytes(b"half")
    back_up(archive, target)
    assert {path.name for path in target.parent.iterdir()} == {"kwri.sqlite", *names[1:]}


def test_an_archive_of_an_older_release_is_named_and_brought_up_to_date(tmp_path: Path, site: VarientPortal) -> None:
    archive = tmp_path / "kwri.sqlite"
    with sqlite3.connect(archive) as connection:
        schema.migrations.apply(Database(connection), stop_before="health")
    assert verdicts(doctor(archive))["schema"] == WARN
    back_up(archive, tmp_path / "before.sqlite")  # the copy comes before the upgrade
    assert crawl(archive, {HOST: site.address}, "-a", "limit=3").code == 0
    assert verdicts(doctor(archive))["schema"] == OK
    assert value(archive, "SELECT count(*) FROM events") == 0
    with sqlite3.connect(archive) as connection:
        connection.execute("INSERT INTO _sqlite_migrations SELECT 9999, migration_set, 'of_tomorrow', applied_at"
                           " FROM _sqlite_migrations LIMIT 1")  # fmt: skip
    assert verdicts(doctor(archive))["schema"] == FAIL


# ---------------------------------------------------------------------- unattended


@pytest.fixture
def deployed(tmp_path: Path) -> Path:
    done = run("deploy", str(tmp_path / "deploy"), "--user=root", ARCHIVE_PATH=str(tmp_path / "out" / "kwri.sqlite"))
    assert done.code == 0, done.log
    return tmp_path / "deploy"


def test_systemd_takes_the_units(deployed: Path) -> None:
    units = sorted(str(path) for path in deployed.iterdir() if path.suffix in (".service", ".timer"))
    assert len(units) == 4
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here; on Debian: apt-get install systemd")
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_gives_a_stopped_harvest_the_time_that_it_needs(deployed: Path) -> None:
    from kwri_crawler import settings

    unit = (deployed / "kwri-harvest.service").read_text(encoding="utf-8")
    (stop,) = [line for line in unit.splitlines() if line.startswith("TimeoutStopSec=")]
    assert int(stop.partition("=")[2]) > settings.STOP_GRACE_S + 30
    assert "{" not in unit


def test_logrotate_takes_its_file(deployed: Path, tmp_path: Path) -> None:
    logrotate = shutil.which("logrotate") or shutil.which("logrotate", path="/usr/sbin")
    if logrotate is None:
        pytest.skip("logrotate is not here; on Debian: apt-get install logrotate")
    logs = tmp_path / "out"
    logs.mkdir(exist_ok=True)
    logs.chmod(0o755)
    (logs / "harvest.log").write_text("a line\n")
    conf, state = deployed / "kwri.logrotate", tmp_path / "state"
    conf.chmod(0o644)
    done = subprocess.run([logrotate, "-f", "-s", str(state), str(conf)], capture_output=True, text=True, check=False)
    if "does not have permissions" in done.stderr or "su" in done.stderr:
        pytest.skip(f"only root may switch users: {done.stderr.strip()}")
    assert (done.returncode, done.stderr) == (0, "")
    assert (logs / "harvest.log").read_text() == ""
    assert (logs / "harvest.log.1").read_text() == "a line\n"


def test_the_cron_line_harvests_when_a_shell_runs_it_from_elsewhere(deployed: Path, tmp_path: Path) -> None:
    (line,) = [row for row in (deployed / "kwri.cron").read_text().splitlines() if " harvest " in row]
    command = line.split(None, 6)[6]
    (tmp_path / "out").mkdir(exist_ok=True)
    # The line as it stands, with settings for this test only, and nothing in the environment: as cron does.
    (tmp_path / "none").mkdir()
    command = command.replace(
        " --within ", f" -s ARCHIVE_PATH={tmp_path}/out/kwri.sqlite -s PORTALS_PATH={tmp_path}/none --within "
    )
    done = subprocess.run(["env", "-i", "/bin/sh", "-c", command], cwd="/", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert (tmp_path / "out" / "kwri.sqlite").exists()
    assert "Scrapy" in (tmp_path / "out" / "harvest.log").read_text()


def test_a_template_with_an_unknown_place_is_an_error() -> None:
    values = places(Path("/srv/press/kwri.sqlite"), (), "press", ())
    assert fill("{output} {user}", values, str) == "/srv/press press"
    with pytest.raises(KeyError):
        fill("{nowhere}", values, str)


def test_what_the_command_line_sets_stands_in_every_unit_and_cron_line(tmp_path: Path) -> None:
    given = {
        "ARCHIVE_PATH": "/srv/warta kita/kwri.sqlite",
        "PAGES_PATH": "/srv/halaman/h.sqlite",
        "PROMETHEUS_FILE": "/var/lib/node-exporter/kwri.prom",
        "CONTACT": 'redaksi 100% "siap" $HOME',
        "NOW": "2026-11-01T10:00:00+07:00",
    }
    assert run_here("deploy", str(tmp_path), "--user=press", **given).code == 0
    harvest = (tmp_path / "kwri-harvest.service").read_text()
    backup = (tmp_path / "kwri-backup.service").read_text()
    runs = [line for line in (harvest + backup).splitlines() if line.startswith("ExecStart=")]
    assert len(runs) == 3
    for line in runs:
        assert '-s "ARCHIVE_PATH=/srv/warta kita/kwri.sqlite" -s PAGES_PATH=/srv/halaman/h.sqlite' in line
        assert r'-s "CONTACT=redaksi 100%% \"siap\" $$HOME"' in line
        assert "NOW=" not in line
    writable = 'ReadWritePaths="/srv/warta kita" /srv/halaman /var/lib/node-exporter'
    assert writable in harvest
    assert writable in backup
    lines = [line for line in (tmp_path / "kwri.cron").read_text().splitlines() if " cd " in line]
    assert len(lines) == 2
    for line in lines:
        command = line.partition(" cd ")[2].replace(r"\%", "%")  # what cron hands to the shell
        words = shlex.split(command.replace("&&", " && "))
        for name in ("ARCHIVE_PATH", "PAGES_PATH", "PROMETHEUS_FILE", "CONTACT"):
            assert f"{name}={given[name]}" in words


def test_no_unit_runs_as_root_unless_that_was_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "units"
    archive = str(tmp_path / "kwri.sqlite")
    monkeypatch.setenv("LOGNAME", "root")
    done = run_here("deploy", str(folder), ARCHIVE_PATH=archive)
    assert done.code == 0
    assert "--user NAME" in done.log
    assert "\nUser=kwri\n" in (folder / "kwri-harvest.service").read_text()
    assert "* * * *  kwri  cd " in (folder / "kwri.cron").read_text()
    assert "su kwri kwri\n" in (folder / "kwri.logrotate").read_text()
    assert run_here("deploy", str(folder), "--user=root", ARCHIVE_PATH=archive).code == 0
    assert "\nUser=root\n" in (folder / "kwri-harvest.service").read_text()
    monkeypatch.setenv("LOGNAME", "press")
    assert run_here("deploy", str(folder), ARCHIVE_PATH=archive).code == 0
    assert "\nUser=press\n" in (folder / "kwri-harvest.service").read_text()


def test_secrets_that_others_may_read_are_a_warning(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('PING_URL = "https://hc.example.org/5f2"\n')
    settings.chmod(0o644)
    (shown,) = check_secrets(settings, ("PING_URL",))
    assert (shown.verdict, shown.cure) == (WARN, f"chmod 600 {settings}")
    assert "PING_URL" in shown.text
    assert not list(check_secrets(settings, ()))
    settings.chmod(0o600)
    assert not list(check_secrets(settings, ("PING_URL",)))
    assert not list(check_secrets(tmp_path / "none.toml", ("PING_URL",)))


def test_a_path_that_the_command_line_gives_is_the_same_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert given_settings(["ARCHIVE_PATH=a/b.sqlite", "PORTALS_PATH=p:/q"]) == (
        f"ARCHIVE_PATH={tmp_path}/a/b.sqlite",
        f"PORTALS_PATH={tmp_path}/p:/q",
    )
    for secret in ("PING_URL", "HEALTH_WEBHOOK", "HEALTH_COMMAND", "NOTIFY"):
        with pytest.raises(UsageError, match=f"{secret} into .*settings.toml"):
            given_settings([f"{secret}=https://hc.example.org/5f2"])
        assert given_settings([f"{secret}="]) == (f"{secret}=",)
    with pytest.raises(UsageError, match="line end"):
        given_settings(["CONTACT=a\nb"])


# ---------------------------------------------------------------------- every command


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    command = commands_of_module()[name]()
    command.settings = Settings()
    parser = argparse.ArgumentParser(prog=f"scrapy {name}")
    command.add_options(parser)
    assert f"scrapy {name}" in parser.format_help().partition("example")[2], f"scrapy {name} --help shows no example"
    assert command.short_desc()


def commands_of_module() -> dict[str, type[ScrapyCommand]]:
    """Return what Scrapy finds in COMMANDS_MODULE."""
    from scrapy.cmdline import _get_commands_from_module

    return {name: type(found) for name, found in _get_commands_from_module("kwri_crawler.commands", True).items()}


def test_the_commands_are_those_that_scrapy_finds() -> None:
    assert {"backup", "crawl", "deploy", "doctor", "harvest", "portals"} <= set(COMMANDS) == set(commands_of_module())
