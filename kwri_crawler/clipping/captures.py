"""Draw kept pages with chromium, without network and without scripts.

A page is given to the browser under its own address, and everything else that it asks for is refused before a network
is asked: no file of this machine can stand in a frame of it, and no host learns of it. Behind that, no name is resolved
and the only proxy is a port where nobody listens.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kwri_crawler.clipping.model import Capture, NoCapture
from kwri_crawler.clipping.pictures import Picture, read_picture
from kwri_crawler.items import KeptPage
from kwri_crawler.own_pages import web_link
from kwri_crawler.web.unpacking import CutOff, NotTaken, encodings_in, unpack_announced_or_not

WIDTH, HEIGHT = 1024, 1340  # pixels of a picture: as wide and high as the text of an A4 page
MOST_PICTURES = 4  # a page
MOST_BYTES = 16 << 20  # of a page, unpacked
PAGE_S, START_S = 15.0, 30.0
_ABOVE = 160  # pixels above the headline, where menus push it down
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OPTIONS = (
    "--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-default-apps", "--disable-domain-reliability", "--no-pings", "--dns-prefetch-disable", "--mute-audio",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=socks5://127.0.0.1:9", "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)  # fmt: skip
# where the headline stands, and how high the page is
_MEASURE = """(() => {
  const plain = text => text.replace(/\\s+/g, ' ').trim().toLowerCase();
  const heads = [...document.querySelectorAll('h1, h2, h3')];
  const head = heads.find(one => plain(one.textContent) === plain(%s)) || document.querySelector('h1');
  const top = head ? head.getBoundingClientRect().top + window.scrollY : 0;
  return [Math.round(top), Math.round(document.documentElement.scrollHeight)];
})()"""


class _BrowserGone(Exception):
    """The browser ended, hangs, or refuses what it was asked for."""


def find_browser() -> str | None:
    """Return the browser's path; None where none is installed."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


class Capturer:
    """Draws pages, one after the other; a browser is started for the first, and anew after one that failed."""

    def __init__(self) -> None:
        self._path = find_browser()
        self._stack = contextlib.ExitStack()
        self._browser: _Browser | None = None

    def __enter__(self) -> Capturer:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def draw(self, page: KeptPage | None, title: str, is_own_page: bool) -> Capture | NoCapture:
        """Return a page's pictures, from its headline on where that stands far below; or why there is none."""
        if page is None:
            return NoCapture.NOT_KEPT
        if self._path is None:
            return NoCapture.NO_BROWSER
        body = _html_of(page)
        if body is None or web_link(page.url) is None:
            return NoCapture.NOT_SHOWN
        try:
            if self._browser is None:
                self._browser = self._stack.enter_context(_started(self._path))
            pictures, top, height = self._browser.draw(page.url, page.header("Content-Type"), body, title)
        except (_BrowserGone, OSError):
            self._browser = None
            self._stack.close()
            return NoCapture.NOT_SHOWN
        sha256 = hashlib.sha256(page.body).hexdigest()
        return Capture(tuple(pictures), page.url, page.received_at, sha256, height, top, is_own_page)


def _html_of(page: KeptPage) -> bytes | None:
    """Return a page's HTML, unpacked; None for what is none, or cannot be unpacked."""
    kind = page.header("Content-Type").lower()
    if kind and "html" not in kind:
        return None
    try:
        return unpack_announced_or_not(page.body, encodings_in(page.header("Content-Encoding")), MOST_BYTES)
    except (NotTaken, CutOff):
        return None


