"""`make trial-releases`: a desk and four portals as sites of hugo on loopback, and the desk's 40 releases of May.

37 of them ran, in 63 articles with cuts, other headlines and hours of delay; three ran nowhere, and one portal carries
none. Both doors must say so: files under letterheads, and the desk's own site. A run that is killed while it adds
files (kill -9) must leave what a whole one does. Installs nothing: it says what to apt-get.
"""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.crawling import PROJECT, assert_sound, crawl, rows, run, scrapy
from tests.papers import word
from tests.trials.static_sites import HOST, HUGO, LAYOUTS, StaticServer, run_hugo
from tests.trials.story_texts import Newsroom

RELEASES, SILENT, CARRIERS = 40, 3, 63
PORTALS = ("suara-satu", "suara-dua", "suara-tiga", "suara-empat")  # the last one carries none
OWN = "humas-contoh"
NEWS = 30  # articles of each portal that are its own
UNITS = ("Polres Satu", "Polres Dua", "Polres Tiga", "Polres Empat")
HEAD = ("KEPOLISIAN DAERAH CONTOH RAYA", "BIDANG HUBUNGAN MASYARAKAT", "SIARAN PERS", "UNTUK SEGERA DISIARKAN")
TAIL = ("Demikian siaran pers ini disampaikan.", "KABID HUMAS", "ttd.", "Dr. CONTOH PENANDATANGAN, S.H.")
ZONE = ZoneInfo("Asia/Jakarta")
KILLS = 6
MAY = ("--since=2024-05-01", "--until=2024-05-31")


@dataclass(frozen=True)
class Text:
    """An article of a site."""

    slug: str
    title: str
    at: datetime  # aware
    paragraphs: tuple[str, ...]

    def page(self) -> str:
        """Return it as hugo's author writes it."""
        head = {"title": self.title, "date": self.at.isoformat(), "slug": self.slug, "author": "Redaksi"}
        lines = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items())
        return f"---\n{lines}\n---\n\n" + "\n\n".join(self.paragraphs) + "\n"


def may() -> tuple[list[Text], dict[str, list[Text]], dict[str, list[float]]]:
    """Return the releases, what each portal published, and each release's lags in hours by its slug."""
    room, dice = Newsroom(7), random.Random(7)
    releases = [
        Text(f"rilis-{number:02}", room.sentence(8), datetime(2024, 5, 1 + number % 30, 8, 5 + number, tzinfo=ZONE),
             tuple(room.sentence(24) for _ in range(dice.randint(5, 8))))
        for number in range(RELEASES)
    ]  # fmt: skip
    ran = releases[: RELEASES - SILENT]
    portals: dict[str, list[Text]] = {portal: [] for portal in PORTALS}
    lags: dict[str, list[float]] = {release.slug: [] for release in releases}
    turns = [*ran, *dice.sample(ran, CARRIERS - len(ran))]
    for turn, release in enumerate(turns):
        free = [one for one in PORTALS[:-1] if all(each.slug != f"k-{release.slug}" for each in portals[one])]
        hours = round(dice.uniform(0.2, 30) * 60) / 60
        kept = release.paragraphs[: -1 if turn % 3 == 0 else None]  # an editor cuts from the end
        title = release.title if turn % 4 == 0 else room.sentence(7)
        told = Text(
            f"k-{release.slug}", title, release.at + timedelta(hours=hours), (*kept, *[room.sentence(12)] * (turn % 2))
        )
        portals[dice.choice(free)].append(told)
        lags[release.slug].append(hours)
    for portal in PORTALS:
        for number in range(NEWS):
            at = datetime(2024, 5, 1 + number, 9, 30, tzinfo=ZONE)
            text = tuple(room.sentence(22) for _ in range(6))
            portals[portal].append(Text(f"kabar-{number}", room.sentence(8), at, text))
    return releases, portals, lags


def build(folder: Path, name: str, texts: Sequence[Text]) -> StaticServer:
    """Build a site with hugo, and return what serves it."""
    config = HUGO.replace(HOST, f"{name}.example.id") + 'timeZone = "Asia/Jakarta"\n'
    pages = {f"content/berita/{text.slug}.md": text.page() for text in texts}
    return StaticServer(run_hugo(folder, {"config.toml": config, **LAYOUTS, **pages}))


def portal_file(name: str) -> str:
    """Return a portal's file."""
    return (f'name = "{name}"\nhome = "https://{name}.example.id/"\nfamily = "general"\nzone = "Asia/Jakarta"\n'
            'listings = [ { kind = "sitemap", url = "/sitemap.xml" } ]\n')  # fmt: skip


def papers(folder: Path, releases: Sequence[Text]) -> Path:
    """Write the releases as a desk keeps them: a folder a unit, half Word with the day in its name, half e-mail."""
    for number, release in enumerate(releases):
        unit = folder / UNITS[number % len(UNITS)]
        unit.mkdir(parents=True, exist_ok=True)
        if number % 2:
            mail = EmailMessage()
            mail["Subject"], mail["Date"] = release.title, format_datetime(release.at)
            mail.set_content("\n\n".join((*HEAD, *release.paragraphs, *TAIL)))
            (unit / f"{release.slug}.eml").write_bytes(bytes(mail))
        else:
            paragraphs = (*HEAD, release.title, *release.paragraphs, *TAIL)
            (unit / f"{release.at.date()} {release.slug}.docx").write_bytes(word(paragraphs))
    return folder


