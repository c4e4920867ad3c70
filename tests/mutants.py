"""`make mutants`: break the rooms that carry the promises, one place at a time, and see whether a test fails.

A mutant is one changed operator, number, condition, return or SQL word of one module; its tests run in a forked process
in which that module alone is the broken one: those that ran the changed line before, the quickest first. Tests that
start processes of their own do not see it, and count for nothing here. mutmut 3 and cosmic-ray leave thresholds at
module level and the words of SQL alone, where most of the promises stand. Mutants that were looked at and change
nothing are named in mutants.txt, with the reason.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import NamedTuple

from tests.breaking import Mutant, compiled, mutants_of
from tests.touching import Chosen, Touched, Toucher, read_touched

PROJECT = Path(__file__).resolve().parent.parent
LOOKED_AT = PROJECT / "tests" / "mutants.txt"
GOAL = 85  # percent killed in each room

# room -> its modules, and the tests beside it, the quickest first
ROOMS: dict[str, tuple[str, str]] = {
    "dates": ("kwri_crawler/dates/*.py", "test_date_edges test_date_choice test_datelines test_dates"),
    "copies": ("kwri_crawler/copies/*.py", "test_likeness_edges test_ends test_differences test_likeness"),
    "listings": (
        "kwri_crawler/listings/*.py",
        "test_listing_edges test_json_api test_family_lists test_shells test_broken_listings test_listings test_linked",
    ),
    "data": (
        "kwri_crawler/catalogue/json_api.py kwri_crawler/pages/embedded.py kwri_crawler/pages/stated.py",
        "test_shells test_json_api test_families test_jpr",
    ),
    "decide": (
        " ".join(f"kwri_crawler/spiders/{name}.py" for name in ("decide", "ending", "walk", "answers")),
        "test_decide test_answers",
    ),
    "web": (
        "kwri_crawler/web/*.py",
        "test_web_edges test_robots test_urls test_proof test_answers test_network test_middlewares",
    ),
    "health": ("kwri_crawler/health/*.py", "test_health_edges test_health"),
    "scout": (
        " ".join(
            f"kwri_crawler/scout/{name}.py"
            for name in ("verdicts", "landing", "newsrooms", "entries", "state", "bring_up", "verify")
        )
        + " kwri_crawler/archive/verifications.py",
        "test_odd_hosts test_bring_up test_verify test_networks_up",
    ),
    "desk": (
        " ".join(
            f"kwri_crawler/desk/{name}.py"
            for name in ("addresses", "bounds", "letters", "lines", "lists", "moments", "papers")
        ),
        "test_desk_edges test_papers",
    ),
    "releases": (
        "kwri_crawler/archive/releases.py kwri_crawler/archive/release_queries.py",
        "test_releases test_releases_command",
    ),
    "clipping": (
        "kwri_crawler/clipping/*.py kwri_crawler/archive/clipping_queries.py kwri_crawler/archive/notes.py",
        "test_notes test_clipping_word test_clipping",
    ),
    "desk-site": (
        "kwri_crawler/desk_site/*.py kwri_crawler/archive/desk_queries.py kwri_crawler/archive/note_queries.py"
        " kwri_crawler/archive/portal_queries.py kwri_crawler/archive/desk_search.py",
        "test_differences test_desk_queries test_desk_site",
    ),
    "watches": ("kwri_crawler/notify/watching.py kwri_crawler/archive/watches.py", "test_watches test_watching"),
    "notify": (
        "kwri_crawler/notify/monitors.py kwri_crawler/notify/messages.py kwri_crawler/notify/digests.py",
        "test_messages test_notify test_watching",
    ),
    "ledger": ("kwri_crawler/archive/ledger.py kwri_crawler/archive/crawls.py", "test_ledger test_known_ground"),
    "known-ground": ("kwri_crawler/archive/listings.py", "test_known_ground test_asking"),
    "articles": (
        "kwri_crawler/archive/articles.py kwri_crawler/archive/revisions.py kwri_crawler/archive/identity.py",
        "test_edits test_proof test_asking",
    ),
}


# ---------------------------------------------------------------------- one run of the tests


class _Broken(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from other code than its file's."""

    def __init__(self, module: str, code: CodeType, path: Path) -> None:
        self._module, self._code, self._path = module, code, path

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if name != self._module:
            return None
        spec = importlib.machinery.ModuleSpec(
            name, self, origin=str(self._path), is_package=self._path.stem == "__init__"
        )
        spec.has_location = True
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(str(self._path.parent))
        return spec

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def _start(tests: Sequence[str], folder: Path, mutant: Mutant | None, cpu_s: float, plugin: object) -> int:
    """Run the tests in a fork of this process, against a mutant; its exit code is 0 when all of them passed."""
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    shown = os.open(folder / "out.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(shown, 1)
    os.dup2(shown, 2)
    code = 99
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_s) + 1, int(cpu_s) + 5))
        if mutant is not None:
            module = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            path = PROJECT / mutant.path
            broken = compiled(mutant, path.read_text(encoding="utf-8"), str(path))
            sys.meta_path.insert(0, _Broken(module, broken, path))
        import hypothesis
        import pytest

        hypothesis.settings.register_profile(
            "mutants",
            database=None,
            deadline=None,
            derandomize=True,
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        )
        hypothesis.settings.load_profile("mutants")
        quiet = ["-x", "-q", "--no-header", "--tb=line", "-p", "no:cacheprovider", f"--basetemp={folder / 'tmp'}"]
        code = int(pytest.main([*quiet, *tests], plugins=[plugin]))
        if mutant is None:
            (folder / "loaded.json").write_text(json.dumps([name for name in sys.modules if not _is_ours(name)]))
    except SyntaxError:
        code = 98  # the change makes no Python: no mutant
    finally:
        os._exit(code)