@contextmanager
def _started(path: str) -> Iterator[_Browser]:
    """Start a browser that is asked through a pipe, and end it with all its processes."""
    with tempfile.TemporaryDirectory(prefix="kwri-chromium-", ignore_cleanup_errors=True) as folder:
        to_read, to_write = _pipe(), _pipe()
        root = ("--no-sandbox",) * (os.geteuid() == 0)  # as root it does not start with one
        nothing = os.devnull
        process = os.posix_spawn(
            path, [path, *_OPTIONS, *root, f"--user-data-dir={folder}"], {**os.environ, "HOME": folder},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, nothing, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, nothing, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, nothing, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, to_read[0], 3),
                (os.POSIX_SPAWN_DUP2, to_write[1], 4),
            ],
            setpgroup=0,
        )  # fmt: skip
        os.close(to_read[0])
        os.close(to_write[1])
        try:
            yield _Browser(to_write[0], to_read[1])
        finally:
            os.close(to_write[0])
            os.close(to_read[1])
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _pipe() -> tuple[int, int]:
    """Return a pipe whose numbers are not those that the browser takes, 3 and 4."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


class _Browser:
    """A running browser, asked by its DevTools protocol: JSON, each message ended by a zero byte."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._left = b""
        self._number = 0
        self._end = time.monotonic() + START_S
        self._page: tuple[str, bytes] | None = None  # content-type and bytes, until it was given
        self._loaded = False

    def draw(self, url: str, kind: str, body: bytes, title: str) -> tuple[list[Picture], int, int]:
        """Return a page's pictures, the pixel at which they begin, and the page's height; raises _BrowserGone."""
        self._end = time.monotonic() + (PAGE_S if self._number else START_S)
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._page, self._loaded = (kind or "text/html", body), False
        try:
            return self._drawn(session, url, title)
        finally:
            self._page = None
            self._ask("Target.closeTarget", targetId=target)

    def _drawn(self, session: str, url: str, title: str) -> tuple[list[Picture], int, int]:
        def ask(method: str, **values: Any) -> dict[str, Any]:
            return self._ask(method, session, **values)

        ask("Page.enable")
        ask("Fetch.enable", patterns=[{"urlPattern": "*"}])
        ask("Emulation.setScriptExecutionDisabled", value=True)
        ask("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=1, mobile=False)
        if "errorText" in ask("Page.navigate", url=url):
            raise _BrowserGone
        while not self._loaded:
            self._take(self._read())
        told = ask("Runtime.evaluate", expression=_MEASURE % json.dumps(title), returnByValue=True)
        head, height = told["result"]["value"]
        top = max(0, min(head - _ABOVE, height - HEIGHT))
        pictures = []
        for number in range(MOST_PICTURES):
            first = top + number * HEIGHT
            high = min(HEIGHT, height - first)
            if high <= 0:
                break
            clip = {"x": 0, "y": first, "width": WIDTH, "height": high, "scale": 1}
            shot = ask("Page.captureScreenshot", format="jpeg", quality=80, clip=clip, captureBeyondViewport=True)
            picture = read_picture(base64.b64decode(shot["data"]))
            if picture is None:
                raise _BrowserGone
            pictures.append(picture)
        return pictures, top, height

    def _ask(self, method: str, session: str | None = None, **values: Any) -> dict[str, Any]:
        number = self._send(method, session, values)
        while (message := self._read()).get("id") != number:
            self._take(message)
        if "error" in message:
            raise _BrowserGone
        result: dict[str, Any] = message["result"]
        return result

    def _take(self, message: dict[str, Any]) -> None:
        """Give the page to the one request that asks for it, and refuse all others."""
        method, session = message.get("method"), message.get("sessionId")
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Fetch.requestPaused":
            request = message["params"]["requestId"]
            if self._page is not None and message["params"].get("resourceType") == "Document":
                (kind, body), self._page = self._page, None
                head = [{"name": "Content-Type", "value": kind.replace("\r", " ").replace("\n", " ")}]
                content = base64.b64encode(body).decode()
                answer = {"requestId": request, "responseCode": 200, "responseHeaders": head, "body": content}
                self._send("Fetch.fulfillRequest", session, answer)
            else:  # "Aborted" leaves a page that sends its reader on as it is
                self._send("Fetch.failRequest", session, {"requestId": request, "errorReason": "Aborted"})

    def _send(self, method: str, session: str | None, values: dict[str, Any]) -> int:
        self._number += 1
        message = {"id": self._number, "method": method, "params": values}
        if session is not None:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            if not select.select([], [self._writing], [], max(0.0, self._end - time.monotonic()))[1]:
                raise _BrowserGone
            try:
                data = data[os.write(self._writing, data[:4096]) :]  # a pipe takes so much without waiting
            except BrokenPipeError:
                raise _BrowserGone from None
        return self._number

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            if not select.select([self._reading], [], [], max(0.0, self._end - time.monotonic()))[0]:
                raise _BrowserGone
            more = os.read(self._reading, 1 << 20)
            if not more:
                raise _BrowserGone
            self._left += more
        message, _, self._left = self._left.partition(b"\0")
        read: dict[str, Any] = json.loads(message)
        return read
