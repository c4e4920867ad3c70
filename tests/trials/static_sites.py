"""`make trial-static`: articles as files, built by Debian's hugo, jekyll and pelican, served on loopback and crawled.

Every article must be stored, no draft and no page of the portal itself, and each address that a sitemap names beside
them must end with a reason. A front that a network's file describes as a JSON API is brought up from there, and
Debian's DokuWiki must be called what it is: not news. Installs nothing: it says what to apt-get.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import mimetypes
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.crawling import IMPATIENT, assert_sound, crawl, rows, run
from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.server import Answer, LocalServer, Request
from tests.trials.stock_wordpress import typed
from tests.trials.wordpress_server import free_port

HOST = "kabar-desa.example.id"
ABOUT = ("Laman ini memuat susunan redaksi dan alamat surat bagi pembaca yang ingin mengirim tulisan atau ralat.",)


class Built(NamedTuple):
    """A site as files."""

    folder: Path
    articles: tuple[DemoArticle, ...]  # that are published


class StaticServer(LocalServer):
    """Serve a folder as nginx does: a folder's index.html, and 404 with the site's own page."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder.resolve()

    def answer(self, request: Request) -> Answer:
        path = (self.folder / request.route.lstrip("/")).resolve()
        if not path.is_relative_to(self.folder):
            return Answer("tidak ada", 404)
        if path.is_dir():
            if not request.route.endswith("/"):
                return Answer(status=301, headers=(("Location", f"{request.route}/"),))
            path /= "index.html"
        if not path.is_file():
            lost = self.folder / "404.html"
            return Answer(lost.read_bytes() if lost.is_file() else "tidak ada", 404)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return Answer(path.read_bytes(), content_type="text/xml" if kind.endswith("xml") else kind)


@dataclass(frozen=True)
class Site:
    """One way to build one."""

    name: str
    tool: str
    build: Callable[[Path], Built]
    reach: int = 0  # how many of the newest can be found; 0 for every article
    is_by_day: bool = False  # the theme prints no clock beside the day where a page's own date stands
    network: str = ""  # a network's file that names it, and is brought up from there


def written() -> tuple[tuple[DemoArticle, ...], tuple[DemoArticle, ...]]:
    """Return what is published, 112 articles, and what is a draft, 8."""
    plain = tuple(each for each in ARTICLES if each.post_type == "article" and not each.source_url)
    more = tuple(each for each in ARTICLES if each not in plain)
    every = (*plain, *more)[:120]
    drafts = every[7:120:15]
    return tuple(each for each in every if each not in drafts), drafts


def markdown(article: DemoArticle, *, draft: bool = False, layout: str = "") -> str:
    """Write an article as its author would: front matter in YAML, then the paragraphs."""
    lines = {
        "title": json.dumps(article.title, ensure_ascii=False),
        "date": f"{article.created_at:%Y-%m-%d %H:%M:%S} +0700"
        if layout
        else f"{article.created_at.isoformat()}+07:00",
        "author": json.dumps(article.author, ensure_ascii=False),
        "categories": json.dumps([article.section], ensure_ascii=False),
        "tags": json.dumps(list(article.tags), ensure_ascii=False),
        "slug": article.slug,
        **({"layout": layout} if layout else {}),
        **({"draft": "true", "published": "false"} if draft else {}),
    }
    head = "\n".join(f"{name}: {value}" for name, value in lines.items())
    text = "\n\n".join(paragraph.replace("*", r"\*").replace("#", r"\#") for paragraph in article.expected)
    return f"---\n{head}\n---\n\n{text}\n"


# ------------------------------------------------------------------ hugo, with the simplest layouts

