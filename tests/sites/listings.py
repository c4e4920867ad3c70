"""A Varient portal's feeds, sitemaps and robots.txt, each as its version writes it."""

from __future__ import annotations

from datetime import datetime
from html import escape

from tests.sites.corpus import SECTIONS, DemoArticle, slug_of
from tests.sites.furniture import SITE_NAME, SITE_TITLE, Post, image_of

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
_IMAGES = _URLSET.replace(">", ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">')


def feed(base: str, title: str, posts: list[Post], zone: str) -> str:
    """Return RSS 2.0; the description is the summary, blank where there is none."""
    items = "\n".join(_feed_item(base, post, zone) for post in posts)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" \
xmlns:admin="http://webns.net/mvcb/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" \
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
<channel>
<title>{escape(SITE_TITLE)} - {escape(title)}</title>
<link>{base}/rss/latest-posts</link>
<description>{escape(SITE_TITLE)} - {escape(title)}</description>
<dc:language>id</dc:language>
<dc:creator></dc:creator>
<dc:rights>Copyright 2024 {SITE_NAME} - All Rights Reserved.</dc:rights>
{items}
</channel>
</rss>"""


def _feed_item(base: str, post: Post, zone: str) -> str:
    article = post.article
    image = f"{base}/{image_of(article)}".replace("https://", "http://")  # the CMS forces it
    return f"""<item>
<title>{_xml(article.title)}</title>
<link>{base}/{article.slug}</link>
<guid>{base}/{article.slug}</guid>
<description><![CDATA[ {article.summary} ]]></description>
<enclosure url="{image}" length="49398" type="image/jpeg"/>
<pubDate>{rfc_2822(article.created_at, zone)}</pubDate>
<dc:creator>{_xml(article.author)}</dc:creator>
<media:keywords>{_xml(", ".join(article.tags))}</media:keywords>
</item>"""


def rfc_2822(moment: datetime, zone: str) -> str:
    """Write PHP's date('r'), whatever the locale of this machine."""
    return f"{_DAYS[moment.weekday()]}, {moment:%d} {_MONTHS[moment.month - 1]} {moment:%Y %H:%M:%S} {zone}"


def sitemap_v22(base: str, posts: list[Post], tags: list[str], now: datetime, pages: tuple[str, ...]) -> str:
    """Return 2.2's one file: oldest first, sections and tags too, the day of its making beside every address."""
    paths = ["/", *(f"/{page}" for page in pages)]
    paths += [f"/{post.article.slug.lower()}" for post in posts]
    paths += [f"/{slug_of(name)}" for name in SECTIONS] + [f"/tag/{slug_of(tag)}" for tag in tags]
    urls = "\n".join(
        f"<url><loc>{base}{path}</loc><lastmod>{now:%Y-%m-%d}</lastmod><changefreq>monthly</changefreq>"
        f"<priority>0.8</priority></url>"
        for path in paths
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_URLSET}\n{urls}\n</urlset>'


def sitemap_v24(base: str, newest: list[Post], zone: str, pages: tuple[str, ...]) -> str:
    """Return 2.4's one file: newest first, true dates of change, no tags."""
    urls = [f"<url><loc>{base}/</loc></url>"]
    urls += [f"<url><loc>{base}/{page}</loc></url>" for page in pages]
    urls += [f"<url><loc>{base}/{slug_of(name)}</loc></url>" for name in SECTIONS]
    urls += [
        f"<url><loc>{base}/{post.article.slug}</loc><lastmod>{_changed(post.article, zone)}</lastmod></url>"
        for post in newest
    ]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_URLSET}\n' + "\n".join(urls) + "\n</urlset>"


def sitemap_index(base: str, names: list[str], now: datetime, zone: str) -> str:
    entries = "\n".join(
        f"<sitemap><loc>{base}/{name}</loc><lastmod>{now:%Y-%m-%dT%H:%M:%S}{_colon(zone)}</lastmod></sitemap>"
        for name in names
    )
    head = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{entries}\n</sitemapindex>'


def sitemap_posts(base: str, posts: list[Post], zone: str) -> str:
    """Return one of 3.0's children: true dates of change, each with its picture."""
    urls = "\n".join(
        f"<url><loc>{base}/{post.article.slug}</loc><lastmod>{_changed(post.article, zone)}</lastmod>"
        f"<image:image><image:loc>{base}/{image_of(post.article)}</image:loc></image:image></url>"
        for post in posts
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_IMAGES}\n{urls}\n</urlset>'


def sitemap_sections(base: str) -> str:
    urls = "\n".join(f"<url><loc>{base}/{slug_of(name)}</loc></url>" for name in SECTIONS)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_URLSET}\n{urls}\n</urlset>'


def sitemap_news(base: str, newest: list[Post], zone: str) -> str:
    """Return a Google News sitemap, where the date is that of publication."""
    urls = "\n".join(
        f"<url><loc>{base}/{post.article.slug}</loc><news:news><news:publication><news:name>{SITE_NAME}</news:name>"
        f"<news:language>id</news:language></news:publication><news:publication_date>"
        f"{post.article.created_at:%Y-%m-%dT%H:%M:%S}{_colon(zone)}</news:publication_date>"
        f"<news:title>{_xml(post.article.title)}</news:title></news:news></url>"
        for post in newest
    )
    news = _URLSET.replace(">", ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">')
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{news}\n{urls}\n</urlset>'


def _changed(article: DemoArticle, zone: str) -> str:
    return f"{article.updated_at or article.created_at:%Y-%m-%dT%H:%M:%S}{_colon(zone)}"


def _colon(zone: str) -> str:
    return f"{zone[:3]}:{zone[3:]}"


def _xml(text: str) -> str:
    return escape(text, quote=False)
