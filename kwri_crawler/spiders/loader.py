"""One spider class for each portal of the catalogue, so that `scrapy list` is the catalogue."""

from __future__ import annotations

from pathlib import Path

from scrapy.utils.project import get_project_settings

from kwri_crawler.catalogue import Portal, read_catalogue
from kwri_crawler.spiders.portal import PortalSpider


def spider_class(portal: Portal) -> type[PortalSpider]:
    """Make the portal's spider class; its name is the portal's id."""
    name = "".join(part.capitalize() for part in portal.id.split("-")) + "Spider"
    return type(name, (PortalSpider,), {"name": portal.id, "portal": portal, "__module__": __name__})


for _portal in read_catalogue(Path(get_project_settings()["PORTALS_PATH"])):
    _class = spider_class(_portal)
    globals()[_class.__name__] = _class
