"""The operator's settings.toml, checked against the settings that there are; refuses unknown names and wrong types."""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kwri_crawler.nearest import did_you_mean

# Paths in the file are relative to its folder: cron and systemd start elsewhere.
PATHS = ("ARCHIVE_PATH", "PAGES_PATH", "PROMETHEUS_FILE", "LOG_FILE", "PORTALS_PATH")
# Whoever knows them may speak for this installation: no unit and no cron line has them.
SECRETS = ("PING_URL", "HEALTH_WEBHOOK", "HEALTH_COMMAND", "NOTIFY")
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),  # before int, of which it is one
    (int, "a whole number"),
    (float, "a number"),
    (str, "a text"),
    ((list, tuple), "a list"),
    (dict, "a table"),
)


class SettingsError(ValueError):
    """Raised for a settings.toml that cannot be used; the message names file, key and cure."""


def files_of(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield the files that settings have a run write beside the archive: its log, its figures, what -o names."""
    yield from (str(settings[name]) for name in ("LOG_FILE", "PROMETHEUS_FILE") if settings[name])
    yield from (str(name).removeprefix("file://") for name in settings["FEEDS"] or ())


def read_own_settings(path: Path, package: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a settings.toml sets, {} when there is none; `package` has the package's own settings by name.

    Scrapy's other settings may be set too. Raises SettingsError.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig")) if path.exists() else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path}: cannot be read as TOML: {error}") from error
    return {name: _checked(path, name, value, package) for name, value in table.items()}


def _checked(path: Path, name: str, value: Any, package: Mapping[str, Any]) -> Any:
    known = {key: default for key, default in package.items() if key.isupper()}
    if name not in known:
        known |= _of_scrapy()
    if name not in known:
        hint = did_you_mean(name.upper(), known, "settings.py of kwri_crawler has their names")
        raise SettingsError(f"{path}: {name}: there is no such setting; {hint}")
    default = known[name]
    if fault := _fault(value, default):
        raise SettingsError(f"{path}: {name} must be {fault}, not {value!r}")
    if name in PATHS and value:
        return os.pathsep.join(str(path.parent / Path(part).expanduser()) for part in value.split(os.pathsep))
    return value


def fault_of_text(name: str, text: str, package: Mapping[str, Any]) -> str | None:
    """Return what the text of `-s NAME=text` must be, in words; None when it is that, or no number and no bool.

    Scrapy reads it where it is used, and then names neither the setting nor what would do.
    """
    default = package.get(name)
    if not isinstance(default, (bool, int, float)):
        return None
    if isinstance(default, bool):
        return None if text in ("True", "true", "1", "False", "false", "0") else _kind(default)
    try:
        is_one = 0 <= float(int(text) if isinstance(default, int) else text) < math.inf
    except (ValueError, OverflowError):
        is_one = False
    return None if is_one else f"{_kind(default)}, 0 or more"


def _of_scrapy() -> dict[str, Any]:
    from scrapy.settings import default_settings  # 0.1 s, and only for a setting that this project does not set

    return {name: value for name, value in vars(default_settings).items() if name.isupper()}


def _fault(value: Any, default: Any) -> str | None:
    """Return what a value must be, in words; None when it is that. A default of None takes anything."""
    if default is None:
        return None
    kind = _kind(default)
    if _kind(value) != kind and not (kind == "a number" and _kind(value) == "a whole number"):
        return kind
    if isinstance(value, list) and default and any(_fault(one, default[0]) for one in value):
        return f"a list, each {_kind(default[0])}"
    return None


def _kind(value: Any) -> str:
    return next((word for kinds, word in _KINDS if isinstance(value, kinds)), "a date")
