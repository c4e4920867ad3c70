"""Find Indonesian regional portals' articles, read them, keep them in one SQLite archive.

For Python: `from kwri_crawler import read_date, read_article, open_archive`; see kwri_crawler/api.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwri_crawler.version import __version__

if TYPE_CHECKING:
    from kwri_crawler.api import ArchiveError, NotAnArticle, ReadArticle, Refused, open_archive, read_article, read_date

__all__ = [
    "ArchiveError",
    "NotAnArticle",
    "ReadArticle",
    "Refused",
    "__version__",
    "open_archive",
    "read_article",
    "read_date",
]


def __getattr__(name: str) -> Any:
    """Load the public names when they are first asked for: each part of the project imports this package."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kwri_crawler import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
