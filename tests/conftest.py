"""Keeps what is the operator's out of all tests: see tests/crawling.py."""

from tests import crawling  # noqa: F401 - it sets KWRI_HOME
