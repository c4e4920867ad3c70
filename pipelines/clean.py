"""The stage clean: takes boilerplate out of an article and counts its words."""

from __future__ import annotations

from kwri_crawler.items import Article
from kwri_crawler.pages.cleaning import clean_article


class CleanStage:
    """Cleans each article."""

    def process_item(self, item: Article) -> Article:
        """Return the article cleaned; raises PageError when nothing of it is left."""
        return clean_article(item)
