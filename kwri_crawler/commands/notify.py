"""`scrapy notify --test`: where news is sent, and whether it arrives there."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from kwri_crawler import clock
from kwri_crawler.archive.alerts import Digest, Story
from kwri_crawler.command import Exit, ProjectCommand, as_typed
from kwri_crawler.nearest import nearest
from kwri_crawler.notify import messages, monitors
from kwri_crawler.notify.digests import write_digest
from kwri_crawler.notify.monitors import Channels
from kwri_crawler.screen import say, table

_HELP = """\
examples:
  scrapy notify                       where changes of health and watches' stories are sent
  scrapy notify --test                sends an example to each, says what came back
  scrapy notify --test mail wa        to these alone

HEALTH_COMMAND is run and HEALTH_WEBHOOK posted to with a change of a portal "example" that does not exist; PING_URL is
told of a beginning and a good end; each name of NOTIFY gets a story. PROMETHEUS_FILE is left as it is.
"""


class Command(ProjectCommand):
    """Try the channels."""

    takes = "[--test] [NAME ...]"
    does = "Show where news is sent; with --test: send an example and say what came back"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "all were shown; with --test: all took it",
        Exit.SETUP: "no channel is set; or NOTIFY is, and apprise is not installed",
        Exit.ARGUMENT: "a wrong argument, or an address that nobody understands; nothing was sent",
        Exit.PART: "one or more did not take it",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options and examples."""
        super().add_options(parser)
        parser.add_argument("--test", action="store_true", help="send one example to each")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Show the channels, and try them."""
        channels, addresses = monitors.read_channels(self.given), messages.addresses_of(self.given)
        places = monitors.places(channels) | {name: messages.place(address) for name, address in addresses.items()}
        for name in args:
            if name not in places:
                near = nearest(name, places)
                raise UsageError(f"{name}: no such channel" + (f"; did you mean {near}?" if near else ""))
        asked = [name for name in places if name in args or not args]
        if not asked:
            self.fail(
                "no channel is set: HEALTH_COMMAND, HEALTH_WEBHOOK, PING_URL, PROMETHEUS_FILE, NOTIFY", Exit.SETUP
            )
            return
        came_back = dict.fromkeys(asked, as_typed("not tried; scrapy notify --test sends an example"))
        if opts.test:
            messages.check(addresses, [name for name in asked if name in addresses])
            came_back |= self._test(channels, addresses, asked)
        say(table(("channel", "where", "what came back"), [(n, places[n], came_back[n]) for n in asked],
                  ("channel", "where", "what came back")))  # fmt: skip

    def _test(self, channels: Channels, addresses: dict[str, str], asked: list[str]) -> dict[str, str]:
        """Send the examples; return by channel what came back."""
        now = clock.now()
        wanted = Channels(
            channels.command if "HEALTH_COMMAND" in asked else "",
            channels.webhook if "HEALTH_WEBHOOK" in asked else "",
            channels.ping if "PING_URL" in asked else "",
        )
        failed: dict[str, str | None] = dict(monitors.try_channels(wanted, now))
        title, text = write_digest(_EXAMPLE, self.given["NOTIFY_LANG"], is_test=True)
        for name in asked:
            if name in addresses:
                failed[name] = messages.send(addresses[name], title, text)
        if any(failed.values()):
            self.exitcode = Exit.PART
        found = {name: fault or "taken" for name, fault in failed.items()}
        return found | ({"PROMETHEUS_FILE": "a file; a harvest writes it"} if "PROMETHEUS_FILE" in asked else {})


_EXAMPLE = Digest(
    "example", "example", "", (Story(0, "scrapy notify --test", "https://portal.example/", "Portal", None, 1, None),)
)
