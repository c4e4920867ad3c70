"""Why an address, a listing or a crawl ended as it did: the codes that rooms pass on and the archive keeps.

Words for people are made of them where people are met; no room looks into a sentence to find out what happened.
"""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """What happened. The archive keeps these values, so none is ever renamed."""

    # the portal, or what stands before it, says no
    BLOCK = "block"  # HTTP 401, 403, 429 and the like, or a challenge to browsers
    ROBOTS = "robots"  # its robots.txt forbids it
    PROTECTED = "protected"  # a login, a password, a subscription

    # no whole answer came
    DNS = "dns"  # no name server knows the host, or it is given an address inside somebody's network
    CONNECTION_REFUSED = "connection refused"
    TIME_OUT = "time-out"
    TLS = "tls"  # its certificate is not valid, or no common protocol
    NO_CONNECTION = "no connection"  # no route, lost before the answer began, or no HTTP
    CUT_OFF = "cut off"  # an answer or a page that ends too early
    SERVER_ERROR = "server error"  # HTTP 5xx
    ROBOTS_UNREACHABLE = "robots unreachable"  # robots.txt answered HTTP 5xx: RFC 9309 reads that as "not now"

    # something else came
    GONE = "gone"  # HTTP 404 or 410, or a page that says so
    MOVED = "moved"  # redirected to the home page, to another host, or without end
    UNREAD = "unread"  # it came, and nothing could be read from it
    NOT_TAKEN = "not taken"  # a file, too large, or packed in a way that we do not know

    # settled without the portal
    RULE = "rule"  # not asked for: another host, no http address, no article's address
    BOUNDS = "bounds"  # outside of `-a since`, `-a until` or `-a limit`
    OUT_OF_REACH = "out of reach"  # no listing leads back as far as `-a since` asks, or to what was known
    KNOWN = "known"  # the archive has its article already
    FORGOTTEN = "forgotten"  # taken down by `scrapy forget`
    EDITED = "edited"  # asked for again, and its text had changed

    # ours
    OURS = "ours"  # an error of our own code
    DISK = "disk"  # the disk is full, or this user's share of it
    ARCHIVE = "archive"  # the archive cannot be opened or written for another reason
    STOPPED = "stopped"  # by the operator, the system, or the death of the process


REFUSALS = frozenset((Cause.BLOCK, Cause.ROBOTS))
NOT_THERE = frozenset((Cause.GONE, Cause.MOVED))
# A crawl that ended so says nothing of its portal.
NOT_THE_PORTALS = frozenset((Cause.DISK, Cause.ARCHIVE, Cause.STOPPED))

# HTTP statuses by which firewalls and portals refuse a crawler. 406 and 418 are mod_security's and other firewalls',
# 402 is what Cloudflare answers where crawlers are to pay.
_REFUSING = frozenset((401, 402, 403, 406, 407, 418, 429, 451))


def cause_of_status(status: int) -> Cause:
    """Return what an HTTP status other than 2xx means."""
    if status in (404, 410):
        return Cause.GONE
    if status in _REFUSING:
        return Cause.BLOCK
    if status == 408:
        return Cause.TIME_OUT
    return Cause.SERVER_ERROR if status >= 500 else Cause.UNREAD
