"""Families whose CMS keeps pages about the portal as it keeps articles: what prints no date is not taken for news.

Such pages go to the general reader, who refuses what is no article.
"""

from __future__ import annotations

from collections.abc import Mapping

from kwri_crawler.pages.family import Family
from kwri_crawler.pages.fields import Fields
from kwri_crawler.pages.source import Source


class Dated(Family):
    """A family that knows only pages that print when they were published, where its themes print it."""

    def knows(self, source: Source) -> bool:
        """Say whether a page is of this make, and prints a date."""
        return super().knows(source) and self._is_dated(source)

    def read(self, source: Source, selectors: Mapping[str, str]) -> Fields | None:
        """Read a page; null when it prints no date, and the portal's file does not say where the text is."""
        return super().read(source, selectors) if "body" in selectors or self._is_dated(source) else None

    def _is_dated(self, source: Source) -> bool:
        return any(source.tree.css_first(selector) is not None for selector in self.published)
