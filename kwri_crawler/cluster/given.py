"""The settings that go along with what workers are asked: theirs are the head's, and their own files say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.settings import SETTINGS_PRIORITIES, Settings

from kwri_crawler import settings as package_settings
from kwri_crawler.own_settings import PATHS, SECRETS

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

# Each machine has its own: where things lie, how many cores there are, what is logged, what nobody else is to know.
_NOT_SENT = frozenset((*PATHS, *SECRETS, "READERS", "CLUSTER", "CLUSTER_HEAD", "LOG_LEVEL"))


def settings_sent(settings: BaseSettings) -> dict[str, Any]:
    """Return the settings of the head that hold on workers: all of the package's, the operator's and the command's."""
    given = {name for name in settings if (settings.getpriority(name) or 0) >= SETTINGS_PRIORITIES["cmdline"]}
    named = {name for name in vars(package_settings) if name.isupper()} | set(package_settings.own) | given
    return {name: settings[name] for name in sorted(named - _NOT_SENT)} | {"ARCHIVE_PATH": settings["ARCHIVE_PATH"]}


def settings_here(sent: dict[str, Any]) -> Settings:
    """Return the settings on this worker."""
    settings = Settings()
    settings.setmodule("kwri_crawler.settings", priority="project")
    settings.setdict(sent, priority="cmdline")
    return settings
