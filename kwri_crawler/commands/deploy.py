"""`scrapy deploy FOLDER`: systemd units, a cron line and a logrotate file, with this installation's paths in them.

It writes into the folder that you name and installs nothing: that is for an administrator who has read them.
"""

from __future__ import annotations

import argparse
import getpass
import grp
import os
import pwd
import re
import shlex
import sys
from collections.abc import Callable, Iterable
from importlib.resources import files
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.exceptions import UsageError

from kwri_crawler import home
from kwri_crawler.command import Exit, ProjectCommand, add_cluster
from kwri_crawler.kept.file import pages_path
from kwri_crawler.own_settings import PATHS, SECRETS
from kwri_crawler.screen import complain, say

_HELP = """\
examples:
  scrapy deploy /tmp/kwri
  scrapy deploy /tmp/kwri --user press
  scrapy deploy /tmp/kwri -s ARCHIVE_PATH=/srv/press/kwri.sqlite
  scrapy deploy /tmp/kwri -s CLUSTER=tls://10.0.0.5:8786    the harvest on a cluster, units of the cluster too

Every -s is written into the files, which others may read. So secrets (PING_URL, HEALTH_WEBHOOK, HEALTH_COMMAND, NOTIFY)
are refused: write them into settings.toml, and `chmod 600 settings.toml`; the harvest's user must own it.
The folders of all files that a harvest writes must be there before the units are started.

then, with systemd:
  sudo cp /tmp/kwri/kwri-*.service /tmp/kwri/kwri-*.timer /etc/systemd/system/
  sudo systemctl daemon-reload && sudo systemctl enable --now kwri-harvest.timer kwri-backup.timer
  systemctl list-timers 'kwri-*';  journalctl -u kwri-harvest

or with cron:
  sudo cp /tmp/kwri/kwri.cron /etc/cron.d/kwri && sudo cp /tmp/kwri/kwri.logrotate /etc/logrotate.d/kwri
"""


OF_A_CLUSTER = ("kwri-scheduler.service", "kwri-worker.service")
SERVICE_USER = "kwri"  # who runs the harvest where root writes the files and names nobody


class Command(ProjectCommand):
    """Write the files that run a harvest unattended."""

    takes = "[options] FOLDER"
    does = "Write systemd units, a cron line and a logrotate file for this installation"
    about = _HELP
    ends = {Exit.DONE: "the files are written", Exit.ARCHIVE: "they could not be"}  # noqa: RUF012

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options and examples."""
        super().add_options(parser)
        add_cluster(parser, "harvest on this cluster; also write units of its scheduler and workers")
        parser.add_argument("--user", metavar="NAME", help=f"who runs the harvest (you; as root: {SERVICE_USER})")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the files, name them."""
        if len(args) != 1:
            raise UsageError("scrapy deploy takes one folder to write into: scrapy deploy /tmp/kwri")
        written = (pages_path(self.given["PAGES_PATH"], self.archive_path), *self._further_files())
        user = opts.user or getpass.getuser()
        if user == "root" and not opts.user:
            user = SERVICE_USER
            complain(f"the harvest is not to run as root: it runs as {user}, who must own what it writes, and be made")
            complain(f"first: useradd --system {user}; or write --user NAME, and --user root if you mean it")
        cluster = self.cluster(opts)
        of_option = () if opts.cluster is None else (f"CLUSTER={opts.cluster}",)
        values = places(self.archive_path, written, user, given_settings((*opts.set, *of_option)))
        values |= of_a_cluster(cluster or "", self.given.getfloat("LEASE_S"), self.given.getint("HARVEST_AT_ONCE"))
        left_out = () if cluster is not None and "://" in cluster else OF_A_CLUSTER
        folder = Path(args[0])
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (home.checkout() or home.home()).mkdir(parents=True, exist_ok=True)  # systemd and cron start there
            for template in sorted(files("kwri_crawler.deploy").iterdir(), key=lambda path: path.name):
                if template.name.startswith("kwri") and template.name not in left_out:
                    target = folder / template.name
                    quote = _for_cron if template.name == "kwri.cron" else _for_systemd
                    target.write_text(fill(template.read_text(encoding="utf-8"), values, quote), encoding="utf-8")
                    say(target)
        except OSError as error:
            self.fail(f"{folder}: the files could not be written: {error}; choose another folder", Exit.ARCHIVE)

    def _further_files(self) -> list[Path]:
        return [Path(self.given[name]).absolute() for name in ("PROMETHEUS_FILE", "LOG_FILE") if self.given[name]]


