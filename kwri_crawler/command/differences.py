"""Print what one text changed in another, on a terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwri_crawler.copies.differences import Differences
from kwri_crawler.screen import say

if TYPE_CHECKING:
    from kwri_crawler.screen.spoken import Spoken

MOST_DIFFERENCES = 8  # a copy, for a person; --json has all


def differences_as_object(found: Differences) -> dict[str, Any]:
    """Return what differs as JSON has it."""
    pairs = [{"removed": removed, "added": added} for removed, added in found.pairs]
    return {"differences": pairs, "word_by_word": not found.is_coarse}


def show_differences(found: Differences, words: Spoken) -> None:
    """Print the first of the words that differ."""
    pairs = found.pairs
    if not pairs:
        say(f"     {words('same_text')}")
    if found.is_coarse:
        say(f"     {words('coarse')}")
    for removed, added in pairs[:MOST_DIFFERENCES]:
        parts = [f"-[{shorten(removed)}]"] * bool(removed) + [f"+[{shorten(added)}]"] * bool(added)
        say(f"     {' '.join(parts)}")
    if len(pairs) > MOST_DIFFERENCES:
        say(f"     {words('more_differences', number=str(len(pairs) - MOST_DIFFERENCES))}")


def shorten(words: str, most: int = 90) -> str:
    """Return the words, their middle left out where they are many."""
    return words if len(words) <= most else f"{words[: most // 2]} ... {words[-most // 2 :]}"
