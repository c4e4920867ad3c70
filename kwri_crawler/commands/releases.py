"""`scrapy releases`: a desk's own texts, who carried them and who did not; adds them from files, lists or a portal."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from kwri_crawler import copies, desk, exports
from kwri_crawler.archive import Database, release_queries, releases
from kwri_crawler.archive.extracts import Wanted, extracts
from kwri_crawler.archive.release_queries import Asked, By, Order
from kwri_crawler.archive.releases import Added, Release, Verdict
from kwri_crawler.command import (
    Exit,
    ProjectCommand,
    add_days,
    add_lang,
    add_portal,
    add_zone,
    days_of,
    speaking,
)
from kwri_crawler.command.release_files import NoDay, ReleaseFile, Source, files_of, read_at, release_of, sent_at
from kwri_crawler.command.release_lists import show, show_links, show_list, show_release
from kwri_crawler.copies.sketch import SHORTEST
from kwri_crawler.desk.addresses import read_addresses
from kwri_crawler.desk.bounds import MOST_BYTES
from kwri_crawler.desk.moments import At
from kwri_crawler.items import Precision
from kwri_crawler.screen import say
from kwri_crawler.web.addresses import canonical, url_key

if TYPE_CHECKING:
    from kwri_crawler.screen.spoken import Spoken

_KINDS = ".docx .odt .pdf .txt .md .eml .html"
SLICE = 200  # articles of a desk's own portal a transaction

_HELP = """\
examples:
  scrapy releases add siaran-pers/ --unit "Polres Ngawi"
  scrapy releases add rilis.docx --at 2024-06-27T14:10
  scrapy releases add daftar.csv                    columns: name, unit, title, text, released_at
  scrapy releases add --portal humas-x --since 2024-06-01
  scrapy releases --since 2024-06-01 --until 2024-06-30 --csv > juni.csv
  scrapy releases --since 2024-06-01 --xlsx juni.xlsx
  scrapy releases --uncarried                       those that ran nowhere
  scrapy releases 12                                one: who ran it when, and what each changed
  scrapy releases --lang id                         in Indonesian, as where LANG is id_ID
  scrapy releases --units                           league of units: releases, how many ran, how fast
  scrapy releases --units --by week --sort fastest
  scrapy releases --portals                         portals; those that carried none are last
  scrapy releases links tempelan.txt                which pasted links carry what, and which carriers nobody named
  scrapy releases remove rilis.docx

