"""The press desk in a browser, as one Datasette plug-in; it reads the archive, writes only notes, asks no other host.

Pages are written by our own templates, which know nothing of Datasette's; its tables stay behind them, in our colours.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm

from kwri_crawler.desk_site import pages, views
from kwri_crawler.desk_site.guard import USER, App, Guard, Options
from kwri_crawler.desk_site.views import Site

_Hook = TypeVar("_Hook", bound=Callable[..., Any])
_hook: Callable[[_Hook], _Hook] = hookimpl  # Datasette has no types

SETTINGS = {"suggest_facets": False, "truncate_cells_html": 120}
_NAME = r"(?P<name>[^/]+)"
_PAGES: dict[str, Callable[..., pages.Shown]] = {
    r"/desk/?$": pages.today,
    r"/desk/releases$": pages.releases,
    rf"/desk/release/{_NAME}$": pages.release,
    rf"/desk/story/{_NAME}$": pages.story,
    rf"/desk/article/{_NAME}$": pages.article,
    r"/desk/search$": pages.search,
    r"/desk/portals$": pages.portals,
    rf"/desk/portal/{_NAME}$": pages.portal,
    r"/desk/watches$": pages.watch_list,
    rf"/desk/watch/{_NAME}$": pages.watch,
    r"/desk/league$": pages.league,
    r"/desk/notes$": pages.notes,
}


def make_site(archive: Path, options: Options, metadata: dict[str, Any], templates: Path | None = None) -> Desk:
    """Return a Datasette of the archive with the desk's pages; templates of a folder stand before ours."""
    if not pm.has_plugin("kwri-desk"):
        pm.register(sys.modules[__name__], name="kwri-desk")
    return Desk(Site(archive, options, templates), metadata)


class Desk(Datasette):  # type: ignore[misc]
    """A Datasette with the desk's pages: its routes are made as it is, so that it must know the site by then."""

    def __init__(self, site: Site, metadata: dict[str, Any]) -> None:
        self.desk_site = site
        folder = None if site.templates is None else str(site.templates)
        super().__init__([str(site.archive)], metadata=metadata, settings=SETTINGS, template_dir=folder)


def _site(datasette: Any) -> Site | None:
    """Return a Datasette's site; None for any other Datasette of this process: a plug-in is of all of them."""
    return getattr(datasette, "desk_site", None)


@_hook
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """Add our pages before Datasette's own."""
    site = _site(datasette)
    if site is None:
        return []
    return [
        (r"/$", views.to_the_desk),
        (r"/desk/(?P<name>style|tables)\.css$", views.style),
        (r"/desk/enter$", views.enter(site)),
        (rf"/desk/note/{_NAME}$", views.note(site)),
        *((regex, views.page(site, build)) for regex, build in _PAGES.items()),
        (r"/desk/.*$", views.page(site, pages.nothing)),
    ]


@_hook
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Put the guard before all that is answered."""
    site = _site(datasette)
    return lambda app: app if site is None else Guard(app, site.options)


@_hook
def actor_from_request(datasette: Any, request: Any) -> dict[str, str] | None:
    """Return who gave the password; None leaves it to Datasette's signed cookie."""
    user = request.scope.get(USER) if _site(datasette) else None
    return {"id": user} if user else None


@_hook
def skip_csrf(datasette: Any, scope: Any) -> bool:
    """Leave our own forms to the guard: it asks what Datasette 1.0 asks, whatever the version."""
    return _site(datasette) is not None and str(scope["path"]).startswith("/desk/")


@_hook
def extra_css_urls(datasette: Any) -> list[str]:
    """Give Datasette's own pages our colours."""
    return [f"/desk/tables.css?{views.style_hash()}"] if _site(datasette) else []
