"""Draw charts as inline SVG with pygal, without its scripts, styles and fonts; page.css gives the colours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

import pygal
from markupsafe import Markup
from pygal.style import Style

_SIZE = 13  # px of the labels, as in page.css
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STYLE = Style(label_font_size=_SIZE, major_label_font_size=_SIZE, font_family="sans-serif")
_COMMON: dict[str, Any] = {
    "style": _STYLE,
    "css": [],
    "js": [],
    "no_prefix": True,
    "show_legend": False,
    "margin": 4,
    "spacing": 6,
    "truncate_label": -1,
}


# (its words, its tone in page.css, a number a label)
Series = Sequence[tuple[str, str, Sequence[float]]]


def bars(rows: Sequence[tuple[str, float]], title: str, desc: str, name: str, tone: str = "1") -> Markup:
    """Draw horizontal bars, the first row on top."""
    return stacked([label for label, _ in rows], [("", tone, [number for _, number in rows])], title, desc, name)


def stacked(labels: Sequence[str], series: Series, title: str, desc: str, name: str) -> Markup:
    """Draw horizontal stacked bars, the first label on top; the first series left."""
    chart = pygal.HorizontalStackedBar(width=400, height=30 + 24 * len(labels), **_COMMON)
    chart.y_labels = _ticks(
        max((sum(row) for row in zip(*(numbers for _, _, numbers in series), strict=True)), default=0)
    )
    chart.x_labels = [_short(label, 20) for label in reversed(labels)]
    for words, _, numbers in series:
        chart.add(clean(words), list(reversed(numbers)))
    return _draw(chart, title, desc, name, [tone for _, tone, _ in series])


def pairs(labels: Sequence[str], series: Series, title: str, desc: str, name: str) -> Markup:
    """Draw two or more horizontal bars for each label, the first label and the first series on top."""
    chart = pygal.HorizontalBar(width=400, height=30 + 30 * len(labels), **_COMMON)
    chart.y_labels = _ticks(max((number for _, _, numbers in series for number in numbers), default=0))
    chart.x_labels = [_short(label, 20) for label in reversed(labels)]
    for words, _, numbers in series:
        chart.add(clean(words), list(reversed(numbers)))
    return _draw(chart, title, desc, name, [tone for _, tone, _ in series])


def columns(
    labels: Sequence[str],
    series: Series,
    title: str,
    desc: str,
    name: str,
    wide: bool,
) -> Markup:
    """Draw upright stacked columns; every fifth label is written."""
    chart = pygal.StackedBar(width=960 if wide else 400, height=280 if wide else 230, show_minor_x_labels=False,
                             **_COMMON)  # fmt: skip
    chart.y_labels = _ticks(_highest(series))
    chart.x_labels = list(labels)
    chart.x_labels_major = [label for label in labels if len(labels) <= 10 or label == "1" or int(label) % 5 == 0]
    for words, _, numbers in series:
        chart.add(clean(words), list(numbers))
    return _draw(chart, title, desc, name, [tone for _, tone, _ in series])


def dots(rows: Sequence[Sequence[float]], title: str, desc: str, name: str, wide: bool) -> Markup:
    """Draw each row's numbers as dots on a line of its own, numbered from 1 on top."""
    chart = pygal.XY(width=960 if wide else 400, height=40 + 26 * len(rows), stroke=False, dots_size=4.5,
                     show_y_guides=True, range=(0.5, len(rows) + 0.5), **_COMMON)  # fmt: skip
    chart.x_labels = _ticks(max(hours for row in rows for hours in row))
    chart.y_labels = [{"label": str(len(rows) - n), "value": n + 1} for n in range(len(rows))]
    chart.add("", [(hours, len(rows) - n) for n, row in enumerate(rows) for hours in row])
    return _draw(chart, title, desc, name, ["1"])


def _highest(series: Series) -> float:
    return max((sum(row) for row in zip(*(numbers for _, _, numbers in series), strict=True)), default=0)


def _ticks(most: float) -> list[float]:
    """Return up to six round numbers from 0 that reach or nearly reach `most`."""
    for step in (scale * unit for scale in (1, 10, 100, 1_000, 10_000, 100_000) for unit in (1, 2, 5)):
        if most <= 5 * step:
            break
    return [step * n for n in range(int(most // step) + 1)]


def _draw(chart: Any, title: str, desc: str, name: str, tones: Sequence[str]) -> Markup:
    """Return the chart as markup that names itself to who cannot see it, with nothing in it but shapes and texts."""
    svg = ElementTree.fromstring(chart.render(disable_xml_declaration=True))  # noqa: S314 - pygal's own output
    for parent in list(svg.iter()):
        for child in list(parent):
            tag = child.tag.rpartition("}")[2]
            classes = child.get("class", "")
            if tag in ("defs", "script", "style", "title", "desc") or "tooltip-overlay" in classes or (
                tag == "rect" and classes == "background"
            ):  # fmt: skip
                parent.remove(child)
    for element in svg.iter():
        element.tag = element.tag.rpartition("}")[2]
        for unused in ("id", "style", "{http://www.w3.org/1999/xlink}href"):
            element.attrib.pop(unused, None)
        names = element.get("class", "").split()
        for number, tone in enumerate(tones):
            if f"serie-{number}" in names:
                element.set("class", f"series tone-{tone}")
    svg.attrib = {
        "class": f"chart {svg.get('class', '')}",
        "viewBox": svg.get("viewBox", ""),
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-desc",
    }
    for place, (tag, text) in enumerate((("title", title), ("desc", desc))):
        element = ElementTree.Element(tag, {"id": f"{name}-{tag}"})
        element.text = clean(text)
        svg.insert(place, element)
    return Markup(re.sub(r"(\d+\.\d\d)\d+", r"\1", ElementTree.tostring(svg, encoding="unicode")))  # noqa: S704 - escaped by ElementTree


def _short(label: str, most: int) -> str:
    label = clean(label)
    return label if len(label) <= most else label[: most - 1] + "…"


def clean(text: str) -> str:
    """Return the text without characters that neither XML nor HTML may hold."""
    return _NOT_XML.sub("", text)
