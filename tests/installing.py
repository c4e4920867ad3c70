"""What `make` shows while pip works: one line that moves on a terminal, a line now and then in a log; on failure all.

Run by any Python 3.11, before anything is installed: python installing.py --venv FOLDER, then
python installing.py PYTHON [pip install's arguments].
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from queue import Empty, Queue
from threading import Thread

_STEP = re.compile(r"^\s*(Collecting|Building wheel for|Installing collected packages)\b[: ]*([\w.-]*)")
EVERY_S = 2.5  # between two signs of life in a log; on a terminal the seconds tick


def step_of(line: str) -> str | None:
    """Return what pip is at, in a few words; None where its line does not say."""
    found = _STEP.match(line)
    if found is None:
        return None
    if found[1] == "Collecting":
        return f"fetching {found[2]}"
    if found[1].startswith("Building"):
        return f"building {found[2]}"
    return f"writing {line.count(',') + 1} libraries to the disk"


def run(command: list[str], step: str) -> int:
    """Run a command, show what it is at and for how long; on failure all that it printed. Return its exit code."""
    begun = shown = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines: Queue[str | None] = Queue()
    seen: list[str] = []

    def read() -> None:
        for line in process.stdout or ():
            lines.put(line)
        lines.put(None)

    Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=1)
        except Empty:
            line = ""
        if line is None:
            break
        seen.append(line)
        step = step_of(line) or step
        if sys.stdout.isatty():
            width = shutil.get_terminal_size().columns - 1
            print(f"\r{f'  {time.monotonic() - begun:3.0f} s  {step}'[:width]:{width}}", end="", flush=True)
        elif time.monotonic() - shown > EVERY_S:
            shown = time.monotonic()
            print(f"  {shown - begun:3.0f} s  {step}", flush=True)
    code = process.wait()
    if sys.stdout.isatty():
        print(f"\r{'':{shutil.get_terminal_size().columns - 1}}\r", end="", flush=True)
    if code:
        print("".join(seen), end="")
        print(f"this failed, and its words are above: {' '.join(command)}")
    return code


def main(args: list[str]) -> int:
    """Run pip, or make the folder of a virtual environment (--venv FOLDER) with this Python; return the exit code."""
    if args[0] == "--venv":
        return run([sys.executable, "-m", "venv", args[1]], f"making {args[1]}")
    python, *wanted = args
    return run([python, "-m", "pip", "install", "--disable-pip-version-check", *wanted], "asking for releases")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
