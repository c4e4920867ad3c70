"""Pages of TIMES Indonesia and its city portals: a Next.js front; before it #news_content."""

from __future__ import annotations

from kwri_crawler.pages.stated import Stated


class Times(Stated):
    """<city>.times.co.id and timesindonesia.co.id."""

    name = "times"
    marks = ("times.co.id", "timesindonesia.co.id", "timesmedia.co.id")
    lists = (("feed", "/rss"), ("sitemap", "/sitemap.xml"))
    body = ("#news_content", "article [itemprop='articleBody']")
