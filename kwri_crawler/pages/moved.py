"""Where a page without an article sends its reader: a refresh, a script, or a canonical and nothing else.

Only what a browser does by itself counts: not what a named function would do at a click, nor what depends on a
condition. Whoever asks for the address decides whether it may be asked for.
"""

from __future__ import annotations

import re

from kwri_crawler.pages.own_address import claimed_address
from kwri_crawler.pages.source import Source
from kwri_crawler.web.addresses import canonical, http_fault, join, url_key

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
_OPENED = re.compile(  # in the window itself; and with jQuery
    rf"\bopen\s{{0,9}}\(\s{{0,9}}{_QUOTED}\1\s{{0,9}},\s{{0,9}}['\"]_(?:self|top|parent)['\"]"
    rf"|\$\((?:window\.)?location\)\.(?:attr|prop)\(\s{{0,9}}['\"]href['\"]\s{{0,9}},\s{{0,9}}{_QUOTED}\3"
)
_CLICK = re.compile(r"\bon(?:click|submit|change)\b|['\"](?:click|submit|change)['\"]")
_BRANCH = re.compile(r"\bif\s{0,9}\(")
_FUNCTION = re.compile(r"\bfunction\s{1,9}(\w{1,60})")
_BLANK = re.compile(r"\s+")


def moved_to(source: Source) -> str | None:
    """Return the address to which a page sends its reader at once; None if it stays, or names itself."""
    found = (read(source) for read in (_refresh, _script, _frame, _canonical))
    return next((url for url in found if url), None)


def refreshed_to(header: str, url: str) -> str | None:
    """Return the address to which the HTTP header Refresh sends a page's reader at once; None where the page stays."""
    found = _REFRESH.match(header)
    if found is None or int(found[1]) > MOST_SECONDS:
        return None
    link = join(url, found[3])
    return link if http_fault(link) is None and link != canonical(url) else None


def _refresh(source: Source) -> str | None:
    for node in source.tree.css("meta[http-equiv][content]"):
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
    for text in (*(node.text() for node in source.tree.css("script:not([src])")), onload):
        for pattern in (_LOCATION, _OPENED):
            found = pattern.search(text) if len(text) <= _MOST_SCRIPT else None
            if found is not None and _runs_by_itself(text, found.start(), onload):
                link = _link_in(text, found)
                if url := _elsewhere(link.replace("\\/", "/"), source):
                    return url
    return None


def _link_in(script: str, found: re.Match[str]) -> str:
    """Return the address that a script moves to; empty where it is made of parts."""
    if found.re is _OPENED:
        return found[2] or found[4]
    return found[2] or found[5] or _value(script, found[3] or found[6])


def _value(script: str, name: str) -> str:
    """Return the text that a script gives to a variable; empty if it gives none."""
    found = re.search(rf"\b{re.escape(name)}\s{{0,9}}=\s{{0,9}}{_QUOTED}\1", script)
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
    """Return the address of the one page that a frameset shows; None where there are several, or none."""
    frames = source.tree.css("frameset frame[src]")
    return _elsewhere(frames[0].attributes.get("src") or "", source) if len(frames) == 1 else None


def _canonical(source: Source) -> str | None:
    link = claimed_address(source)
    return link if link is not None and url_key(link) != url_key(source.url) else None


def _elsewhere(link: str, source: Source) -> str | None:
    """Return a link of the page in full; None where it leads to the page itself."""
    url = source.absolute(link)
    return canonical(url) if url is not None and canonical(url) != canonical(source.url) else None
