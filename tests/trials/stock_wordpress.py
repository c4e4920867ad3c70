"""`make trial-wordpress`: add and crawl a stock WordPress of this machine, Indonesian, in six set-ups; check each post.

Installs nothing: it says what to apt-get. MariaDB, PHP and WordPress run from a temporary folder on loopback.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.crawling import IMPATIENT, assert_sound, crawl, rows, run
from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.wordpress import blocks_html

WORDPRESS = Path("/usr/share/wordpress")
LANGUAGES = Path("/usr/share/wordpress/wp-content/languages")
NEEDED = {"php": "php-cli", "mariadbd": "mariadb-server", "mariadb-install-db": "mariadb-server"}
HOST = "warta.example.id"
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Setup:
    """One way in which an owner may have set a WordPress up."""

    name: str
    pretty: bool = True
    api: bool = True
    full_feed: bool = True


SETUPS = (
    Setup("pretty permalinks, API on"),
    Setup("plain permalinks, API on", pretty=False),
    Setup("pretty permalinks, API off, full feed", api=False),
    Setup("plain permalinks, API off, full feed", pretty=False, api=False),
    Setup("pretty permalinks, API off, feed cut", api=False, full_feed=False),
    Setup("plain permalinks, API off, feed cut", pretty=False, api=False, full_feed=False),
)


def missing() -> str | None:
    """Say what has to be installed first; null when all is there."""
    packages = {package for program, package in NEEDED.items() if shutil.which(program) is None}
    if not (WORDPRESS / "wp-includes" / "version.php").exists():
        packages |= {"wordpress", "wordpress-l10n", "php-mysql", "php-xml", "php-mbstring"}
    return f"apt-get install {' '.join(sorted(packages))}" if packages else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class StockWordPress:
    """A WordPress with its own MariaDB in a temporary folder, while entered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        data, self.socket = self.folder / "db", self.folder / "db.sock"
        user = ["--user=root"] if os.getuid() == 0 else []
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
             "--skip-test-db", *user], check=True, **quiet,
        )  # fmt: skip
        self._running.append(
            subprocess.Popen(
                ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={self.socket}", "--skip-networking",
                 f"--pid-file={self.folder}/db.pid", *user], **quiet,
            )
        )  # fmt: skip
        self.site = self.folder / "site"
        shutil.copytree(WORDPRESS, self.site, symlinks=False, ignore_dangling_symlinks=True,
                        ignore=shutil.ignore_patterns("wp-config.php"))  # fmt: skip
        (self.site / "wp-config.php").write_text(CONFIG.format(socket=self.socket, host=HOST), encoding="utf-8")
        (self.site / "router.php").write_text(ROUTER, encoding="utf-8")
        (self.site / "wp-content" / "mu-plugins").mkdir(parents=True, exist_ok=True)
        (self.site / "wp-content" / "mu-plugins" / "switches.php").write_text(SWITCHES, encoding="utf-8")
        for _ in range(100):
            if self.socket.exists():
                break
            time.sleep(0.2)
        self.php("create.php", {})
        return self

    def serve(self) -> None:
        """Let PHP's own server answer for the site."""
        environment = {**os.environ, "PHP_CLI_SERVER_WORKERS": "2"}
        log = (self.folder / "php.log").open("wb")
        self._running.append(
            subprocess.Popen(
                ["php", "-d", "display_errors=0", "-S", f"127.0.0.1:{self.port}", "router.php"],
                cwd=self.site, env=environment, stdout=log, stderr=log, start_new_session=True,
            )
        )  # fmt: skip
        time.sleep(1)

    def php(self, script: str, given: object) -> str:
        """Run one of this folder's PHP scripts inside the site, with JSON on its input."""
        shutil.copy(HERE / "wordpress" / script, self.site / script)
        done = subprocess.run(
            ["php", "-d", "display_errors=stderr", script], cwd=self.site, input=json.dumps(given), text=True,
            capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode or "Fatal" in done.stderr:
            raise RuntimeError(f"{script}: {done.stdout[-500:]} {done.stderr[-1500:]}")
        return done.stdout

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self._running):
            if process.args and "php" in process.args:  # its workers are children of its own
                os.killpg(process.pid, signal.SIGTERM)
            process.terminate()
            process.wait(30)


def posts(articles: tuple[DemoArticle, ...]) -> list[dict[str, Any]]:
    """Return the demo articles as WordPress's editor would have saved them."""
    return [
        {
            "title": article.title,
            "slug": article.slug,
            "content": blocks_html(article, f"https://{HOST}"),
            "author": article.author,
            "section": article.section,
            "tags": list(article.tags),
            "date": article.created_at.isoformat(sep=" "),
        }
        for article in articles
    ]


