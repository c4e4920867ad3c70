"""Write a clipping as an A4 PDF with WeasyPrint, which may load the clipping's own pictures and nothing else."""

from __future__ import annotations

import logging
from typing import Any

from kwri_crawler.clipping.model import Clipping
from kwri_crawler.clipping.page import render
from kwri_crawler.clipping.pictures import Picture
from kwri_crawler.missing import LibraryMissing

LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"  # of Debian
_SCHEME = "picture:"


def check_pdf() -> Any:
    """Return WeasyPrint; raises LibraryMissing."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it tells each rule of CSS that it leaves out
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    try:
        import weasyprint
    except ImportError as error:
        raise LibraryMissing(f"PDF needs {error.name}; run: pip install 'kwri-crawler[desk]'") from error
    except OSError as error:  # Pango is a library of the system
        raise LibraryMissing(f"PDF needs Pango; run: apt-get install {LIBRARIES}") from error
    return weasyprint


def write_pdf(clipping: Clipping, lang: str) -> bytes:
    """Return the PDF; raises LibraryMissing."""
    weasyprint = check_pdf()
    pictures: dict[str, Picture] = {}

    def name(picture: Picture) -> str:
        address = f"{_SCHEME}{len(pictures)}"
        pictures[address] = picture
        return address

    page = render(clipping, lang, name)
    document = weasyprint.HTML(string=page, base_url=None, url_fetcher=_fetcher(weasyprint, pictures))
    return bytes(document.write_pdf())


def _fetcher(weasyprint: Any, pictures: dict[str, Picture]) -> Any:
    """Return what WeasyPrint asks for addresses: it gives the clipping's pictures and refuses everything else."""

    class OwnPictures(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002 - WeasyPrint's own form
            picture = pictures.get(url)
            if picture is None:
                raise ValueError(f"{url[:80]}: a clipping loads nothing")
            return weasyprint.urls.URLFetcherResponse(url, picture.data, {"Content-Type": picture.kind})

    return OwnPictures()
