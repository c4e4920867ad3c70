"""Catalogue files for the demo portals that are not in the catalogue of the real ones."""

from __future__ import annotations

from pathlib import Path

WARTA, KABAR = "warta.example.id", "kabar.example.id"  # hosts of the WordPress and the Blogger portal


def write_portals(folder: Path, *, pretty: bool = True, family: str = "general") -> str:
    """Write warta.toml (WordPress) and kabar.toml (Blogger); return the folder, for PORTALS_PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    api, feed = ("/wp-json/wp/v2/posts", "/feed/") if pretty else ("/?rest_route=/wp/v2/posts", "/?feed=rss2")
    listings = {
        "warta": (WARTA, (("wordpress", api), ("feed", feed), ("sitemap", "/wp-sitemap.xml"), ("index", "/"))),
        "kabar": (KABAR, (("feed", "/feeds/posts/default"),)),
    }
    for name, (host, rows) in listings.items():
        lines = "".join(f'    {{ kind = "{kind}", url = "{url}" }},\n' for kind, url in rows)
        (folder / f"{name}.toml").write_text(
            f'name = "{name.title()}"\nhome = "https://{host}/"\nfamily = "{family}"\nzone = "Asia/Jakarta"\n'
            f"listings = [\n{lines}]\n",
            encoding="utf-8",
        )
    return str(folder)
