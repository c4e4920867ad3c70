"""Write a clipping, articles on paper for a desk's chief, as HTML, PDF, DOCX or XLSX; values in, bytes out.

Nothing is asked of any host while one is made, no template can leave an article's source out, and what a portal wrote
is text in all four forms. What a form needs is loaded when it is made: no other command needs it.
"""

from kwri_crawler.clipping.model import (
    Capture,
    Clipping,
    NoCapture,
    Scope,
    Text,
)
from kwri_crawler.clipping.pictures import Picture
from kwri_crawler.clipping.template import Template, TemplateError, read_template

__all__ = [
    "Capture",
    "Clipping",
    "NoCapture",
    "Picture",
    "Scope",
    "Template",
    "TemplateError",
    "Text",
    "read_template",
]
