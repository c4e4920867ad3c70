"""The stage dedupe: marks an article with the hash and the sketch of its text; the archive settles who was first."""

from __future__ import annotations

from dataclasses import replace

from kwri_crawler.copies import METHOD, hash_text
from kwri_crawler.items import Article


class DedupeStage:
    """Marks each article with the hash and the sketch of its text."""

    def process_item(self, item: Article) -> Article:
        """Return the article with its text_hash and sketch."""
        return replace(item, text_hash=hash_text(item.paragraphs), sketch=METHOD.sketch("\n\n".join(item.paragraphs)))
