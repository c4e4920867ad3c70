"""Who is told of health: whatever a host answers or a setting holds, a harvest goes on, and no secret is logged."""

import logging
import sys

import pytest

from kwri_crawler import notify
from kwri_crawler.notify import Channels, ping
from tests.receivers import FAULTS, SECRET, Fault, drip_headers, host

PYTHON = sys.executable

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
    monkeypatch.setattr(notify, "TIMEOUT_S", 1.0)
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
    monkeypatch.setattr(notify, "COMMAND_TIMEOUT_S", 1.0)
    notify._run(command, {}, "{}")
    (record,) = caplog.records
    assert SECRET not in record.getMessage()
    assert said in record.getMessage()
