"""Write a clipping as one HTML page, for a screen or as the input of a PDF; it loads nothing and runs no script.

The same clipping and language give the same bytes.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from kwri_crawler.clipping import model
from kwri_crawler.clipping.model import Capture, Clipping
from kwri_crawler.clipping.pictures import Picture
from kwri_crawler.clipping.words import ClippingWords
from kwri_crawler.own_pages import policy_of, web_link
from kwri_crawler.version import __version__

# WeasyPrint takes the square of a word's length: 8 s for one of 2,000 letters, .2 s for its pieces.
_LONG_WORD = re.compile(r"(\S{80})(?=\S)")


def render(clipping: Clipping, lang: str, picture: Callable[[Picture], str] | None = None) -> str:
    """Write the page in a language, id or en; `picture` names a picture's address, and makes the page one for paper."""
    w = ClippingWords(lang)
    style = files("kwri_crawler.clipping").joinpath("page.css").read_text(encoding="utf-8")
    template = clipping.template
    on_paper = picture is not None
    return _template(on_paper).render(
        c=clipping,
        t=template,
        w=w,
        on_paper=on_paper,
        style=Markup(style),  # noqa: S704 - our own file
        policy=policy_of(style),
        title=model.title_of(clipping, w),
        scope=model.scope_lines(clipping.scope, w),
        counts=model.counts(clipping, w),
        intro=model.parts_of(template.introduction),
        clips=[(clip, model.source_of(clip.shown, w)) for clip in clipping.clips],
        closing=[(w(key), model.parts_of(text)) for key, text in model.closing_of(clipping)],
        made_on=clipping.made_at.date().isoformat(),
        made=w("made", at=w.moment(clipping.made_at), version=__version__),
        most_carriers=model.MOST_CARRIERS,
        picture=lambda one: escape((picture or inline)(one)),
        clean=model.shown_text,
        link=_link,
        source_of=lambda shown: model.source_of(shown, w),
        also=lambda clip: model.also_on(clip, w),
        gone=lambda at: w.moment(datetime.fromisoformat(at)),
        paragraphs=lambda clip: model.paragraphs_of(clip, clipping.text),
        pictures=lambda capture: capture.pictures if isinstance(capture, Capture) else (),
        capture_lines=lambda capture: model.capture_lines(capture, w),
    )


def inline(picture: Picture) -> str:
    """Return a picture as an address that holds it."""
    return f"data:{picture.kind};base64,{base64.b64encode(picture.data).decode()}"


@cache
def _template(on_paper: bool) -> Template:
    environment = Environment(
        loader=PackageLoader("kwri_crawler.clipping", "."),
        autoescape=True,
        finalize=_breakable if on_paper else None,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja")


def _breakable(value: object) -> object:
    """Return a text with places where its long words may be broken; what is an address or our own stays as it is."""
    return _LONG_WORD.sub("\\1\u200b", value) if type(value) is str else value


def _link(url: str) -> Markup | None:
    """Return an address of the web, escaped; None for any other."""
    target = web_link(url)
    return None if target is None else escape(target)
