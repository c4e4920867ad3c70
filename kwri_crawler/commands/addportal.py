"""`scrapy addportal https://...`: from an address to a portal's file, and what its articles say; or from many."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError

from kwri_crawler import clock, home
from kwri_crawler.archive import open_archive
from kwri_crawler.catalogue import Catalogue, CatalogueError, family_names, portal_folders
from kwri_crawler.command import Exit, ScreenCommand, as_typed, count, zone
from kwri_crawler.command.entries_asked import entries_asked
from kwri_crawler.reading.stages import load_stages
from kwri_crawler.scout.bring_up import BringUp
from kwri_crawler.scout.entries import (
    Entry,
    entry_of_address,
)
from kwri_crawler.scout.golden import write_golden
from kwri_crawler.scout.looking import Looker
from kwri_crawler.scout.naming import id_of
from kwri_crawler.scout.newsrooms import Newsroom, newsrooms_in
from kwri_crawler.scout.portal_file import check_file, toml_of, write_file
from kwri_crawler.scout.report import Report
from kwri_crawler.scout.scouted import NO_HINTS, Hints, Scouted, with_portal
from kwri_crawler.scout.shown import describe, samples_lost, samples_read
from kwri_crawler.scout.state import StateFile
from kwri_crawler.scout.summary import Summary, watched
from kwri_crawler.scout.verdicts import Judged, Verdict
from kwri_crawler.screen import complain, say, say_json
from kwri_crawler.spiders.process import run_to_end
from kwri_crawler.web.addresses import canonical, host_of, http_fault, url_key

GOLDEN = (home.checkout() or home.home()) / "tests" / "golden"

_HELP = """\
examples:
  scrapy addportal https://jatim.kwri.or.id/ -s CONTACT=you@example.org
  scrapy addportal https://example.co.id/berita/satu-artikel --dry-run
  scrapy addportal https://example.co.id/ --id contoh --zone Asia/Makassar --name "Contoh Sulsel"
  scrapy addportal --from portals.txt
  scrapy addportal --province "Jawa Timur" --network Disway

It asks for the home page, robots.txt, the usual listings and three articles, as politely as a crawl: some twenty
requests, a second apart. It shows what it read from the articles, field by field, and writes <id>.toml into the first
folder of PORTALS_PATH (your own portals/) with a comment on each line saying where it was found. Then:
scrapy crawl <id> --limit 10. Nothing is overwritten without --force.

