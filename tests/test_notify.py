"""Who is told of health: whatever a host answers or a setting holds, a harvest goes on, and no secret is logged."""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kwri_crawler.archive.health import Change
from kwri_crawler.causes import Cause
from kwri_crawler.health import Reason, Says, Verdict, Word
from kwri_crawler.notify import monitors
from kwri_crawler.notify.monitors import Channels, ping, send_changes, try_channels, write_prometheus
from tests.receivers import FAULTS, SECRET, Fault, Listener, drip_headers, host, listening

PYTHON = sys.executable
AT = datetime(2025, 2, 28, 23, 30, tzinfo=UTC)

ANSWERS: dict[str, tuple[Fault, str]] = {
    "no HTTP": (FAULTS["no HTTP"], "the answer is no HTTP"),
    "a line without end": (lambda wire: wire.sendall(b"HTTP/1.1 200 " + b"x" * 70_000), "the answer is no HTTP"),
    "nothing": (FAULTS["nothing"], "the connection was closed without an answer"),
    "an error": (FAULTS["an error"], "HTTP 503"),
    "drips": (drip_headers, "no answer in time"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_whatever_a_host_answers_is_one_line_and_takes_bounded_time(
    kind: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitors, "TIMEOUT_S", 1.0)
    answer, said = ANSWERS[kind]
    with host(answer) as url:
        ping(Channels(ping=url), "/start")
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.WARNING, f"127.0.0.1: could not be told: {said}")


def test_a_host_that_takes_it_is_not_spoken_of(caplog: pytest.LogCaptureFixture) -> None:
    with host(lambda wire: wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as url:
        ping(Channels(ping=url), "")
    assert not caplog.records


@pytest.mark.parametrize(
    "address",
    [
        f"hooks.example.invalid/layanan/{SECRET}",
        f"hooks.example.invalid:{SECRET}",
        f"htps://hooks.example.invalid/{SECRET}",
        f"https://hooks.example.invalid:{SECRET}/x",
        f"https://[hooks.example.invalid/{SECRET}",
        f"https://hooks.example.invalid\x00/{SECRET}",
        f"http://127.0.0.1:1?key={SECRET}",
        f"http://user:{SECRET}@127.0.0.1:1/x",
        f"file:///{SECRET}",
        SECRET,
    ],
)
def test_no_word_of_an_address_but_its_host_is_logged(address: str, caplog: pytest.LogCaptureFixture) -> None:
    ping(Channels(ping=address), "/start")
    (record,) = caplog.records
    assert SECRET.lower() not in record.getMessage().lower()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            f"{PYTHON} -c 'import sys; sys.exit(\"cannot reach {SECRET}\")' {SECRET}",
            "python: exit code 1: *** reach ***",
        ),
        (f"/no/such/program --token {SECRET}", "program: could not be run: No such file or directory"),
        (f"sh -c 'exit 3' {SECRET}", "sh: exit code 3"),
        (f"sh -c 'sleep 9' {SECRET}", "sh: stopped after 1 s"),
        (f"sh -c 'unclosed {SECRET}", "HEALTH_COMMAND: could not be run"),
        (" ", "HEALTH_COMMAND: could not be run"),
    ],
)
def test_no_argument_of_a_command_is_logged(
    command: str, said: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitors, "COMMAND_TIMEOUT_S", 1.0)
    monitors._run(command, {}, "{}")
    (record,) = caplog.records
    assert SECRET not in record.getMessage()
    assert said in record.getMessage()


# ---------------------------------------------------------------------- what is sent


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


def change(portal: str, was: Word | None, word: Word, *reasons: Reason) -> Change:
    return Change(portal, AT, was, Verdict(portal, word, AT, reasons))


def lost(cause: Cause | None, *examples: str) -> Reason:
    return Reason(Says.LOST, {"lost": 9, "total": 12, "days": 2}, cause, "no body", examples)


def a_command(folder: Path, text: str) -> str:
    path = folder / "periksa-kabar"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return str(path)


