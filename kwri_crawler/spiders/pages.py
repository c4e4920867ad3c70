"""One article's pages, from the request to the article as the pure stages leave it; stores nothing.

An address whose pages bring no article is settled by the Fetcher, with a reason.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from kwri_crawler.archive import revisions
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, Due, Outcome, Page
from kwri_crawler.pages import Joining, PageError
from kwri_crawler.spiders.answers import explain_failure, follow, judge_answer, kept_page, page_of, refresh_of
from kwri_crawler.spiders.beside import Ending, in_reader
from kwri_crawler.web.unpacking import CutOff

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from kwri_crawler.spiders.articles import Fetcher
    from kwri_crawler.spiders.crawl import Crawl

logger = logging.getLogger("kwri_crawler.spiders.portal")

_ENDING = "%s: not read, as the crawl ends; the next one asks for it again"


class ArticlePages:
    """Asks for the pages of articles and reads them."""

    def __init__(self, crawl: Crawl, fetcher: Fetcher) -> None:
        self._crawl = crawl
        self._fetcher = fetcher

    def request(self, due: Due) -> Request:
        """Make the request for an article's page; for a visit a conditional one."""
        headers: dict[str, str] = {}
        if due.revisits is not None:
            validators = {"If-None-Match": due.etag, "If-Modified-Since": due.last_modified}
            headers = {name: value for name, value in validators.items() if value}
        return Request(
            due.url,
            self._read_article,
            errback=self._no_article,
            headers=headers,
            meta={"packed": True},
            cb_kwargs={"due": due},
            dont_filter=True,
        )

    async def _read_article(self, response: Response, due: Due) -> AsyncIterator[Article | Request]:
        """Read one page; its address ends stored by the stages or settled here with a reason."""
        if response.status == 304 and due.revisits is not None:
            self._crawl.count_answer(None)
            await self._fetcher.end_visit(due, Settlement(Outcome.KNOWN, revisions.SAME, cause=Cause.KNOWN), response)
            return
        trouble = judge_answer(response, self._crawl.portal)
        self._crawl.count_answer(trouble)
        if trouble is not None:
            if trouble.outcome is Outcome.UNREADABLE and (moved := self._follow(refresh_of(response), response)):
                yield moved
                return
            await self._fetcher.settle(due, trouble)
            return
        try:
            read = await self._read(response, due, "read")
        except Ending:
            logger.info(_ENDING, due.url)
        except CutOff as error:
            reason = f"the answer was cut off: {error}"
            settlement = Settlement(Outcome.FAILED, reason, response.status, cause=Cause.CUT_OFF)
            self._crawl.count_answer(settlement)
            await self._fetcher.settle(due, settlement)
        except PageError as error:
            if (moved := self._follow(error.leads_to or refresh_of(response), response)) is not None:
                yield moved
                return
            settlement = Settlement(error.outcome, error.reason, response.status, cause=error.cause)
            await self._fetcher.settle(due, settlement)
        else:
            yield read if isinstance(read, Request) else await self._go_on(read, due, response)

    def _follow(self, url: str | None, response: Response) -> Request | None:
        return follow(url, response, self._crawl.refuse)

    async def _read(self, response: Response, due: Due, method: str, *arguments: Any) -> Article | Joining | Request:
        """Return what a method of PageReader makes of a page, or the request for it again when it was cut off.

        Raises PageError; Ending; CutOff when it was tried often enough.
        """
        crawl = self._crawl
        page = page_of(response)
        try:
            read: Article | Joining = await in_reader(crawl, method, *arguments, page, crawl.portal, due)
        except CutOff as error:
            again = crawl.sender.again(response.request, str(error)) if response.request is not None else None
            if again is None:
                raise
            return again
        except PageError as error:
            if not error.is_no_page:
                self._keep(response, page)
            raise
        self._keep(response, page)
        return read

    def _keep(self, response: Response, page: Page) -> None:
        if self._crawl.keeper is not None:
            self._crawl.keeper.keep(kept_page(response, page, self._crawl.portal))

    async def _go_on(self, read: Article | Joining, due: Due, first: Response) -> Article | Request:
        """Return the request for an article's next page, or the article when it is whole."""
        if isinstance(read, Joining):
            if read.next_url is None:
                raise AssertionError("no page is missing")
            arguments = {"due": due, "read": read, "first": first}
            return Request(
                read.next_url,
                self._read_further,
                errback=self._no_further,
                meta={"packed": True},
                cb_kwargs=arguments,
                dont_filter=True,
                priority=1,  # before the next article: it is not stored until then
            )
        if due.revisits is not None:
            await self._fetcher.note_visit(due, first, there=True)
        return read

    async def _read_further(
        self, response: Response, due: Due, read: Joining, first: Response
    ) -> AsyncIterator[Article | Request]:
        """Join a further page to its article, whose address fails as a whole when that page is none."""
        trouble = judge_answer(response, self._crawl.portal)
        self._crawl.count_answer(trouble)
        try:
            if trouble is not None:
                more: Article | Joining | Request = await self._do_without(read, trouble, due)
            else:
                more = await self._read_or_do_without(response, due, read)
        except Ending:
            logger.info(_ENDING, due.url)
        except PageError as error:
            settlement = Settlement(error.outcome, error.reason, response.status, cause=error.cause)
            await self._fetcher.settle(due, settlement)
        else:
            yield more if isinstance(more, Request) else await self._go_on(more, due, first)

    async def _read_or_do_without(self, response: Response, due: Due, read: Joining) -> Article | Joining | Request:
        try:
            return await self._read(response, due, "read_further", read)
        except CutOff as error:
            trouble = Settlement(Outcome.FAILED, f"the answer was cut off: {error}", cause=Cause.CUT_OFF)
            return await self._do_without(read, trouble, due)

    async def _do_without(self, read: Joining, trouble: Settlement, due: Due) -> Article | Joining:
        reason, cause = trouble.reason or trouble.outcome.value, trouble.cause or Cause.UNREAD
        done: Article | Joining = await in_reader(self._crawl, "do_without", read, reason, due, cause)
        return done

    async def _no_further(self, failure: Failure) -> AsyncIterator[Article | Request]:
        arguments = failure.request.cb_kwargs  # type: ignore[attr-defined]
        trouble = explain_failure(failure, failure.request)  # type: ignore[attr-defined]
        if not isinstance(failure.value, IgnoreRequest):
            self._crawl.count_answer(trouble)
        try:
            if trouble.next_try_at is not None:
                raise PageError(trouble.outcome, trouble.reason or "", trouble.cause)
            more = await self._do_without(arguments["read"], trouble, arguments["due"])
            found = await self._go_on(more, arguments["due"], arguments["first"])
        except Ending:
            logger.info(_ENDING, arguments["due"].url)
            return
        except PageError as error:
            settlement = Settlement(error.outcome, error.reason, next_try_at=trouble.next_try_at, cause=error.cause)
            await self._fetcher.settle(arguments["due"], settlement)
            if trouble.next_try_at is not None:
                self._crawl.leave_alone(trouble.reason, trouble.cause)
            return
        yield found

    async def _no_article(self, failure: Failure) -> None:
        due: Due = failure.request.cb_kwargs["due"]  # type: ignore[attr-defined]
        settlement = explain_failure(failure, failure.request)  # type: ignore[attr-defined]
        if not isinstance(failure.value, IgnoreRequest):
            self._crawl.count_answer(settlement)
        await self._fetcher.settle(due, settlement)
        if settlement.next_try_at is not None:
            self._crawl.leave_alone(settlement.reason, settlement.cause)
