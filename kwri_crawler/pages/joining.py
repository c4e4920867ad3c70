"""Several pages -> one article: the paragraphs in order, each once; never an article of which a page is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, DateKind, DateText, Outcome
from kwri_crawler.pages.refuse import MIN_WORDS_FAMILY, refuse_too_short
from kwri_crawler.pages.source import PageError, unreadable
from kwri_crawler.pages.text import count_words, fold
from kwri_crawler.web.addresses import canonical

MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class Joining:
    """An article while its pages come in; ask for `next_url` and take what it brought, until that is null."""

    article: Article  # the page that was read first; then the first page
    parts: tuple[Article, ...] = ()  # the pages behind the first
    further: tuple[str, ...] = ()  # the addresses of the second page to the last, as far as is known by now
    whole: str | None = None  # the address that shows all pages, while that is still to be tried

    @classmethod
    def of(cls, article: Article) -> Joining:
        """Begin with any page of an article; raises PageError when it has too many."""
        paging = article.paging
        if paging is None:
            return cls(article)
        if paging.number == 0:
            return cls(replace(article, url=paging.first, paging=None))
        joining = cls(article, (), paging.further, paging.whole if paging.number == 1 else None)
        joining._refuse_too_many()
        return joining

    @property
    def next_url(self) -> str | None:
        """The address to ask for next; null when the article is whole."""
        paging = self.article.paging
        if paging is None:
            return None
        if paging.number > 1:
            return paging.first
        if self.whole is not None:
            return self.whole
        return self.further[len(self.parts)] if len(self.parts) < len(self.further) else None

    def take(self, page: Article) -> Joining:
        """Return the article with the page that next_url brought; raises PageError when it is not that page."""
        first, paging = self.article, page.paging
        number = paging.number if paging is not None else None
        if first.paging is None:
            raise AssertionError("the article is whole")
        if first.paging.number > 1:
            if number not in (None, 0, 1):
                return self.failed("another page came in the place of the first")
            return Joining.of(page)
        if page.reader != first.reader:
            return self.failed(f"it was read as {page.reader}, the first page as {first.reader}")
        if self.whole is not None:
            return self._take_whole(page)
        expected = len(self.parts) + 2
        if number not in (None, expected):
            return self.failed("another page came in its place")
        if number is None and not _new(first, page):
            return self.failed("it says nothing that the first page does not")
        further = max(self.further, paging.further if paging is not None else (), key=len)
        joining = replace(self, parts=(*self.parts, page), further=further)
        joining._refuse_too_many()
        return joining

    def failed(self, reason: str, cause: Cause = Cause.UNREAD) -> Joining:
        """Return what to go on with when next_url brought no page of this article; else raises PageError."""
        if self.whole is not None and self.further:
            return replace(self, whole=None)
        raise PageError(Outcome.FAILED, f"a further page is missing: {self.next_url}: {reason}"[:300], cause)

    def result(self) -> Article:
        """Return the one article; raises PageError when it is too short, or a page is missing."""
        first = self.article
        if first.paging is None:
            return first
        if self.next_url is not None:
            raise AssertionError("a page is missing")
        paragraphs = list(first.paragraphs)
        for part in self.parts:
            paragraphs += _new(first, part)
        refuse_too_short(tuple(paragraphs), MIN_WORDS_FAMILY)
        return _joined(first, self.parts, tuple(paragraphs), f"general {len(self.parts) + 1} pages joined")

    def _take_whole(self, page: Article) -> Joining:
        first, all_of_it = self.article, " ".join(page.paragraphs)
        has_first = all(text in all_of_it for text in first.paragraphs[:1])
        more = count_words(page.paragraphs) - count_words(first.paragraphs)
        # Where no numbered pages are named, a page for all that shows no more says that the first page is all.
        if not has_first or more < 0 or (more == 0 and self.further):
            return self.failed("it does not show more than the first page")
        refuse_too_short(page.paragraphs, MIN_WORDS_FAMILY)
        joined = _joined(first, (page,), page.paragraphs, "general all pages on one")
        return Joining(joined)

    def _refuse_too_many(self) -> None:
        if len(self.further) + 1 > MOST_PAGES and self.whole is None:
            raise unreadable(f"an article of {len(self.further) + 1} pages: at most {MOST_PAGES} are asked for")


def _new(first: Article, part: Article) -> tuple[str, ...]:
    """Return a further page's paragraphs without what it repeats in front: title, lead, the first page's opening."""
    said = {fold(text).casefold() for text in (first.title, first.subtitle, first.lead) if text}
    texts = list(part.paragraphs)
    opening = list(first.paragraphs)
    while texts and (texts[0].casefold() in said or (opening and texts[0] == opening[0])):
        if opening and texts[0] == opening[0]:
            del opening[0]
        del texts[0]
    return tuple(texts)


def _joined(first: Article, parts: tuple[Article, ...], paragraphs: tuple[str, ...], where: str) -> Article:
    """Return the first page's article with all paragraphs; what it lacks is taken from the page that names it."""
    links = dict.fromkeys(link for page in (first, *parts) for link in page.links)
    evidence = dict(first.evidence)
    found: dict[str, str | None] = {}
    for name in ("author", "editor", "source", "image_url"):  # a sign-off stands on the last page
        found[name] = getattr(first, name)
        for part in parts:
            if found[name] is None and (value := getattr(part, name)) is not None:
                found[name] = value
                evidence[name] = dict(part.evidence).get(name, "general further page")
    return replace(
        first,
        url=first.url if first.paging is None else _own(first),
        paragraphs=paragraphs,
        links=tuple(links),
        marks=tuple(dict.fromkeys(mark for page in (first, *parts) for mark in page.marks)),
        dates=_dates(first, parts),
        evidence=(*evidence.items(), ("pages", where)),
        paging=None,
        **found,  # type: ignore[arg-type]
    )


def _dates(first: Article, parts: tuple[Article, ...]) -> tuple[DateText, ...]:
    """Return the first page's dates, an update as the page says it that was changed last."""
    dates = list(first.dates)
    for date in (date for part in parts for date in part.dates if date.kind is DateKind.UPDATED):
        same = next((i for i, old in enumerate(dates) if (old.kind, old.source) == (date.kind, date.source)), None)
        if same is None:
            dates.append(date)
        elif _moment(date) > _moment(dates[same]) > 0:
            dates[same] = date
    return tuple(dates)


def _moment(date: DateText) -> float:
    """Return seconds since 1970 of a date that a machine printed with its zone; 0 for any other."""
    try:
        moment = datetime.fromisoformat(date.text)
        return moment.timestamp() if moment.tzinfo is not None else 0
    except (ValueError, OverflowError):
        return 0


def _own(first: Article) -> str:
    """Return the first page's address: a canonical link to the page for all, or to page 1, is spelt without it."""
    paging = first.paging
    numbered = paging is not None and first.url in {paging.whole, *paging.further}
    return canonical(paging.first) if paging is not None and numbered else first.url
