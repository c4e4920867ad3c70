"""`make trial-static`: articles as files, built by Debian's hugo and jekyll, served on loopback, added and crawled.

Every article must be stored, no draft and no page of the portal itself, and each address that a sitemap names beside
them must end with a reason. Installs nothing: it says what to apt-get.
"""

from __future__ import annotations

import argparse
import json
import mimetypes
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.crawling import IMPATIENT, assert_sound, crawl, rows, run
from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.server import Answer, LocalServer, Request
from tests.trials.stock_wordpress import typed

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


def hugo(folder: Path, *, ugly: bool = False, seo: bool = False, feed: bool = True, sitemap: bool = True) -> Built:
    """Build with hugo; ugly addresses end in .html."""
    published, drafts = written()
    off = [name for name, on in (("RSS", feed), ("sitemap", sitemap)) if not on]
    text = f"{HUGO}uglyURLs = {str(ugly).lower()}\ndisableKinds = {json.dumps(off)}\n"
    files = {
        "config.toml": text,
        "layouts/_default/baseof.html": _BASE.replace("</head>", f"{_SEO}</head>") if seo else _BASE,
        "layouts/_default/single.html": _SINGLE,
        "layouts/_default/list.html": _LIST,
        "layouts/404.html": '{{ define "main" }}<h1>Halaman tidak ditemukan</h1>{{ end }}',
        "content/tentang.md": "---\ntitle: Tentang Kami\n---\n\n" + "\n\n".join(ABOUT),
        **{f"content/berita/{each.slug}.md": markdown(each) for each in published},
        **{f"content/berita/{each.slug}.md": markdown(each, draft=True) for each in drafts},
    }
    _write(folder, files)
    _run(["hugo", "--quiet", "--source", str(folder)])
    return Built(folder / "public", published)


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
)  # fmt: skip


def check(archive: Path, built: Built) -> list[str]:
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
        if row["published_local"] != local:
            faults.append(f"published {row['published_local']} for {local}: {article.title}")
        said = typed(row["body"] or "")
        lost = [text for text in article.expected if typed(text) not in said]
        if lost:
            faults.append(f"{len(lost)} paragraphs missing: {article.title}: {lost[0][:80]!r}")
    silent = rows(archive, "SELECT url, outcome FROM urls WHERE article IS NULL AND (reason IS NULL OR reason = '')")
    return faults + [f"without a reason: {row['url']} {row['outcome']}" for row in silent]


def lacking() -> str | None:
    """Say what has to be installed first; None when all is there."""
    packages = [tool for tool in ("hugo", "jekyll") if shutil.which(tool) is None]
    more = ["jekyll-theme-minima", "ruby-jekyll-paginate", "ruby-jekyll-sitemap"] if "jekyll" in packages else []
    return f"apt-get install {' '.join((*packages, *more))}" if packages else None


def try_site(site: Site, folder: Path) -> tuple[str, list[str]]:
    """Build, add and crawl one; return figures and faults."""
    built = site.build(folder / "site")
    archive, given = folder / "a.sqlite", {**IMPATIENT, "PORTALS_PATH": str(folder / "portals")}
    (folder / "portals").mkdir()
    with StaticServer(built.folder) as server:
        places = {HOST: server.address}
        added = run("addportal", f"https://{HOST}/", "--id", "desa", CONNECT_TO=json.dumps(places), **given)
        if added.code:
            return "", [f"addportal: exit code {added.code}: {added.out[-1500:]} {added.log[-800:]}"]
        done = crawl(archive, places, portal="desa", **given)
        again = crawl(archive, places, portal="desa", **given)
    faults = check(archive, built)
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
        print(f"this trial needs hugo and jekyll; run: {missing}")
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
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
