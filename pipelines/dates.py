"""The stage dates: gives an article its moments, its dateline and the days that it names."""

from __future__ import annotations

from kwri_crawler.dates import with_dates
from kwri_crawler.items import Article


class DateStage:
    """Gives each article its dates and its dateline; an article without a date passes, with the reason."""

    def process_item(self, item: Article) -> Article:
        """Return the article with the group "dates" filled."""
        return with_dates(item)
