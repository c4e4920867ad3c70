"""One spider class for each portal of the catalogue, so that `scrapy list` is the catalogue."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from kwri_crawler.catalogue import Catalogue, CatalogueError, Portal, read_catalogue
from kwri_crawler.spiders.portal import PortalSpider

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.settings import BaseSettings


class PortalLoader:
    """Gives Scrapy the spiders of the portals in PORTALS_PATH, those that are not active too."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.faults = catalogue.faults  # the portals that have no spider, because their files are wrong
        self._spiders: dict[str, type[Spider]] = {portal.id: spider_class(portal) for portal in catalogue.portals}

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Read the catalogue; without its folder the command ends with a message that names it."""
        try:
            return cls(read_catalogue(settings["PORTALS_PATH"]))
        except CatalogueError as error:
            sys.exit(f"the catalogue cannot be read: {error}")

    def load(self, spider_name: str) -> type[Spider]:
        """Return the spider class of a portal; raises KeyError."""
        return self._spiders[spider_name]

    def list(self) -> list[str]:
        """Return the ids of all portals."""
        return sorted(self._spiders)

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]  # list() is Scrapy's name
        """Return the ids of the portals that a request belongs to."""
        return [name for name, spider in self._spiders.items() if spider.handles_request(request)]


def spider_class(portal: Portal) -> type[PortalSpider]:
    """Make the portal's spider class; its name is the portal's id."""
    name = "".join(part.capitalize() for part in portal.id.split("-")) + "Spider"
    attributes = {"name": portal.id, "portal": portal, "allowed_domains": list(portal.hosts), "__module__": __name__}
    return type(name, (PortalSpider,), attributes)
