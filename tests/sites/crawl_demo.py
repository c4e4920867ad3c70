"""`make demo`: serve the demo portal on loopback, crawl it as kwri-jatim, and say what is in output/ now."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from sqlite_utils import Database

from tests.crawling import HOST, PORTAL, PROJECT, command
from tests.sites.varient import VarientPortal

# Not output/kwri.sqlite: invented articles have no place in the archive of record.
ARCHIVE = PROJECT / "output" / "demo" / "kwri.sqlite"


def main() -> int:
    """Crawl the demo portal, look into the archive, and name the next steps; return the crawl's exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--view", choices=("classic", "magazine", "v3"), default="classic", help="the theme it wears")
    view = parser.parse_args().view
    with VarientPortal(view=view) as site:
        place = f"127.0.0.1:{site.port}"
        print(
            f"The demo portal answers on http://{place}/ (Varient, view {view}); crawling it as {PORTAL} ...",
            flush=True,
        )
        done = subprocess.run(command(ARCHIVE, {HOST: place}, CONTACT="demo"), cwd=PROJECT, check=False)
    if done.returncode == 0:
        print(look(ARCHIVE))
    return done.returncode


def look(archive: Path) -> str:
    """Say what the archive holds and how to look at it."""
    db = Database(archive)
    overview = next(db.query("SELECT * FROM portal_overview WHERE portal = ?", [PORTAL]))
    seed = next(db.query("SELECT * FROM articles WHERE title LIKE 'Gelar Rakernis%'"))
    name = archive.relative_to(PROJECT)
    db.close()
    return f"""
{name} holds {overview["articles"]} articles of {overview["name"]},
published from {overview["first_published_at"]} to {overview["last_published_at"]}. One of them:

  {seed["title"]}
  {seed["author"]} | {seed["published_local"]} ({seed["published_at"]}) | {seed["word_count"]} words
  {seed["url"]}

Look at it:
  . .venv/bin/activate                           # once in each terminal
  sqlite-utils search {name} articles 'polda jatim' -c title -c published_local --table
  sqlite-utils rows {name} latest_articles --limit 10 --table
  kwri report --month {seed["published_local"][:7]} --lang en -s ARCHIVE_PATH={name}
Crawl the real portal, politely, into output/kwri.sqlite:
  kwri crawl kwri-jatim --limit 20 -s CONTACT=you@example.org"""


if __name__ == "__main__":
    sys.exit(main())
