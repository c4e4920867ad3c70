"""Which lines of some modules each test runs: so that a mutant is shown to the tests that meet it, and to no others.

What a fixture runs is taken as run by all tests of its file: it may be kept for them.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import defaultdict
from collections.abc import Collection, Generator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

import pytest

_MOST_STEPS = 20_000  # of a test that are looked at line by line; of what it calls later, all lines count as run
_MOST_CALLS = 200_000  # of a test, from which on all of the room counts as run
EVERY_LINE = 0


class Touched(NamedTuple):
    """What the tests of a room ran."""

    seconds: dict[str, float]  # of each test, in their order
    lines: dict[str, set[tuple[str, int]]]  # test -> (file, line)
    shared: dict[str, set[tuple[str, int]]]  # file of tests -> what their fixtures ran

    def tests_of(self, path: str, lines: Collection[int] | None) -> list[str]:
        """Return the tests that run one of some lines, the quickest first; of any line of the file for None."""

        def meets(ran: set[tuple[str, int]]) -> bool:
            return any(file == path and (lines is None or line in lines or line == EVERY_LINE) for file, line in ran)

        fixtures = {name for name, ran in self.shared.items() if meets(ran)}
        found = [test for test in self.seconds if test.partition("::")[0] in fixtures or meets(self.lines[test])]
        return sorted(found, key=self.seconds.__getitem__)


class Toucher:
    """A pytest plugin that notes which lines of some files each test runs."""

    def __init__(self, files: Collection[str], out: Path) -> None:
        self._files, self._out = frozenset(files), out
        self._ran: set[tuple[str, int]] = set()
        self._steps = 0
        self._whole: set[CodeType] = set()
        self._touched = Touched({}, defaultdict(set), defaultdict(set))

    def _trace(self, frame: FrameType, event: str, _: object) -> Any:
        code = frame.f_code
        if event == "call" and code.co_filename not in self._files:
            return None
        self._steps += 1
        if self._steps > _MOST_CALLS:
            sys.settrace(None)
            self._ran.update((file, EVERY_LINE) for file in self._files)
            return None
        if self._steps > _MOST_STEPS:
            if code not in self._whole:
                self._whole.add(code)
                self._ran.update((code.co_filename, line) for _, _, line in code.co_lines() if line)
            return None
        self._ran.add((code.co_filename, frame.f_lineno))
        return self._trace

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Note what the fixtures of a test run."""
        return (yield from self._note(self._touched.shared[item.nodeid.partition("::")[0]]))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Note what a test runs."""
        return (yield from self._note(self._touched.lines[item.nodeid]))

    def _note(self, ran: set[tuple[str, int]]) -> Generator[None, Any, Any]:
        self._ran, self._steps, self._whole = ran, 0, set()
        threading.settrace(self._trace)
        sys.settrace(self._trace)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how long a test took."""
        self._touched.seconds[report.nodeid] = self._touched.seconds.get(report.nodeid, 0.0) + report.duration

    def pytest_sessionfinish(self) -> None:
        """Write what was noted."""
        seconds, *told = self._touched
        self._out.write_text(json.dumps([seconds, *({name: sorted(ran) for name, ran in of.items()} for of in told)]))


def read_touched(path: Path) -> Touched:
    """Read what a Toucher wrote."""
    seconds, lines, shared = json.loads(path.read_text())
    each = ({name: {(file, line) for file, line in ran} for name, ran in of.items()} for of in (lines, shared))
    return Touched(seconds, *(defaultdict(set, of) for of in each))


class Chosen:
    """A pytest plugin that runs some tests alone, in an order of their own in each file."""

    def __init__(self, tests: Collection[str]) -> None:
        self._place = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the others out."""
        files = list(dict.fromkeys(item.nodeid.partition("::")[0] for item in items))
        items[:] = [item for item in items if item.nodeid in self._place]
        items.sort(key=lambda item: (files.index(item.nodeid.partition("::")[0]), self._place[item.nodeid]))
