"""What `make mutants` breaks: each change is one place, makes Python and does something else; rooms and tests exist."""

import logging
from typing import Any

import pytest

from tests import mutants
from tests.breaking import compiled, mutants_of

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
