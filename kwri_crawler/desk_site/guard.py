"""Decide who may open the desk (host, password, referring page); let its pages load nothing from outside.

Without a password the desk answers only what names this machine: a page of another site that had its name lead here
(DNS rebinding) names its own. What changes something is taken only from the desk's own pages, by the headers that
browsers send and scripts cannot forge; a program that is no browser sends neither, and carries nobody's cookies.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, NamedTuple
from urllib.parse import urlsplit

MOST_POSTED = 65_536  # bytes of a form
LONGEST_USER = 40
USER = "kwri_desk_user"  # in the scope of a request that gave the password
_WAIT_S = 0.5  # after a wrong password, one at a time
_LOOPBACK = re.compile(r"(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?", re.ASCII | re.IGNORECASE)
_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_OURS = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Datasette's own pages have scripts and styles in them
_TABLES = "default-src 'self' 'unsafe-inline' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]


@dataclass(frozen=True)
class Options:
    """How a desk was started."""

    lang: str  # of who has chosen none: id, en
    user: str  # whose notes those are of who came by the key
    key: str  # by which one enters; another one at each start
    password: str | None = None  # asked of everyone; None: whoever is on this machine may read


class Refusal(NamedTuple):
    """Why a request is not answered."""

    status: int
    text: str
    headers: tuple[tuple[str, str], ...] = ()


def refuse(method: str, headers: Mapping[str, str], options: Options) -> Refusal | None:
    """Return why a request is refused; None if it is not. Names of headers are in small letters."""
    host = headers.get("host", "")
    if options.password is None and not _LOOPBACK.fullmatch(host):
        return Refusal(403, "This desk has no password, so it is only for this machine: http://127.0.0.1")
    if options.password is not None and user_of(headers, options.password) is None:
        return Refusal(401, "Password?", (("www-authenticate", 'Basic realm="kwri desk", charset="UTF-8"'),))
    if method in _SAFE:
        return None
    if not _is_own(headers, host):
        return Refusal(403, "This came from another site's page.")
    length = headers.get("content-length", "")
    if not re.fullmatch(r"\d{1,9}", length, re.ASCII) or int(length) > MOST_POSTED:
        return Refusal(413, f"At most {MOST_POSTED} bytes, and say how many.")
    return None


def user_of(headers: Mapping[str, str], password: str) -> str | None:
    """Return the name that came with the right password; None if it did not."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    try:
        user, _, word = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    if scheme.lower() != "basic" or not compare_digest(word.encode(), password.encode()):
        return None
    return "".join(filter(str.isprintable, user)).strip()[:LONGEST_USER] or "desk"


def _is_own(headers: Mapping[str, str], host: str) -> bool:
    """Say whether a form is of the desk's own pages, or of no page at all."""
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] in ("same-origin", "none")
    return "origin" not in headers or urlsplit(headers["origin"]).netloc.lower() == host.lower()


class Guard:
    """Lets through what may be answered, and adds to each answer what its page may do."""

    def __init__(self, app: App, options: Options) -> None:
        self._app = app
        self._options = options
        self._wrong = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        policy = _OURS if re.match(r"/desk(?:/|$)", scope["path"]) else _TABLES

        async def send_guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *_added(policy)]}
            await send(message)

        refusal = refuse(scope["method"], headers, self._options)
        if refusal is not None:
            if refusal.status == 401 and "authorization" in headers:
                async with self._wrong:
                    await asyncio.sleep(_WAIT_S)
            await _answer(refusal, send_guarded)
            return
        if self._options.password is not None:
            scope = {**scope, USER: user_of(headers, self._options.password)}
        await self._app(scope, receive, send_guarded)


def _added(policy: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-security-policy", policy.encode()),
        (b"referrer-policy", b"same-origin"),
        (b"x-content-type-options", b"nosniff"),
    ]


async def _answer(refusal: Refusal, send: Any) -> None:
    kind = ("content-type", "text/plain; charset=utf-8")
    headers = [(name.encode(), value.encode()) for name, value in (kind, *refusal.headers)]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": refusal.text.encode()})
