"""Pages of Kompas.com and its regional channels, since 2018."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kwri_crawler.pages.family import Family
from kwri_crawler.pages.fields import Fields
from kwri_crawler.pages.source import Source


class Kompas(Family):
    """<city>.kompas.com/read/YYYY/MM/DD/<id>/<slug>."""

    name = "kompas"
    marks = ("read__time",)  # ProMedia has read__content too, and its articles link to Kompas
    whole = "page=all"
    lists = (("sitemap", "/sitemap.xml"),)
    wrapper = (".js-read-article", ".read", "body")
    title = ("h1.read__title", "h1")
    crumbs = ".breadcrumb__link"
    author = (".credit-title-name", ".read__author a, .read__author")
    published = (".read__time",)
    body = (".read__content",)
    drop = "[class*='inject-baca-juga'], [class*='kompasidRec'], .read__paging, .paging, .ads-partner-wrap, .fb-quote"
    image = (".cover-photo .photo__wrap img, .photo__wrap img", ".photo img")
    caption = (".photo__caption",)
    tags = (".tag__article__link",)

    def read(self, source: Source, selectors: Mapping[str, str]) -> Fields | None:
        """Read a page; who wrote and who edited it is told apart in its meta tags alone."""
        fields = super().read(source, selectors)
        if fields is None or "author" in selectors:
            return fields
        names = source.metadata.credited
        known = tuple((field, where) for field, where in fields.evidence if field not in names)
        evidence = (*known, *((role, f"meta content_{role}") for role in names))
        return replace(fields, **names, evidence=evidence)  # type: ignore[arg-type]
