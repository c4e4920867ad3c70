"""The mark of a text, equal for the same text on any portal; the archive settles in one transaction who was first."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import replace

from kwri_crawler.items import Article

_NOT_WORDS = re.compile(r"[^\w]+")


def hash_text(paragraphs: tuple[str, ...]) -> str:
    """Return 32 hex digits of the words alone: case, punctuation, white space and paragraph breaks do not count."""
    folded = unicodedata.normalize("NFKC", " ".join(paragraphs)).casefold()
    words = _NOT_WORDS.sub(" ", folded).strip()
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=16).hexdigest()


class DedupeStage:
    """Marks each article with the hash of its text."""

    def process_item(self, item: Article) -> Article:
        """Return the article with its text_hash."""
        return replace(item, text_hash=hash_text(item.paragraphs))
