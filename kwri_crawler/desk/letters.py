"""Read e-mails and saved web pages into paragraphs; of an e-mail its longest text, from its body or an attachment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from kwri_crawler.catalogue import Portal
from kwri_crawler.clock import now
from kwri_crawler.desk.bounds import Unread
from kwri_crawler.desk.lines import joined
from kwri_crawler.items import Page
from kwri_crawler.pages import PageError, read_page
from kwri_crawler.pages.decode import decode
from kwri_crawler.pages.source import tame

MOST_ATTACHMENTS = 10
_ADDRESS = "https://desk.invalid/"  # of a page that is a file
_NOT_TEXT = "script, style, noscript, template, head, nav, form, svg"


class Letter(NamedTuple):
    """An e-mail as it was read."""

    subject: str | None
    paragraphs: list[str]
    sent_at: datetime | None  # aware; None where it has no date with a zone


def read_letter(data: bytes, read_attachment: Callable[[str, bytes], list[str]]) -> Letter:
    """Return an e-mail's text; `read_attachment` reads a file by name and bytes, and may raise Unread."""
    message = message_from_bytes(data, policy=policy.default)
    texts = [_body(message), *_attached(message, read_attachment)]
    subject = " ".join(str(message["subject"] or "").split())
    return Letter(subject or None, max(texts, key=lambda text: sum(map(len, text))), _sent_at(message))


def _body(message: EmailMessage) -> list[str]:
    part = message.get_body(("plain", "html"))
    if part is None:
        return []
    content = part.get_content()
    return visible(content) if part.get_content_subtype() == "html" else joined(content.splitlines())


def _attached(message: EmailMessage, read: Callable[[str, bytes], list[str]]) -> Iterator[list[str]]:
    for part in list(message.iter_attachments())[:MOST_ATTACHMENTS]:
        name, content = part.get_filename() or "", part.get_payload(decode=True)
        if name and isinstance(content, bytes):
            try:
                yield read(name, content)
            except Unread:
                continue  # a picture, or a scan; the body may have the text


def _sent_at(message: EmailMessage) -> datetime | None:
    try:
        sent_at = parsedate_to_datetime(str(message["date"]))
    except (TypeError, ValueError, IndexError):
        return None
    return sent_at if sent_at.tzinfo else None


def read_web_page(data: bytes) -> tuple[str | None, list[str]]:
    """Return the title and paragraphs of a saved page: of its article where it shows one, else of all that is seen."""
    page = Page(_ADDRESS, data, "", now())
    try:
        article = read_page(page, Portal("", "", _ADDRESS, "general", None, "Asia/Jakarta", ()))
        return article.title, list(article.paragraphs)
    except PageError:
        text = decode(data, "")
        tree = LexborHTMLParser(tame(text.encode()))
        title = tree.css_first("h1") or tree.css_first("title")  # that of a saved document is its file's name
        return (title and " ".join(title.text().split())) or None, visible(text)


def visible(html: str) -> list[str]:
    """Return what is seen of HTML, a block a paragraph."""
    tree = LexborHTMLParser(tame(html.encode("utf-8", "replace")))
    tree.strip_tags([name.strip() for name in _NOT_TEXT.split(",")])
    for name in ("br", "p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "blockquote", "table"):
        for node in tree.css(name):
            node.insert_before("\n")
            node.insert_after("\n")
    text = tree.body.text() if tree.body else ""
    return [line for part in text.split("\n") if (line := " ".join(part.split()))]
