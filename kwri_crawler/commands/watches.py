"""`scrapy watches`: saved searches that a desk is told of: added, tried, listed, run, removed, written as a feed."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO, cast

from scrapy.exceptions import UsageError

from kwri_crawler import clock, exports
from kwri_crawler.archive import Database, Writer, lock_harvest, watches
from kwri_crawler.archive.alerts import Digest
from kwri_crawler.archive.watches import Watch, WatchLine
from kwri_crawler.clock import local_text, moment_of
from kwri_crawler.command import Exit, ProjectCommand, add_lang, add_portal, as_typed, count, speaking
from kwri_crawler.command.choosing import check_field
from kwri_crawler.nearest import nearest
from kwri_crawler.notify import digests, messages, watching
from kwri_crawler.notify.digests import write_digest
from kwri_crawler.screen import Shown, complain, say, say_json, table
from kwri_crawler.whole_file import whole_file

if TYPE_CHECKING:
    from kwri_crawler.screen.spoken import Spoken

DAYS = 7  # that `test` looks back
_MOST_NAME = 60  # characters
_NOBODY = "--send: name who is told: --send mail,wa"

_HELP = """\
examples:
  scrapy watches add kebakaran "kebakaran OR terbakar" --send mail,wa
  scrapy watches add polda '"polda jatim"' --region "Jawa Timur" --least 3 --again 6 --send mail
  scrapy watches                                 all, and what still waits
  scrapy watches test kebakaran                  what the last 7 days would have told; sends nothing
  scrapy watches test kebakaran --send           ... and sends it, marked as a test
  scrapy watches run                             after crawls without a harvest; a harvest does it by itself
  scrapy watches feed kebakaran --out kebakaran.xml
  scrapy watches remove kebakaran

