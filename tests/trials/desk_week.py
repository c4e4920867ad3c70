"""`make trial-desk`: a press desk's week: releases from files, harvests, alerts by mail, a clipping, pictures.

Six demo portals publish for seven simulated days. The desk's own releases run on some of them, first here, then there;
one runs nowhere. After each of 14 harvests a watch mails what is new. In the end each figure is compared with what the
portals really did, and the pages are left to be looked at.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from tests.browser import CHROMIUM
from tests.crawling import IMPATIENT, PROJECT, Crawled, assert_sound, run, scrapy
from tests.receivers import mail_server
from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.network import Network

MONDAY = datetime(2024, 6, 24)
DAYS = 7
HARVESTS = (6, 18)  # hours of a day
PORTALS = 6
RUN_ON = (1, 6, 3, 0, 5, 2, 1)  # portals that run the release of each day
AGAIN = 5
DEAD = 5  # the harvest of which no mail server takes the alerts
WORD = "sigapnusa"  # that each release holds, and nothing else
LETTERHEAD = "KEPOLISIAN DAERAH CONTOH\nBIDANG HUMAS\nSIARAN PERS\n"


class Week:
    """What the portals do, and what the desk has to find out."""

    def __init__(self, network: Network, seed: int) -> None:
        rng = random.Random(seed)
        events = [one for one in ARTICLES[1:] if len(one.expected) > 3]
        rng.shuffle(events)
        self.portals = list(network.portals.values())
        self.releases: list[tuple[str, datetime, DemoArticle]] = []
        self.carriers: dict[str, int] = {}
        self._plan: list[tuple[datetime, int, DemoArticle]] = []
        for day in range(DAYS):
            sent = MONDAY + timedelta(days=day, hours=7)
            text = self._with_word(events.pop(), day)
            name = f"rilis-{day + 1}.txt"
            self.releases.append((name, sent, text))
            on = rng.sample(range(PORTALS), RUN_ON[day])
            self.carriers[name] = len(on)
            for place, portal in enumerate(on):
                at = sent + timedelta(minutes=rng.randint(20, 90) + 200 * place)
                self._plan.append((at, portal, replace(text, slug=f"{text.slug}-{portal}", created_at=at)))
        for number, event in enumerate(events[:84]):
            at = MONDAY + timedelta(minutes=number * 115)
            self._plan.append((at, number % PORTALS, replace(event, created_at=at, updated_at=None)))

    def publish_until(self, now: datetime) -> None:
        """Let the portals publish what was out by now."""
        for at, portal, article in self._plan:
            if at <= now:
                self.portals[portal].publish(article)
        self._plan = [one for one in self._plan if one[0] > now]

    def _with_word(self, event: DemoArticle, day: int) -> DemoArticle:
        paragraphs = (
            *event.paragraphs,
            f"Kegiatan itu menjaga {WORD} di wilayah, kata pejabat humas hari ke-{day + 1}.",
        )
        return replace(event, slug=f"rilis-{day}", paragraphs=paragraphs, updated_at=None)


def desk(*args: str, **settings: str) -> Crawled:
    """Run a command of the desk; an error ends the trial."""
    done = run(*args, **settings)
    if done.code not in (0, 1):  # a harvest may say that a portal is quiet
        sys.exit(f"{' '.join(args)}: exit code {done.code}\n{done.out}\n{done.log}")
    return done


def trial(folder: Path, seed: int) -> list[str]:
    """Play the week; return what was found wrong."""
    before = replace(ARTICLES[0], created_at=MONDAY - timedelta(days=1), updated_at=None)
    with Network(PORTALS, [before]) as network, mail_server() as (at, mails):
        week = Week(network, seed)
        settings = {
            "ARCHIVE_PATH": str(folder / "kwri.sqlite"),
            "PORTALS_PATH": str(network.write_catalogue(folder / "portals")),
            "CONNECT_TO": json.dumps(network.places),
            "NOTIFY": notify(at),
            "MIN_FREE_MB": "0",
            **IMPATIENT,
        }
        play(folder, week, settings)
        wrong = check(folder, week, mails, settings)
        leave_pages(folder, settings)
    return wrong


def notify(host: str) -> str:
    """Return the setting by which a mail server on loopback gets the alerts."""
    return json.dumps({"mail": f"mailto://{host}?from=desk@contoh.example&to=kabid@contoh.example"})


def play(folder: Path, week: Week, settings: dict[str, str]) -> None:
    """Harvest twice a day, once with a dead mail server; add the releases that were sent since."""
    harvests = [MONDAY + timedelta(days=day, hours=hour) for day in range(DAYS) for hour in HARVESTS]
    for number, now in enumerate((MONDAY, *harvests, harvests[-1] + timedelta(hours=12))):
        week.publish_until(now)
        dead = {"NOTIFY": notify("127.0.0.1:9")} if number == DEAD else {}
        desk("harvest", "--all", **{**settings, "NOW": f"{now.isoformat()}+07:00", **dead})
        if number == 0:
            desk("watches", "add", WORD, WORD, f"--again={AGAIN}", "--send=mail", **settings)
        for name, sent, text in week.releases:
            if now - timedelta(hours=12) < sent <= now:
                (folder / name).write_text(LETTERHEAD + "\n".join([text.title, *text.expected]), encoding="utf-8")
                desk("releases", "add", str(folder / name), f"--at={sent.isoformat(timespec='minutes')}", **settings)


def check(folder: Path, week: Week, mails: list[EmailMessage], settings: dict[str, str]) -> list[str]:
    """Compare what the desk was told with what the portals did; return what is wrong."""
    told = Counter("again" if "kini di" in one else "new" for mail in mails for one in stories_of(mail.get_content()))
    numbers = week.carriers.values()
    expected = Counter(new=sum(number > 0 for number in numbers), again=sum(number >= AGAIN for number in numbers))
    rows = csv.DictReader(io.StringIO(desk("releases", "--csv", **settings).out))
    found = {Path(row["name"]).name: int(row["portals"]) for row in rows}
    assert_sound(folder / "kwri.sqlite")
    print(f"{len(mails)} mails, {dict(told)}; releases on portals: {found}")
    wrong = [] if told == expected else [f"stories told: {dict(told)}, expected {dict(expected)}"]
    return wrong if found == week.carriers else [*wrong, f"releases: {found}, expected {week.carriers}"]


def leave_pages(folder: Path, settings: dict[str, str]) -> None:
    """Leave the week's report, a morning's clipping, the watch's feed, and pictures of the desk's pages."""
    report = folder / "week.html"
    desk("report", "--week", MONDAY.date().isoformat(), "--out", str(report), **settings)
    desk("watches", "feed", WORD, "--out", str(folder / "feed.xml"), **settings)
    desk("clipping", (MONDAY + timedelta(days=1)).date().isoformat(), "--format", "pdf,docx,xlsx", **settings)
    if CHROMIUM is None:
        print("no chromium: no pictures")
        return
    take_picture(CHROMIUM, report.as_uri(), folder / "report.png")
    with served(settings) as address:
        for name, page in (("desk", ""), ("releases", "/releases"), ("search", f"/search?q={WORD}")):
            take_picture(CHROMIUM, f"{address}/desk{page}", folder / f"{name}.png")


def stories_of(text: str) -> list[str]:
    """Return the stories of a mail, each with its lines."""
    return re.findall(r"^\d+\. .*\n   .*$", text, re.MULTILINE)


@contextmanager
def served(settings: dict[str, str]) -> Iterator[str]:
    """Serve the desk's pages; give their address."""
    process = subprocess.Popen(
        scrapy("desk", "--port", "0", **settings), cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        line = next(filter(None, map(re.compile(r"http://[\w.]+:\d+").search, process.stdout)))
        yield line[0]
    finally:
        process.terminate()
        process.wait(timeout=30)


def take_picture(chromium: str, address: str, file: Path) -> None:
    """Leave a page as a picture."""
    options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1280,2400")
    command = [chromium, *options, f"--screenshot={file}", address]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def main() -> None:
    """Play the week in a folder that stays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PROJECT / "build" / "desk-week")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for old in options.out.glob("kwri*"):
        old.unlink()
    wrong = trial(options.out, options.seed)
    print(f"look at {options.out}", *wrong, sep="\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
