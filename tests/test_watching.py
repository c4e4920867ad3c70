"""Watches from the archive to the receiver: dead hosts, kills, and the commands that an operator types."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kwri_crawler.archive import Writer, lock_harvest, watches
from kwri_crawler.archive.watches import Watch
from kwri_crawler.command import Exit
from kwri_crawler.command.harvest_report import NOTHING_DONE
from kwri_crawler.notify import messages, watching
from tests.archives import new_archive
from tests.crawling import PROJECT, Crawled, run_here
from tests.receivers import Webhook, mail_server, webhook
from tests.test_likeness import FLOOD
from tests.test_stories import NOON, Press
from tests.test_watches import FIRE, grow

pytest.importorskip("apprise", reason="apprise is not installed: pip install 'kwri-crawler[desk]'")

NOW = NOON + timedelta(days=1)


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    press = Press(new_archive(tmp_path / "kwri.sqlite"), {})
    yield press
    press.db.close()


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as kept:
        yield kept


def add(press: Press, **more: object) -> None:
    assert watches.add(press.db, Watch("air", "sungai", send=("wa",))._replace(**more))  # type: ignore[arg-type]


def run(folder: Path, **addresses: str) -> list[str]:
    """Run the watches as a harvest does; return what became of each digest."""
    writer = Writer.share(folder / "kwri.sqlite")
    try:
        return watching.as_lines(watching.run(writer, addresses, NOW, "id")[0])
    finally:
        writer.close()


_KILLED = """
import sys
from datetime import datetime
from pathlib import Path
from kwri_crawler.notify import watching
from kwri_crawler.archive import Writer
writer = Writer.share(Path(sys.argv[1]))
print(watching.run(writer, {"wa": sys.argv[2]}, datetime.fromisoformat(sys.argv[3]), "id"))
"""


def run_and_kill(folder: Path, hook: Webhook) -> None:
    """Run the watches in another process, killed when its message has arrived and before it can write that down."""
    command = [sys.executable, "-c", _KILLED, str(folder / "kwri.sqlite"), hook.url, NOW.isoformat()]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    hook.before_answer = lambda: os.kill(process.pid, signal.SIGKILL)
    out, log = process.communicate(timeout=60)
    assert (process.returncode, out) == (-signal.SIGKILL, b""), log
    hook.before_answer = lambda: None


def test_a_story_that_grows_from_1_to_6_portals_brings_two_messages_past_a_dead_webhook_and_a_kill(
    press: Press, hook: Webhook, tmp_path: Path
) -> None:
    add(press, again_at=5)
    grow(press, "a")
    assert run(tmp_path, wa=hook.url) == ["watch air: 1 story to wa"]
    hook.status = 500
    grow(press, "b", "c", "d", "e", "f")
    assert run(tmp_path, wa=hook.url) == ["watch air: 1 story to wa: not told: HTTP 500"]
    assert run(tmp_path, wa="json://127.0.0.1:9/") == [
        "watch air: 1 story to wa: not told: no connection, or not accepted"
    ]
    hook.status = 200
    assert len(hook.posts) == 1
    run_and_kill(tmp_path, hook)
    assert run(tmp_path, wa=hook.url) == ["watch air: 1 story to wa"]
    assert run(tmp_path, wa=hook.url) == []
    first, second, *again = [post["message"] for post in hook.posts]
    assert again == [second], "the message that had arrived when it was killed comes twice, no other does"
    assert "a.example/1" in first
    assert "portal" not in first.splitlines()[3]
    assert "kini di 6 portal, sebelumnya 1" in second


def test_a_mail_server_gets_one_digest_a_watch_and_run(press: Press, tmp_path: Path) -> None:
    add(press, send=("mail",))
    with mail_server() as (at, mails):
        address = f"mailto://{at}?from=desk@contoh.example&to=kabid@contoh.example"
        press.brings("a.example/2", (*FIRE, "Sungai."), 0, title="Gudang <b>di tepi sungai</b>")
        grow(press, "a", "b")
        assert run(tmp_path, mail=address) == ["watch air: 2 stories to mail"]
        assert run(tmp_path, mail=address) == []
    (mail,) = mails
    assert mail["Subject"] == "air: 2 cerita"
    assert "1. Judul a.example/1" in mail.get_content()
    assert "2. Gudang ‹b›di tepi sungai‹/b›" in mail.get_content()


def test_whoever_does_not_answer_is_asked_once_a_run_and_the_others_are_told(
    press: Press, hook: Webhook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(messages, "SEND_TIMEOUT_S", 0.3)
    add(press, send=("wa", "mail"))
    add(press, name="banjir")
    grow(press, "a")
    hook.before_answer = lambda: time.sleep(1)
    with webhook() as other:
        lines = run(tmp_path, wa=hook.url, mail=other.url)
    assert lines == [
        "watch air: 1 story to mail",
        "watch air: 1 story to wa: not told: no answer in time",
        "watch banjir: 1 story to wa: not told: no answer in time",
    ]
    assert len(hook.posts) == 1
    said = [record.getMessage() for record in caplog.records]
    assert said == [f"wa (127.0.0.1): watch {name}: could not be told: no answer in time" for name in ("air", "banjir")]


def test_a_broken_search_and_a_name_that_is_gone_are_warnings(
    press: Press, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add(press)
    add(press, name="rusak")
    press.db.execute("UPDATE watches SET query = 'sungai AND' WHERE name = 'rusak'")
    grow(press, "a")
    assert run(tmp_path) == ["watch air: 1 story to wa: not told: NOTIFY has no such name"]
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["watch rusak", "wa"]


def ask(folder: Path, *args: str, **notify: str) -> Crawled:
    return run_here("watches", *args, ARCHIVE_PATH=str(folder / "kwri.sqlite"), NOTIFY=json.dumps(notify))


def test_a_watch_is_added_listed_tried_run_and_removed(press: Press, hook: Webhook, tmp_path: Path) -> None:
    press.brings("a.example/0", (*FIRE, "Sungai."), 0)
    done = ask(tmp_path, "add", "air", "sungai", "OR", "banjir", "--again=3", "--send=wa,wa", wa=hook.url)
    assert done.out == "air: added; it is told of stories that are archived from now on, to wa\n", done.log
    assert ask(tmp_path, "test", "air").out.startswith("air: nothing in the last 7 days")
    tried = ask(tmp_path, "test", "air", "--days=36500", "--send", wa=hook.url)
    assert (tried.code, tried.out.splitlines()[0]) == (0, "[percobaan] air: 1 cerita")
    assert [post["title"] for post in hook.posts] == ["[percobaan] air: 1 cerita"]
    assert ask(tmp_path, "test", "air", "--days=36500", "--send=wa,,wa ,", wa=hook.url).code == 0
    assert len(hook.posts) == 2, "names are split as add splits them"
    press.db.execute("UPDATE watches SET seen_article = 0")
    press.db.execute("UPDATE articles SET published_at = NULL, first_seen_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')")
    assert ask(tmp_path, "run", wa=hook.url).out == "watch air: 1 story to wa\n"
    assert ask(tmp_path, "run", wa=hook.url).out == "nothing new\n"
    (listed,) = json.loads(ask(tmp_path, "--json").out)
    assert {**listed, "last_at": "2"} == {
        "name": "air", "query": "sungai OR banjir", "portal": None, "region": None, "least_portals": 1, "again_at": 3,
        "send": ["wa"], "active": True, "watch": "air", "stories": 1, "waiting": 0, "last_at": "2",
    }  # fmt: skip
    assert " ".join(ask(tmp_path).out.split()[9:-3]).startswith("told air sungai OR banjir all 1 3 wa 1 0")
    assert ask(tmp_path, "remove", "air").out == "air: removed\n"
    assert ask(tmp_path).out == "no watches; scrapy watches add NAME QUERY makes one\n"


def test_a_feed_holds_one_entry_a_story(press: Press, tmp_path: Path) -> None:
    add(press)
    grow(press, "a", "b")
    press.brings("a.example/2", (*FIRE, "Sungai."), 0, title="<b>&")
    done = ask(tmp_path, "feed", "air", f"--out={tmp_path / 'air.xml'}")
    assert (done.code, done.log) == (0, f"2 stories in {tmp_path / 'air.xml'}\n")
    feed = ElementTree.parse(tmp_path / "air.xml")
    titles = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["kwri-crawler: air", "<b>&", "Judul b.example/1"]


def test_one_who_cannot_be_told_makes_exit_code_3(press: Press, tmp_path: Path) -> None:
    add(press)
    grow(press, "a")
    press.db.execute("UPDATE articles SET published_at = NULL, first_seen_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')")
    done = ask(tmp_path, "run", wa="json://127.0.0.1:9/rahasia")
    assert (done.code, done.out) == (3, "watch air: 1 story to wa: not told: no connection, or not accepted\n")
    tried = ask(tmp_path, "test", "air", "--send", wa="json://127.0.0.1:9/rahasia")
    assert (tried.code, "wa (127.0.0.1): could not be told" in tried.log) == (3, True)


def test_while_a_harvest_runs_it_tells_and_nobody_else(press: Press, tmp_path: Path) -> None:
    add(press, send=())
    with lock_harvest(tmp_path / "kwri.sqlite"):
        assert ask(tmp_path, "run").code == Exit.BUSY


SLIPS = [
    ["add", "air"],
    ["add", "x" * 61, "sungai"],
    ["add", "a\nb", "sungai"],
    ["add", "air", "sungai AND"],
    ["add", "air", "sungai", "--send"],
    ["add", "air", "sungai", "--send=,"],
    ["add", "air", "sungai", "--send=tidak-ada"],
    ["add", "air", "sungai", "--send=rusak"],
    ["add", "air", "sungai", "--least=3", "--again=3"],
    ["add", "air", "sungai", "--again=1"],
    ["add", "air", "sungai", "--region=Mars"],
    ["add", "air", "sungai", "--portal=mars"],
    ["add", "ada", "sungai"],
    ["test"],
    ["test", "ada", "--least=3"],
    ["test", "ada", "--send=tidak-ada"],
    ["test", "ada", "--send=,"],
    ["test", "ada", "--days=0"],
    ["list", "apa"],
    ["run", "--send=wa"],
    ["apa", "air"],
]


@pytest.mark.parametrize("slip", SLIPS, ids=" ".join)
def test_a_wrong_argument_is_2_and_changes_nothing(slip: list[str], press: Press, tmp_path: Path) -> None:
    add(press, name="ada", send=())
    done = ask(tmp_path, *slip, wa="json://127.0.0.1:9/", rusak="bukan alamat")
    assert done.code == Exit.ARGUMENT, done.log
    assert "Traceback" not in done.log
    assert press.all("SELECT name FROM watches") == [("ada",)]


@pytest.mark.parametrize("verb", ["test", "remove", "feed"])
def test_a_watch_that_is_not_there_is_3_and_the_nearest_is_named(verb: str, press: Press, tmp_path: Path) -> None:
    add(press, name="kebakaran")
    done = ask(tmp_path, verb, "kebakarn")
    assert (done.code, done.log) == (3, "kebakarn: no such watch; did you mean kebakaran?\n")


def test_a_harvest_whose_watches_could_not_be_told_begins_nothing(press: Press, tmp_path: Path) -> None:
    add(press)
    (tmp_path / "portals").mkdir()
    done = run_here("harvest", ARCHIVE_PATH=str(tmp_path / "kwri.sqlite"), PORTALS_PATH=str(tmp_path / "portals"),
                    NOTIFY=json.dumps({"mail": "json://127.0.0.1:9/"}), MIN_FREE_MB="0")  # fmt: skip
    assert done.code == NOTHING_DONE
    assert "wa: the setting NOTIFY has no such name; it has mail" in done.log


def test_every_channel_is_tried_and_what_came_back_is_said(hook: Webhook, tmp_path: Path) -> None:
    at = hook.url.replace("json:", "http:")
    command = tmp_path / "command"
    command.write_text(f'#!/bin/sh\necho "$KWRI_PORTAL $KWRI_WORD" > {tmp_path}/out\n')
    command.chmod(0o700)
    settings = {"HEALTH_COMMAND": str(command), "HEALTH_WEBHOOK": at, "NOTIFY": json.dumps({"wa": hook.url})}
    shown = run_here("notify", **settings)
    assert (shown.code, shown.out.count("not tried"), hook.posts) == (0, 3, [])
    done = run_here("notify", "--test", **settings)
    assert [line.split()[::2] for line in done.out.splitlines()[1:]] == [
        ["HEALTH_COMMAND", "taken"], ["HEALTH_WEBHOOK", "taken"], ["wa", "taken"]
    ]  # fmt: skip
    assert (tmp_path / "out").read_text() == "example broken\n"
    health, story = hook.posts
    assert health["changes"][0]["was"] == "well"
    assert "nothing is wrong" in health["text"]
    assert story["title"] == "[percobaan] example: 1 cerita"


def test_a_channel_that_fails_makes_exit_code_3_and_the_others_are_tried(hook: Webhook) -> None:
    hook.status = 503
    with webhook() as other:
        done = run_here("notify", "--test", HEALTH_WEBHOOK=hook.url.replace("json:", "http:"), PING_URL="http://127.0.0.1:9/s",
                        NOTIFY=json.dumps({"wa": other.url, "mati": "json://127.0.0.1:9/"}))  # fmt: skip
    assert done.code == 3
    assert [line.split("127.0.0.1")[1].strip() for line in done.out.splitlines()[1:]] == [
        "HTTP 503", "Connection refused", "taken", "no connection, or not accepted"
    ]  # fmt: skip
    assert len(other.posts) == 1
    assert run_here("notify", "wa", "--test", NOTIFY=json.dumps({"wa": hook.url, "x": "rusak"})).code == 3


def test_channels_that_are_not_there_are_named() -> None:
    assert run_here("notify", "--test").code == Exit.SETUP
    slip = run_here("notify", "--test", "PING_URI", PING_URL="http://127.0.0.1:9/")
    assert (slip.code, "did you mean PING_URL?" in slip.log) == (2, True)
    assert run_here("notify", "--test", NOTIFY='{"a": "rusak"}').code == Exit.ARGUMENT
    assert run_here("notify", NOTIFY="rusak").code == Exit.ARGUMENT


def test_the_story_of_a_copy_alone_is_found_by_its_words(press: Press, tmp_path: Path, hook: Webhook) -> None:
    add(press, query="istimewa", again_at=2)
    grow(press, "a")
    press.brings("b.example/1", (*FLOOD, "Kata istimewa."), 2)
    assert run(tmp_path, wa=hook.url) == ["watch air: 1 story to wa"]
    assert "di 2 portal" in hook.posts[0]["message"]


def test_without_apprise_it_is_said_what_to_install_and_a_watch_without_receivers_needs_none(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    done = ask(tmp_path, "add", "air", "sungai", "--send=wa", wa="json://127.0.0.1:9/")
    assert (done.code, done.log) == (Exit.SETUP, "NOTIFY needs apprise: pip install 'kwri-crawler[desk]'\n")
    assert run_here("notify", "--test", NOTIFY='{"wa": "json://127.0.0.1:9/"}').code == Exit.SETUP
    assert ask(tmp_path, "add", "air", "sungai").code == 0
    assert ask(tmp_path, "run").out == "nothing new\n"
    add(press, name="lain")
    grow(press, "a")
    assert run(tmp_path, wa="json://127.0.0.1:9/") == [
        "watch lain: 1 story to wa: not told: NOTIFY needs apprise: pip install 'kwri-crawler[desk]'"
    ]
