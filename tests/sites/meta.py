"""What a Varient post page says about itself to machines: meta tags and JSON-LD, with version 2's faults."""
# ruff: noqa: E501 - markup as the CMS prints it

from __future__ import annotations

import json
from datetime import datetime
from html import escape

from tests.sites.blocks import text_of
from tests.sites.corpus import DemoArticle, slug_of
from tests.sites.furniture import SITE_NAME, SITE_TITLE, Post, asset_tags, image_of, organization


def head(
    base: str, title: str, version: str, folder: str, extra: str = "", description: str = "", url: str = "/"
) -> str:
    """Return a page's head; version is that of the CMS."""
    language = "en_US" if version.startswith("2.2") else "id"
    return f"""<!DOCTYPE html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta http-equiv="X-UA-Compatible" content="IE=edge">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} - {escape(SITE_TITLE)}</title>
<meta name="description" content="{escape(description)}"/>
<meta name="keywords" content="kwri, jawa timur, berita daerah"/>
<meta name="author" content="{SITE_NAME}"/>
<meta name="robots" content="all">
<meta name="revisit-after" content="1 Days"/>
<meta property="og:locale" content="{language}"/>
<meta property="og:site_name" content="{SITE_NAME}"/>
{extra}
<link rel="canonical" href="{base}{url}"/>
<link rel="alternate" href="{base}{url}" hreflang="id"/>
<meta name="X-CSRF-TOKEN" content="7c1f0c2e8a0b4bd2">
{asset_tags(base, folder, version)}
{organization(base)}
</head>"""


def post_meta(base: str, article: DemoArticle, escape_title: bool) -> str:
    """Return og, article and twitter tags; version 2 leaves og:title unescaped, which cuts it at a quotation mark."""
    title = escape(article.title) if escape_title else article.title
    updated = (
        f'<meta property="article:modified_time" content="{_plain(article.updated_at)}"/>' if article.updated_at else ""
    )
    tags = "\n".join(f'<meta property="article:tag" content="{escape(tag)}"/>' for tag in article.tags)
    image = f"{base}/{image_of(article)}"
    return f"""<meta property="og:type" content="article"/>
<meta property="og:title" content="{title}"/>
<meta property="og:description" content="{escape(article.summary)}"/>
<meta property="og:url" content="{base}/{article.slug}"/>
<meta property="og:image" content="{image}"/>
<meta property="og:image:width" content="750"/>
<meta property="og:image:height" content="422"/>
<meta property="article:author" content="{escape(article.author)}"/>
<meta property="fb:app_id" content=""/>
{tags}
<meta property="article:published_time" content="{_plain(article.created_at)}"/>
{updated}
<meta name="twitter:card" content="summary_large_image"/>
<meta name="twitter:site" content="@{SITE_NAME}"/>
<meta name="twitter:creator" content="@{escape(article.author)}"/>
<meta name="twitter:title" content="{escape(article.title)}"/>
<meta name="twitter:description" content="{escape(article.summary)}"/>
<meta name="twitter:image" content="{image}"/>"""


def _plain(moment: datetime | None) -> str:
    """Write a moment as the database has it: local, without a zone."""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""


def json_ld_v2(base: str, post: Post, zone: str) -> str:
    """Return NewsArticle as version 2.2 glues it together: entities inside of JSON, and keywords as they come."""
    article = post.article
    changed = article.updated_at or article.created_at
    keywords = ", ".join(article.tags)
    kind = "VideoObject" if article.post_type == "video" else "NewsArticle"
    name, dated = ("name", "uploadDate") if article.post_type == "video" else ("headline", "datePublished")
    return f"""<script type="application/ld+json">
    {{
        "@context": "https://schema.org",
        "@type": "{kind}",
        "mainEntityOfPage": {{"@type": "WebPage", "@id": "{base}/{article.slug}"}},
        "{name}": "{_add_slashes(_esc(article.title))}",
        "articleSection": "{_add_slashes(_esc(article.section))}",
        "image": {{"@type": "ImageObject", "url": "{base}/{image_of(article)}", "width": 750, "height": 500}},
        "{dated}": "{article.created_at:%Y-%m-%dT%H:%M:%S}{zone}",
        "dateModified": "{changed:%Y-%m-%dT%H:%M:%S}{zone}",
        "inLanguage": "id",
        "keywords": "{keywords}",
        "author": {{"@type": "Person", "name": "{_add_slashes(_esc(article.author))}"}},
        "publisher": {{"@type": "Organization", "name": "{SITE_NAME}", "logo": {{"@type": "ImageObject", "width": 190, "height": 60, "url": "{base}/uploads/logo/logo.png"}}}},
        "description": "{_add_slashes(_esc(article.summary))}"
    }}
</script>"""


def json_ld_valid(base: str, post: Post, zone: str, with_body: bool) -> str:
    """Return NewsArticle as 2.4 (with the whole text, zone +0700) and 3.0 (without, zone +07:00) encode it."""
    article = post.article
    changed = article.updated_at or article.created_at
    offset = zone if with_body else f"{zone[:3]}:{zone[3:]}"
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "VideoObject" if article.post_type == "video" and with_body else "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": f"{base}/{article.slug}"},
        "headline": article.title,
        "name": article.title,
        "articleSection": article.section,
        "image": {"@type": "ImageObject", "url": f"{base}/{image_of(article)}", "width": 750, "height": 500},
        "datePublished": f"{article.created_at:%Y-%m-%dT%H:%M:%S}{offset}",
        "dateModified": f"{changed:%Y-%m-%dT%H:%M:%S}{offset}",
        "inLanguage": "id",
        "keywords": ", ".join(article.tags),
        "author": {"@type": "Person", "name": article.author, "url": f"{base}/profile/{slug_of(article.author)}"},
        "publisher": {"@type": "Organization", "name": SITE_NAME},
        "description": article.summary,
    }
    if with_body:
        data["articleBody"] = "\n".join(text for block in article.paragraphs for text in text_of(block))
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def _esc(text: str) -> str:
    return escape(text).replace("&#x27;", "&#039;")


def _add_slashes(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"')
