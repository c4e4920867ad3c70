"""Why a request gets no answer to read: an exception for each reason, its cause for programs, its words for people."""

from __future__ import annotations

from datetime import datetime

from scrapy.exceptions import IgnoreRequest

from kwri_crawler.causes import Cause


class NotAsked(IgnoreRequest):
    """A request that gets no answer to read; the cause is for programs, the message for people."""

    def __init__(self, cause: Cause, message: str) -> None:
        super().__init__(message)
        self.cause = cause


class Refused(NotAsked):
    """We do not ask for this, or do not take it."""


class RobotsForbids(NotAsked):
    """robots.txt forbids this address."""

    def __init__(self) -> None:
        super().__init__(Cause.ROBOTS, "Forbidden by robots.txt")


class RedirectedWithoutEnd(NotAsked):
    """Redirected more than REDIRECT_MAX_TIMES."""

    def __init__(self) -> None:
        super().__init__(Cause.MOVED, "redirected without end")


class AskedToWait(NotAsked):
    """The portal wants no request before `until`, and that is longer than a crawl waits."""

    def __init__(self, until: datetime, cause: Cause, message: str) -> None:
        super().__init__(cause, message)
        self.until = until


class RobotsUnavailable(NotAsked):
    """robots.txt is unavailable; RFC 9309: treat everything as disallowed for now."""
