"""`scrapy addportal https://...`: from one address to a portal's file, and what was read from three articles."""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.exceptions import DropItem, UsageError

from kwri_crawler import home, scout
from kwri_crawler.catalogue import CatalogueError, Portal, family_names, portal_folders, read_portal
from kwri_crawler.command import Exit, ScreenCommand, zone
from kwri_crawler.health.sentences import SAME_AUTHOR
from kwri_crawler.items import Article
from kwri_crawler.pages import PageError
from kwri_crawler.pages.decode import decode
from kwri_crawler.reading.stages import load_stages, pass_stages
from kwri_crawler.scout import Scouted
from kwri_crawler.scout.golden import facts_of
from kwri_crawler.scout.spider import Report, Sample, ScoutSpider
from kwri_crawler.screen import complain, say
from kwri_crawler.web.addresses import canonical, host_of, http_fault
from kwri_crawler.web.hosts import is_public_host
from kwri_crawler.web.network import read_connect_to

GOLDEN = (home.checkout() or home.home()) / "tests" / "golden"
_SIGNED = 3  # articles, from which on one author of all is worth a note
_WIDTH = 100  # characters of a value on the screen

_HELP = """\
examples:
  scrapy addportal https://jatim.kwri.or.id/ -s CONTACT=you@example.org
  scrapy addportal https://example.co.id/berita/satu-artikel --dry-run
  scrapy addportal https://example.co.id/ --id contoh --zone Asia/Makassar --name "Contoh Sulsel"

It asks for the home page, robots.txt, the usual listings and three articles, as politely as a crawl: some twenty
requests, a second apart. It shows what it read from the articles, field by field, and writes <id>.toml into the first
folder of PORTALS_PATH (your own portals/) with a comment on each line saying where it was found. Then:
scrapy crawl <id> -a limit=10. Nothing is overwritten without --force.

--golden also writes the articles' pages and what was read from them, as test cases. Their words are the portal's:
put your own in their place before you share them.
"""


class Command(ScreenCommand):
    """Adds a portal to the catalogue."""

    takes = "[options] https://ADDRESS"
    does = "Add a portal to the catalogue, from the address of any of its pages"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "the file was written, or shown with --dry-run; what could not be found is said",
        Exit.SETUP: "it could not be set up: a setting is wrong",
        Exit.ARGUMENT: "a wrong argument, or there is such a portal already; nothing was asked for",
        Exit.PART: "nothing to write: the portal does not answer, or no listing or no article could be read",
        Exit.ARCHIVE: "the file could not be written",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options, examples and exit codes."""
        super().add_options(parser)
        parser.add_argument("--id", metavar="ID", help="the file's and the spider's name: [a-z0-9-]+")
        parser.add_argument("--name", help="what the portal calls itself")
        parser.add_argument("--zone", type=zone, help="its clock, as IANA names it: Asia/Jakarta")
        parser.add_argument("--family", choices=family_names(), help="the CMS that its pages are made by")
        parser.add_argument("--dry-run", action="store_true", help="show the file, and write nothing")
        parser.add_argument("--force", action="store_true", help="write over a file that is there")
        parser.add_argument("--private", action="store_true", help="the portal is in a network of your own")
        parser.add_argument(
            "--golden", metavar="FOLDER", nargs="?", const=str(GOLDEN), help="write test cases (tests/golden)"
        )

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Look, show, write."""
        folders = portal_folders(self.given["PORTALS_PATH"])
        address = self._check(args, opts)
        given = {"id": opts.id, "name": opts.name, "zone": opts.zone, "family": opts.family}
        self._refuse_overwriting(folders, opts.id or scout.id_of(host_of(address)), opts)
        if not self.given.get("CONTACT"):
            complain("CONTACT is not set: the portal cannot tell you when this troubles it")
        report = self._look(address, given)
        scouted = report.scouted
        if report.trouble is not None or scouted is None:
            say(*self._samples(report))
            trouble = report.trouble or "the look at the portal could not be set up"
            self.fail(trouble, Exit.PART if report.trouble else Exit.SETUP)
            return
        self._refuse_overwriting(folders, scouted.id, opts)
        portal = scouted.portal()
        say(*describe(scouted), *self._read(report, scouted, portal))
        text = scout.toml_of(scouted, address, datetime.now(UTC).date().isoformat())
        try:
            path = write_checked(folders[0] / f"{scouted.id}.toml", text, dry_run=opts.dry_run)
        except CatalogueError as error:
            self.fail(f"{error}\n\n{text}", Exit.PART)
            return
        for missing in scouted.missing:
            say(f"not found: {missing}")
        if opts.dry_run:
            say("", f"{path} would be:", "", text.rstrip("\n"))
            return
        say("", f"wrote {path}")
        if opts.golden:
            for case in write_golden(Path(opts.golden) / scouted.id, report.samples):
                say(f"wrote {case}; put your own words in place of the portal's before you share it")
        say(f"next: scrapy crawl {scouted.id} -a limit=10")

    def _check(self, args: list[str], opts: argparse.Namespace) -> str:
        """Return the address, spelt canonically; raises UsageError for what cannot be looked at."""
        if len(args) != 1:
            raise UsageError("scrapy addportal takes one address: scrapy addportal https://host/")
        address = canonical(args[0] if "://" in args[0] else f"https://{args[0]}")
        if fault := http_fault(address):
            raise UsageError(f"{args[0]}: {fault}; write it as https://host/")
        host = host_of(address)
        try:
            places = read_connect_to(self.given.getdict("CONNECT_TO"))
        except ValueError as error:
            raise UsageError(str(error)) from error
        if not (is_public_host(host) or _is_loopback(host) or opts.private or host in places or "*" in places):
            raise UsageError(f"{host}: not a public host; if the portal is in a network of your own, add --private")
        if opts.id and not re.fullmatch(r"[a-z0-9-]+", opts.id):
            raise UsageError(f"--id {opts.id}: write small letters, digits and hyphens")
        return address

    def _refuse_overwriting(self, folders: tuple[Path, ...], portal_id: str, opts: argparse.Namespace) -> None:
        path = next((path for folder in folders if (path := folder / f"{portal_id}.toml").exists()), None)
        if path is not None and not (opts.force or opts.dry_run):
            does = "writes over it" if path.parent == folders[0] else "writes one that is taken in its place"
            raise UsageError(f"{path}: the catalogue has this portal; --force {does}, --id gives another name")

    def _look(self, address: str, given: dict[str, str | None]) -> Report:
        process: Any = self.crawler_process

        def told(what: str) -> None:
            complain(f"looking at {what}")

        crawler = process.create_crawler(ScoutSpider)
        process.crawl(crawler, address=address, given=given, told=told)
        process.start()
        spider = crawler.spider
        return spider.report if isinstance(spider, ScoutSpider) else Report()

    def _read(self, report: Report, scouted: Scouted, portal: Portal) -> Iterator[str]:
        """Yield what was read from each article, field by field, and note what was read from none."""
        stages = load_stages(self.given)
        empty: dict[str, int] = {"author": 0, "date": 0}
        read = [sample for sample in report.samples if sample.article is not None]
        for number, sample in enumerate(read, 1):
            assert sample.article is not None  # noqa: S101 - filtered above
            article = replace(sample.article, portal=portal.id, zone=portal.zone)
            trouble = None
            try:
                article = pass_stages(article, stages)
            except (DropItem, PageError) as error:
                trouble = str(error)
            empty["author"] += article.author is None
            empty["date"] += article.published is None
            yield from ("", f"article {number} of {len(read)}: {article.url}", *fields(article, trouble))
        authors = {sample.article.author for sample in read if sample.article is not None}
        if len(read) >= _SIGNED and len(authors) == 1 and (only := authors.pop()) is not None:
            yield from ("", f"note: {SAME_AUTHOR.format(only)}")
        for name, count in empty.items():
            if count == len(read):
                scouted.missing.append(f'{name} in any article; add: [selectors] {name} = "CSS of where it is printed"')
        yield from self._samples(report)

    def _samples(self, report: Report) -> list[str]:
        lines = [f"not read: {s.url}: {s.trouble}" for s in report.samples if s.article is None]
        return ["", *lines] if lines else []


