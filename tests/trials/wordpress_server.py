"""A stock WordPress of this machine, Indonesian, with a MariaDB of its own in a temporary folder, on loopback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

WORDPRESS = Path("/usr/share/wordpress")
THEMES = ("twentytwentyone", "twentytwentythree")  # that the trials look through
NEEDED = {"php": "php-cli", "mariadbd": "mariadb-server", "mariadb-install-db": "mariadb-server"}
HOST = "warta.example.id"
HERE = Path(__file__).resolve().parent


def missing() -> str | None:
    """Say what has to be installed first; null when all is there."""
    packages = {package for program, package in NEEDED.items() if shutil.which(program) is None}
    if not (WORDPRESS / "wp-includes" / "version.php").exists():
        packages |= {"wordpress", "wordpress-l10n", "php-mysql", "php-xml", "php-mbstring"}
    for theme in THEMES:  # without its theme WordPress answers every page with nothing
        if not (WORDPRESS / "wp-content" / "themes" / theme).is_dir():
            packages.add(f"wordpress-theme-{theme}")
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
                ["php", "-d", "display_errors=0", "-d", "opcache.enable_cli=1", "-S", f"127.0.0.1:{self.port}",
                 "router.php"], cwd=self.site, env=environment, stdout=log, stderr=log, start_new_session=True,
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


CONFIG = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
$scheme = trim((string) @file_get_contents(__DIR__ . '/scheme.txt')) ?: 'https';
define('WP_HOME', "$scheme://{host}");
define('WP_SITEURL', "$scheme://{host}");
define('WPLANG', 'id_ID');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
if ($scheme === 'https') $_SERVER['HTTPS'] = 'on';  // the crawl speaks to it as if by https
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