Several addresses, --from FILE, --province or --network bring up many: 32 hosts at a time, each at its own pace, one
word for each at the end. FILE holds an address a line, or a table as the directory's (docs/directory.md). Verdicts are
kept in a state file: a run that was stopped or killed goes on where it was, and a later run asks only those without a
verdict; with --again also those that failed.

  added             its file is written, and harvests crawl it
  added, check X    its file is written with active = false: look at that field first
  known             the catalogue has it (entries of a network's file that are off are tried)
  same as ID        another address of that newsroom
  moved to HOST     that one was tried in its place
  dead · blocked · closed by robots · no listing · no article
  not news          something else is there, mostly bets
  parked            for sale, suspended, or as it was installed

--golden also writes the articles' pages and what was read from them, as test cases. Their words are the portal's:
put your own in their place before you share them.
"""


class Command(ScreenCommand):
    """Adds a portal to the catalogue."""

    takes = "[options] https://ADDRESS ..."
    does = "Add portals to the catalogue, each from the address of any of its pages"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "the file was written, or shown with --dry-run; of many: each is added, known, the same, or moved",
        Exit.SETUP: "it could not be set up: a setting is wrong",
        Exit.ARGUMENT: "a wrong argument, or there is such a portal already; nothing was asked for",
        Exit.PART: "nothing to write: no answer, listing or article; of many: some have other words, or it was stopped",
        Exit.BUSY: "another addportal writes the same state file",
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
        parser.add_argument("--from", dest="from_", metavar="FILE", help="bring up what a file names; - is stdin")
        parser.add_argument("--province", "--region", metavar="NAME", help="bring up a province of the directory")
        parser.add_argument("--network", metavar="NAME", help="bring up a network of the directory")
        parser.add_argument("--again", action="store_true", help="of many: try those that failed in earlier runs, too")
        parser.add_argument("--state", metavar="FILE", help="of many: where verdicts are kept (beside the archive)")
        parser.add_argument("--at-once", type=count, default=32, metavar="N", help="of many: hosts at a time (32)")
        parser.add_argument("--json", action="store_true", help="of many: print one JSON object a line, a line each")
        parser.add_argument(
            "--golden", metavar="FOLDER", nargs="?", const=str(GOLDEN), help="write test cases (tests/golden)"
        )

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Look, show, write."""
        folders = portal_folders(self.given["PORTALS_PATH"])
        if opts.from_ or opts.province or opts.network or len(args) > 1:
            self._many(args, opts, folders)
            return
        address = self._check(args, opts)
        given = self._known_better(opts)
        hints = self._hints(address, opts)
        self._refuse_overwriting(folders, opts.id or id_of(host_of(address)), opts)
        if not self.given.get("CONTACT"):
            complain("CONTACT is not set: the portal cannot tell you when this troubles it")
        report = self._look(address, given, hints)
        scouted = report.scouted
        if scouted is not None and not report.ended:
            self.fail("the look was stopped, or an error of ours ended it: nothing was written", Exit.PART)
            return
        if report.judged is not None or scouted is None:
            say(*samples_lost(report))
            judged = report.judged
            told = _trouble(judged) if judged is not None else "the look at the portal could not be set up"
            self.fail(told, Exit.SETUP if judged is None else Exit.PART)
            return
        self._refuse_overwriting(folders, scouted.id, opts)
        portal = scouted.portal()
        say(*describe(scouted), *samples_read(report, scouted, portal, load_stages(self.given)))
        if report.doubt is not None:
            say("", f"note: {report.doubt.why}")
        text = toml_of(scouted, address, clock.now().date().isoformat())
        path = folders[0] / f"{scouted.id}.toml"
        try:
            check_file(path, text)
        except CatalogueError as error:
            self.fail(f"{error}\n\n{text}", Exit.PART)
            return
        for missing in scouted.missing:
            say(f"not found: {missing}")
        if opts.dry_run:
            say("", f"{path} would be:", "", text.rstrip("\n"))
            return
        write_file(path, text)
        say("", f"wrote {path}")
        if opts.golden:
            read = [(one.article, one.page) for one in report.samples if one.article and one.page]
            for case in write_golden(Path(opts.golden) / scouted.id, read):
                say(f"wrote {case}; put your own words in place of the portal's before you share it")
        say(as_typed(f"next: scrapy crawl {scouted.id} --limit 10"))

    def _check(self, args: list[str], opts: argparse.Namespace) -> str:
        """Return the address, spelt canonically; raises UsageError for what cannot be looked at."""
        if len(args) != 1:
            raise UsageError("scrapy addportal takes one address: scrapy addportal https://host/")
        address = canonical(args[0] if "://" in args[0] else f"https://{args[0]}")
        if fault := http_fault(address):
            raise UsageError(f"{args[0]}: {fault}; write it as https://host/")
        if fault := self.fault_of_host(opts.private)(host_of(address)):
            raise UsageError(fault)
        if opts.id and not re.fullmatch(r"[a-z0-9-]+", opts.id):
            raise UsageError(f"--id {opts.id}: write small letters, digits and hyphens")
        return address

    def _hints(self, address: str, opts: argparse.Namespace) -> Hints:
        """Return what a network's file says of a portal that is off; raises UsageError for one that is crawled."""
        if opts.id:
            return NO_HINTS
        key = entry_of_address(address).key
        portal = next((one for one in self.read_catalogue().portals if url_key(one.home) == key), None)
        if portal is not None and portal.is_entry and not portal.active:
            return replace(with_portal(NO_HINTS, portal), article=address)
        is_elsewhere = portal is not None and (portal.is_entry or portal.id != id_of(host_of(address)))
        if portal is not None and is_elsewhere and not (opts.force or opts.dry_run):
            raise UsageError(f"{address}: the catalogue has it as {portal.id}; --force writes a file of its own")
        return NO_HINTS

    def _refuse_overwriting(self, folders: tuple[Path, ...], portal_id: str, opts: argparse.Namespace) -> None:
        path = next((path for folder in folders if (path := folder / f"{portal_id}.toml").exists()), None)
        if path is not None and not (opts.force or opts.dry_run):
            does = "writes over it" if path.parent == folders[0] else "writes one that is taken in its place"
            raise UsageError(f"{path}: the catalogue has this portal; --force {does}, --id gives another name")

    @property
    def _process(self) -> AsyncCrawlerProcess:
        if not isinstance(self.crawler_process, AsyncCrawlerProcess):
            raise AssertionError("Scrapy makes a process for a command that asks for one")
        return self.crawler_process

    def _known_better(self, opts: argparse.Namespace) -> dict[str, str | None]:
        return {"id": opts.id, "name": opts.name, "zone": opts.zone, "family": opts.family}

    def _look(self, address: str, given: dict[str, str | None], hints: Hints) -> Report:
        report = Report()

        async def look() -> None:
            nonlocal report
            report = await looker.look(address, hints)

        looker = Looker(self._process, given, lambda what: complain(f"looking at {what}"))
        run_to_end(self._process, look)
        return report

    def _many(self, args: list[str], opts: argparse.Namespace, folders: tuple[Path, ...]) -> None:
        """Bring up what was asked for, show a table, end with a code."""
        for name in ("id", "name", "golden", "dry_run", "force"):
            if getattr(opts, name):
                raise UsageError(f"--{name.replace('_', '-')} is for one address, not for many")
        catalogue = self.read_catalogue()
        entries = entries_asked(args, opts, catalogue, self.fault_of_host(opts.private))
        if not self.given.get("CONTACT"):
            complain("CONTACT is not set: portals cannot tell you when this troubles them")
        day = clock.now().date().isoformat()

        def prepare(scouted: Scouted, entry: Entry) -> Callable[[], None]:
            text = toml_of(scouted, entry.address, day)
            path = folders[0] / f"{scouted.id}.toml"
            check_file(path, text)
            return lambda: write_file(path, text)

        path = Path(opts.state or self.archive_path.parent / "addportal.jsonl").absolute()
        with StateFile(path) as state:
            work = BringUp(
                entries,
                state,
                catalogue,
                look=Looker(self._process, self._known_better(opts), lambda _: None).look,
                stages=load_stages(self.given),
                prepare=prepare,
                alike=self._alike(catalogue),
                again=opts.again,
                at_once=opts.at_once,
                pause_s=self.given.getfloat("DOWNLOAD_DELAY"),
            )
            if len(work.todo) < len(entries):
                complain(f"{len(entries) - len(work.todo)} of {len(entries)} have a verdict in {path}")
            run_to_end(self._process, lambda: watched(work), work.stop)
            summary = Summary(work)
        if opts.json:
            for row in summary.objects():
                say_json(row)
        else:
            say(as_typed(summary.text()))
        self.exitcode = Exit.DONE if summary.is_well else Exit.PART

    def _alike(self, catalogue: Catalogue) -> Callable[[Newsroom], Iterable[Newsroom]]:
        """Return what finds the catalogue's newsrooms that carry a text; an archive is not made by a question."""
        if not self.archive_path.exists():
            return lambda _: ()
        db = open_archive(self.archive_path)
        known = {portal.id for portal in catalogue.portals}
        return lambda newsroom: newsrooms_in(db, newsroom.texts.values(), known)


def _trouble(judged: Judged) -> str:
    """Return why one portal has no file; a word goes before what does not begin with what was tried."""
    if judged.verdict in (Verdict.NO_LISTING, Verdict.NO_ARTICLE, Verdict.DEAD):
        return judged.why
    return f"{judged.verdict}{judged.of and ' '}{judged.of}: {judged.why}"
