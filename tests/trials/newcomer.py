"""Types README's command lines into a shell on a terminal, one after the other, and watches; run by newcomer.sh.

The portals are the demo's, on loopback: the trial's settings.toml says so, beside README's own line; no pauses.
"""

from __future__ import annotations

import atexit
import json
import os
import pty
import re
import select
import subprocess
import sys
import time
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
LONGEST_WAIT_S = float(os.environ.get("LONGEST_WAIT_S", "3"))
NOT_TYPED = ("sudo ", "make test", "kwri desk")  # changes the machine; run for ten minutes by CI; a server, never ends
ONLY_IN_A_CLONE = ("make ", ". .venv", "pip install -e")
BAD = re.compile(r"Traceback|\bWARNING\b|\bDEBUG\b")
RELEASE = "Polres Ngawi menggelar patroli malam di alun-alun bersama warga. " * 12


class Shell:
    """A bash on a terminal of 100 columns."""

    def __init__(self) -> None:
        self._pid, self._end = pty.fork()
        if self._pid == 0:
            os.environ |= {"PS1": "", "PS2": "", "COLUMNS": "100", "LINES": "30"}
            os.execvp("bash", ["bash", "--norc", "--noprofile"])
        self.type("stty -echo cols 100 rows 30")

    def type(self, line: str) -> tuple[int, str, float]:
        """Run a line; return its exit code, what it printed, and the longest time without a sign, in seconds."""
        os.write(self._end, f'{line}\necho "__end"__$?__\n'.encode())
        text, longest, last = b"", 0.0, time.monotonic()
        while not (found := re.search(rb"__end__(\d+)__", text)):
            ready, _, _ = select.select([self._end], [], [], 300)
            if not ready:
                raise SystemExit(f"{line}: nothing came for 300 s:\n{text.decode(errors='replace')}")
            longest = max(longest, time.monotonic() - last)
            last = time.monotonic()
            text += os.read(self._end, 65536)
        return int(found[1]), text[: found.start()].decode("utf-8", "replace"), longest


def busy() -> float:
    """Return how many times as long as alone this machine takes now: 1 while nobody else uses it."""
    began, cpu = time.monotonic(), time.process_time()
    while time.process_time() - cpu < 0.2:
        pass
    return max(1.0, (time.monotonic() - began) / (time.process_time() - cpu))


def lines() -> list[str]:
    """Return the command lines of README's shell blocks, in order, without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    stripped = [re.split(r"(?:^|\s)#(?=\s)", line)[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in stripped if line and not line.startswith(NOT_TYPED)]


def hosts() -> list[str]:
    """Return the hosts of the portals that are crawled by harvests, and of README's example."""
    files = sorted((PROJECT / "kwri_crawler" / "portals").glob("*.toml"))
    portals = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    homes = [portal["home"] for portal in portals if "home" in portal and portal.get("active", True)]
    return [home.split("/")[2] for home in homes] + ["example.co.id"]


def main() -> int:
    """Type all lines, print a row for each; return 1 when one was bad."""
    is_clone = sys.argv[1] == "clone"
    typed = [line for line in lines() if is_clone or not line.startswith(ONLY_IN_A_CLONE)]
    home = PROJECT if is_clone else Path.home() / ".local" / "share" / "kwri-crawler"
    shell, portals, faults = Shell(), None, 0
    Path("siaran-pers").mkdir()
    Path("siaran-pers", "2024-06-27 patroli.txt").write_text(RELEASE, encoding="utf-8")
    for line in typed:
        if portals is None and line.startswith("kwri"):
            served = [PROJECT / ".venv/bin/python", "-m", "tests.trials.newcomer_portals", *hosts()]
            portals = subprocess.Popen(served, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
            atexit.register(portals.terminate)
            places = json.loads((portals.stdout or sys.stdin).readline())
            (contact,) = re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
            home.mkdir(parents=True, exist_ok=True)
            rows = "".join(f'"{host}" = "{place}"\n' for host, place in places.items())
            (home / "settings.toml").write_text(f"{contact}DOWNLOAD_DELAY = 0.05\n\n[CONNECT_TO]\n{rows}")
        times = busy()
        code, text, waited = shell.type(line)
        times = max(times, busy())
        wrong = [*([f"exit code {code}"] if code else []), *BAD.findall(text)]
        if waited > LONGEST_WAIT_S * times:
            wrong.append(f"{waited:.1f} s without a sign, on a machine that is {times:.1f} times slower than alone")
        faults += bool(wrong)
        print(f"{'BAD ' if wrong else 'ok  '} {waited:4.1f} s  {line}  {'; '.join(dict.fromkeys(wrong))}", flush=True)
        if wrong:
            print("\n".join(f"      {row}" for row in text.replace("\r", "\n").splitlines()[-25:]))
    print(f"{len(typed)} lines, {faults} bad")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
