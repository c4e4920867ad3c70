"""`scrapy readpage FILE-or-URL`: shows what is read from one page, field by field, and where; stores nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.exceptions import DropItem, UsageError

from kwri_crawler.api import as_object, portal_of
from kwri_crawler.catalogue import Portal
from kwri_crawler.command import Exit, ScreenCommand, zone
from kwri_crawler.items import Article, Outcome, Page
from kwri_crawler.pages import Joining, PageError, named_address, read_further, read_page
from kwri_crawler.reading.stages import load_stages, pass_stages
from kwri_crawler.scout.spider import OnePage
from kwri_crawler.screen import complain, say, say_json
from kwri_crawler.web.addresses import canonical, host_of, http_fault
from kwri_crawler.web.unpacking import CutOff, NotTaken, unpack

_UNKNOWN = "https://unknown.invalid/"  # stands for the address of a file that names none; RFC 2606 keeps it free
_WIDTH = 100  # characters of a value that are shown
_GZIP = b"\x1f\x8b"

_HELP = """\
examples:
  scrapy readpage page.html
  scrapy readpage page.html --url https://portal.example/berita/1 --zone Asia/Makassar --json
  scrapy readpage https://jatim.kwri.or.id/gelar-rakernis

A FILE (also gzipped) is read without any request and without an archive; its modification time counts as the moment
it was received. A URL is asked for once, as a crawl would: robots.txt is obeyed. A host in a network
of your own needs --private.
The further pages of an article on several are asked for too, and joined; of a FILE they are only named (other_pages).
The family is recognised by the page; selectors, zone and clocks are those of the portal whose host it is on, if the
catalogue has one. With --json, one object: the columns of `articles`, `tags`, and `evidence`; of a page that is no
article `outcome` and `reason`.
"""


class Command(ScreenCommand):
    """Reads one page."""

    takes = "[options] FILE-or-URL"
    does = "Show what is read from one page, field by field, and where"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "read",
        Exit.SETUP: "there is no catalogue",
        Exit.PART: "no article; the reason is said",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options, examples and exit codes."""
        super().add_options(parser)
        parser.add_argument("--url", help="the address of a FILE; else the one that it names as its own")
        parser.add_argument("--zone", type=zone, help="the portal's clock, as IANA names it (Asia/Jakarta)")
        parser.add_argument("--private", action="store_true", help="the URL is in a network of your own")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--html", action="store_true", help="print the text alone, as clean HTML for a clipping")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read, show."""
        if len(args) != 1:
            raise UsageError("scrapy readpage takes one page: scrapy readpage page.html")
        portals, faults = self.read_catalogue()
        for fault in faults:
            complain(f"{fault.error}; a page of this portal is read without it")
        is_url = "://" in args[0] and not Path(args[0]).exists()
        came = self._fetch(args[0], opts.private) if is_url else self._from_file(Path(args[0]), opts.url)
        read = came if isinstance(came, _Refusal) else self._read(came, portals, opts.zone)
        if isinstance(read, _Refusal):
            self.exitcode = Exit.PART
            if opts.json:
                say_json({"outcome": read.outcome.value, "reason": read.reason}, indent=2)
            else:
                say(f"{read.outcome}: {read.reason}")
        elif opts.json:
            say_json(_as_object(read), indent=2)
        elif opts.html:
            from kwri_crawler.pages.soup import as_html

            say(as_html(read.paragraphs, read.marks))
        else:
            say(*as_lines(read))

    def _from_file(self, path: Path, url: str | None) -> list[_Came] | _Refusal:
        if url and (fault := http_fault(canonical(url))):
            raise UsageError(f"--url {url}: {fault}; write it as https://host/path")
        try:
            body = path.read_bytes()
            received = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}; give a file, or an address with https://") from error
        if body.startswith(_GZIP):
            try:
                body = unpack(body, ["gzip"], self.given.getint("DOWNLOAD_MAXSIZE"))
            except (CutOff, NotTaken) as error:
                return _Refusal(Outcome.UNREADABLE, f"it cannot be unpacked: {error}")
        page = Page(canonical(url) if url else _UNKNOWN, body, "", received)
        return [("", page if url else replace(page, url=named_address(page) or _UNKNOWN))]

    def _fetch(self, url: str, private: bool) -> list[_Came] | _Refusal:
        address = canonical(url)
        if fault := http_fault(address):
            raise UsageError(f"{url}: {fault}; write it as https://host/path")
        if fault := self.fault_of_host(private)(host_of(address)):
            raise UsageError(fault)
        process: Any = self.crawler_process
        crawler = process.create_crawler(OnePage)
        process.crawl(crawler, address=address, given={}, told=lambda _: None)
        process.start()
        spider = crawler.spider
        samples = spider.report.samples if isinstance(spider, OnePage) else []
        if not samples:
            return _Refusal(Outcome.FAILED, "it could not be asked for")
        if samples[0].page is None:
            return _Refusal(Outcome.FAILED, samples[0].trouble or "no page came")
        return [(sample.url, sample.page or sample.trouble or "no page came") for sample in samples]

    def _read(self, came: list[_Came], portals: tuple[Portal, ...], zone: str | None) -> Article | _Refusal:
        """Return the article as it leaves the stages that store nothing, or why there is none.

        Of a file it may be one page of several, which its paging says.
        """
        (asked, page), *further = came
        if isinstance(page, str):
            raise AssertionError("_fetch() has looked")
        portal = portal_of(page.url, portals)
        portal = replace(portal, zone=zone or portal.zone)
        try:
            article = read_page(page, portal)
            read = Joining.of(article)
            pages = dict(further)
            while asked and read.next_url is not None:
                found = pages.get(read.next_url, "it was not asked for")
                read = read.failed(found) if isinstance(found, str) else read_further(read, found, portal)
            return pass_stages(article if read.next_url else read.result(), load_stages(self.given))
        except PageError as error:
            return _Refusal(error.outcome, error.reason)
        except DropItem as error:
            return _Refusal(getattr(error, "outcome", Outcome.UNREADABLE), str(error))


_Came = tuple[str, Page | str]  # the address asked for, empty for a file; the page, or why none came


class _Refusal:
    """Why a page gives no article."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        self.outcome, self.reason = outcome, reason


def _as_object(article: Article) -> dict[str, Any]:
    """Return what --json prints; null for the address of a file that names none."""
    unknown = {"url": None, "url_key": None} if article.url.startswith(_UNKNOWN) else {}
    return as_object(article) | unknown


def as_lines(article: Article) -> Iterator[str]:
    """Yield every field that says something, each with where it was read; then the text."""
    found = _as_object(article)
    evidence = found.pop("evidence")
    body = found.pop("body")
    for name, value in found.items():
        if value is None or value == []:
            continue
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        shown = shown if len(shown) <= _WIDTH else f"{shown[: _WIDTH - 3]}..."
        where = evidence.get(name)
        yield f"{name:20} {shown}" + (f"  [{where}]" if where else "")
    unread = [name for name in ("author", "section", "published_at", "image_url", "language") if found[name] is None]
    if unread:
        yield f"{'not read':20} {', '.join(unread)}"
    if article.paging is not None:
        yield f"{'not whole':20} this is one page of several; read its address to join them"
    yield f"{'body':20} [{evidence.get('body', '')}]"
    yield ""
    yield body
