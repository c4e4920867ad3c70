"""What `make mutants` breaks: each change is one place, makes Python and does something else; rooms and tests exist."""

import logging
import sys
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kwri_crawler.nearest import nearest
from tests import mutants
from tests.breaking import compiled, mutants_of
from tests.touching import Touched, Toucher, read_touched

TEXT = '''
"""Says > nothing."""
LIMIT = 10
SHARE = 0.5
SQL = "SELECT a FROM b WHERE c <= 1 AND d IS NOT NULL ORDER BY e DESC"


def chosen(numbers: list[int], *, bound: bool = True) -> list[int]:
    """Return 1 of > many."""
    found = [one for one in numbers if one < LIMIT]
    if not bound and found:
        raise ValueError(f"more than {LIMIT[:200]}")
    found.sort()
    logger.info("%d found", 7)
    return found[: max(1, len(found) - 1)]
'''


def test_each_place_that_a_machine_reads_is_broken_once_a_way() -> None:
    told = {mutant.told for mutant in mutants_of("x.py", TEXT)}
    assert {
        "x.py: LIMIT = 10 -> LIMIT = 11",
        "x.py: LIMIT = 10 -> LIMIT = 9",
        "x.py: SHARE = 0.5 -> SHARE = 0.55",
        "x.py: found = [one for one in numbers if one < LIMIT] -> found = [one for one in numbers if one <= LIMIT]",
        "x.py: found = [one for one in numbers if one < LIMIT] -> found = [one for one in numbers]",
        "x.py: not bound and found -> not bound or found",
        "x.py: if not bound and found -> if False",
        "x.py: found.sort() -> None",
        "x.py: return found[:max(1, len(found) - 1)] -> return found[:min(1, len(found) - 1)]",
        "x.py: return found[:max(1, len(found) - 1)] -> return None",
        "x.py: numbers: list[int], *, bound: bool=True -> numbers: list[int], *, bound: bool=False",
    } <= told
    assert sum("SELECT" in line for line in told) == 4
    assert not [line for line in told if "nothing" in line or "many" in line or "[:250]" in line or "logger" in line]
    assert "x.py: raise ValueError(f'more than {LIMIT[:200]}') -> pass" in told


def test_every_mutant_is_python_and_one_place_away_from_the_module() -> None:
    for mutant in mutants_of("x.py", TEXT):
        assert mutant.before != mutant.after
        made: dict[str, Any] = {"logger": logging.getLogger(__name__)}
        exec(compiled(mutant, TEXT, "x.py"), made)
    (limit,) = (mutant for mutant in mutants_of("x.py", TEXT) if mutant.after == "LIMIT = 9")
    exec(compiled(limit, TEXT, "x.py"), made)
    assert made["LIMIT"] == 9
    assert made["chosen"]([8, 9, 7]) == [7]


@pytest.mark.parametrize("room", mutants.ROOMS)
def test_a_room_has_modules_and_tests(room: str) -> None:
    patterns, names = mutants.ROOMS[room]
    for pattern in patterns.split():
        assert list(mutants.PROJECT.glob(pattern)), f"{pattern}: the room has moved"
    for name in names.split():
        assert (mutants.PROJECT / "tests" / f"{name}.py").exists(), f"{name}: no such test"


def test_a_mutant_knows_on_which_lines_it_runs_and_none_where_a_module_is_loaded() -> None:
    lines = {mutant.told.removeprefix("x.py: "): (*mutant.lines,) for mutant in mutants_of("x.py", TEXT)}
    assert lines["found = [one for one in numbers if one < LIMIT] -> found = [one for one in numbers]"] == (10,)
    assert lines["if not bound and found -> if False"] == (11,)
    assert lines["LIMIT = 10 -> LIMIT = 9"] == ()
    assert lines["numbers: list[int], *, bound: bool=True -> numbers: list[int], *, bound: bool=False"] == ()


def test_a_mutant_is_shown_to_the_tests_that_meet_it_the_quickest_first() -> None:
    file = str(mutants.PROJECT / "x.py")
    touched = Touched(
        {"a.py::slow": 2.0, "a.py::quick": 0.1, "b.py::one": 1.0, "b.py::other": 0.5, "c.py::none": 0.0},
        defaultdict(set, {"a.py::slow": {(file, 10)}, "a.py::quick": {(file, 10), (file, 11)}}),
        defaultdict(set, {"b.py": {(file, 11)}, "c.py": {("other.py", 10)}}),
    )
    told = {mutant.told: mutants.tests_for(mutant, touched) for mutant in mutants_of("x.py", TEXT + "_MOST = 7\n")}
    assert told["x.py: found = [one for one in numbers if one < LIMIT] -> found = [one for one in numbers]"] == [
        "a.py::quick", "a.py::slow",
    ]  # fmt: skip
    assert told["x.py: if not bound and found -> if False"] == ["a.py::quick", "b.py::other", "b.py::one"]
    assert told["x.py: found.sort() -> None"] == []
    meeting = ["a.py::quick", "b.py::other", "b.py::one", "a.py::slow"]
    assert told["x.py: _MOST = 7 -> _MOST = 8"] == meeting
    assert told["x.py: LIMIT = 10 -> LIMIT = 9"] == [*meeting, "c.py::none"], "others may import it"


def test_what_a_test_runs_is_noted_by_line_and_what_fixtures_run_for_their_file(tmp_path: Path) -> None:
    file = nearest.__code__.co_filename
    toucher = Toucher([file], tmp_path / "touched.json")
    item = cast(pytest.Item, SimpleNamespace(nodeid="tests/test_x.py::one"))
    before = sys.gettrace()
    try:
        for phase in (toucher.pytest_runtest_setup, toucher.pytest_runtest_call):
            steps = phase(item)
            next(steps)
            if phase == toucher.pytest_runtest_call:
                nearest("a", ["b"])
            with pytest.raises(StopIteration):
                steps.send(None)
    finally:
        sys.settrace(before)
    toucher.pytest_sessionfinish()
    touched = read_touched(tmp_path / "touched.json")
    first = nearest.__code__.co_firstlineno
    assert touched.lines == {"tests/test_x.py::one": {(file, first), (file, first + 2)}}
    assert touched.shared == {"tests/test_x.py": set()}


@pytest.mark.parametrize(("bound", "is_all"), [("_MOST_STEPS", False), ("_MOST_CALLS", True)])
def test_of_a_long_test_whole_functions_count_as_run_and_of_a_longer_one_all(
    bound: str, is_all: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"tests.touching.{bound}", 0)
    code = mutants.looked_at.__code__
    toucher = Toucher([code.co_filename], tmp_path / "touched.json")
    steps = toucher.pytest_runtest_call(cast(pytest.Item, SimpleNamespace(nodeid="x.py::one")))
    next(steps)
    mutants.looked_at()
    with pytest.raises(StopIteration):
        steps.send(None)
    toucher.pytest_sessionfinish()
    touched = read_touched(tmp_path / "touched.json")
    ran = {line for _, line in touched.lines["x.py::one"]}
    assert ran == {0} if is_all else {code.co_firstlineno + 1, code.co_firstlineno + 2} <= ran
    assert touched._replace(seconds={"x.py::one": 1.0}).tests_of(code.co_filename, [1]) == ["x.py::one"] * is_all