Files: .docx .odt .pdf .txt .md .eml .html, alone or in folders; a sub-folder's name is the unit. When it was sent says
--at, else an e-mail's date, else the file's name, else the paper; where none does, it is not added. Carried means that
the text is shared: what was rewritten wholly, or told by telephone, is not found. Days are the desk's own (--zone).
"""


class Command(ProjectCommand):
    """Releases and their carriers."""

    takes = "[add PATH ... | links FILE | remove NAME | RELEASE] [options]"
    does = "Show which of a desk's own releases ran where, and which ran nowhere"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "done; a list may be empty",
        Exit.SETUP: "what reads .docx or .pdf, or writes XLSX, is not installed: pip install 'kwri-crawler[desk]'",
        Exit.PART: "there is no such release, or a file was not read or has no day; the others were added",
        Exit.ARCHIVE: "the archive cannot be opened, read or written",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options and examples."""
        super().add_options(parser)
        add_days(parser, "sent on this day or later", "sent on this day or earlier")
        parser.add_argument("--unit", metavar="NAME", help="only this unit's; with add: who sent them")
        parser.add_argument("--uncarried", action="store_true", help="only those that ran nowhere")
        parser.add_argument("--units", action="store_true", help="the league of units")
        parser.add_argument("--portals", action="store_true", help="how much each portal carried")
        parser.add_argument("--by", choices=[each.value for each in By], help="a league for each; a week by its Monday")
        parser.add_argument("--sort", choices=[each.value for each in Order], help="what a league goes by")
        add_portal(parser, "add: the articles of this portal, which is the desk's own and carries nothing")
        parser.add_argument(
            "--at", metavar="WHEN", help="add: when it was sent: 2024-06-27T14:10, 2024-06-27, or mtime"
        )
        add_zone(parser)
        add_lang(parser)
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument("--csv", action="store_true", help="print CSV")
        parser.add_argument("--xlsx", metavar="FILE", help="write a spreadsheet; - is standard output")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do what is asked for."""
        verb, *rest = args or [""]
        if sum(map(bool, (opts.json, opts.csv, opts.xlsx))) > 1:
            raise UsageError("--json, --csv or --xlsx, not two of them")
        if opts.xlsx:
            exports.check_sheets()
            self.check_out(opts.xlsx)
            if verb in ("add", "remove"):
                raise UsageError(f"scrapy releases {verb} makes no list: --xlsx is for the others")
        if verb == "add":
            self._add(rest, opts)
        elif verb in ("links", "remove"):
            if len(rest) != 1:
                raise UsageError(f"write: scrapy releases {verb} {'FILE' if verb == 'links' else 'NAME'}")
            if verb == "links":
                self._links(rest[0], opts)
            else:
                self._remove(rest[0], opts)
        elif rest:
            raise UsageError("scrapy releases takes one release, or add, links or remove before what it is about")
        else:
            self._show(verb, opts)

    def _show(self, named: str, opts: argparse.Namespace) -> None:
        asked = Asked(*days_of(opts), opts.unit, opts.uncarried)
        if opts.at or opts.portal:
            raise UsageError("--at and --portal are for scrapy releases add")
        if (opts.by or opts.sort) and not (opts.units or opts.portals):
            raise UsageError("--by and --sort are for --units and --portals")
        by, order = opts.by and By(opts.by), opts.sort and Order(opts.sort)
        db = self.open_archive()
        try:
            if named:
                self._show_one(db, named, opts)
            elif opts.units:
                units = release_queries.list_units(db, asked, by, order or Order.ARTICLES)
                show(units, release_queries.UnitLine._fields, opts)
            elif opts.portals:
                portals = release_queries.list_portals(db, asked, by, order or Order.CARRIED)
                show(portals, release_queries.PortalLine._fields, opts)
            else:
                show_list(release_queries.list_releases(db, asked), opts)
        finally:
            db.close()

    def _show_one(self, db: Database, named: str, opts: argparse.Namespace) -> None:
        found = release_queries.find_release(db, named)
        if found is None:
            self.fail(speaking(opts)("no_release", name=named), Exit.PART)
            return
        show_release(*found, release_queries.carriers_of(db, found[0].release), opts)

    def _remove(self, name: str, opts: argparse.Namespace) -> None:
        db = self.open_archive()
        removed = releases.remove(db, name)
        db.close()
        words = speaking(opts)
        if removed:
            say(words("removed", name=name))
        else:
            self.fail(words("no_release", name=name), Exit.PART)

    def _links(self, name: str, opts: argparse.Namespace) -> None:
        """Check the addresses of a file, keep them, and name the carriers that nobody reported."""
        asked = Asked(*days_of(opts), opts.unit)
        try:
            data = sys.stdin.buffer.read(MOST_BYTES) if name == "-" else desk.read_bytes(Path(name))
        except (desk.Unread, OSError) as error:
            self.fail(not_read(name, error, speaking(opts)), Exit.PART)
            return
        addresses, without = read_addresses(data.decode("utf-8", "replace"))
        db = self.open_archive()
        try:
            catalogue, _ = self.check_portal(None, db)
            urls = {url_key(url): url for url in map(canonical, addresses)}
            links = [link for key, url in urls.items() for link in release_queries.check_link(db, url, key)]
            releases.report_links(db, list(urls.items()))
            names = [] if asked != Asked() else sorted({link.release for link in links if link.release})
            missing = release_queries.unreported(db, asked, names) if names or asked != Asked() else []
        finally:
            db.close()
        portals = {url: next((one.id for one in catalogue if one.owns(url)), None) for url in urls.values()}
        show_links(links, missing, without, portals, opts)

    def _add(self, paths: list[str], opts: argparse.Namespace) -> None:
        if bool(paths) == bool(opts.portal):
            raise UsageError("write: scrapy releases add PATH ..., or: scrapy releases add --portal ID")
        at = read_at(opts)
        if opts.portal:
            self._add_portal(opts)
            return
        if opts.since or opts.until:
            raise UsageError("--since and --until are for scrapy releases add --portal ID")
        files = list(files_of(map(Path, paths)))
        desk.check_libraries(file.path for file in files)
        db = self.open_archive()
        words = speaking(opts)
        try:
            for file in files:
                self._add_file(db, file, at, opts, words)
        finally:
            db.close()
        if not files:
            self.fail(words("no_files", names=", ".join(paths), kinds=_KINDS), Exit.PART)

    def _add_file(
        self, db: Database, file: ReleaseFile, at: At | str | None, opts: argparse.Namespace, words: Spoken
    ) -> None:
        try:
            if file.path.suffix.lower() == ".csv":
                rows = desk.read_list(file.path, opts.zone)
                found = [Release(row.name, row.unit or opts.unit, row.title, row.paragraphs, *row.at) for row in rows]
                for release, added in zip(found, releases.add(db, found), strict=True):
                    say_added(release, added, None, words)
                return
            paper = desk.read_paper(file.path)
            moment, where = sent_at(file, paper, at, opts.zone)
        except (desk.Unread, OSError) as error:
            self.fail(not_read(file.name, error, words), Exit.PART)
        except desk.ListError as error:
            self.fail(words("not_added", name=file.name, why=words(f"list_{error.fault}", **error.where)), Exit.PART)
        except NoDay as error:
            days = ", ".join(map(date.isoformat, error.days))
            why = words("several_days", days=days) if days else words("no_day")
            self.fail(f"{file.name}: {why}; {words('say_at')}", Exit.PART)
        else:
            unit = opts.unit or file.unit
            release = Release(file.name, unit, paper.title, paper.paragraphs, *moment)
            say_added(release, releases.add(db, [release])[0], where, words)

    def _add_portal(self, opts: argparse.Namespace) -> None:
        """Enter a portal's articles as releases, a slice a transaction."""
        db = self.open_archive()
        try:
            self.check_portal(opts.portal, db)
            articles = extracts(db, Wanted(*days_of(opts), opts.portal))
            counts = dict.fromkeys(Verdict, 0)
            undated = 0
            while some := list(islice(articles, SLICE)):
                dated = [release_of(one, opts.unit) for one in some if one.published_local]
                undated += len(some) - len(dated)
                for added in releases.add(db, dated):
                    counts[added.verdict] += 1
        finally:
            db.close()
        words = speaking(opts)
        say(", ".join(f"{words.number(number)} {words(f'verdict_{verdict}')}" for verdict, number in counts.items()))
        if undated:
            say(words("left_out", articles=words.count(undated, "articles")))
        if not sum(counts.values()):
            self.fail(words("no_own_articles", portal=opts.portal), Exit.PART)


