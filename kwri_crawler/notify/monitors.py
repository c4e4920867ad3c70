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
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kwri_crawler.archive.health import Change
from kwri_crawler.clock import utc_text
from kwri_crawler.health import Reason, Says, Verdict, Word
from kwri_crawler.notify.messages import in_time
from kwri_crawler.whole_file import NotWritten, whole_file

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

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


def read_channels(settings: BaseSettings) -> Channels:
    """Return where health changes go."""
    return Channels(
        command=settings["HEALTH_COMMAND"],
        webhook=settings["HEALTH_WEBHOOK"],
        ping=settings["PING_URL"],
        prometheus=settings["PROMETHEUS_FILE"],
    )


def send_changes(channels: Channels, changes: Sequence[Change]) -> dict[str, str]:
    """Send what changed; return by setting what went wrong last, empty for what did not."""
    news = [change for change in changes if change.is_news]
    failed: dict[str, str] = {}
    if news and channels.webhook:
        # "text" is what chat services show; the rest is for programs.
        lines = "\n".join(_line(change) for change in news)
        text = json.dumps({"text": lines, "changes": [_table(change) for change in news]})
        failed["HEALTH_WEBHOOK"] = _post(channels.webhook, text)
    for change in news if channels.command else ():
        table = _table(change)
        env = {f"KWRI_{name.upper()}": str(text) for name, text in table.items() if isinstance(text, str)}
        failed["HEALTH_COMMAND"] = _run(channels.command, env, json.dumps(table))
    return failed


def ping(channels: Channels, suffix: str, text: str = "") -> str:
    """Tell a dead man's switch: "/start" when a harvest begins, "" when all is well, "/fail" when not.

    Return what went wrong, empty when nothing did.
    """
    if not channels.ping:
        return ""
    return _post(channels.ping.rstrip("/") + suffix, text[:10_000], "text/plain; charset=utf-8")


def places(channels: Channels) -> dict[str, str]:
    """Return by setting where each channel that is set leads, without a word that may be secret."""
    found = {
        "HEALTH_COMMAND": channels.command and _program(channels.command),
        "HEALTH_WEBHOOK": channels.webhook and _host(channels.webhook),
        "PING_URL": channels.ping and _host(channels.ping),
        "PROMETHEUS_FILE": channels.prometheus,
    }
    return {setting: place for setting, place in found.items() if place}


def try_channels(channels: Channels, now: datetime) -> dict[str, str]:
    """Send each channel an example of what it gets; return by setting what went wrong, empty for what did not.

    The example is of a portal that does not exist. PING_URL is told of a beginning and a good end; the metrics stay.
    """
    told = "this is an example that `scrapy notify --test` sends; nothing is wrong"
    verdict = Verdict("example", Word.BROKEN, now, (Reason(Says.LOST, {"lost": 0, "total": 0, "days": 1}, told=told),))
    failed = send_changes(channels, [Change("example", now, Word.WELL, verdict)])
    if channels.ping:
        failed["PING_URL"] = ping(channels, "/start") or ping(channels, "", told)
    return failed


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


def _post(url: str, text: str, content_type: str = "application/json") -> str:
    """Send a text in at most TIMEOUT_S; log in a line what went wrong, and return it, empty when nothing did."""
    failed = in_time(lambda: _send(url, text, content_type), TIMEOUT_S)
    if failed:
        logger.warning("%s: could not be told: %s", _host(url), failed)
    return failed


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


def _run(command: str, env: dict[str, str], stdin: str) -> str:
    """Run the operator's command; log in a line what went wrong, and return it, empty when nothing did.

    No shell, so that no portal's text can become one.
    """
    failed = ""
    try:
        arguments = shlex.split(command)
        done = subprocess.run(  # noqa: S603 - the operator's own command
            arguments, input=stdin, text=True, timeout=COMMAND_TIMEOUT_S, check=False, env={**os.environ, **env},
            capture_output=True, errors="replace",
        )  # fmt: skip
        if done.returncode:
            said = _without_arguments(done.stderr.strip()[-300:], arguments[1:])
            failed = f"exit code {done.returncode}: {said}"
    except subprocess.TimeoutExpired:
        failed = f"stopped after {COMMAND_TIMEOUT_S:.0f} s"
    except OSError as error:
        failed = f"could not be run: {_reason(error)}"
    except (ValueError, IndexError):
        failed = "could not be run: its quotes are not closed, or it is empty"
    if failed:
        logger.warning("%s: %s", _program(command), failed)
    return failed


def _program(command: str) -> str:
    """Return the name of a command's program; that of the setting where it has none."""
    try:
        return Path(shlex.split(command)[0]).name
    except (ValueError, IndexError):
        return "HEALTH_COMMAND"


def _without_arguments(text: str, arguments: Sequence[str]) -> str:
    """Return a text without the words of a command's arguments: some of them are tokens."""
    for word in {word for argument in arguments for word in _WORDS.findall(argument)}:
        text = text.replace(word, "***")
    return text
