"""Scrapy's process run to the end of one coroutine, which makes crawlers as it goes; signals are the caller's."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess


def run_to_end(
    process: AsyncCrawlerProcess,
    main: Callable[[], Coroutine[Any, Any, None]],
    on_signal: Callable[[str], None] | None = None,
) -> None:
    """Run main() in the process's loop, and stop it behind; `on_signal` is called with SIGTERM or SIGINT in the loop.

    Without it either ends main() where it is, and KeyboardInterrupt is raised. What main() raises is raised here.
    """
    # Scrapy's process installs the asyncio reactor when it is made; it must not be imported before.
    from twisted.internet import reactor as installed

    reactor: Any = installed
    loop = asyncio.get_event_loop()
    task = loop.create_task(main())
    task.add_done_callback(lambda _: reactor.stop())
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal or (lambda _: task.cancel()), signal.Signals(number).name)
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    if task.cancelled():
        raise KeyboardInterrupt
    task.result()
