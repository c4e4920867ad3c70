"""Write a clipping as XLSX: one row per article, a sheet of carriers, a sheet with the desk's own words."""

from __future__ import annotations

import io
from datetime import datetime

from kwri_crawler.archive.clipping_queries import Shown
from kwri_crawler.clipping import model
from kwri_crawler.clipping.model import Capture, Clipping
from kwri_crawler.clipping.words import ClippingWords
from kwri_crawler.exports.sheets import book_of, typed
from kwri_crawler.version import __version__


def write_sheet(clipping: Clipping, lang: str) -> bytes:
    """Return the workbook; raises LibraryMissing."""
    w, out = ClippingWords(lang), io.BytesIO()
    stands = ("medium", "time", "zone", "precision", "headline", "address")
    heads = ["number", *stands, "author", "others", "text"]
    heads += ["tone"] * bool(clipping.tones) + ["received_at", "SHA-256"] * (clipping.captures is not None)
    names = [head if head == "SHA-256" else w(head) for head in heads]
    widths = {w(head): 60 for head in ("headline", "address", "text")} | {w("number"): 6, w("time"): 20}
    below = (w("number"), *map(w, stands))
    with book_of(out) as book:
        book.begin(w("sheet"), names, widths)
        for number, clip in enumerate(clipping.clips, 1):
            text = "\n\n".join(part for _, part in model.paragraphs_of(clip, clipping.text))
            author = model.shown_text(clip.author or "") or None
            row = [number, *_stands(clip.shown, w), author, len(clip.carriers), text or None]
            if clipping.tones:
                tone = clipping.tones.get(clip.article)
                row.append(w(tone) if tone else None)
            if clipping.captures is not None:
                capture = clipping.captures[clip.article]
                row += _kept(capture) if isinstance(capture, Capture) else [model.capture_lines(capture, w)[0], None]
            book.add(w("sheet"), names, row, widths)
        for number, clip in enumerate(clipping.clips, 1):
            for other in clip.carriers:
                book.add(w("carriers"), below, [number, *_stands(other, w)], widths)
        for line in _about(clipping, w):
            book.add(w("sheet_about"), (model.title_of(clipping, w),), [line], {model.title_of(clipping, w): 100})
    return out.getvalue()


def _stands(shown: Shown, w: ClippingWords) -> list[object]:
    """Return an article's source and headline as cells; its moment is a date on the portal's clock."""
    source, at = model.source_of(shown, w), shown.published_local
    zone = at and model.zone_name(datetime.fromisoformat(at), shown.zone)
    time: object = typed("published_local", at) if at else source.when
    if isinstance(time, datetime) and shown.published_precision == "day":
        time = time.date()
    return [source.medium, time, zone, shown.published_precision, model.shown_text(shown.title), source.url]


def _kept(capture: Capture) -> list[object]:
    return [capture.received_at, capture.sha256]


def _about(clipping: Clipping, w: ClippingWords) -> list[str]:
    template = clipping.template
    lines = [*template.head, template.address, *model.scope_lines(clipping.scope, w)]
    lines += [model.counts(clipping, w) if clipping.clips else w("empty"), template.introduction]
    for key, text in model.closing_of(clipping):
        lines += [w(key), text]
    lines += [template.place, *template.signer, template.name, *template.below]
    return [model.shown_text(line) for line in lines if line] + [
        w("made", at=w.moment(clipping.made_at), version=__version__)
    ]
