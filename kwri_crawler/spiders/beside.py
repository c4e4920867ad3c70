"""Reads large answers of listings in threads, so that one portal's listing never holds up the crawls of the others.

To read 45 MB of broken entries took 18 s, in which no other portal was asked for anything and no signal was heard.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.http import Response

SMALL = 64 << 10  # bytes; read at once, in milliseconds
LARGE = 2 << 20  # bytes; more than an honest feed or API sends at once, less than some sitemaps

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")

# One thread for large ones: Python runs one at a time anyway, and each more takes from the crawls.
_large = ThreadPoolExecutor(1, "large-listing")
_others = ThreadPoolExecutor(4, "listing")


async def beside(
    response: Response, read: Callable[_Given, _Result], *given: _Given.args, **named: _Given.kwargs
) -> _Result:
    """Return what a pure function makes of an answer, or raise what it raises; here when the answer is small."""
    size = len(response.body)
    if size < SMALL:
        return read(*given, **named)
    threads = _large if size >= LARGE else _others
    return await asyncio.get_running_loop().run_in_executor(threads, partial(read, *given, **named))
