"""What reaches a screen is made safe; a file or a pipe gets the text as it is."""

from __future__ import annotations

import io
import sys

import pytest

from kwri_crawler.screen import shown_file


class Stream(io.TextIOWrapper):
    """Standard output that is a terminal, or is not."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__(io.BytesIO())
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.mark.parametrize(
    ("is_terminal", "written"),
    [(True, b"judul\\x1b[2J \\u202eterbalik\tya\n"), (False, "judul\x1b[2J \u202eterbalik\tya\r\n".encode())],
)  # fmt: skip
def test_only_a_terminal_gets_control_characters_spelt_out(
    is_terminal: bool, written: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.BytesIO()
    with monkeypatch.context() as changed:
        changed.setattr(sys, "stdout", Stream(is_terminal))
        shown_file(out).write("judul\x1b[2J \u202eterbalik\tya\r\n".encode())
    assert out.getvalue() == written
