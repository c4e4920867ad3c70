"""What the archive asks of whoever lends it other processes: a map() for work that is pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]  # as the built-in map; answers in order
