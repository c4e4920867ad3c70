"""Keeps what is the operator's out of all tests (see tests/crawling.py), and one test's logging out of the next."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from tests import crawling  # noqa: F401 - it sets KWRI_HOME


@pytest.fixture(autouse=True)
def level_of_the_log_as_before() -> Iterator[None]:
    """Put the root logger's level back: a command that runs in this process opens it for good."""
    root = logging.getLogger()
    before = root.level
    yield
    root.setLevel(before)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say in the last line how many tests were skipped, and what is missing on this machine."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(config, "workerinput"):
        reporter.write_line(not_tested(reporter.stats.get("skipped", ())))


def not_tested(skipped: Iterable[pytest.TestReport]) -> str:
    """Return a line that counts skipped tests by their reasons."""
    reasons = Counter(
        str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr).removeprefix("Skipped: ")
        for report in skipped
    )
    if not reasons:
        return "all parts were tested"
    return f"{reasons.total()} tests were skipped: " + "; ".join(f"{n} x {why}" for why, n in reasons.most_common())
