"""Pages of the Polri's Humas portal."""

from __future__ import annotations

from kwri_crawler.pages.family import Family


class Humas(Family):
    """humas.polri.go.id since 2024: only utility classes, and few of them told; before that it was WordPress."""

    name = "humas"
    lists = (("index", "/news/all"),)
    marks = ("humas.polri.go.id",)
    wrapper = ("section#content", "main, body")
    title = ("h1", "div.font-semibold.text-lg")
    published = ("div.flex.flex-row.items-center.gap-1:nth-child(2) p",)
    body = ("div.text-sm.text-justify.space-y-4", "div.text-justify.space-y-4")
    image = ("img.object-cover, figure img",)
