"""The stage dedupe: marks an article with the hash and the sketch of its text; the archive settles who was first."""

from __future__ import annotations

from kwri_crawler.copies import with_sketch
from kwri_crawler.items import Article


class DedupeStage:
    """Marks each article with the hash and the sketch of its text."""

    def process_item(self, item: Article) -> Article:
        """Return the article with its text_hash and sketch."""
        return with_sketch(item)
