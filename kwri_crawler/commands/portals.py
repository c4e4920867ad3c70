"""`scrapy portals [PORTAL ...]`: how every portal is, in one plain word and since when; or one portal, and why."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError

from kwri_crawler import clock
from kwri_crawler.archive import crawls, health, open_archive, verifications
from kwri_crawler.archive.verifications import Verified
from kwri_crawler.catalogue import Portal
from kwri_crawler.command import Exit, ProjectCommand, add_lang, check_portals, count, speaking
from kwri_crawler.command.choosing import add_choice, choice_of, choose, named_or_active, words_now
from kwri_crawler.command.portal_lists import Row, as_object, in_a_line, in_full, verified_line, verified_table
from kwri_crawler.health import Past, Word, judge_all
from kwri_crawler.health.figures import portray
from kwri_crawler.plan import LastCrawl, next_due
from kwri_crawler.reading.stages import load_stages
from kwri_crawler.scout.verify import Verifier, sample, verify_all
from kwri_crawler.screen import complain, say, say_json, table
from kwri_crawler.spiders.process import run_to_end

if TYPE_CHECKING:
    pass

_HEADS = ("portal", "is", "since", "a_day", "usual", "crawled", "next", "why")


_HELP = """\
examples:
  scrapy portals                       all, those with trouble first
  scrapy portals kwri-jatim            why, with addresses to look at and what to try
  scrapy portals --word broken --word blocked
  scrapy portals --province "Jawa Timur" --network Tribun
  scrapy portals --lang id             in Indonesian, as where LANG is id_ID
  scrapy portals --json                for a script
  scrapy portals --verify --sample 50  fetch a listing and an article of the 50 that were verified longest ago
  scrapy portals --verify kwri-jatim   PASSED, FAILED and the field, or SKIPPED; with --json an object a line

words:
  well     as usual
  quiet    it publishes far less than usual; Sundays and holidays do not count
  thin     articles have less in them than usual: shorter, or without author, section, image or minute
  blocked  it refuses us: 403, 429, a challenge to browsers, robots.txt
  broken   it does not answer, or its listings, pages or dates are no longer read correctly
  new      crawled for less than two weeks, and it works
"""


class Command(ProjectCommand):
    """Say how portals are."""

    takes = "[options] [PORTAL ...]"
    does = "Show how every portal is, or why one is not well"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "the archive was asked; with --verify: no portal failed",
        Exit.SETUP: "a portal's file is wrong; the others are shown",
        Exit.PART: "with --verify: a portal failed, or it was stopped",
        Exit.ARCHIVE: "the archive cannot be opened or read",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options, examples and the words."""
        super().add_options(parser)
        add_choice(parser)
        parser.add_argument("--verify", action="store_true", help="fetch one listing and one article of each portal")
        parser.add_argument("--sample", type=count, metavar="N", help="with --verify: only N, verified longest ago")
        add_lang(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object a line, one line a portal")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Judge all, show those asked for."""
        now = clock.now()
        portals, faults = catalogue = self.read_catalogue()
        check_portals(args, catalogue)
        choice = choice_of(opts)
        if opts.verify:
            asked = choose(portals, choice, words_now(self.archive_path, choice))
            self._verify(named_or_active(asked, args), opts)
            self.name_faults(fault for fault in faults if not args or fault.portal in args)
            return
        if opts.sample:
            raise UsageError("--sample is for --verify")
        chosen = {portal.id for portal in choose(portals, choice)}
        known = {portal.id: portal for portal in portals}
        pasts, last, authors = look_up(self.archive_path, portals, now)
        # A portal that was retired is not crawled, so nothing is expected of it.
        active = [past for past in pasts if known[past.portal].active or past.portal in args]
        interval = timedelta(minutes=self.given.getfloat("HARVEST_INTERVAL_MIN"))
        order = list(Word)
        verdicts = sorted(judge_all(active, now), key=lambda verdict: (order.index(verdict.word), verdict.portal))
        by_id = {past.portal: past for past in pasts}
        rows = [
            Row(
                known[verdict.portal], verdict, by_id[verdict.portal], portray(by_id[verdict.portal], now),
                last.get(verdict.portal), next_due(last.get(verdict.portal), interval, now),
                authors.get(verdict.portal),
            )
            for verdict in verdicts
            if verdict.portal in chosen
            and (not args or verdict.portal in args)
            and (not choice.words or verdict.word.value in choice.words)
        ]  # fmt: skip
        if opts.json:
            for row in rows:
                say_json(as_object(row))
        elif args:
            words = speaking(opts)
            say(*("\n" * bool(place) + in_full(row, now, words) for place, row in enumerate(rows)))
        else:
            words = speaking(opts)
            counts = Counter(row.verdict.word for row in rows)
            of = f" {words('of')} {len(verdicts)}" if choice else ""
            told = ", ".join(f"{counts[word]} {words(word.value)}" for word in Word if counts[word])
            say(f"{len(rows)}{of} {words('portals')}" + (f": {told}" if told else ""))
            if rows:
                heads = [words(key) for key in _HEADS]
                to_left = {words(key) for key in ("portal", "is", "since", "why")}
                say(table(heads, (in_a_line(row, now, words) for row in rows), to_left))
        self.name_faults(fault for fault in faults if not args or fault.portal in args)

    def _verify(self, portals: list[Portal], opts: argparse.Namespace) -> None:
        """Ask portals, keep what was found where there is an archive, print a table; 3 where one failed."""
        db = open_archive(self.archive_path) if self.archive_path.exists() else None
        last = verifications.last_verified(db) if db is not None else {}
        chosen = sample(portals, last, opts.sample)
        if not self.given.get("CONTACT"):
            complain("CONTACT is not set: portals cannot tell you when this troubles them")
        found: list[Verified] = []
        process = AsyncCrawlerProcess(self.given)
        verifier = Verifier(process, load_stages(self.given))

        async def verify() -> None:
            found.extend(await verify_all(chosen, verifier.verify, lambda one: complain(verified_line(one))))

        if chosen:
            run_to_end(process, verify)
        changes: list[tuple[str, str]] = []
        if db is not None:
            with db.conn:
                changes = verifications.record(db, found, clock.now())
            db.close()
        if opts.json:
            changed = dict(changes)
            for one in found:
                say_json({**one._asdict(), "quarantine": changed.get(one.portal)})
        else:
            say(*verified_table(found, changes))
        if any(one.result == verifications.FAILED for one in found):
            self.exitcode = Exit.PART


def look_up(
    archive: Path, portals: tuple[Portal, ...], now: datetime
) -> tuple[list[Past], dict[str, LastCrawl], dict[str, str]]:
    """Ask the archive; one that was not made yet knows of no crawl, and is not made by a question."""
    if not archive.exists():
        return [Past(portal.id, portal.zone, None) for portal in portals], {}, {}
    db = open_archive(archive)
    try:
        return health.read_pasts(db, portals, now), crawls.last_crawls(db), health.only_authors(db)
    finally:
        db.close()
