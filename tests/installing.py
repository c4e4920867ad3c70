"""What `make` shows while pip works: one line that moves on a terminal, a line now and then in a log; on failure all.

Run by any Python 3.11, before anything is installed: python installing.py PYTHON [pip install's arguments]
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

_STEP = re.compile(r"^\s*(Collecting|Building wheel for|Installing collected packages)\b[: ]*([\w.-]*)")
EVERY_S = 2.5  # between two signs of life in a log


def steps(lines: Iterable[str]) -> Iterator[str]:
    """Yield what pip is at, in a few words, of those of its lines that say so."""
    collected = 0
    for line in lines:
        found = _STEP.match(line)
        if found is None:
            continue
        if found[1] == "Collecting":
            collected += 1
            yield f"library {collected}: {found[2]}"
        elif found[1].startswith("Building"):
            yield f"building {found[2]}"
        elif found[1] == "Installing collected packages":
            yield f"writing {line.count(',') + 1} libraries to the disk (half a minute)"


def main(args: list[str]) -> int:
    """Run pip, show how far it is, return its exit code."""
    python, *wanted = args
    begun = time.monotonic()
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", *wanted]
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    seen: list[str] = []
    shown = begun

    def lines() -> Iterator[str]:
        for line in pip.stdout or ():
            seen.append(line)
            yield line

    for step in steps(lines()):
        if sys.stdout.isatty():
            width = shutil.get_terminal_size().columns - 1
            print(f"\r{f'  {step}'[:width]:{width}}", end="", flush=True)
        elif time.monotonic() - shown > EVERY_S:
            shown = time.monotonic()
            print(f"  {step}", flush=True)
    if sys.stdout.isatty():
        print(f"\r{'':{shutil.get_terminal_size().columns - 1}}\r", end="")
    code = pip.wait()
    if code:
        print("".join(seen), end="")
        print(f"pip failed ({Path(python).name} -m pip install {' '.join(wanted)}); its words are above")
    elif seen:
        print(f"  done in {time.monotonic() - begun:.0f} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
