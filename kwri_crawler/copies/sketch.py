"""The sketch by which near copies meet in the archive's index: the lowest of a text's passage hashes, and no more.

Of two texts that share passages the sketches share hashes; two shared ones found all copies of a hand-made set, at 19
rows an article. The hash is xxh64 of our own passages, so no library's release changes what was stored.
"""

from __future__ import annotations

import heapq

from kwri_crawler.copies.texts import Text

WORDS_A_HASH = 16
FEWEST, MOST = 16, 48
SHORTEST = 40  # words; of a shorter text only the identical one is a copy


def sketch(text: Text) -> tuple[int, ...]:
    """Return the sketch of a text as signed 32-bit numbers; empty for a text too short to compare."""
    words = len(text.tokens)
    if words < SHORTEST:
        return ()
    lowest = _lowest(max(FEWEST, min(MOST, words // WORDS_A_HASH)), text.different)
    # The lowest hashes are alike in their upper half; the lower half tells them apart in four bytes.
    return tuple((low & 0xFFFFFFFF) - 0x80000000 for low in lowest)


def _lowest(count: int, hashes: frozenset[int]) -> list[int]:
    """Return the lowest hashes in order: of 64 bits spread evenly they lie, nearly always, below twice their share."""
    limit = (2 * count << 64) // len(hashes)
    low = sorted([one for one in hashes if one < limit])
    return low[:count] if len(low) >= count else heapq.nsmallest(count, hashes)