A story is told once, when the watch finds it, and with --again N once more when its text stands on N portals. --send
takes names of the setting NOTIFY. A search is written as for scrapy export --search. Articles that were out more than
30 days before they were found are history, and not told.
"""


class Command(ProjectCommand):
    """Watches."""

    takes = "[add NAME QUERY | test NAME | remove NAME | run | feed NAME] [options]"
    does = "Tell a desk of new stories that a saved search finds"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "done; a list may be empty",
        Exit.SETUP: "what sends messages is not installed: pip install 'kwri-crawler[desk]'",
        Exit.ARGUMENT: "a wrong argument, search or name of NOTIFY; nothing was done",
        Exit.PART: "there is no such watch, or somebody could not be told; the next run tries again",
        Exit.BUSY: "a harvest is running, and tells",
        Exit.ARCHIVE: "the archive cannot be opened, read or written",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options and examples."""
        super().add_options(parser)
        add_portal(parser, "add: only articles of this portal")
        parser.add_argument("--region", metavar="NAME", help="add: only articles of portals of this region")
        parser.add_argument("--least", type=count, metavar="N", help="add: told when it stands on N portals (1)")
        parser.add_argument("--again", type=count, metavar="N", help="add: told once more when it stands on N portals")
        parser.add_argument(
            "--send", nargs="?", const="", metavar="NAME,NAME", help="names of the setting NOTIFY; test: send it too"
        )
        parser.add_argument("--days", type=count, metavar="N", help=f"test: how far to look back ({DAYS})")
        parser.add_argument("--out", metavar="FILE", help="feed: where to write it; - is standard output (-)")
        add_lang(parser)
        parser.add_argument("--json", action="store_true", help="print the list as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do what is asked for."""
        verb, *rest = args or ["list"]
        of_add = (opts.portal, opts.region, opts.least, opts.again)
        if verb != "add" and any(option is not None for option in of_add):
            raise UsageError("--portal, --region, --least and --again are for scrapy watches add")
        if verb not in ("add", "test") and opts.send is not None:
            raise UsageError("--send is for scrapy watches add and test")
        if verb == "add":
            self._add(rest, opts)
        elif verb == "list" and not rest:
            self._list(opts)
        elif verb == "run" and not rest:
            self._run(opts)
        elif verb in ("test", "remove", "feed") and len(rest) == 1:
            {"test": self._test, "remove": self._remove, "feed": self._feed}[verb](rest[0], opts)
        else:
            raise UsageError(f"scrapy watches takes {self.takes.partition(' [options]')[0]}")

    def _addresses(self) -> dict[str, str]:
        return messages.addresses_of(self.given)

    def _add(self, rest: list[str], opts: argparse.Namespace) -> None:
        if len(rest) < 2:
            raise UsageError('write: scrapy watches add NAME QUERY; for example: add kebakaran "kebakaran OR terbakar"')
        name, query = rest[0], " ".join(rest[1:])
        if len(name) > _MOST_NAME or not name.isprintable() or not name.strip():
            raise UsageError(f"a watch's name has 1 to {_MOST_NAME} letters on one line")
        if opts.again is not None and opts.again <= (opts.least or 1):
            raise UsageError(
                f"--again {opts.again}: more portals than --least {opts.least or 1}, or it is told at once"
            )
        send = _names(opts.send)
        if opts.send == "":
            raise UsageError(_NOBODY)
        messages.check(self._addresses(), send)
        db = self.open_archive()
        try:
            catalogue = self.check_portal(opts.portal, db)
            if opts.region is not None:
                check_field("region", opts.region, {*(one.region for one in catalogue.portals), *watches.regions(db)})
            watch = Watch(name, query, opts.portal, opts.region, opts.least or 1, opts.again, send)
            if not watches.add(db, watch):
                raise UsageError(f"{name}: there is such a watch; scrapy watches remove {name} takes it away")
        finally:
            db.close()
        words = speaking(opts)
        to = words("to_receivers", names=", ".join(send)) if send else words("to_nobody")
        say(words("watch_added", name=name, to=to))

    def _list(self, opts: argparse.Namespace) -> None:
        db = self.open_archive()
        lines = watches.list_watches(db)
        db.close()
        if opts.json:
            say_json([line.watch._asdict() | line._asdict() | {"watch": line.watch.name} for line in lines], indent=2)
        elif lines:
            show(lines, speaking(opts))
        else:
            say(as_typed(speaking(opts)("no_watches")))

    def _test(self, name: str, opts: argparse.Namespace) -> None:
        words = speaking(opts)
        addresses = self._addresses() if opts.send is not None else {}
        db = self.open_archive()
        try:
            watch = self._find(db, name, words)
            if watch is None:
                return
            to = _names(opts.send) or watch.send
            if opts.send is not None:
                messages.check(addresses, to)
            days = opts.days or DAYS
            stories = watches.would_tell(db, watch, clock.now() - timedelta(days=days))
        finally:
            db.close()
        title, text = write_digest(
            Digest(name, watch.query, "", tuple(stories)), self.given["NOTIFY_LANG"], is_test=True
        )
        if not stories:
            say(words("nothing_found", name=name, days=words.number(days)))
        else:
            say(title, text.rstrip("\n"))
        if opts.send is not None and not to:
            raise UsageError(f"{name}: this watch sends to nobody; name somebody: --send mail")
        for receiver in to if opts.send is not None else ():
            failed = messages.send(addresses[receiver], title, text)
            if failed:
                label = messages.label(receiver, addresses[receiver])
                self.fail(words("not_told", to=label, why=digests.write_why(failed, words.lang)), Exit.PART)
            else:
                say(words("taken", to=receiver))

    def _remove(self, name: str, opts: argparse.Namespace) -> None:
        words = speaking(opts)
        db = self.open_archive()
        try:
            if self._find(db, name, words) is not None and watches.remove(db, name):
                say(words("removed", name=name))
        finally:
            db.close()

    def _feed(self, name: str, opts: argparse.Namespace) -> None:
        words = speaking(opts)
        out_name = opts.out or "-"
        self.check_out(out_name)
        db = self.open_archive()
        try:
            watch = self._find(db, name, words)
            articles = watches.newest(db, watch) if watch is not None else []
        finally:
            db.close()
        if watch is None:
            return
        on_screen = out_name == "-" and sys.stdout.isatty()
        with whole_file(out_name) as out:
            target = cast(BinaryIO, Shown(out)) if on_screen else out
            exports.write_atom(articles, target, f"kwri-crawler: {name}", clock.now())
        stories = words.count(len(articles), "stories")
        complain(stories if out_name == "-" else words("feed_of", stories=stories, out=out_name))

    def _run(self, opts: argparse.Namespace) -> None:
        """Look and tell, as a harvest does in its end."""
        addresses = self._addresses()
        self.open_archive().close()  # or say that there is none
        with lock_harvest(self.archive_path):
            writer = Writer.share(self.archive_path)
            try:
                watching.check(writer, addresses)
                told, faults = watching.run(writer, addresses, clock.now(), self.given["NOTIFY_LANG"])
            finally:
                writer.close()
        words = speaking(opts)
        say(*watching.as_lines(told, words.lang) or [words("nothing_new")])
        for fault in faults:
            self.fail(fault, Exit.PART)
        if any(one.failed for one in told):
            self.exitcode = Exit.PART

    def _find(self, db: Database, name: str, words: Spoken) -> Watch | None:
        """Return a watch; say so where there is none."""
        watch = watches.find(db, name)
        if watch is None:
            known = [line.watch.name for line in watches.list_watches(db)]
            near = nearest(name, known)
            hint = words("did_you_mean", near=near) if near else words("list_watches")
            self.fail(f"{words('no_watch', name=name)}; {hint}", Exit.PART)
        return watch


def _names(send: str | None) -> tuple[str, ...]:
    """Return the names that --send has, each once; none where it is not there or stands alone."""
    names = tuple(dict.fromkeys(part.strip() for part in (send or "").split(",") if part.strip()))
    if send and not names:
        raise UsageError(_NOBODY)
    return names


def show(lines: list[WatchLine], words: Spoken) -> None:
    """Print watches, one a line."""
    rows = [
        (
            one.name, one.query, one.portal or one.region or words("all"), one.least_portals, one.again_at,
            ", ".join(one.send) or words("nobody"), line.stories, line.waiting,
            line.last_at and local_text(moment_of(line.last_at)),
        )
        for line in lines for one in (line.watch,)
    ]  # fmt: skip
    keys = ("watch", "search", "of", "least", "again", "tells", "stories", "waiting", "last_told")
    heads = [words(key) for key in keys]
    say(table(heads, rows, [words(key) for key in ("watch", "search", "of", "tells", "last_told")]))
