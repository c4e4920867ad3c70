"""Where a page without an article sends its reader: a refresh, a script, a frame, or a canonical and nothing else.

Only what a browser does by itself counts: not what a named function would do at a click, nor what depends on a
condition. Whoever asks for the address decides whether it may be asked for.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kwri_crawler.pages.own_address import claimed_address
from kwri_crawler.pages.shells import MOST_WORDS, shows_fewer
from kwri_crawler.pages.source import Source
from kwri_crawler.web.addresses import canonical, host_of, http_fault, join, url_key
from kwri_crawler.web.hosts import bare_host

A_STUB = 20_000  # bytes of a page that does nothing but send its reader on
MOST_SECONDS = 30  # a page that waits longer reloads itself; it has not moved
_MOST_SCRIPT = 4_000  # characters of a script; what only moves on is short
_REFRESH = re.compile(r"\s*(\d{1,3})(?:\.\d*)?\s*[;,\s]\s*(?:url\s*=\s*)?(['\"]?)([^'\"\s]+)", re.IGNORECASE)
_QUOTED = r"(['\"`])([^'\"`\s]{1,2083})"
_HREF = r"(?:\s{0,9}\.\s{0,9}href|\s{0,9}\[\s{0,9}['\"]href['\"]\s{0,9}\])?"
_CALL = r"\s{0,9}(?:\.\s{0,9}(?:replace|assign)|\[\s{0,9}['\"](?:replace|assign)['\"]\s{0,9}\])"
_OBJECT = r"\blocation(?:['\"]\s{0,9}\])?"  # location, or the end of window['location']
_LOCATION = re.compile(
    rf"{_OBJECT}{_HREF}\s{{0,9}}=(?!=)\s{{0,9}}(?:{_QUOTED}\1|([A-Za-z_$]\w{{0,60}})\b)(?!\s{{0,9}}\+)"
    rf"|{_OBJECT}{_CALL}\s{{0,9}}\(\s{{0,9}}(?:{_QUOTED}\4|([A-Za-z_$]\w{{0,60}})\b)(?!\s{{0,9}}\+)"
)
_OPENED = re.compile(  # in the window itself; with jQuery; as Internet Explorer called it, and newer browsers do again
    rf"\bopen\s{{0,9}}\(\s{{0,9}}{_QUOTED}\1\s{{0,9}},\s{{0,9}}['\"]_(?:self|top|parent)['\"]"
    rf"|(?:\$|\bjQuery)\((?:window\.|document\.)?location\)\.(?:attr|prop)"
    rf"\(\s{{0,9}}['\"]href['\"]\s{{0,9}},\s{{0,9}}{_QUOTED}\3"
    rf"|(?:\$|\bjQuery)\((?:window|document)\)\.(?:attr|prop)"
    rf"\(\s{{0,9}}['\"]location['\"]\s{{0,9}},\s{{0,9}}{_QUOTED}\5"
    rf"|\b(?:window|navigation|self|top)\s{{0,9}}\.\s{{0,9}}navigate\s{{0,9}}\(\s{{0,9}}{_QUOTED}\7(?!\s{{0,9}}\+)"
    rf"|\blocation\s{{0,9}}\.\s{{0,9}}pathname\s{{0,9}}=(?!=)\s{{0,9}}{_QUOTED}\9(?!\s{{0,9}}\+)"
)
_WRITTEN = re.compile(r"\bdocument\s{0,9}\.\s{0,9}write(?:ln)?\s{0,9}\(\s{0,9}(['\"`])\s{0,9}<meta\s([^<>]{1,3000})>")
_FRAMES = "iframe, object[data][type^='text/html'], embed[src][type^='text/html']"
_CARD = re.compile(r"/embed/?(?:[?#]|$)|[?&]embed=")
_UNSEEN = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden", re.IGNORECASE)
_TINY = re.compile(r"\d{1,2}(?:px)?")
_CLICK = re.compile(r"\bon(?:click|submit|change)\b|['\"](?:click|submit|change)['\"]")
_BRANCH = re.compile(r"\bif\s{0,9}\(")
_FUNCTION = re.compile(r"\bfunction\s{1,9}(\w{1,60})")
# An address in parts: "https://portal.id" + "/warta", location.origin + "/warta".
_JOINED = re.compile(
    r"(?:\b(?:window|document|self|top)\.)?\blocation\.origin\s{0,9}\+\s{0,9}(?=['\"`])"
    r"|(?<=[^\s'\"`])(['\"])\s{0,9}\+\s{0,9}\1(?=[^\s'\"`])"
)
_BLANK = re.compile(r"\s+")


def moved_to(source: Source) -> str | None:
    """Return the address to which a page sends its reader at once, or which it calls its own; None if it stays."""
    return sent_to(source) or _canonical(source)


def sent_to(source: Source) -> str | None:
    """Return the address to which a page sends its reader at once; None if it stays, or names itself."""
    found = (read(source) for read in (_refresh, _script, _frame))
    return next((url for url in found if url), None)


def refreshed_to(header: str, url: str) -> str | None:
    """Return the address to which the HTTP header Refresh sends a page's reader at once; None where the page stays."""
    found = _REFRESH.match(header)
    if found is None or int(found[1]) > MOST_SECONDS:
        return None
    link = join(url, found[3])
    return link if http_fault(link) is None and link != canonical(url) else None


