"""A WordPress portal on loopback, as 6.x in Indonesian behaves: REST API, feeds, sitemaps and a stock block theme."""
# ruff: noqa: E501 - markup as the CMS prints it

from __future__ import annotations

from html import escape

from tests.sites.blocks import Block, Bullets, Figure, Heading, Lines, Quote, ReadAlso, Table
from tests.sites.corpus import DemoArticle


def blocks_html(article: DemoArticle, base: str) -> str:
    """Return an article as the block editor saves it."""
    return "\n\n".join(_block(block, base) for block in article.paragraphs)


def _block(block: Block, base: str) -> str:
    match block:
        case str():
            return f"<!-- wp:paragraph -->\n<p>{escape(block, quote=False)}</p>\n<!-- /wp:paragraph -->"
        case Heading(text):
            return f'<!-- wp:heading {{"level":3}} -->\n<h3 class="wp-block-heading">{escape(text, quote=False)}</h3>\n<!-- /wp:heading -->'
        case Quote(text):
            return f'<!-- wp:quote -->\n<blockquote class="wp-block-quote"><!-- wp:paragraph -->\n<p>{escape(text, quote=False)}</p>\n<!-- /wp:paragraph --></blockquote>\n<!-- /wp:quote -->'
        case Bullets(items, ordered):
            tag, options = ("ol", ' {"ordered":true}') if ordered else ("ul", "")
            rows = "\n".join(
                f"<!-- wp:list-item -->\n<li>{escape(item, quote=False)}</li>\n<!-- /wp:list-item -->" for item in items
            )
            return f'<!-- wp:list{options} -->\n<{tag} class="wp-block-list">{rows}</{tag}>\n<!-- /wp:list -->'
        case Table(rows_):
            cells = "".join(
                "<tr>" + "".join(f"<td>{escape(cell, quote=False)}</td>" for cell in row) + "</tr>" for row in rows_
            )
            return f'<!-- wp:table -->\n<figure class="wp-block-table"><table class="has-fixed-layout"><tbody>{cells}</tbody></table></figure>\n<!-- /wp:table -->'
        case Lines(lines):
            inner = "<br>".join(escape(line, quote=False) for line in lines)
            return f"<!-- wp:paragraph -->\n<p>{inner}</p>\n<!-- /wp:paragraph -->"
        case ReadAlso(title, slug):
            return f'<!-- wp:paragraph -->\n<p><strong>Baca juga:</strong> <a href="{base}/{slug}/">{escape(title, quote=False)}</a></p>\n<!-- /wp:paragraph -->'
        case Figure(image, caption):
            return f'<!-- wp:image -->\n<figure class="wp-block-image size-large"><img src="{base}/wp-content/{image}" alt=""/><figcaption class="wp-element-caption">{escape(caption, quote=False)}</figcaption></figure>\n<!-- /wp:image -->'
