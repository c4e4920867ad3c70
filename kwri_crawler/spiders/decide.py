"""What is to be done next with a portal's listings, from what came and what is known; listings.py does it.

Pure: reads no clock and no archive. Each decision returns its step and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from kwri_crawler.archive.ledger import ListedUrl, Settlement
from kwri_crawler.archive.listings import PageOfListing, State
from kwri_crawler.catalogue import Listing, ListingKind
from kwri_crawler.causes import Cause
from kwri_crawler.clock import is_within
from kwri_crawler.items import Outcome
from kwri_crawler.listings import (
    ListingPage,
    can_slice,
    first_pages,
    lists_last_in,
    lists_newest,
    smaller_pages,
)
from kwri_crawler.spiders.walk import Ask, Course, End, Leave, Skip, Turn, Walk, Why

MAX_BARREN_PAGES = 50  # in a row: a sitemap index that leads to ever new ones, a calendar
MAX_REPEATS = 5  # pages in a row of an API, by which it shows that it gives the same for every number
MIN_SUSPECT = 20  # entries; a shorter list of the newest says too little about what it leaves out
MIN_LINKED = 3  # articles that a linked page names; one of fewer is no listing
MAY_WITHHOLD = 2  # articles that a listing counts and does not name: plug-ins hide some from strangers
OVERLAP = timedelta(minutes=5)  # changes are asked for from so long before the newest that was seen


# ---------------------------------------------------------------------- which listings, and in which order


def was_gone(listing: Listing, state: State | None) -> bool:
    """Tell whether a listing was not there the last time; an API that refused us is as good as not there."""
    closed = ("gone", "refused", "unreadable") if listing.kind is ListingKind.WORDPRESS else ("gone",)
    return state is not None and state.status in closed


def order(listings: Sequence[Listing], states: Mapping[str, State], *, bounded: bool) -> list[Listing]:
    """Return the listings that a crawl reads, the cheapest first, and last what was not there the last time.

    bounded is True with `-a since`: a sitemap says nothing of publication, so where there are index pages they do.
    """
    has_index = any(listing.kind is ListingKind.INDEX for listing in listings)
    wanted = [one for one in listings if not (bounded and has_index and one.kind is ListingKind.SITEMAP)]
    cost = {ListingKind.WORDPRESS: 0, ListingKind.FEED: 1, ListingKind.API: 1}
    return sorted(wanted, key=lambda one: (was_gone(one, states.get(one.url)), cost.get(one.kind, 2)))


def order_for_span(listings: Sequence[Listing], states: Mapping[str, State]) -> list[Listing]:
    """Return the listings that may reach a span of the past, the best first: those that can be asked for a span.

    WordPress's feed leads to older items, also before it was read.
    """
    has_api = any(one.kind is ListingKind.WORDPRESS for one in listings)

    def is_paged(feed: Listing) -> bool:
        state = states.get(feed.url)
        return bool(state.paged) if state is not None and state.paged is not None else has_api

    sliced = [one for one in listings if can_slice(one)]
    rest = [one for one in listings if not can_slice(one)]
    paged = [one for one in rest if one.kind is ListingKind.FEED and is_paged(one)]
    kinds = (ListingKind.API, ListingKind.INDEX, ListingKind.SITEMAP)
    others = [one for kind in kinds for one in rest if one.kind is kind]
    return [*sliced, *paged, *others] or list(listings)


def may_skip(
    listing: Listing, state: State | None, course: Course, *, joined: bool, now: datetime, all_every: timedelta
) -> Skip | None:
    """Return why a listing need not be read; None when it must.

    joined: all that reaches back has a finished reading, so that a feed on known ground says that nothing is missing.
    """
    if state is None or state.tried_at is None:
        return Skip.REACHED_ALL if course.reached_all else None
    gone = was_gone(listing, state)
    at = state.tried_at if gone else state.read_at
    lately = at is not None and is_within(at, all_every, now)
    if course.reached_all:
        return Skip.REACHED_ALL if lately or not gone else None
    if listing.kind in (ListingKind.FEED, ListingKind.API, ListingKind.WORDPRESS) and not gone:
        return None
    on_ground = bool(course.feeds) and all(course.feeds)
    return Skip.FEEDS_SUFFICE if lately and on_ground and joined else None


def first_urls(listing: Listing, state: State | None, since: datetime | None) -> tuple[str, ...]:
    """Return the pages that a reading begins with: what changed, where a finished reading stands; else all."""
    again = state is not None and state.complete and state.status == "read"
    changed_at = state.changed_at if again and state is not None else None
    return first_pages(listing, changed_after=changed_at - OVERLAP if changed_at else None, after=since)


def asks_home(course: Course, *, bounded: bool, lately: bool = False) -> bool:
    """Tell whether the home page is asked for listings, since those of the portal's file are not enough.

    They are not where none leads down to the crawl's bound, where a feed names new articles only, so that there may be
    more before them, and where none names any; for that alone not so soon again (lately). What failed is for the next
    crawl.
    """
    if course.reached or any(trouble.cause not in (Cause.GONE, Cause.UNREAD) for trouble in course.trouble):
        return False
    return bounded or course.gap or not (course.named or course.unchanged or lately)


def refuse_linked(page: ListingPage, keys: Iterable[str], course: Course) -> Leave | None:
    """Return why a page that the home page links is no listing; None when it may be one."""
    keys = set(keys)
    shows_it = page.more or any(entry.printed_date for entry in page.entries) or keys & (course.own | course.linked)
    if len(keys) >= MIN_LINKED and shows_it:
        return None
    return Leave("unreadable", "it is no list of articles", Cause.UNREAD)


# ---------------------------------------------------------------------- after an answer


def after_answer(
    status: int, trouble: Settlement | None, walk: Walk, *, refuses_size: bool = False
) -> Turn | Leave | Ask | None:
    """Decide by an HTTP status and what is wrong with the answer; None when it is a page of the listing.

    refuses_size is True for an error that says that fewer articles at once are to be asked for.
    """
    if status == 304 and walk.condition is not None:
        return Turn(Why.GROUND if walk.condition.on_ground else Why.UNCHANGED)
    if trouble is None:
        return None
    if lists_last_in(walk.url):
        return Turn(Why.GROUND)  # a host that does not sort so: what is newest was read before
    smaller = smaller_pages(walk.listing, walk.url) if refuses_size and status == 400 else None
    if smaller is not None and walk.pages == 1:
        return Ask(smaller)
    if status in (400, 404) and ((walk.paged and walk.pages > 1) or walk.skipped):
        return Turn(Why.PAST_THE_END)
    word = "gone" if status in (404, 410) else "failed"
    if status in (401, 403) and walk.listing.kind is ListingKind.WORDPRESS:
        word = "refused"
    return Leave(word, trouble.reason or "", trouble.cause)


def after_no_answer(trouble: Settlement, walk: Walk) -> Ask | Leave:
    """Decide when there was no answer, or it was not taken: one that is too large is asked for in smaller pages."""
    smaller = smaller_pages(walk.listing, walk.url) if trouble.cause is Cause.NOT_TAKEN else None
    if smaller is not None:
        return Ask(smaller)
    return Leave("refused" if trouble.outcome is Outcome.REFUSED else "failed", trouble.reason or "", trouble.cause)


def after_page(
    page: ListingPage, entries: Sequence[ListedUrl], recorded: PageOfListing, walk: Walk, since: datetime | None
) -> Turn | Leave:
    """Decide by one page, its entries without those that it refuses, and what the ledger knew of them."""
    kind = walk.listing.kind
    if lists_last_in(walk.url):
        return Turn(Why.GROUND, follow=recorded.new > 0)
    if not entries and not page.refused and not page.more and walk.pages == 1 and kind is not ListingKind.WORDPRESS:
        return Leave("unreadable", "it names no article", Cause.UNREAD)
    by_all = (ListingKind.INDEX, ListingKind.API)  # something pinned may stand between their entries
    if kind in by_all and recorded.known_ground:
        return Turn(Why.GROUND, stop=True)
    if walk.listing.found_on is not None and recorded.meets_ground and _in_order(entries):
        return Turn(Why.GROUND, stop=True)
    if is_newest_first(walk):
        if kind not in by_all and recorded.meets_ground:
            return Turn(Why.GROUND)
        if since is not None and _all_before(entries, since):
            return Turn(Why.SINCE, stop=not can_slice(walk.listing))  # its changes are still to be read
    # An index page without its end may only be written so; but then it cannot be trusted to be the last one.
    if not page.complete and not (kind is ListingKind.INDEX and page.more):
        return Leave("failed", f"{page.incomplete}; what it named so far was taken", Cause.CUT_OFF)
    is_api = can_slice(walk.listing) or kind is ListingKind.API
    if walk.barren >= (MAX_REPEATS if is_api else MAX_BARREN_PAGES):
        if walk.uncounted:  # it was looked through for what it no longer counts, and its changes are the same pages
            return Turn(Why.GROUND, stop=True)
        return Leave("failed", f"{walk.barren} of its pages in a row named nothing new", Cause.UNREAD)
    repeats = bool(entries) and walk.barren > 0  # the same articles for every number: paging without end
    return Turn(Why.LAST_PAGE, follow=not repeats or kind is ListingKind.SITEMAP or can_slice(walk.listing))


def next_step(
    walk: Walk, turn: Turn, *, left: int | None, limit: int | None, pages_max: int, refuse: Callable[[str], str | None]
) -> Ask | End | Leave:
    """Decide what follows a turn; left is how many articles may still be asked for, None for no bound."""
    if not turn.stop and left == 0:
        return Leave("read", f"read in part: -a limit={limit} was reached", Cause.BOUNDS)
    if turn.stop or not walk.to_read:
        named = walk.skipped + len(walk.named) + walk.refused
        at_its_end = turn.why in (Why.LAST_PAGE, Why.PAST_THE_END) and not walk.on_ground
        if at_its_end and walk.total - named > max(MAY_WITHHOLD, walk.total // 50):
            return Leave("failed", f"it says that it has {walk.total} articles, and names {named}", Cause.UNREAD)
        return End(turn.why)
    if walk.pages >= pages_max:
        return Leave("failed", f"it has more than {pages_max} pages (LISTING_PAGES_MAX)", Cause.UNREAD)
    url = walk.to_read[0]
    reason = refuse(url)
    if reason is not None:
        return Leave("refused", f"its page {url[:200]}: {reason}", Cause.RULE)
    return Ask(url)


def is_newest_first(walk: Walk) -> bool:
    """Tell whether the page under way lists articles by their publication."""
    return walk.listing.kind is not ListingKind.SITEMAP and lists_newest(walk.url)


def suspects_since(page: ListingPage, entries: Sequence[ListedUrl], walk: Walk) -> datetime | None:
    """Return from which publication on an article that a page of the newest leaves out may be removed; None for none.

    The first page of a feed or an API says it, when it is long, whole, and in order.
    """
    if walk.suspected or not is_newest_first(walk) or walk.listing.kind is ListingKind.INDEX:
        return None
    dates = [entry.listed_at for entry in entries if entry.listed_at]
    whole = len(dates) == len(entries) >= MIN_SUSPECT and page.complete and dates == sorted(dates, reverse=True)
    return dates[-1] if whole else None


def names_all(walk: Walk, why: Why) -> bool:
    """Tell whether a sitemap was read whole, so that an article which it leaves out may be removed."""
    return walk.listing.kind is ListingKind.SITEMAP and why is Why.LAST_PAGE and not walk.unchanged


def may_look_for_removed(turn: Turn | Leave, walk: Walk, *, bounded: bool) -> bool:
    """Tell whether a listing's total may be compared with the archive: its newest are known."""
    newest = can_slice(walk.listing) and is_newest_first(walk)
    return newest and not bounded and walk.total > 0 and isinstance(turn, Turn) and turn.why is Why.GROUND


def asks_for_last_in(turn: Turn | Leave, walk: Walk, *, bounded: bool) -> bool:
    """Tell whether a WordPress that counts nothing is asked for what came last: its newest are known."""
    newest = walk.listing.kind is ListingKind.WORDPRESS and is_newest_first(walk)
    return newest and not bounded and not walk.total and isinstance(turn, Turn) and turn.why is Why.GROUND


def is_never_there(leave: Leave, walk: Walk, *, worked_before: bool) -> bool:
    """Tell a listing that never was there: a portal of unknown version names the feeds of several."""
    return leave.status == "gone" and walk.pages <= 1 and not worked_before


def _in_order(entries: Sequence[ListedUrl]) -> bool:
    """Tell whether all that a page names is dated, the newest first: no page of several boxes."""
    dates = [entry.listed_at for entry in entries if entry.listed_at]
    return len(dates) == len(entries) and dates == sorted(dates, reverse=True)


def _all_before(entries: Sequence[ListedUrl], since: datetime) -> bool:
    dates = [entry.listed_at for entry in entries]
    return bool(dates) and all(date is not None and date < since for date in dates)