def listed(archive: Path) -> list[dict[str, str]]:
    """Return the releases of May as the command prints them."""
    return list(csv.DictReader(io.StringIO(run("releases", *MAY, "--csv", ARCHIVE_PATH=str(archive)).out, newline="")))


def check(archive: Path, releases: Sequence[Text], lags: dict[str, list[float]], door: str) -> list[str]:
    """Return what a door's list says otherwise than what was published."""
    lines = listed(archive)
    carriers = sum(int(line["articles"]) for line in lines)
    nowhere = [line["name"] for line in lines if line["articles"] == "0"]
    faults = [] if (len(lines), carriers, len(nowhere)) == (RELEASES, CARRIERS, SILENT) else [
        f"{door}: {len(lines)} rows, {carriers} carriers, {len(nowhere)} nowhere"]  # fmt: skip
    print(f"  {door}: {len(lines)} releases, {carriers} carriers, nowhere: {', '.join(nowhere)}")
    for release in releases:
        (line,) = [line for line in lines if release.slug in line["name"]] or [None]
        if line is None:
            faults.append(f"{door}: {release.slug} is missing")
        elif int(line["articles"]) != len(lags[release.slug]):
            faults.append(f"{door}: {release.slug} in {line['articles']} articles, not {len(lags[release.slug])}")
        elif line["first_hours"] and abs(float(line["first_hours"]) - min(lags[release.slug])) > 0.011:
            faults.append(f"{door}: {release.slug} after {line['first_hours']} h, not {min(lags[release.slug]):.2f}")
        elif not line["first_hours"] and lags[release.slug] and line["released_precision"] == "minute":
            faults.append(f"{door}: {release.slug} has no lag")
    reach = run("releases", *MAY, "--portals", "--csv", ARCHIVE_PATH=str(archive)).out
    portals = list(csv.DictReader(io.StringIO(reach, newline="")))
    silent = [line["portal"] for line in portals if line["carried"] == "0"]
    print(f"  {door}: portals that carried none: {', '.join(silent)}; of {len(portals)}")
    return faults + ([] if silent == [PORTALS[-1]] and len(portals) == 4 else [f"{door}: silent portals {silent}"])


def contents(archive: Path) -> list[dict[str, object]]:
    """Return what the archive has of releases and carriers, without when they were added."""
    asked = "SELECT name, unit, title, body, released_at, released_precision FROM releases ORDER BY name"
    tied = (
        "SELECT releases.name, articles.url_key, kind, reason, share, own FROM carried"
        " JOIN releases ON releases.id = carried.release JOIN articles ON articles.id = carried.article ORDER BY 1, 2"
    )
    return [*rows(archive, asked), *rows(archive, tied)]


def killed(archive: Path, folder: Path) -> int:
    """Add files again and again, killed at random moments, until a run ends; return how many were killed."""
    dice, number = random.Random(3), 0
    while True:
        process = subprocess.Popen(scrapy("releases", "add", str(folder), ARCHIVE_PATH=str(archive)), cwd=PROJECT,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # fmt: skip
        assert process.stdout
        if number < KILLS:
            for _ in range(dice.randint(1, 12)):  # files told: it is killed among them, not before the first
                process.stdout.readline()
            time.sleep(dice.uniform(0, 0.02))
            process.kill()
        process.stdout.read()
        process.stdout.close()
        code = process.wait(timeout=120)
        if code == 0:
            return number
        number += code == -9
        assert code == -9, f"exit code {code}"


def main() -> int:
    """Crawl the sites, ask by both doors, kill; return 1 where anything is otherwise."""
    if shutil.which("hugo") is None:
        print("this trial needs hugo; run: apt-get install hugo")
        return 2
    releases, portals, lags = may()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = folder / "kwri.sqlite"
        (folder / "portals").mkdir()
        with_settings = {"PORTALS_PATH": str(folder / "portals")}
        with ExitStack() as servers:
            places = {}
            for portal, texts in ({OWN: releases} | portals).items():
                (folder / "portals" / f"{portal}.toml").write_text(portal_file(portal))
                places[f"{portal}.example.id"] = servers.enter_context(build(folder / portal, portal, texts)).address
            for portal in (OWN, *PORTALS):
                done = crawl(archive, places, portal=portal, **with_settings)
                print(f"  {done.out.splitlines()[1].strip() if done.out else done.log[-500:]}", flush=True)
        clean, broken, own = (folder / f"{door}.sqlite" for door in ("files", "killed", "own"))
        for copy in (clean, broken):
            run("backup", str(copy), ARCHIVE_PATH=str(archive))
            # by files: the desk's own site is not among the portals that are watched
            forgotten = run("forget", "--portal", OWN, "--yes", ARCHIVE_PATH=str(copy), **with_settings)
            assert forgotten.code == 0, forgotten.log
        run("backup", str(own), ARCHIVE_PATH=str(archive))
        desk = papers(folder / "papers", releases)
        added = run("releases", "add", str(desk), ARCHIVE_PATH=str(clean))
        faults = [] if added.code == 0 else [f"add: exit code {added.code}: {added.log[-500:]}"]
        faults += check(clean, releases, lags, "by files")
        run("releases", "add", "--portal", OWN, ARCHIVE_PATH=str(own), **with_settings)
        faults += check(own, releases, lags, "by the desk's own site")
        number = killed(broken, desk)
        print(f"  killed {number} times: {'the same' if contents(broken) == contents(clean) else 'OTHERWISE'}")
        faults += [] if contents(broken) == contents(clean) else ["a killed run left something else"]
        for path in (clean, broken, own):
            assert_sound(path)
    for fault in faults:
        print(f"FAIL {fault}")
    print("ok" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
