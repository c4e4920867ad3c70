"""What a newcomer sees first: pip's work in a line, and at the end of the tests what was not tested."""

from types import SimpleNamespace

from tests.conftest import not_tested
from tests.installing import step_of

PIP = """\
Obtaining file:///srv/kwri
  Installing build dependencies: started
Collecting scrapy<2.20,>=2.19 (from kwri-crawler==0.1.0)
  Using cached scrapy-2.19.0-py3-none-any.whl (331 kB)
Collecting lxml_html_clean>=0.4
Building wheels for collected packages: kwri-crawler
  Building wheel for justext (pyproject.toml): started
Installing collected packages: lxml, scrapy, kwri-crawler
Successfully installed kwri-crawler-0.1.0
"""


def test_what_pip_is_at_is_said_in_a_few_words() -> None:
    assert [step for line in PIP.splitlines() if (step := step_of(line))] == [
        "fetching scrapy", "fetching lxml_html_clean", "building justext", "writing 3 libraries to the disk",
    ]  # fmt: skip


def test_the_last_line_counts_what_was_not_tested_by_what_is_missing() -> None:
    def report(why: str) -> SimpleNamespace:
        return SimpleNamespace(longrepr=("x.py", 1, f"Skipped: {why}"))

    told = not_tested([report("no chromium"), report("no shared folder"), report("no chromium")])  # type: ignore[list-item]
    assert told == "3 tests were skipped: 2 x no chromium; 1 x no shared folder"
    assert not_tested([]) == "all parts were tested"
