"""What is to be done next with a portal's listings, from what came and what is known; listings.py does it.

Pure: reads no clock and no archive. Each decision returns its step and why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from kwri_crawler.archive.ledger import ListedUrl, Lost, Settlement
from kwri_crawler.archive.listings import PageOfListing, State
from kwri_crawler.catalogue import Listing, ListingKind
from kwri_crawler.causes import Cause
from kwri_crawler.clock import is_within
from kwri_crawler.items import Outcome
from kwri_crawler.listings import ListingPage, can_slice, first_pages, smaller_pages, tells_changes
from kwri_crawler.spiders.walk import Ask, Course, End, Finish, Leave, Skip, Trouble, Turn, Walk, Why

MAX_BARREN_PAGES = 50  # in a row: a sitemap index that leads to ever new ones, a calendar
MAX_REPEATS = 5  # pages in a row of an API, by which it shows that it gives the same for every number
MANY = 2  # addresses; a single one that is lost makes no crawl a bad one
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
    return walk.listing.kind is not ListingKind.SITEMAP and not tells_changes(walk.url)


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
    newest = walk.listing.kind is ListingKind.WORDPRESS and is_newest_first(walk)
    return newest and not bounded and walk.total > 0 and isinstance(turn, Turn) and turn.why is Why.GROUND


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


# ---------------------------------------------------------------------- the end of a crawl


def finish(course: Course, closed: str, *, left: int | None, bounded: bool = False) -> Finish:
    """Decide how a crawl ends that nothing of ours ended; closed is the reason that Scrapy gives.

    bounded is True with `-a since`: days without an article are nothing strange.
    """
    if closed != "finished":
        return Finish("stopped", f"stopped by the operator or the system ({closed})", Cause.STOPPED)
    if not course.read:
        left_out = course.trouble or course.fell_back
        reason = _by_reason(course.trouble) or _each(course.fell_back)
        return Finish("no listing", reason or "none of its listings is there any more", _cause(left_out, Cause.GONE))
    if course.trouble:
        return Finish("incomplete", _by_reason(course.trouble), _cause(course.trouble, None))
    if not course.named and not course.unchanged and not bounded:
        return Finish("nothing", "its listings name no article", Cause.UNREAD)
    instead = f"other listings were read in place of {_each(course.fell_back)}" if course.fell_back else None
    return Finish("limit" if left == 0 else "finished", instead)


def finish_by_counts(finish: Finish, counts: Mapping[str, int], lost: Sequence[Lost], *, has_articles: bool) -> Finish:
    """Decide by what became of its addresses whether a crawl that reached its end brought anything.

    has_articles: the portal has brought an article, in this crawl or before. A quiet portal, or one page that is lost,
    is nothing to look at.
    """
    if finish.word not in ("finished", "limit") or not lost:
        return finish
    now = [some for some in lost if some.now]
    first = [some for some in now if some.first]
    if now and all(some.outcome is Outcome.FAILED for some in now) and not counts["stored"] + counts["known"]:
        return Finish("incomplete", f"no page that was asked for came whole: {in_words(now)}", now[0].cause)
    if not has_articles:
        reason = f"none of the addresses that were found brought an article: {in_words(lost)}"
        return Finish("nothing", reason, (now or lost)[0].cause)
    if _sum(first) >= MANY and not counts["stored"]:
        return Finish("partial", f"none of the new addresses brought an article: {in_words(first)}", first[0].cause)
    unread = [some for some in first if some.outcome in (Outcome.UNREADABLE, Outcome.FAILED)]
    if _sum(unread) > max(MANY, counts["stored"]):
        reason = f"most new pages brought no article: {in_words(unread)}, {counts['stored']} stored"
        return Finish("partial", reason, unread[0].cause)
    return finish


def finish_by_reach(finish: Finish, course: Course, since: datetime | None, *, held_back: int) -> Finish:
    """Decide by how far the listings led whether a crawl is done.

    since is None without one; held_back are the addresses that were found and lie outside of the bounds: older ones.
    Without a bound it has to lead to what was known before.
    """
    if finish.word != "finished" or course.reached:
        return finish
    if since is None:
        reason = "a feed names only new articles, and no listing leads from them to those that were known"
        return Finish("partial", f"{reason}: some may be missing", Cause.OUT_OF_REACH) if course.gap else finish
    if held_back:
        return finish
    if course.oldest is None:
        return Finish("partial", "no listing is known to lead as far back as -a since asks", Cause.OUT_OF_REACH)
    if course.oldest < since:
        return finish
    oldest = f"the oldest article that one names is of {course.oldest.astimezone(since.tzinfo):%Y-%m-%d}"
    return Finish("partial", f"no listing leads as far back as -a since asks: {oldest}", Cause.OUT_OF_REACH)


def in_words(lost: Iterable[Lost]) -> str:
    """Write how many addresses brought no article, by outcome."""
    counts: Counter[str] = Counter()
    for some in lost:
        counts[some.outcome.value] += some.number
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items())


def _sum(lost: Iterable[Lost]) -> int:
    return sum(some.number for some in lost)


def _by_reason(troubles: Iterable[Trouble]) -> str:
    urls: dict[str, list[str]] = {}
    for trouble in troubles:
        urls.setdefault(trouble.reason, []).append(trouble.url)
    return "; ".join(f"{', '.join(named)}: {reason}" for reason, named in urls.items())


def _each(troubles: Iterable[Trouble]) -> str:
    return "; ".join(f"{trouble.url}: {trouble.reason}" for trouble in troubles)


def _cause(troubles: Sequence[Trouble], otherwise: Cause | None) -> Cause | None:
    """Return the commonest cause; of several as common the first."""
    return Counter(trouble.cause for trouble in troubles).most_common(1)[0][0] if troubles else otherwise