def _is_ours(name: str) -> bool:
    return name.split(".")[0] in ("kwri_crawler", "pipelines", "tests", "__main__") or name.startswith("test_")


class _Run(NamedTuple):
    mutant: Mutant
    folder: Path
    wall_s: float  # after which it has hung
    began: float


def _wait(running: dict[int, _Run]) -> tuple[_Run, int]:
    """Wait until one of the runs ends, or has hung for too long; return it and how it ended."""
    while True:
        for pid, run in running.items():
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended and time.monotonic() - run.began > run.wall_s:
                os.killpg(pid, signal.SIGKILL)
                ended, status = os.waitpid(pid, 0)
            if ended:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)  # what a broken test left running
                del running[pid]
                return run, os.waitstatus_to_exitcode(status)
        time.sleep(0.02)


def _end(running: dict[int, _Run]) -> None:
    """End what runs, and this program: each run is a session of its own, which nobody else would end."""
    for pid in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    sys.exit(1)


def tests_for(mutant: Mutant, touched: Touched) -> list[str]:
    """Return the tests that meet a mutant, the quickest first.

    What runs as a module is loaded is met by all that run any of it; a constant that others import, by all tests.
    """
    path = str(PROJECT / mutant.path)
    if mutant.lines:
        return touched.tests_of(path, mutant.lines)
    found = touched.tests_of(path, None)
    is_private = mutant.before.lstrip(".").startswith("_")
    return found if is_private else [*found, *(test for test in touched.seconds if test not in {*found})]


# ---------------------------------------------------------------------- a room


def _files(patterns: str, only: str) -> list[Path]:
    found = [path for pattern in patterns.split() for path in sorted(PROJECT.glob(pattern))]
    return [path for path in found if only in path.as_posix()] if "/" in only else found


def _mutants_in(path: Path) -> list[Mutant]:
    return mutants_of(path.relative_to(PROJECT).as_posix(), path.read_text(encoding="utf-8"))


def looked_at() -> set[str]:
    lines = LOOKED_AT.read_text(encoding="utf-8").splitlines() if LOOKED_AT.exists() else []
    return {line for line in lines if line.strip() and not line.startswith(("#", " "))}