def describe(scouted: Scouted) -> Iterator[str]:
    """Yield what was found out about the portal itself."""
    yield f"{scouted.home} is {scouted.id}"
    rows = (("name", scouted.name), ("family", scouted.family), ("region", scouted.region), ("zone", scouted.zone))
    for key, found in rows:
        if found is not None:
            yield f"  {key:9} {found.value}  [{found.where}]"
    for candidate, count in scouted.listings:
        yield f"  {candidate.kind.value:9} {candidate.url}  {count} addresses [{candidate.where}]"


def fields(article: Article, trouble: str | None) -> Iterator[str]:
    """Yield an article's fields, each with where it was read."""
    where = dict(article.evidence)
    published = article.published
    rows: tuple[tuple[str, str | None, str | None], ...] = (
        ("title", article.title, where.get("title")),
        ("author", article.author, where.get("author")),
        (
            "published",
            published.local.isoformat(timespec="seconds") if published else None,
            f'{published.source}: "{published.text}"' if published else article.published_reason,
        ),
        ("section", article.section, where.get("section")),
        ("tags", ", ".join(article.tags), where.get("tags")),
        ("lead", article.lead, where.get("lead")),
        (
            "body",
            f"{sum(len(p.split()) for p in article.paragraphs)} words in {len(article.paragraphs)} paragraphs: "
            + (article.paragraphs[0] if article.paragraphs else ""),
            where.get("body"),
        ),
        ("image", article.image_url, where.get("image_url")),
        ("reader", article.reader, None),
    )
    for key, value, place in rows:
        shown = " ".join((value or "-").split())
        shown = shown if len(shown) <= _WIDTH else shown[: _WIDTH - 3] + "..."
        yield f"  {key:9} {shown}" + (f"  [{place}]" if place else "")
    if trouble:
        yield f"  a stage would drop it: {trouble}"


def write_checked(path: Path, text: str, *, dry_run: bool) -> Path:
    """Write a portal's file once the catalogue can read it; raises CatalogueError when it could not."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        trial.write_text(text, encoding="utf-8")
        read_portal(trial)
    if not dry_run:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path


def write_golden(folder: Path, samples: list[Sample]) -> Iterator[Path]:
    """Write each article's page as text and what its reader read from it."""
    for sample in samples:
        article, page = sample.article, sample.page
        if article is None or page is None:
            continue
        slug = urlsplit(article.url).path.rstrip("/").rpartition("/")[2].removesuffix(".html")
        case = folder / (re.sub(r"[^a-z0-9]+", "-", slug.lower())[:60].strip("-") or "artikel")
        case.mkdir(parents=True, exist_ok=True)
        (case / "page.html").write_text(decode(page.body, page.content_type), encoding="utf-8")
        text = json.dumps(facts_of(article), ensure_ascii=False, indent=2)
        (case / "article.json").write_text(text + "\n", encoding="utf-8")
        yield case


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
