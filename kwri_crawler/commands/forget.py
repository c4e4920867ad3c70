"""`scrapy forget URL`: takes an article, or a whole portal, out of the archive for good."""

from __future__ import annotations

import argparse
from contextlib import ExitStack, closing

from scrapy.exceptions import UsageError

from kwri_crawler.archive import Database, forgetting, lock_portal
from kwri_crawler.archive.forgetting import Forgotten
from kwri_crawler.command import Exit, ProjectCommand, add_portal
from kwri_crawler.kept import file as kept
from kwri_crawler.kept.file import pages_path
from kwri_crawler.screen import say

_SHOWN = 10  # addresses
_HELP = """\
examples:
  scrapy forget https://jatim.kwri.or.id/some-article         what would be removed
  scrapy forget https://jatim.kwri.or.id/some-article --yes   remove it
  scrapy forget --portal kwri-jatim --yes                     all articles of a portal

For a court order, a right of reply, a person's privacy. The article, its earlier texts, kept pages, dates, tags, search
index and place in a story are removed. Both files are rewritten, so that the words are in neither. The address stays in
the ledger as refused (cause: forgotten): it is never asked for again, nor stored from a feed or an import. Delete
backups, exports and reports yourself.
"""


class Command(ProjectCommand):
    """Removes articles and keeps their addresses as refused."""

    takes = "URL | --portal ID  [--yes]"
    does = "Take an article down, for good"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "removed; or, without --yes, shown",
        Exit.PART: "the archive has nothing of this address or portal",
        Exit.BUSY: "a crawl of its portal is running",
        Exit.ARCHIVE: "the archive or the kept pages cannot be opened or written, or words may still stand in a file",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ours, with examples."""
        super().add_options(parser)
        add_portal(parser, "all articles of this portal")
        parser.add_argument("--yes", action="store_true", help="remove it; else it is only shown")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Show what there is, and remove it where asked."""
        if len(args) != (opts.portal is None):
            raise UsageError("scrapy forget takes the address of one article, or --portal ID")
        with closing(self.open_archive()) as db, ExitStack() as held:
            if opts.portal is not None:
                self.check_portal(opts.portal, db)
            url = args[0] if args else None
            found = forgetting.find(db, url, opts.portal)
            if not found.keys:
                self.fail(f"{opts.portal or args[0]}: the archive has nothing of it", Exit.PART)
                return
            say(*describe(found))
            if not opts.yes:
                say("", "nothing was removed; add --yes to remove it for good")
                return
            for portal in sorted({portal for portal, _ in found.keys}):
                held.enter_context(lock_portal(self.archive_path, portal))
            self._remove(db, forgetting.find(db, url, opts.portal), opts.portal)

    def _remove(self, db: Database, found: Forgotten, portal: str | None) -> None:
        forgetting.forget(db, found)
        pages = 0
        path = pages_path(self.given["PAGES_PATH"], self.archive_path)
        if path.exists():
            with closing(kept.open_pages(path, make=False)) as file:
                pages = kept.forget(file, found.keys, portal)
        forgetting.wipe(db)
        say("", f"removed: {len(found.articles)} articles, {found.revisions} earlier texts, {pages} kept pages")


def describe(found: Forgotten) -> list[str]:
    """Write for a person what is to be removed."""
    lines = [f"{len(found.articles)} articles, {found.revisions} earlier texts of them, {len(found.keys)} addresses:"]
    lines += [f"  {url}" for url in found.urls[:_SHOWN]]
    return [*lines, *[f"  and {len(found.urls) - _SHOWN} more"][: len(found.urls) > _SHOWN]]
