"""`scrapy deploy FOLDER`: systemd units, a cron line and a logrotate file, with this installation's paths in them.

It writes into the folder that you name and installs nothing: that is for an administrator who has read them.
"""

from __future__ import annotations

import argparse
import getpass
import grp
import os
import re
import shlex
import sys
from importlib.resources import files
from ipaddress import ip_address
from pathlib import Path

from scrapy.exceptions import UsageError

from kwri_crawler import home
from kwri_crawler.command import Exit, ProjectCommand
from kwri_crawler.screen import say

_HELP = """\
examples:
  scrapy deploy /tmp/kwri
  scrapy deploy /tmp/kwri --user press

then, with systemd:
  sudo cp /tmp/kwri/kwri-*.service /tmp/kwri/kwri-*.timer /etc/systemd/system/
  sudo systemctl daemon-reload && sudo systemctl enable --now kwri-harvest.timer kwri-backup.timer
  systemctl list-timers 'kwri-*';  journalctl -u kwri-harvest

or with cron:
  sudo cp /tmp/kwri/kwri.cron /etc/cron.d/kwri && sudo cp /tmp/kwri/kwri.logrotate /etc/logrotate.d/kwri
"""


class Command(ProjectCommand):
    """Write the files that run a harvest unattended."""

    takes = "[options] FOLDER"
    does = "Write systemd units, a cron line and a logrotate file for this installation"
    about = _HELP
    ends = {Exit.DONE: "the files are written", Exit.ARCHIVE: "they could not be"}  # noqa: RUF012

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options and examples."""
        super().add_options(parser)
        parser.add_argument("--user", metavar="NAME", help="who runs the harvest (default: you)")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the files, name them."""
        if len(args) != 1:
            raise UsageError("scrapy deploy takes one folder to write into: scrapy deploy /tmp/kwri")
        values = places(self.archive_path, opts.user or getpass.getuser())
        folder = Path(args[0])
        try:
            folder.mkdir(parents=True, exist_ok=True)
            Path(values["project"]).mkdir(parents=True, exist_ok=True)  # systemd and cron start there
            for template in sorted(files("kwri_crawler.deploy").iterdir(), key=lambda path: path.name):
                if template.name.startswith("kwri"):
                    target = folder / template.name
                    target.write_text(fill(template.read_text(encoding="utf-8"), values), encoding="utf-8")
                    say(target)
        except OSError as error:
            self.fail(f"{folder}: the files could not be written: {error}; choose another folder", Exit.ARCHIVE)


def places(archive: Path, user: str) -> dict[str, str]:
    """Return what this installation fills into the templates."""
    project = home.checkout() or home.home()
    is_checkout = home.home() == home.checkout()
    try:
        group = grp.getgrgid(os.getgid()).gr_name
    except KeyError:
        group = str(os.getgid())
    return {
        "project": str(project),
        "scrapy": str(Path(sys.executable).parent / ("scrapy" if home.checkout() else "kwri")),
        "environment": "" if is_checkout else f'Environment="KWRI_HOME={home.home()}"',
        "variables": "" if is_checkout else f"KWRI_HOME={shlex.quote(str(home.home()))} ",
        "output": str(archive.parent),
        "user": user,
        "group": group,
        "resolvers": " ".join(_resolvers(Path("/etc/resolv.conf"))),
    }


def fill(template: str, values: dict[str, str]) -> str:
    """Put this installation's values into a template; raises KeyError for one that nobody knows."""
    return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], template)


def _resolvers(conf: Path) -> list[str]:
    """Return the name servers: mostly inside the network that the unit shuts off."""
    found = []
    try:
        lines = conf.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    for line in lines:
        words = line.split()
        if len(words) >= 2 and words[0] == "nameserver":
            try:
                found.append(str(ip_address(words[1].partition("%")[0])))
            except ValueError:
                continue
    return found
