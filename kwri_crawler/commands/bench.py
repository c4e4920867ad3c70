"""`scrapy bench`: Scrapy's own, which crawls a server on this machine, through this project's middlewares."""

from __future__ import annotations

import argparse

from scrapy.commands.bench import Command as BenchCommand

from kwri_crawler.command import name_program

# What a crawl of portals must not do: ask this machine, ask without a pause, and let Scrapy speak in the log.
_FOR_BENCH = {
    "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingThreadedResolver",
    "DOWNLOAD_DELAY": 0,
    "EXTENSIONS": {
        "scrapy.extensions.corestats.CoreStats": 0,
        "scrapy.extensions.logstats.LogStats": 0,
        "kwri_crawler.screen.log.OneLineLog": None,
    },
}


class Command(BenchCommand):
    """Scrapy's bench."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add an example to the help text."""
        super().add_options(parser)
        name_program(parser, "example:\n  scrapy bench            ten seconds against a server on this machine\n")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl for ten seconds, and log the pages a minute."""
        for name, value in _FOR_BENCH.items():
            self.settings.set(name, value, priority="project")  # type: ignore[union-attr]  # -s still wins
        super().run(args, opts)
