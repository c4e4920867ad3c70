"""The benchmark's server: generated Varient articles of 60-100 KB, made and compressed before the first request.

One process, one asyncio protocol, whole answers written at once: it serves several thousand pages a second, so that
what is measured is the crawler. Run as `python -m tests.sites.generated --pages 2000 --port 0`; prints its address.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import random
from dataclasses import replace
from datetime import datetime, timedelta

from tests.sites import listings
from tests.sites.corpus import ARTICLES, SECTIONS, DemoArticle, slug_of
from tests.sites.furniture import ZONE, Post
from tests.sites.server import HTML, TEXT, XML
from tests.sites.server import Request as Asked
from tests.sites.varient import VarientPortal

_FIRST = datetime(2023, 1, 1, 6, 0)
WORDS = 313  # of a text, on average


def generate(count: int, seed: int = 7, words: int = WORDS) -> list[DemoArticle]:
    """Make articles of so many words on average, out of the demo portal's words and fresh numbers.

    The median of 417 real regional articles measured is 250 words, the 90th percentile 426. Their passages are as
    different as those of real articles; every sixteenth is an earlier one under another headline, as about 6% are.
    """
    chance = random.Random(seed)
    known = [
        word for article in ARTICLES for text in article.paragraphs if isinstance(text, str) for word in text.split()
    ]
    sections = list(SECTIONS)
    made: list[DemoArticle] = []
    for number in range(count):
        model = ARTICLES[number % len(ARTICLES)]
        length = round(chance.randint(5, 14) * words / WORDS)
        paragraphs = tuple(_paragraph(chance, known, number) for _ in range(length))
        if number % 16 == 15:
            paragraphs = (f"SURABAYA – {made[-10].paragraphs[0]}", *made[-10].paragraphs[1:])
        made.append(
            replace(
                model,
                slug=f"{slug_of(model.title)[:120]}-{number}",
                title=f"{model.title} Bagian {number}",
                section=sections[number % len(sections)],
                created_at=_FIRST + timedelta(minutes=97 * number),
                updated_at=None,
                paragraphs=paragraphs,
                post_type="article",
                items=(),
                source_url="",
            )
        )
    return made


def _paragraph(chance: random.Random, words: list[str], number: int) -> str:
    sentences = (" ".join(chance.choices(words, k=chance.randint(8, 20))).capitalize() for _ in range(2))
    return f"{'. '.join(sentences)}. Jumlahnya {chance.randint(2, 99_999)} pada hari ke-{number}."


class Pages:
    """Every answer of the site, whole, by path."""

    def __init__(self, base: str, articles: list[DemoArticle]) -> None:
        portal = VarientPortal(articles=(), base=base, now=_FIRST + timedelta(days=900))
        for article in articles[:200]:  # furniture is made from the whole portal at each change
            portal.publish(article)
        self._answers: dict[bytes, bytes] = {}
        self.sizes: list[int] = []
        around = portal._furniture()
        for number, article in enumerate(articles, 1):
            html = portal._theme.post(Post(number, article), around, 1)
            self.sizes.append(len(html.encode()))
            self._answers[f"/{article.slug}".encode()] = _answer(html, HTML)
        every = [Post(number, article) for number, article in enumerate(articles, 1)]
        self._answers[b"/sitemap.xml"] = _answer(listings.sitemap_posts(base, every, ZONE), XML)
        self._answers[b"/robots.txt"] = _answer("User-agent: *\nDisallow:", TEXT)
        self._missing = _answer(portal.answer(Asked("GET", "/nothing-here", {})).body, HTML, "404 Not Found")

    def get(self, path: bytes) -> bytes:
        return self._answers.get(path, self._missing)


def _answer(body: str | bytes, content_type: str, status: str = "200 OK") -> bytes:
    packed = gzip.compress(body.encode() if isinstance(body, str) else body, 6, mtime=0)
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Encoding: gzip\r\nVary: Accept-Encoding\r\n"
        f"Content-Length: {len(packed)}\r\n\r\n"
    )
    return head.encode() + packed


class Serve(asyncio.Protocol):
    """HTTP/1.1 GET with keep-alive, and nothing else."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            request, self._buffer = self._buffer[:end], self._buffer[end + 4 :]
            self._transport.write(self._pages.get(request.split(b" ", 2)[1]))


async def serve(count: int, port: int, words: int) -> None:
    """Serve until the process is ended."""
    loop = asyncio.get_running_loop()
    holder: list[Pages] = []
    server = await loop.create_server(lambda: Serve(holder[0]), "127.0.0.1", port)
    port = server.sockets[0].getsockname()[1]
    holder.append(Pages(f"http://127.0.0.1:{port}", generate(count, words=words)))
    sizes = sorted(holder[0].sizes)
    print(f"{count} pages of {sizes[0] // 1000}-{sizes[-1] // 1000} KB at http://127.0.0.1:{port}/", flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--words", type=int, default=WORDS, help="of a text, on average (default: %(default)s)")
    options = parser.parse_args()
    asyncio.run(serve(options.pages, options.port, options.words))


if __name__ == "__main__":
    main()
