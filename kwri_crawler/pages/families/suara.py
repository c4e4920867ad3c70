"""Pages of Suara.com and its regional portals, whose addresses print day and clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from kwri_crawler.items import DateKind, DateSource, DateText
from kwri_crawler.pages.family import Family
from kwri_crawler.pages.fields import Fields
from kwri_crawler.pages.source import Source

_STAMP = re.compile(r"/read/(20\d\d)/(\d\d)/(\d\d)/([0-2]\d)([0-5]\d)([0-5]\d)/")


class Suara(Family):
    """<region>.suara.com/read/YYYY/MM/DD/HHMMSS/<slug>."""

    name = "suara"
    domain = "suara.com"
    marks = ("media.suara.com", "assets.suara.com")
    whole = "page=all"
    lists = (("feed", "/rss"),)
    wrapper = ("article, .content-article, .detail", "main", "body")
    title = ("h1",)
    crumbs = ".breadcrumb a, .breadcrumbs a"
    author = ("a.author-trigger", ".author a, .author")
    published = (".date-article, .date, span[class*='date']",)
    body = (".detail-content", ".article-content")
    drop = ".baca-juga-new, .baca-juga, .article-share, .ads-article, .paging"
    image = (".img-cover img, .article-cover img", "figure img")
    caption = ("figcaption, .caption",)
    tags = (".list-tag a, .tag-header a", "a[href*='/tag/']")

    def read(self, source: Source, selectors: Mapping[str, str]) -> Fields | None:
        """Read a page, and the clock in its address."""
        fields = super().read(source, selectors)
        stamp = _STAMP.search(source.url)
        if fields is None or stamp is None:
            return fields
        year, month, day, hour, minute, second = stamp.groups()
        text = f"{year}-{month}-{day} {hour}:{minute}:{second}"
        of_url = DateText(DateKind.PUBLISHED, DateSource.URL, text)
        others = (date for date in fields.dates if date.source is not DateSource.URL)
        return replace(fields, dates=(*others, of_url))
