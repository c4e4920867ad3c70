"""Store pages exactly as they were received in a SQLite file of their own; read and write WARC."""

from kwri_crawler.kept.file import add, first_since, is_newest, open_pages, page_of, pages_path, portals, prune, read
from kwri_crawler.kept.writer import Keeper

__all__ = [
    "Keeper",
    "add",
    "first_since",
    "is_newest",
    "open_pages",
    "page_of",
    "pages_path",
    "portals",
    "prune",
    "read",
]