def try_room(
    room: str, only: str, size: int, seed: str, jobs: int, folder: Path, until: float
) -> list[tuple[Mutant, bool]] | None:
    """Return a sample of a room's mutants, each with whether a test killed it; None when its tests fail anyway.

    They are tried in the order in which they were drawn; at `until` (time.monotonic()) no other is begun.
    """
    patterns, names = ROOMS[room]
    tests = [f"tests/{name}.py" for name in names.split() if (PROJECT / "tests" / f"{name}.py").exists()]
    files = _files(patterns, only)
    every = [mutant for path in files for mutant in _mutants_in(path)]
    if not every or not tests:
        return []
    known = looked_at()
    if "/" not in only:
        told, paths = {mutant.told for mutant in every}, {mutant.path for mutant in every}
        for line in sorted(known - told):
            if line.partition(":")[0] in paths:
                print(f"{LOOKED_AT.name}: fits nothing any more: {line}")
    every = [mutant for mutant in every if mutant.told not in known]
    waiting = random.Random(f"{seed} {room}").sample(every, min(size, len(every)))
    began = time.monotonic()
    toucher = Toucher([str(path) for path in files], folder / "touched.json")
    running = {_start(tests, folder, None, 900, toucher): _Run(waiting[0], folder, 1200, began)}
    if _wait(running)[1] != 0:
        print(f"{room}: its tests fail without a mutant:\n{(folder / 'out.txt').read_text()[-2000:]}")
        return None
    touched = read_touched(folder / "touched.json")
    took = time.monotonic() - began
    print(f"{room}: {len(waiting)} of {len(every)} mutants; its tests take {took:.1f} s", flush=True)
    for name in json.loads((folder / "loaded.json").read_text()):  # what the tests load is loaded once, and forked
        if not name.endswith("reactor"):
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    found: list[tuple[Mutant, bool]] = []
    signal.signal(signal.SIGTERM, lambda *_: _end(running))
    while waiting or running:
        while waiting and len(running) < jobs:
            if time.monotonic() > until:
                waiting.clear()
                break
            place, mutant = Path(tempfile.mkdtemp(dir=folder)), waiting.pop(0)
            chosen = tests_for(mutant, touched)
            seconds = sum(map(touched.seconds.__getitem__, chosen))
            holders = [test for test in tests if any(one.startswith(f"{test}::") for one in chosen)]
            if not chosen:
                found.append((mutant, False))
                print(f"  alive {mutant.path}:{mutant.line}: no test runs it: {mutant.before} -> {mutant.after}")
                continue
            pid = _start(holders, place, mutant, 4 * seconds + 20, Chosen(chosen))
            running[pid] = _Run(mutant, place, 20 * seconds + 60, time.monotonic())
        if not running:
            break
        (mutant, place, *_), code = _wait(running)
        shutil.rmtree(place, ignore_errors=True)
        if code != 98:
            found.append((mutant, code != 0))
        if code == 0:
            print(f"  alive {mutant.path}:{mutant.line}: {mutant.before} -> {mutant.after}", flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("room", nargs="?", default="", help=f"one of {', '.join(ROOMS)}, or a module's path; else all")
    parser.add_argument("--sample", type=int, default=80, help="mutants a room (default: %(default)s)")
    parser.add_argument("--seed", default="1", help="which mutants are drawn (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=600, help="begin no other mutant after this time")
    asked = parser.parse_args()
    os.chdir(PROJECT)
    paths = {room: _files(patterns, asked.room) for room, (patterns, _) in ROOMS.items()}
    rooms = [asked.room] if asked.room in ROOMS else [room for room, found in paths.items() if found]
    if ("/" not in asked.room and asked.room not in ("", *ROOMS)) or not rooms:
        parser.error(f"no such room: {asked.room}")
    lines, good, until = [], True, time.monotonic() + 60 * asked.minutes
    for room in rooms:
        with tempfile.TemporaryDirectory(prefix="mutants-") as name:
            results = try_room(room, asked.room, asked.sample, asked.seed, asked.jobs, Path(name), until)
        if results is None:
            return 1
        killed = sum(dead for _, dead in results)
        good &= not results or 100 * killed >= GOAL * len(results)
        for path in sorted({mutant.path for mutant, _ in results}):
            lines.append(_line(f"  {path}", [dead for mutant, dead in results if mutant.path == path]))
        lines.append(_line(room, [dead for _, dead in results]))
    print(f"\n{'':42} sampled  killed  alive", *lines, sep="\n")
    return 0 if good else 1


def _line(name: str, dead: list[bool]) -> str:
    share = f"{100 * sum(dead) / len(dead):5.0f}%" if dead else "     -"
    return f"{name:42} {len(dead):7} {sum(dead):7} {len(dead) - sum(dead):6} {share}"


if __name__ == "__main__":
    sys.exit(main())
