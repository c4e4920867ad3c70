"""Pages to articles that have passed the stages: all that is pure in a crawl, so that a second process can do it.

Run as `python -m kwri_crawler.reading.reader` it is that process: it serves one crawl over its standard input,
knows neither Scrapy nor the archive, and ends when the other side does.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import socket
import struct
import traceback
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from kwri_crawler.causes import Cause
from kwri_crawler.items import Outcome
from kwri_crawler.pages import Joining, PageError, read_further, read_page, read_told, with_facts
from kwri_crawler.reading.limit import limited
from kwri_crawler.web.unpacking import CutOff, NotTaken, TooLarge, unpacked

if TYPE_CHECKING:
    from kwri_crawler.catalogue import Portal
    from kwri_crawler.items import Article, Due, Page
    from kwri_crawler.listings import ToldArticle

HEAD = struct.Struct("!I")  # before each message: its length in bytes


class PageReader:
    """The readers and the pure stages; each method raises PageError when there is no article, CutOff for half a page.

    What returns a Joining is one page of several: ask for its next_url, and read on with what comes.
    """

    def __init__(self, stages: Sequence[str], maximum: int) -> None:
        self._stages = [resolve_name(path)() for path in stages]
        self._maximum = maximum  # bytes of a page

    def read(self, page: Page, portal: Portal, due: Due) -> Article | Joining:
        """Read an article's page, whichever of its pages that is."""
        return self._go_on(Joining.of(read_page(self._page(page), portal)), due)

    def read_further(self, read: Joining, page: Page, portal: Portal, due: Due) -> Article | Joining:
        """Join the page that read.next_url brought."""
        return self._go_on(read_further(read, self._page(page), portal), due)

    def do_without(self, read: Joining, reason: str, due: Due, cause: Cause = Cause.UNREAD) -> Article | Joining:
        """Go on when read.next_url brought no page."""
        return self._go_on(read.failed(reason, cause), due)

    def read_told(self, told: ToldArticle, url: str, portal: Portal, at: datetime, due: Due) -> Article:
        """Read what a listing told of an article at a moment (aware, UTC)."""
        return self._pass(read_told(told, url, portal, at), due)

    def compare(self, told: ToldArticle, url: str, page: Page, portal: Portal, at: datetime) -> tuple[int, int, bool]:
        """Count the words that a listing told at a moment (aware, UTC), and its page's; say if it is one of several."""
        shown = read_page(self._page(page), portal)
        words = [len(" ".join(one.paragraphs).split()) for one in (read_told(told, url, portal, at), shown)]
        return words[0], words[1], shown.paging is not None

    def _page(self, page: Page) -> Page:
        try:
            return unpacked(page, self._maximum)
        except NotTaken as error:
            refused = PageError(Outcome.REFUSED, str(error))
            refused.is_no_page = isinstance(error, TooLarge)
            raise refused from error

    def _go_on(self, read: Joining, due: Due) -> Article | Joining:
        return read if read.next_url is not None else self._pass(with_facts(read.result(), due.facts), due)

    def _pass(self, article: Article, due: Due) -> Article:
        article = replace(
            article,
            url_id=due.id if due.revisits is None else None,
            crawl_id=due.crawl,
            revisits=due.revisits,
            dates=tuple(dict.fromkeys((*article.dates, *due.dates))),
        )
        for stage in self._stages:
            article = stage.process_item(article)
        return article


def spare_the_collector() -> None:
    """Let Python look for cycles seldom, and never again among what is loaded by now: that took a 15th of the time."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def serve(connection: socket.socket) -> None:
    """Answer each (method, arguments) with (result, error), in order, until the other side hangs up.

    The first message says what PageReader is made of; its answer says that it is.
    """
    with connection.makefile("rwb", buffering=1 << 16) as stream:
        reading: PageReader | None = None
        while head := stream.read(HEAD.size):
            asked = pickle.loads(stream.read(HEAD.unpack(head)[0]))  # noqa: S301 - from our own crawl only
            if reading is None:
                reading = PageReader(*asked)
                answer: tuple[Any, Exception | None] = (None, None)
            else:
                answer = _answer(reading, *asked)
            message = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
            stream.write(HEAD.pack(len(message)) + message)
            stream.flush()


def _answer(reading: PageReader, method: str, arguments: tuple[Any, ...]) -> tuple[Any, Exception | None]:
    try:
        with limited():
            return getattr(reading, method)(*arguments), None
    except (PageError, CutOff) as error:
        return None, error
    except Exception as error:  # our own fault, handed to whoever asked
        error.add_note("".join(traceback.format_exception(error)))
        return None, error


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # systemd sends it to both; the crawl ends in its own time
    spare_the_collector()
    try:
        serve(socket.socket(fileno=0))
    except (OSError, EOFError, pickle.UnpicklingError, struct.error):
        os._exit(1)  # the crawl was killed in the middle of a message
    os._exit(0)
