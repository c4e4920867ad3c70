"""A headless chromium, asked over its DevTools protocol: what a page logs, asks for, measures and prints."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import websocket

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MISSING = "no chromium on this machine; run: apt-get install chromium"
_WAIT_S = 30.0
# Its own calls home are no part of a page; a sandbox is not to be had in every container.
_OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--remote-debugging-port=0", "--remote-allow-origins=*")  # fmt: skip


class Browser:
    """One tab; use it as a context manager."""

    def __enter__(self) -> Browser:
        assert CHROMIUM, MISSING
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [CHROMIUM, *_OPTIONS, f"--user-data-dir={self._profile.name}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            tabs = f"http://127.0.0.1:{self._port()}/json/list"
            with urllib.request.urlopen(tabs, timeout=_WAIT_S) as answer:
                (tab,) = (tab for tab in json.load(answer) if tab["type"] == "page")
            self._socket = websocket.create_connection(tab["webSocketDebuggerUrl"], timeout=_WAIT_S)
        except BaseException:
            self.__exit__()
            raise
        self._number = 0
        self.events: list[dict[str, Any]] = []
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=_WAIT_S)
        assert self._process.stderr
        self._process.stderr.close()
        self._profile.cleanup()

    def _port(self) -> str:
        assert self._process.stderr
        for line in self._process.stderr:
            if found := re.search(r"DevTools listening on ws://127\.0\.0\.1:(\d+)/", line):
                return found[1]
        raise AssertionError("chromium ended before it listened")

    def call(self, method: str, **values: Any) -> dict[str, Any]:
        """Ask for something; what happens meanwhile goes to `events`."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": values}))
        while (message := json.loads(self._socket.recv())).get("id") != self._number:
            self.events.append(message)
        assert "error" not in message, f"{method}: {message['error']}"
        return dict(message["result"])

    def open(self, page: Path, width: int = 1280, dark: bool = False) -> None:
        """Load a file in a window of that width, forget what was seen before, and wait until all is still."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=800, deviceScaleFactor=1, mobile=width < 500,
        )  # fmt: skip
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri())
        end = time.monotonic() + _WAIT_S
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            assert time.monotonic() < end, f"{page}: not loaded after {_WAIT_S:g} s"
            self.events.append(json.loads(self._socket.recv()))
        self.value("new Promise(done => setTimeout(done, 100))")  # what a page does late shows here

    def value(self, script: str) -> Any:
        """Return what a script says, of the page as it is."""
        return self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)["result"].get(
            "value"
        )

    def asked_for(self) -> list[str]:
        """Return the addresses that the page asked for, itself among them."""
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event["method"] == "Network.requestWillBeSent"
        ]  # fmt: skip

    def complaints(self) -> list[str]:
        """Return what the console shows: errors, warnings, blocked loads, and dialogs that a script opened."""
        told = []
        for event in self.events:
            values = event["params"]
            if event["method"] == "Log.entryAdded":
                told.append(values["entry"]["text"])
            elif event["method"] in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown",
                                     "Page.javascriptDialogOpening"):  # fmt: skip
                told.append(json.dumps(values)[:300])
        return told

    def printed(self) -> bytes:
        """Return the page as a PDF, as a desk prints it: without backgrounds."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])