def check(archive: Path, articles: tuple[DemoArticle, ...]) -> list[str]:
    """Compare the archive with what was put in; return what differs."""
    stored = {typed(row["title"]): row for row in rows(archive, "SELECT * FROM articles")}
    faults = [f"not a post: {title}" for title in stored.keys() - {typed(article.title) for article in articles}]
    for article in articles:
        row = stored.get(typed(article.title))
        if row is None:
            faults.append(f"missing: {article.title}")
            continue
        tags = {typed(tag["tag"]) for tag in rows(archive, "SELECT tag FROM tags WHERE article = ?", row["id"])}
        wanted = {
            "author": article.author,
            "section": article.section,
            "published_local": f"{article.created_at.isoformat(timespec='seconds')}+07:00",
            "body": "\n\n".join(text for block in article.paragraphs for text in _texts(block)),
        }
        for name, value in wanted.items():
            if typed(row[name] or "") != typed(value):
                faults.append(f"{name}: {article.title}: {str(row[name])[:300]!r} is not {value[:300]!r}")
        wanted_tags = {typed(tag) for tag in article.tags}
        if tags | {article.section} != wanted_tags | {article.section}:  # a feed prints equal names once
            faults.append(f"tags: {article.title}: {sorted(tags)} are not {sorted(article.tags)}")
    return faults


def typed(text: str) -> str:
    """Undo WordPress's typography: it curls quotation marks and joins dots on its pages, in its feed and its API."""
    for curled, plain in (("‘’′", "'"), ("“”″", '"'), ("–—", "-"), ("×", "x")):
        text = re.sub(f"[{curled}]", plain, text)
    return text.replace("…", "...").replace("--", "-")


def _texts(block: Any) -> tuple[str, ...]:
    from tests.sites.blocks import text_of

    return text_of(block)


def main() -> int:
    """Try each set-up; return 1 when a post is missing, wrong or one too many."""
    lacking = missing()
    if lacking:
        print(f"this trial needs a WordPress on this machine; run: {lacking}")
        return 2
    articles = tuple(article for article in ARTICLES if article.post_type == "article" and not article.source_url)
    failed = 0
    with tempfile.TemporaryDirectory() as name, StockWordPress(Path(name)) as site:
        version = site.php("fill.php", posts(articles)).strip()
        site.serve()
        print(f"WordPress {version}: {len(articles)} posts, and pages, an attachment, a draft, a scheduled, a private"
              " and a protected post that must stay out")  # fmt: skip
        for number, setup in enumerate(SETUPS):
            site.php("switch.php", {"pretty": setup.pretty, "api": setup.api, "full_feed": setup.full_feed})
            folder = Path(name) / f"portals-{number}"
            folder.mkdir()
            archive = Path(name) / f"{number}.sqlite"
            places = {HOST: f"127.0.0.1:{site.port}"}
            figures = []
            faults: list[str] = []
            given = {"PORTALS_PATH": str(folder), **IMPATIENT, "DOWNLOAD_TIMEOUT": "60"}
            added = run(
                "addportal", f"https://{HOST}/", "--id", "warta", timeout_s=300, CONNECT_TO=json.dumps(places), **given
            )
            if added.code:
                faults.append(f"addportal: exit code {added.code}: {added.out[-1500:]} {added.log[-1500:]}")
            for _ in range(2 if added.code == 0 else 0):
                done = crawl(archive, places, portal="warta", **given)
                if done.code:
                    faults.append(f"exit code {done.code}: {done.out} {done.log[-1500:]}")
                (last,) = rows(archive, "SELECT requests, bytes, stored FROM crawls ORDER BY id DESC LIMIT 1")
                figures.append(f"{last['requests']} requests, {last['bytes']:,} bytes, {last['stored']} stored")
            if figures:
                faults += check(archive, articles)
                assert_sound(archive)
            failed += bool(faults)
            print(f"{'ok  ' if not faults else 'FAIL'} {setup.name}: {'; again: '.join(figures)}")
            for fault in faults[:8]:
                print(f"     {fault}")
            sys.stdout.flush()
    return 1 if failed else 0


CONFIG = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('WP_HOME', 'https://{host}');
define('WP_SITEURL', 'https://{host}');
define('WPLANG', 'id_ID');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
$_SERVER['HTTPS'] = 'on';  // the crawl speaks to it as if by https
$_SERVER['HTTP_HOST'] = $_SERVER['HTTP_HOST'] ?? '{host}';
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
ROUTER = """<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file(__DIR__ . $path)) return false;
$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['PHP_SELF'] = '/index.php';
require __DIR__ . '/index.php';
"""
# What a security plugin does, switched by an option.
SWITCHES = """<?php
add_filter('rest_authentication_errors', function ($errors) {
    if (get_option('trial_api_off') && !is_user_logged_in())
        return new WP_Error('rest_cannot_access', 'Only authenticated users.', array('status' => 401));
    return $errors;
});
"""

if __name__ == "__main__":
    _ = timedelta  # the corpus's clock
    sys.exit(main())
