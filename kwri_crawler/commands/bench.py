"""`scrapy bench`: Scrapy's own, which crawls a server on this machine, through this project's middlewares."""

from __future__ import annotations

import argparse

from scrapy.commands.bench import Command as BenchCommand

# What a crawl of portals must not do: ask this machine, and ask without a pause.
_FOR_BENCH = {
    "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingThreadedResolver",
    "DOWNLOAD_DELAY": 0,
    "EXTENSIONS": {"scrapy.extensions.corestats.CoreStats": 0, "scrapy.extensions.logstats.LogStats": 0},
}


class Command(BenchCommand):
    """Scrapy's bench."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl for ten seconds, and log the pages a minute."""
        for name, value in _FOR_BENCH.items():
            self.settings.set(name, value, priority="project")  # type: ignore[union-attr]  # -s still wins
        super().run(args, opts)
