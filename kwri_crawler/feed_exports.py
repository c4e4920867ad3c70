"""What `crawl -o FILE` writes: the documented columns of `scrapy export`, as the archive has the article just then."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exporters import BaseItemExporter, CsvItemExporter, JsonItemExporter, JsonLinesItemExporter, XmlItemExporter

from kwri_crawler import exports
from kwri_crawler.archive import open_archive
from kwri_crawler.archive.extracts import stored_as
from kwri_crawler.items import Article

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from kwri_crawler.archive import Database


class DocumentedColumns(BaseItemExporter):
    """Writes an article by its columns of `scrapy export`, and leaves any other item as it is."""

    archive_path: Path
    _archive: Database | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> DocumentedColumns:
        """Build it as Scrapy does."""
        exporter = cls(*args, **kwargs)
        exporter.archive_path = Path(crawler.settings["ARCHIVE_PATH"]).absolute()
        return exporter

    def export_item(self, item: Any) -> None:
        """Write an item."""
        super().export_item(self._columns_of(item) if isinstance(item, Article) else item)  # type: ignore[safe-super]

    def finish_exporting(self) -> None:
        """Write the end, and close the archive."""
        super().finish_exporting()
        if self._archive is not None:
            self._archive.close()
            self._archive = None

    def _columns_of(self, item: Article) -> dict[str, Any]:
        """Return an article's columns; of one that is not archived those that its page told."""
        if self._archive is None and self.archive_path.exists():
            self._archive = open_archive(self.archive_path)
        found = stored_as(self._archive, item) if self._archive is not None else None
        if found is not None:
            return {name: getattr(found, name) for name in exports.COLUMNS}
        told: dict[str, Any] = dict.fromkeys(exports.COLUMNS)
        told |= {name: getattr(item, name) for name in exports.COLUMNS if hasattr(item, name) and name != "marks"}
        return told | {"body": "\n\n".join(item.paragraphs), "fetched_at": item.fetched_at.isoformat()}


class Csv(DocumentedColumns, CsvItemExporter):
    """Writes CSV in which no cell becomes a formula, as `scrapy export` does."""

    def _columns_of(self, item: Article) -> dict[str, Any]:
        return {name: exports.csv_cell(value) for name, value in super()._columns_of(item).items()}


class Json(DocumentedColumns, JsonItemExporter):
    """Writes one JSON array."""


class JsonLines(DocumentedColumns, JsonLinesItemExporter):
    """Writes a JSON object a line."""


class Xml(DocumentedColumns, XmlItemExporter):
    """Writes XML."""