def _refresh(source: Source) -> str | None:
    return _refresh_in(source.tree, source)


def _refresh_in(tree: LexborHTMLParser, source: Source) -> str | None:
    for node in tree.css("meta[http-equiv][content]"):
        if (node.attributes.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        found = _REFRESH.match(node.attributes.get("content") or "")
        shown = node.parent is None or node.parent.tag != "noscript"  # which a browser that runs scripts passes over
        if found is not None and shown and int(found[1]) <= MOST_SECONDS and (url := _elsewhere(found[3], source)):
            return url
    return None


def _script(source: Source) -> str | None:
    body = source.tree.body
    onload = (body.attributes.get("onload") or "") if body is not None else ""
    for script in (*(node.text() for node in source.tree.css("script:not([src])")), onload):
        text = _JOINED.sub("", script) if len(script) <= _MOST_SCRIPT else script
        for pattern in (_LOCATION, _OPENED):
            found = pattern.search(text) if len(text) <= _MOST_SCRIPT else None
            if found is not None and _runs_by_itself(text, found.start(), onload):
                link = _link_in(text, found)
                if url := _elsewhere(link.replace("\\/", "/"), source):
                    return url
        if (written := _WRITTEN.search(text[:_MOST_SCRIPT])) and _runs_by_itself(text, written.start(), onload):
            head = LexborHTMLParser(f"<meta {written[2]}>".replace("\\", ""))
            if url := _refresh_in(head, source):
                return url
    return None


def _link_in(script: str, found: re.Match[str]) -> str:
    """Return the address that a script moves to; empty where it is made of parts."""
    if found.re is _OPENED:
        return next(found[group] for group in (2, 4, 6, 8, 10) if found[group])
    return found[2] or found[5] or _value(script, found[3] or found[6])


def _value(script: str, name: str) -> str:
    """Return the text that a script gives to a variable; empty if it gives none."""
    given = rf"\b{re.escape(name)}\s{{0,9}}=\s{{0,9}}(?:new\s{{1,9}}URL\(\s{{0,9}})?{_QUOTED}\1"
    found = re.search(given, script)
    return found[2] if found is not None else ""


def _runs_by_itself(script: str, place: int, onload: str) -> bool:
    """Say whether a browser comes to a place in a script without a click, a condition or a call from elsewhere."""
    if _CLICK.search(script) or _BRANCH.search(script, 0, place):
        return False
    function = _FUNCTION.search(script, 0, place)
    if function is None:
        return True
    rest = _BLANK.sub("", f"{script[: function.start()]};{script[function.end() :]};{onload}")
    name = function[1]
    return any(
        call in rest for call in (f";{name}()", f"}}{name}()", f"Timeout({name}", f'Timeout("{name}', f"onload={name}")
    )


def _frame(source: Source) -> str | None:
    """Return the address of the one page that a frameset shows, or a page that shows next to nothing else.

    None where there are several, or none. What only counts visits is not shown; another host's page is no article's.
    """
    frames = source.tree.css("frameset frame[src]")
    if not frames and shows_fewer(source.tree, MOST_WORDS):
        frames = [node for node in source.tree.css(_FRAMES) if is_shown(node) and _leads_home(node, source)]
    if len(frames) != 1:
        return None
    return _elsewhere(_shown_in(frames[0]), source)


def _shown_in(frame: LexborNode) -> str:
    """Return the link to what a frame shows, perhaps once it is scrolled to."""
    links = (frame.attributes.get(name) or "" for name in ("src", "data", "data-src", "data-lazy-src"))
    return next((link for link in links if link and not link.startswith(("about:", "data:", "javascript:"))), "")


def _leads_home(frame: LexborNode, source: Source) -> bool:
    """Say whether a frame shows a page of the same host; WordPress's card of another post is none."""
    url = source.absolute(_shown_in(frame))
    return url is not None and bare_host(host_of(url)) == bare_host(host_of(source.url)) and not _CARD.search(url)


def is_shown(frame: LexborNode) -> bool:
    """Say whether a frame has a size that can be read in, as far as its own markup says."""
    about = frame.attributes
    if "hidden" in about or _UNSEEN.search(about.get("style") or ""):
        return False
    return not any(_TINY.fullmatch(about.get(name) or "") for name in ("width", "height"))


def _canonical(source: Source) -> str | None:
    link = claimed_address(source)
    return link if link is not None and url_key(link) != url_key(source.url) else None


def _elsewhere(link: str, source: Source) -> str | None:
    """Return a link of the page in full; None where it leads to the page itself."""
    url = source.absolute(link)
    return canonical(url) if url is not None and canonical(url) != canonical(source.url) else None
