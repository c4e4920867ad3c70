"""What two texts are to each other: the hash of their words, the sketch by which near copies meet, the judge.

The archive alone settles who was first and draws the stories, in the transaction that stores the article.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from kwri_crawler.copies.ends import cut_ends
from kwri_crawler.copies.likeness import judge
from kwri_crawler.copies.sketch import sketch
from kwri_crawler.copies.texts import fold, read_text
from kwri_crawler.items import Article
from kwri_crawler.pages.text import WORD, split

__all__ = ["VERSION", "WINDOW_DAYS", "cut_ends", "hash_text", "judge", "sketch_text", "with_sketch"]

# To be raised with every change of texts.py, sketch.py, likeness.py or ends.py; `scrapy restory` then settles all anew.
VERSION = 4
# Copies further apart are looked for by identical text only. Of 9,219 articles of 91 portals the latest copy came after
# 47 hours; the rest is for dates that are a bit wrong.
WINDOW_DAYS = 10


def hash_text(paragraphs: tuple[str, ...]) -> str:
    """Return 32 hex digits of the words alone: case, punctuation, white space and paragraph breaks do not count."""
    words = " ".join(split(fold("\n\n".join(paragraphs)), WORD))
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=16).hexdigest()


def sketch_text(body: str) -> tuple[int, ...]:
    """Return signed 32-bit hashes of which copies share two or more; empty for a text too short to compare."""
    return sketch(read_text(body))


def with_sketch(article: Article) -> Article:
    """Return the article with the hash and the sketch of its text."""
    paragraphs = article.paragraphs
    return replace(article, text_hash=hash_text(paragraphs), sketch=sketch_text("\n\n".join(paragraphs)))
