"""Keeps what is the operator's out of all tests (see tests/crawling.py), and one test's logging out of the next."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests import crawling  # noqa: F401 - it sets KWRI_HOME


@pytest.fixture(autouse=True)
def level_of_the_log_as_before() -> Iterator[None]:
    """Put the root logger's level back: a command that runs in this process opens it for good."""
    root = logging.getLogger()
    before = root.level
    yield
    root.setLevel(before)
