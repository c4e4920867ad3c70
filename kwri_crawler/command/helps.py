"""A command's help, and how texts name commands: `kwri NAME` or `scrapy NAME`, as this run was started."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from kwri_crawler.screen import safe


def as_typed(text: str) -> str:
    """Return a text that names commands as `scrapy NAME`, with `kwri NAME` where this run was started so."""
    started = Path(sys.argv[0])
    is_kwri = started.stem == "kwri" or started.parent.name == "kwri_crawler"  # or python -m kwri_crawler
    return re.sub(r"\bscrapy (?=[a-z])", "kwri ", text) if is_kwri else text


def name_program(parser: argparse.ArgumentParser, about: str) -> None:
    """Put examples and exit codes below a command's options, and its name as it was typed above them."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = as_typed(about)
    parser.usage = as_typed(parser.usage or "") or None
    say_wrong = parser.error
    parser.error = lambda message: say_wrong(safe(message))  # type: ignore[method-assign]  # it repeats what was typed