def not_read(name: str, error: desk.Unread | OSError, words: Spoken) -> str:
    """Return why a file was not read."""
    if isinstance(error, FileNotFoundError):
        return words("no_file", name=name)
    if isinstance(error, OSError):
        return words("not_read", name=name, why=error.strerror or str(error))
    return words("not_read", name=name, why=words(f"fault_{error.fault}").format(mb=MOST_BYTES // 1_000_000))


def say_added(release: Release, added: Added, where: Source | None, words: Spoken) -> None:
    """Print what became of one release."""
    is_other = added.name != release.name
    line = words("known_as", name=added.name) if is_other else words(f"verdict_{added.verdict}")
    if added.verdict is not Verdict.KNOWN:
        is_exact = release.precision is Precision.MINUTE
        day = release.at.isoformat(" ", "minutes") if is_exact else str(release.at.date())
        line += f", {words('sent_on', day=day)}" + (f" ({words(f'from_{where}')})" if where else "")
    on = {"articles": words.count(added.articles, "articles"), "portals": words.count(added.portals, "portals")}
    say(f"{release.name}: {line}; {words('carried_now', **on) if added.articles else words('not_yet')}")
    if not copies.sketch_text("\n\n".join(release.paragraphs)):
        say("  " + words("short", words=str(SHORTEST)))
