"""What a look at a portal found, and why it ended where it brought nothing to write."""

from __future__ import annotations

from dataclasses import dataclass, field

from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, Page
from kwri_crawler.scout.scouted import Scouted
from kwri_crawler.scout.verdicts import Judged, Verdict


@dataclass(frozen=True, slots=True)
class Sample:
    """One article's page, and what it was read as."""

    url: str
    page: Page | None  # null when none came
    family: str | None  # that its page shows
    article: Article | None  # as its reader left it; null when it could not be read
    trouble: str | None  # why there is no page or no article
    cause: Cause | None = None  # the same for programs; null where an article was read, and where nothing tells
    named_host: str | None = None  # another one, which its page names as its own


@dataclass(slots=True)
class Report:
    """What a look at a portal found."""

    scouted: Scouted | None = None
    samples: list[Sample] = field(default_factory=list)
    named: list[str] = field(default_factory=list)  # articles' addresses, as the first listings name them
    judged: Judged | None = None  # why there is nothing to write; null where there is, and if the look did not end
    moved_to: str | None = None  # the home page to which this one sends its readers
    cause: Cause | None = None  # why the home page did not come; null if it came
    doubt: Judged | None = None  # why a person should look whether it is a newsroom; null where nothing says so
    ended: bool = False  # false for a look that was stopped, and for one that an error of ours ended


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why an address brought no answer to read."""

    reason: str
    cause: Cause | None


class Enough(Exception):
    """There is nothing to write; says why, and what a person could do."""

    def __init__(self, verdict: Verdict, why: str, of: str = "") -> None:
        super().__init__(why)
        self.judged = Judged(verdict, why, of)