HUGO = f"""baseURL = "https://{HOST}/"
languageCode = "id"
title = "Kabar Desa"
paginate = 10
"""
_BASE = """<!DOCTYPE html>
<html lang="{{ .Site.LanguageCode }}"><head><meta charset="utf-8"><title>{{ .Title }} | {{ .Site.Title }}</title>
{{ range .AlternativeOutputFormats }}<link rel="{{ .Rel }}" type="{{ .MediaType.Type }}" href="{{ .Permalink }}">
{{ end }}
</head><body><header><a href="/">{{ .Site.Title }}</a><nav><a href="/tentang/">Tentang</a>
{{ range $name, $_ := .Site.Taxonomies.categories }}<a href="/categories/{{ $name | urlize }}/">{{ $name }}</a>
{{ end }}
</nav></header><main>{{ block "main" . }}{{ end }}</main><footer>Kabar Desa, ditulis warga.</footer></body></html>
"""
_SINGLE = """{{ define "main" }}<article><h1>{{ .Title }}</h1>
<p class="meta">{{ .Params.author }}, <time datetime="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}">\
{{ .Date.Format "2/1/2006 15:04" }}</time></p>
{{ .Content }}</article>{{ end }}
"""
_LIST = """{{ define "main" }}<h1>{{ .Title }}</h1>{{ range .Paginator.Pages }}<h2><a href="{{ .RelPermalink }}">\
{{ .Title }}</a></h2><p>{{ .Summary }}</p>{{ end }}{{ template "_internal/pagination.html" . }}{{ end }}
"""
_SEO = '{{ template "_internal/opengraph.html" . }}{{ template "_internal/schema.html" . }}'
LAYOUTS = {
    "layouts/_default/baseof.html": _BASE,
    "layouts/_default/single.html": _SINGLE,
    "layouts/_default/list.html": _LIST,
}


def run_hugo(folder: Path, files: dict[str, str]) -> Path:
    """Write files of a site and build it with hugo; return the folder of what is published."""
    _write(folder, files)
    _run(["hugo", "--quiet", "--source", str(folder)])
    return folder / "public"


def hugo(folder: Path, *, ugly: bool = False, seo: bool = False, feed: bool = True, sitemap: bool = True) -> Built:
    """Build with hugo; ugly addresses end in .html."""
    published, drafts = written()
    off = [name for name, on in (("RSS", feed), ("sitemap", sitemap)) if not on]
    text = f"{HUGO}uglyURLs = {str(ugly).lower()}\ndisableKinds = {json.dumps(off)}\n"
    files = {
        "config.toml": text,
        **LAYOUTS,
        **({"layouts/_default/baseof.html": _BASE.replace("</head>", f"{_SEO}</head>")} if seo else {}),
        "layouts/404.html": '{{ define "main" }}<h1>Halaman tidak ditemukan</h1>{{ end }}',
        "content/tentang.md": "---\ntitle: Tentang Kami\n---\n\n" + "\n\n".join(ABOUT),
        **{f"content/berita/{each.slug}.md": markdown(each) for each in published},
        **{f"content/berita/{each.slug}.md": markdown(each, draft=True) for each in drafts},
    }
    return Built(run_hugo(folder, files), published)


# ------------------------------------------------------------------ jekyll, with its default theme

JEKYLL = f"""title: Kabar Desa
url: "https://{HOST}"
lang: id
timezone: Asia/Jakarta
theme: minima
paginate: 10
show_excerpts: true
"""


def jekyll(folder: Path, *, plugins: tuple[str, ...], permalink: str = "date") -> Built:
    """Build with jekyll's own theme and some of its plug-ins."""
    published, drafts = written()
    home = "---\nlayout: home\n---\n"
    if "jekyll-paginate" in plugins:
        home = (
            "---\nlayout: default\n---\n{% for post in paginator.posts %}"
            "<h2><a href=\"{{ post.url }}\">{{ post.title }}"
            "</a></h2>{{ post.excerpt }}{% endfor %}<div class=\"pagination\">{% if paginator.next_page %}"
            "<a href=\"{{ paginator.next_page_path }}\">Selanjutnya</a>{% endif %}</div>\n"
        )  # fmt: skip
    files = {
        "_config.yml": f"{JEKYLL}permalink: {permalink}\nplugins: {json.dumps(list(plugins))}\n",
        "index.html": home,
        "tentang.md": "---\nlayout: page\ntitle: Tentang Kami\npermalink: /tentang/\n---\n\n" + "\n\n".join(ABOUT),
        "404.html": "---\nlayout: default\npermalink: /404.html\n---\n<h1>Halaman tidak ditemukan</h1>\n",
        **{f"_posts/{each.created_at:%Y-%m-%d}-{each.slug}.md": markdown(each, layout="post") for each in published},
        **{f"_drafts/{each.slug}.md": markdown(each, layout="post") for each in drafts[:4]},
        **{
            f"_posts/{each.created_at:%Y-%m-%d}-{each.slug}.md": markdown(each, layout="post", draft=True)
            for each in drafts[4:]
        },
    }
    _write(folder, files)
    _run(["jekyll", "build", "--quiet", "--source", str(folder), "--destination", str(folder / "_site")])
    return Built(folder / "_site", published)