def given_settings(given: Iterable[str]) -> tuple[str, ...]:
    """Return the settings of a command line as they are to stand in another one, paths absolute; raises UsageError.

    NOW is left out: a harvest that starts at the same moment every hour is of no use.
    """
    settings = dict(setting.split("=", 1) for setting in given)
    for name, value in settings.items():
        if name in SECRETS and value:
            raise UsageError(
                f"-s {name}: a unit and a cron line can be read by every user; write {name} into"
                f" {home.settings_path()}, and chmod 600 that file"
            )
        if not value.isprintable():
            raise UsageError(f"-s {name}: a line end cannot stand in a unit or a cron line; use settings.toml")
        if name in PATHS and value:
            settings[name] = os.pathsep.join(os.path.abspath(part) for part in value.split(os.pathsep))
    return tuple(f"{name}={value}" for name, value in settings.items() if name != "NOW")


def places(
    archive: Path, written: Iterable[Path], user: str, settings: Iterable[str]
) -> dict[str, str | tuple[str, ...]]:
    """Return what this installation fills into the templates; a tuple is words, each to be quoted.

    written are the files beside the archive that a harvest writes; settings stand as NAME=value.
    """
    project = home.checkout() or home.home()
    is_checkout = home.home() == home.checkout()
    return {
        "project": str(project),
        "scrapy": (str(Path(sys.executable).parent / ("scrapy" if home.checkout() else "kwri")),),
        "settings": tuple(word for setting in settings for word in ("-s", setting)),
        "folders": tuple(dict.fromkeys(str(path.parent) for path in (archive, *written))),
        "environment": "" if is_checkout else f'Environment="KWRI_HOME={home.home()}"',
        "variables": "" if is_checkout else f"KWRI_HOME={shlex.quote(str(home.home()))} ",
        "folder": (str(project),),
        "harvest_log": (str(archive.parent / "harvest.log"),),
        "doctor_log": (str(archive.parent / "doctor.log"),),
        "output": str(archive.parent),
        "user": user,
        "group": _group_of(user),
        "reachable": " ".join(_resolvers(Path("/etc/resolv.conf"))),
    }


def of_a_cluster(address: str, lease_s: float, at_once: int) -> dict[str, str | tuple[str, ...]]:
    """Return what the units of a scheduler and its workers say; address is CLUSTER."""
    parts = urlsplit(address)
    return {
        **({"reachable": "any"} if parts.scheme == "tls" else {}),
        "dask": (str(Path(sys.executable).parent / "dask"),),
        "cluster": (address,),
        "protocol": parts.scheme,
        "host": parts.hostname or "",
        "port": str(parts.port or ""),
        "lease": f"{lease_s:g}",
        "at_once": str(at_once),
    }


def _group_of(user: str) -> str:
    """Return a user's own group; of one who is still to be made, that of the same name, as `useradd` makes it."""
    try:
        return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    except KeyError:
        return user


def fill(template: str, values: dict[str, str | tuple[str, ...]], quote: Callable[[str], str]) -> str:
    """Put this installation's values into a template, words quoted; raises KeyError for one that nobody knows."""

    def value(found: re.Match[str]) -> str:
        named = values[found[2]]
        words = named if isinstance(named, str) else " ".join(map(quote, named))
        return found[1] + words if words else ""

    return re.sub(r"( ?)\{(\w+)\}", value, template)


def _for_systemd(word: str) -> str:
    """Quote a word of a unit; systemd.syntax(7), and "%" and "$" of systemd.unit(5), systemd.service(5)."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return escaped if re.fullmatch(r"[\w./:=,@+%-]+", escaped) else f'"{escaped}"'


def _for_cron(word: str) -> str:
    """Quote a word of a cron line, in which a bare "%" ends the command; crontab(5)."""
    return shlex.quote(word).replace("%", "\\%")


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
