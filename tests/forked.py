"""Run a command of the project in a process of its own that has its modules already: it begins a second sooner.

A process that has loaded everything and done nothing forks itself for each command. What the command prints, its exit
code and its end by a signal are those of `python -m scrapy ...`; a test that is about starting uses that one.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.loaded"])


class Crawled(NamedTuple):
    """What a command left behind."""

    code: int  # negative: the signal that ended it
    out: str
    log: str


def run(words: Sequence[str], cwd: Path, environment: Mapping[str, str], timeout_s: float) -> Crawled:
    """Run `scrapy WORDS...` to its end; raises TimeoutExpired."""
    with tempfile.TemporaryDirectory() as folder:
        out, log = Path(folder, "out"), Path(folder, "log")
        process = _context.Process(target=_run, args=(["scrapy", *words], str(cwd), dict(environment), out, log))
        process.start()
        process.join(timeout_s)
        code = process.exitcode
        if code is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(words), timeout_s, out.read_bytes(), log.read_bytes())
        process.close()
        return Crawled(code, out.read_text(encoding="utf-8"), log.read_text(encoding="utf-8"))


def _run(words: list[str], cwd: str, environment: dict[str, str], out: Path, log: Path) -> None:
    for number, path in ((1, out), (2, log)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - for the life of the process
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(cwd)
    sys.argv = words
    from scrapy.cmdline import execute

    execute(words)