# ------------------------------------------------------------------ pelican, with its default theme

PELICAN = f"""SITENAME = "Kabar Desa"
SITEURL = FEED_DOMAIN = "https://{HOST}"
FEED_ALL_ATOM = "feeds/all.atom.xml"
FEED_MAX_ITEMS = 10
TIMEZONE, DEFAULT_LANG = "Asia/Jakarta", "id"
DEFAULT_PAGINATION = 10
PATH = "content"
LOAD_CONTENT_CACHE = False
"""


def pelican(folder: Path) -> Built:
    """Build with pelican's own theme."""
    published, drafts = written()

    def text(article: DemoArticle, status: str = "published") -> str:
        body = markdown(article).partition("---\n\n")[2]
        head = (
            f"Title: {article.title}\nDate: {article.created_at:%Y-%m-%d %H:%M:%S}\nAuthor: {article.author}\n"
            f"Category: {article.section}\nSlug: {article.slug}\nStatus: {status}\n"
        )
        return f"{head}\n{body}"

    files = {
        "pelicanconf.py": PELICAN,
        "content/pages/tentang.md": "Title: Tentang Kami\n\n" + "\n\n".join(ABOUT),
        **{f"content/{each.slug}.md": text(each) for each in published},
        **{f"content/{each.slug}.md": text(each, "draft") for each in drafts},
    }
    _write(folder, files)
    out = folder / "output"
    _run(["pelican", str(folder / "content"), "-s", str(folder / "pelicanconf.py"), "-o", str(out), "-q"])
    return Built(out, published)


# ------------------------------------------------------------------ hugo's pages behind a JSON API of its own

API_FILE = f"""network = "Kabar"
family = "general"
zone = "Asia/Jakarta"
active = false
listings = [{{ kind = "api", url = "/index.json" }}]
[api]
items = "data.artikel"
address = "{{tautan}}"
date = "tanggal"
title = "judul"
[[portals]]
id = "desa"
name = "Kabar Desa"
home = "https://{HOST}/"
"""
_JSON = """{ "data": { "artikel": [
{{- range $n, $page := where .Site.RegularPages "Section" "berita" }}{{ if $n }},{{ end }}
{ "tautan": {{ $page.Permalink | jsonify }}, "judul": {{ $page.Title | jsonify }},
  "tanggal": {{ $page.Date.Format "2006-01-02T15:04:05Z07:00" | jsonify }} }
{{- end }} ] } }
"""


def json_api(folder: Path) -> Built:
    """Build with hugo a front that shows nothing without JavaScript, and the API that its script would ask."""
    built = hugo(folder, feed=False, sitemap=False)
    shutil.rmtree(built.folder)
    off = 'disableKinds = ["RSS", "sitemap", "taxonomy", "term", "section"]'
    config = f'{HUGO}{off}\n[outputs]\nhome = ["JSON", "HTML"]\n'
    run_hugo(folder, {"layouts/index.json": _JSON, "config.toml": config})
    shell = '<!DOCTYPE html><title>Kabar Desa</title><div id="app"></div><script src="/app.js"></script>'
    (built.folder / "index.html").write_text(shell, encoding="utf-8")
    return built


# ------------------------------------------------------------------ what is no newsroom: Debian's DokuWiki