def test_a_change_arrives_with_its_words_and_no_more_than_five_examples(listener: Listener, tmp_path: Path) -> None:
    reasons = (lost(None, "u1", "u2", "u3"), lost(Cause.UNREAD, "u4", "u5", "u6"))
    changes = [
        change("baru", None, Word.NEW),  # a portal's first word is no news, unless it is bad
        change("pulih", Word.BROKEN, Word.WELL),
        change("rusak", None, Word.BROKEN, *reasons),
    ]
    command = a_command(
        tmp_path, f"env | grep ^KWRI_ | grep -v ^KWRI_HOME= | sort >> {tmp_path}/env; cat >> {tmp_path}/json"
    )
    assert send_changes(Channels(command=command, webhook=listener.url), changes) == {
        "HEALTH_COMMAND": "", "HEALTH_WEBHOOK": ""
    }  # fmt: skip
    ((_, body),) = listener.heard
    sent = json.loads(body)
    why = "9 of 12 pages brought no article in 2 days: no body"
    assert sent["text"] == f"pulih: well (was broken)\nrusak: broken: {why}; {why}"
    well, broken = sent["changes"]
    assert well == {
        "portal": "pulih", "at": "2025-02-28T23:30:00Z", "was": "broken", "word": "well", "why": "", "cause": None,
        "try": "", "examples": [],
    }  # fmt: skip
    assert broken == {
        **well, "portal": "rusak", "was": None, "word": "broken", "why": f"{why}; {why}", "cause": "unread",
        "try": "; ".join(reason.cure for reason in reasons), "examples": ["u1", "u2", "u3", "u4", "u5"],
    }  # fmt: skip
    assert reasons[0].cure != reasons[1].cure
    assert (tmp_path / "json").read_text() == json.dumps(well) + json.dumps(broken)
    found = [line.partition("=")[::2] for line in (tmp_path / "env").read_text().splitlines()]
    assert sorted(found) == sorted(
        (f"KWRI_{name.upper()}", text)
        for table in (well, broken)
        for name, text in table.items()
        if isinstance(text, str)
    )


def test_nothing_is_sent_where_nothing_changed_or_nobody_is_named(listener: Listener, tmp_path: Path) -> None:
    command = a_command(tmp_path, f"touch {tmp_path}/ran")
    quiet = [change("baru", None, Word.NEW)]
    assert send_changes(Channels(command=command, webhook=listener.url), quiet) == {}
    assert send_changes(Channels(), [change("rusak", None, Word.BROKEN)]) == {}
    assert (listener.heard, (tmp_path / "ran").exists()) == ([], False)


def test_a_ping_says_what_happened_at_its_address_in_bounded_length(
    listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    channels = Channels(ping=f"{listener.url}/id/")
    assert [ping(channels, "/fail", "x" * 10_001), ping(channels, "")] == ["", ""]
    assert listener.heard == [("/id/fail", "x" * 10_000), ("/id", "")]
    assert (ping(Channels(), "/start"), caplog.records) == ("", [])


def test_an_example_says_that_it_is_one(listener: Listener) -> None:
    ours = Channels(webhook=f"{listener.url}/hook", ping=f"{listener.url}/id")
    assert try_channels(ours, AT) == {"HEALTH_WEBHOOK": "", "PING_URL": ""}
    (hook, body), *pings = listener.heard
    told = "this is an example that `scrapy notify --test` sends; nothing is wrong"
    text = f"example: broken (was well): 0 of 0 pages brought no article in 1 days: {told}"
    assert (hook, json.loads(body)["text"]) == ("/hook", text)
    assert pings == [("/id/start", ""), ("/id", told)]
    assert try_channels(Channels(), AT) == {}


def test_a_command_s_own_name_is_said_and_the_end_of_what_it_complained_of(tmp_path: Path) -> None:
    command = a_command(tmp_path, f"printf 'x%.0s' $(seq 400) >&2; echo ' periksa-kabar: gagal {SECRET}' >&2; exit 4")
    failed = monitors._run(f"{command} {SECRET}", {}, "")
    assert failed.endswith("xxx periksa-kabar: gagal ***")
    assert len(failed) < 320


def test_the_metrics_are_what_a_collector_reads(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    verdicts = [change(portal, None, word).verdict for portal, word in (("a", Word.WELL), ("b", Word.WELL))]
    write_prometheus(Channels(), verdicts, AT, 0, 1.25, 7)
    file = tmp_path / "kwri.prom"
    write_prometheus(Channels(prometheus=str(file)), iter(verdicts), AT, 1, 61.25, 7)
    lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
    assert lines == [
        'kwri_portal_health{portal="a",word="well"} 1',
        'kwri_portal_health{portal="b",word="well"} 1',
        *(f'kwri_portals{{word="{word}"}} {2 * (word is Word.WELL)}' for word in Word),
        "kwri_harvest_end_seconds 1740785400",
        "kwri_harvest_duration_seconds 61.2",
        "kwri_harvest_exit_code 1",
        "kwri_harvest_new_articles 7",
    ]
    assert file.stat().st_mode & 0o777 == 0o644
    (tmp_path / "berkas").touch()
    write_prometheus(Channels(prometheus=str(tmp_path / "berkas" / "kwri.prom")), verdicts, AT, 0, 1, 0)
    assert "the metrics could not be written" in caplog.text
