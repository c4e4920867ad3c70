"""Send health changes on, and tell monitors that the harvest lives: a command, a webhook, a ping, a Prometheus file.

Nothing here may stop a harvest: what cannot be sent is logged, and the change stands in the archive's events.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import logging
import os
import re
import shlex
import subprocess
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from kwri_crawler.archive.health import Change
from kwri_crawler.clock import utc_text
from kwri_crawler.health import Verdict, Word
from kwri_crawler.whole_file import NotWritten, whole_file

logger = logging.getLogger(__name__)

TIMEOUT_S = 10.0  # a harvest must not hang on somebody's server
COMMAND_TIMEOUT_S = 60.0
_WORDS = re.compile(r"[\w-]{6,}")


@dataclass(frozen=True, slots=True)
class Channels:
    """Where to send; an empty text is nowhere."""

    command: str = ""  # run with the change in its environment and as JSON on its standard input
    webhook: str = ""  # gets the changes as JSON by POST
    ping: str = ""  # healthchecks style: URL/start, URL, URL/fail
    prometheus: str = ""  # a file for node_exporter's textfile collector


def send_changes(channels: Channels, changes: Sequence[Change]) -> None:
    """Send what changed."""
    news = [change for change in changes if change.is_news]
    if not news:
        return
    if channels.webhook:
        # "text" is what chat services show; the rest is for programs.
        lines = "\n".join(_line(change) for change in news)
        _post(channels.webhook, json.dumps({"text": lines, "changes": [_table(change) for change in news]}))
    for change in news if channels.command else ():
        table = _table(change)
        env = {f"KWRI_{name.upper()}": str(text) for name, text in table.items() if isinstance(text, str)}
        _run(channels.command, env, json.dumps(table))


def ping(channels: Channels, suffix: str, text: str = "") -> None:
    """Tell a dead man's switch: "/start" when a harvest begins, "" when all is well, "/fail" when not."""
    if channels.ping:
        _post(channels.ping.rstrip("/") + suffix, text[:10_000], "text/plain; charset=utf-8")


def write_prometheus(
    channels: Channels, verdicts: Iterable[Verdict], now: datetime, exit_code: int, seconds: float, stored: int
) -> None:
    """Write the metrics file, whole or not at all."""
    if not channels.prometheus:
        return
    verdicts = list(verdicts)
    counts = Counter(verdict.word for verdict in verdicts)
    lines = [
        "# HELP kwri_portal_health 1 for the word that describes the portal now.",
        "# TYPE kwri_portal_health gauge",
        *(f'kwri_portal_health{{portal="{verdict.portal}",word="{verdict.word}"}} 1' for verdict in verdicts),
        "# HELP kwri_portals Portals by health.",
        "# TYPE kwri_portals gauge",
        *(f'kwri_portals{{word="{word}"}} {counts[word]}' for word in Word),
        "# HELP kwri_harvest_end_seconds When the last harvest ended, Unix time.",
        "# TYPE kwri_harvest_end_seconds gauge",
        f"kwri_harvest_end_seconds {now.timestamp():.0f}",
        "# HELP kwri_harvest_duration_seconds How long it took.",
        "# TYPE kwri_harvest_duration_seconds gauge",
        f"kwri_harvest_duration_seconds {seconds:.1f}",
        "# HELP kwri_harvest_exit_code Its exit code.",
        "# TYPE kwri_harvest_exit_code gauge",
        f"kwri_harvest_exit_code {exit_code}",
        "# HELP kwri_harvest_new_articles Articles that it archived.",
        "# TYPE kwri_harvest_new_articles gauge",
        f"kwri_harvest_new_articles {stored}",
    ]
    try:
        with whole_file(channels.prometheus, mode=0o644) as file:  # the collector is another user
            file.write(("\n".join(lines) + "\n").encode())
    except NotWritten as error:
        logger.warning("%s: the metrics could not be written: %s", channels.prometheus, error.__cause__)


def _table(change: Change) -> dict[str, str | list[str] | None]:
    verdict = change.verdict
    return {
        "portal": change.portal,
        "at": utc_text(change.at),
        "was": change.was.value if change.was else None,
        "word": verdict.word.value,
        "why": verdict.why,
        "cause": next((reason.cause.value for reason in verdict.reasons if reason.cause), None),
        "try": "; ".join(dict.fromkeys(reason.cure for reason in verdict.reasons)),
        "examples": [url for reason in verdict.reasons for url in reason.examples][:5],
    }


def _line(change: Change) -> str:
    was = f" (was {change.was})" if change.was else ""
    return f"{change.portal}: {change.verdict.word}{was}" + (f": {change.verdict.why}" if change.verdict.why else "")


def _post(url: str, text: str, content_type: str = "application/json") -> None:
    """Send a text in at most TIMEOUT_S, however slowly the host answers; log in a line what went wrong.

    In a thread: a socket's own time-out begins anew with every byte, and a look-up of the host has none.
    """
    failed: list[str] = ["no answer in time"]

    def send() -> None:
        failed[0] = _send(url, text, content_type)

    thread = threading.Thread(target=send, name="notify", daemon=True)
    thread.start()
    thread.join(TIMEOUT_S)
    if failed[0]:
        logger.warning("%s: could not be told: %s", _host(url), failed[0])


def _send(url: str, text: str, content_type: str) -> str:
    """Post a text; return why it did not arrive, empty when it did. No word of the address: it is a password."""
    try:
        request = urllib.request.Request(  # noqa: S310 - the operator's own address, checked on the next line
            url, text.encode(), {"Content-Type": content_type, "User-Agent": "kwri-crawler"}, method="POST"
        )
        if request.type not in ("http", "https"):
            return "not an http(s) address"
        with contextlib.closing(urllib.request.urlopen(request, timeout=TIMEOUT_S)):  # noqa: S310
            return ""
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except urllib.error.URLError as error:
        return _reason(error.reason)
    except (http.client.InvalidURL, ValueError):
        return "not an http(s) address"
    except http.client.RemoteDisconnected:
        return "the connection was closed without an answer"
    except http.client.HTTPException:
        return "the answer is no HTTP"
    except OSError as error:
        return _reason(error)


def _reason(error: object) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else type(error).__name__


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the address"
    except ValueError:
        return "the address"


def _run(command: str, env: dict[str, str], stdin: str) -> None:
    """Run the operator's command: no shell, so that no portal's text can become one."""
    name = "HEALTH_COMMAND"
    try:
        arguments = shlex.split(command)
        name = Path(arguments[0]).name if arguments else name
        done = subprocess.run(  # noqa: S603 - the operator's own command
            arguments, input=stdin, text=True, timeout=COMMAND_TIMEOUT_S, check=False, env={**os.environ, **env},
            capture_output=True, errors="replace",
        )  # fmt: skip
        if done.returncode:
            said = _without_arguments(done.stderr.strip()[-300:], arguments[1:])
            logger.warning("%s: exit code %d: %s", name, done.returncode, said)
    except subprocess.TimeoutExpired:
        logger.warning("%s: stopped after %.0f s", name, COMMAND_TIMEOUT_S)
    except OSError as error:
        logger.warning("%s: could not be run: %s", name, _reason(error))
    except (ValueError, IndexError):
        logger.warning("%s: could not be run: its quotes are not closed, or it is empty", name)


def _without_arguments(text: str, arguments: Sequence[str]) -> str:
    """Return a text without the words of a command's arguments: some of them are tokens."""
    for word in {word for argument in arguments for word in _WORDS.findall(argument)}:
        text = text.replace(word, "***")
    return text