class DokuWiki:
    """A fresh DokuWiki of a few pages, answered by PHP's own server, while entered."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()

    def __enter__(self) -> str:
        shutil.copytree("/usr/share/dokuwiki", self.folder, symlinks=False, ignore_dangling_symlinks=True)
        data, conf = self.folder / "data", self.folder / "conf"
        for name in ("pages", "attic", "media", "media_attic", "meta", "media_meta", "locks", "cache", "index", "tmp"):
            (data / name).mkdir(parents=True, exist_ok=True)
        conf.mkdir(exist_ok=True)
        settings = f"<?php $conf['title'] = 'Kabar Desa'; $conf['savedir'] = '{data}'; $conf['useacl'] = 0;"
        (conf / "local.php").write_text(settings, encoding="utf-8")
        for article in written()[0][:12]:
            text = f"====== {article.title} ======\n\n" + "\n\n".join(article.expected)
            (data / "pages" / f"{article.slug}.txt").write_text(text, encoding="utf-8")
        start = "====== Kabar Desa ======\n" + "\n".join(f"  * [[{a.slug}|{a.title}]]" for a in written()[0][:12])
        (data / "pages" / "start.txt").write_text(start, encoding="utf-8")
        log = (self.folder / "php.log").open("wb")
        command = ["php", "-d", "display_errors=0", "-S", f"127.0.0.1:{self.port}", "-t", str(self.folder)]
        self._php = subprocess.Popen(command, stdout=log, stderr=log)
        for _ in range(50):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                break
            time.sleep(0.1)
        return f"127.0.0.1:{self.port}"

    def __exit__(self, *_: object) -> None:
        self._php.terminate()
        self._php.wait(10)


def try_dokuwiki(folder: Path) -> tuple[str, list[str]]:
    """Return what addportal calls a wiki."""
    (folder / "portals").mkdir(parents=True)
    given = {**IMPATIENT, "PORTALS_PATH": str(folder / "portals"), "ARCHIVE_PATH": str(folder / "a.sqlite")}
    with DokuWiki(folder / "wiki") as address:
        done = run("addportal", f"https://{HOST}/", "--json", "--from", os.devnull, f"https://www.{HOST}/",
                   CONNECT_TO=json.dumps({HOST: address, f"www.{HOST}": address}), **given)  # fmt: skip
    rows_ = [json.loads(line) for line in done.out.splitlines()]
    said = ", ".join(f"{row['word']}: {row['why']}" for row in rows_)
    return said, [] if [row["verdict"] for row in rows_] == ["not news"] else [f"{done.out} {done.log[-800:]}"]


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout[-800:]} {done.stderr[-1500:]}")


FEED, MAP, SEO, PAGES = "jekyll-feed", "jekyll-sitemap", "jekyll-seo-tag", "jekyll-paginate"
SITES = (
    Site("hugo, feed and sitemap", "hugo", hugo),
    Site("hugo, with its metadata, .html", "hugo", lambda folder: hugo(folder, ugly=True, seo=True)),
    Site("hugo, feed alone", "hugo", lambda folder: hugo(folder, sitemap=False)),
    Site("hugo, sitemap alone", "hugo", lambda folder: hugo(folder, feed=False)),
    Site("hugo, neither feed nor sitemap", "hugo", lambda folder: hugo(folder, feed=False, sitemap=False)),
    Site("jekyll, feed and sitemap", "jekyll", lambda folder: jekyll(folder, plugins=(FEED, MAP, SEO))),
    Site("jekyll, feed, sitemap and pager, pretty", "jekyll",
         lambda folder: jekyll(folder, plugins=(FEED, MAP, SEO, PAGES), permalink="pretty")),
    Site("jekyll, feed and pager", "jekyll", lambda folder: jekyll(folder, plugins=(FEED, SEO, PAGES))),
    Site("jekyll, feed alone", "jekyll", lambda folder: jekyll(folder, plugins=(FEED, SEO))),
    Site("pelican, feed of ten and pager", "pelican", pelican, is_by_day=True),
    Site("hugo, a JSON API behind an empty front", "hugo", json_api, network=API_FILE),
)  # fmt: skip


def check(archive: Path, built: Built, *, is_by_day: bool) -> list[str]:
    """Compare the archive with what was published; return what differs."""
    stored = {typed(row["title"]): row for row in rows(archive, "SELECT * FROM articles")}
    titles = {typed(article.title) for article in built.articles}
    faults = [f"no article: {title!r} {stored[title]['url']}" for title in stored.keys() - titles]
    faults += [f"missing: {title!r}" for title in sorted(titles - stored.keys())]
    for article in built.articles:
        row = stored.get(typed(article.title))
        if row is None:
            continue
        local = f"{article.created_at.isoformat(timespec='seconds')}+07:00"
        if row["published_local"] != local and not (is_by_day and row["published_local"][:10] == local[:10]):
            faults.append(f"published {row['published_local']} for {local}: {article.title}")
        said = typed(row["body"] or "")
        lost = [text for text in article.expected if typed(text) not in said]
        if lost:
            faults.append(f"{len(lost)} paragraphs missing: {article.title}: {lost[0][:80]!r}")
    silent = rows(archive, "SELECT url, outcome FROM urls WHERE article IS NULL AND (reason IS NULL OR reason = '')")
    return faults + [f"without a reason: {row['url']} {row['outcome']}" for row in silent]


def lacking() -> str | None:
    """Say what has to be installed first; None when all is there."""
    packages = [tool for tool in ("hugo", "jekyll", "pelican", "php-cli") if shutil.which(tool.split("-")[0]) is None]
    packages += [] if Path("/usr/share/dokuwiki/doku.php").exists() else ["dokuwiki"]
    more = ["jekyll-theme-minima", "ruby-jekyll-paginate", "ruby-jekyll-sitemap"] if "jekyll" in packages else []
    return f"apt-get install {' '.join((*packages, *more))}" if packages else None


def try_site(site: Site, folder: Path) -> tuple[str, list[str]]:
    """Build, add and crawl one; return figures and faults."""
    built = site.build(folder / "site")
    archive, given = folder / "a.sqlite", {**IMPATIENT, "PORTALS_PATH": str(folder / "portals")}
    (folder / "portals").mkdir()
    with StaticServer(built.folder) as server:
        places = {HOST: server.address}
        how = ["--id", "desa"]
        if site.network:
            (folder / "portals" / "kabar.toml").write_text(site.network, encoding="utf-8")
            how = []
        added = run("addportal", f"https://{HOST}/", *how, CONNECT_TO=json.dumps(places), **given)
        if added.code:
            return "", [f"addportal: exit code {added.code}: {added.out[-1500:]} {added.log[-800:]}"]
        done = crawl(archive, places, portal="desa", **given)
        again = crawl(archive, places, portal="desa", **given)
    faults = check(archive, built, is_by_day=site.is_by_day)
    assert_sound(archive)
    counts = rows(archive, "SELECT outcome, count(*) AS number FROM urls GROUP BY 1 ORDER BY 2 DESC")
    figures = ", ".join(f"{row['number']} {row['outcome']}" for row in counts)
    codes = f"exit codes {done.code}, {again.code}"
    if done.code or again.code:
        faults.append(f"{done.out.strip()} {done.log[-800:]}")
    return f"{figures}; {codes}", faults


def main() -> int:
    """Try each site; return 1 when an article is missing, wrong or one too many."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="sites whose name has this in it")
    parser.add_argument("--keep", type=Path, help="a folder for the sites and archives, to look into")
    options = parser.parse_args()
    if (missing := lacking()) is not None:
        print(f"this trial needs hugo, jekyll, pelican and dokuwiki; run: {missing}")
        return 2
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        for number, site in enumerate(each for each in SITES if options.only in each.name):
            folder = (options.keep or Path(name)) / f"site-{number}"
            folder.mkdir(parents=True)
            figures, faults = try_site(site, folder)
            failed += bool(faults)
            print(f"{'FAIL' if faults else 'ok  '} {site.name}: {figures}", flush=True)
            for fault in faults[:10]:
                print(f"     {fault}", flush=True)
        if options.only in "dokuwiki":
            said, faults = try_dokuwiki((options.keep or Path(name)) / "dokuwiki")
            failed += bool(faults)
            print(f"{'FAIL' if faults else 'ok  '} dokuwiki: {said}", *faults, sep="\n     ", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
