"""Where this installation keeps what is its operator's: archive, settings.toml, own portals; never in the package.

In a checkout that is the project's folder. Else it is $KWRI_HOME, or the platform's folder for a user's data.
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

_PROJECT = Path(__file__).resolve().parent.parent


def checkout() -> Path | None:
    """Return the project's folder when the package is run from its repository; None when it is installed."""
    return _PROJECT if (_PROJECT / "scrapy.cfg").is_file() else None


def home() -> Path:
    """Return the folder of settings.toml and of the operator's own portals; it need not be there."""
    chosen = os.environ.get("KWRI_HOME", "")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return checkout() or user_data_path("kwri-crawler", appauthor=False)


def archive_path() -> Path:
    """Return where the archive is unless a setting says otherwise; never the working folder: cron starts elsewhere."""
    folder = home()
    return (folder / "output" if folder == checkout() else folder) / "kwri.sqlite"


def settings_path() -> Path:
    """Return the file whose settings go over the package's."""
    return home() / "settings.toml"


def own_portals() -> Path:
    """Return the folder of the operator's own portals, beside which the shipped ones are read."""
    return home() / "portals"
