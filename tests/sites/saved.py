"""Real pages that were saved by others, served from loopback under their own addresses; never part of the project."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.crawling import PROJECT
from tests.sites.server import TEXT, XML, Answer, LocalServer, Request

FOLDER = PROJECT.parent / "shared" / "pages"
HOME = "https://saved-pages.example/"
_LISTS = ("mainpage", "nathanaelfd10-news-crawler__detik")  # front pages and indexes, by their file's name


@dataclass(frozen=True)
class SavedPage:
    """One row of index.tsv."""

    path: Path
    url: str
    title: str
    published: str  # ISO 8601, a day or to the minute or second; empty when not known
    is_article: bool


def saved_pages() -> tuple[SavedPage, ...]:
    """Return the pages that are there; none on a machine that does not have them."""
    index = FOLDER / "index.tsv"
    if not index.exists():
        return ()
    with index.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found: list[SavedPage] = []
    for row in rows:
        path = FOLDER / row["file"]
        if path.suffix != ".html":
            continue
        site = row["site"].split(")")[-1] if row["site"].startswith("(") else row["site"]
        url = row["url"] or f"http://{site}/{path.stem}"
        if url in {page.url for page in found}:  # saved twice: the second stands under an address of its own here
            url += f"?saved={path.stem[-2:]}"
        is_article = not any(mark in path.name for mark in _LISTS)
        found.append(SavedPage(path, url, row["title"], row["published"] or "", is_article))
    return tuple(found)


class SavedSite(LocalServer):
    """Answers for every host at once; HOME's sitemap names all pages."""

    def __init__(self, pages: tuple[SavedPage, ...]) -> None:
        super().__init__()
        self.pages = pages
        self._by_address = {_address(page.url): page for page in pages}

    def answer(self, request: Request) -> Answer:
        if request.route == "/robots.txt":
            return Answer("User-agent: *\nDisallow:", content_type=TEXT)
        if request.host == urlsplit(HOME).hostname:
            entries = "".join(f"<url><loc>{page.url.replace('&', '&amp;')}</loc></url>" for page in self.pages)
            return Answer(
                f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>', content_type=XML
            )
        page = self._by_address.get(f"{request.host}{request.path}")
        if page is None:
            return Answer("not saved", 404)
        return Answer(page.path.read_bytes(), content_type="text/html")

    def write_portal(self, folder: Path) -> None:
        """Write the catalogue's file of a portal that owns all these hosts."""
        hosts = sorted({urlsplit(page.url).hostname or "" for page in self.pages})
        (folder / "saved.toml").write_text(
            f'name = "Saved pages"\nhome = "{HOME}"\nfamily = "general"\nzone = "Asia/Jakarta"\n'
            f"hosts = [{', '.join(f'{host!r}' for host in hosts)}]\n"
            'listings = [{ kind = "sitemap", url = "/sitemap.xml" }]\n',
            encoding="utf-8",
        )


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}" + (f"?{parts.query}" if parts.query else "")
