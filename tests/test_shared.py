"""A map() in other processes answers as the built-in one, and says so when a process dies."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from kwri_crawler.reading.shared import in_processes
from tests.crawling import assert_ends


def twice(number: int) -> tuple[int, int]:
    return 2 * number, os.getpid()


def die(_: int) -> None:
    os._exit(1)


def test_answers_come_in_order_from_as_many_processes_and_these_end_with_it() -> None:
    with in_processes(2) as each:
        answers = list(each(twice, range(200)))
    assert [answer for answer, _ in answers] == list(range(0, 400, 2))
    pids = {pid for _, pid in answers}
    assert len(pids) == 2
    assert os.getpid() not in pids
    for pid in pids:
        assert_ends(pid)
    with in_processes(1) as each:
        assert set(each(twice, range(3))) == {(number, os.getpid()) for number in (0, 2, 4)}


def test_things_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def things() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    with in_processes(2) as each:
        answers = iter(each(twice, things()))
        next(answers)
        assert len(taken) < 20, "what was taken waits in memory"


def test_a_process_that_dies_is_named() -> None:
    with in_processes(2) as each, pytest.raises(OSError, match="--readers 1"):
        list(each(die, range(5)))
