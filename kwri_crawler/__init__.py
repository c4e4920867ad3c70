"""Find Indonesian regional portals' articles, read them, keep them in one SQLite archive."""

__version__ = "0.1.0"
