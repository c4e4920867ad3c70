"""Texts like a regional portal's, made of our own demo articles' words: for trials that need many thousands of them.

Words come by threes as they stand in the demo articles, with names and numbers between them; every portal ends its
texts in a line of its own; some articles are edited copies, some are made in one mould with other numbers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kwri_crawler.items import Article, Moment, Precision
from tests.sites.corpus import FOLDER

PORTALS = 100
A_WEEK = 10_000  # articles
FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
COPIES, MOULDS = 0.06, 0.02  # of all articles; the former as measured on 91 Indonesian portals
_SYLLABLES = tuple(consonant + vowel for consonant in "bcdgjklmnprst" for vowel in "aeiou")


@dataclass(frozen=True)
class Told:
    """An article before the stages: where, when, what."""

    number: int
    portal: str
    at: datetime
    title: str
    paragraphs: tuple[str, ...]

    def article(self, crawl: int | None = None) -> Article:
        """Return it as the stage dates leaves it."""
        moment = Moment(self.at, self.at, Precision.MINUTE, "")
        return Article(
            portal=self.portal,
            zone="Asia/Jakarta",
            url=f"https://{self.portal}.example/{self.number}",
            title=self.title,
            paragraphs=self.paragraphs,
            fetched_at=self.at + timedelta(hours=1),
            reader="general",
            published=moment,
            crawl_id=crawl,
            word_count=sum(len(paragraph.split()) for paragraph in self.paragraphs),
        )


class Newsroom:
    """Writes articles, always the same ones for a seed."""

    def __init__(self, seed: int, copies: float = COPIES) -> None:
        self.dice = random.Random(seed)
        self.copies = copies
        files = sorted((FOLDER / "articles").glob("*.txt"))
        words = " ".join(path.read_text(encoding="utf-8") for path in files).split()
        self.threes = [" ".join(words[first : first + 3]) for first in range(len(words) - 2)]
        names = random.Random(1)
        self.names = ["".join(names.choices(_SYLLABLES, k=names.randint(2, 4))).capitalize() for _ in range(20_000)]
        self.recent: list[Told] = []

    def articles(self, first: int, last: int) -> Iterator[Told]:
        """Write the articles of these numbers, in the order in which they came out."""
        for number in range(first, last):
            at = FIRST_DAY + timedelta(weeks=number / A_WEEK)
            portal = f"portal{self.dice.randrange(PORTALS)}"
            chance = self.dice.random()
            if chance < self.copies and self.recent:
                told = self.copy(self.dice.choice(self.recent), number, portal, at)
            elif chance < self.copies + MOULDS:
                told = self.mould(number, portal, at)
            else:
                told = Told(number, portal, at, self.sentence(9), self.text(portal))
            self.recent = [*self.recent[-499:], told]
            yield told

    def text(self, portal: str) -> tuple[str, ...]:
        size = min(900, max(60, int(self.dice.lognormvariate(5.4, 0.5))))
        paragraphs = [self.sentence(self.dice.randint(25, 50)) for _ in range(max(2, size // 28))]
        return (*paragraphs, f"Demikian warta {portal} yang disusun tim redaksi dari berbagai sumber di lapangan.")

    def sentence(self, size: int) -> str:
        parts = self.dice.choices(self.threes, k=max(2, size // 3))
        parts[1::4] = self.dice.choices(self.names, k=len(parts[1::4]))
        parts[3::8] = [str(self.dice.randint(2, 5000)) for _ in parts[3::8]]
        return " ".join(parts).capitalize() + "."

    def copy(self, original: Told, number: int, portal: str, at: datetime) -> Told:
        """Copy an article under another headline: a paragraph dropped, one added, some words changed."""
        paragraphs = list(original.paragraphs[:-1])
        if len(paragraphs) > 3 and self.dice.random() < 0.4:
            del paragraphs[self.dice.randrange(1, len(paragraphs))]
        if self.dice.random() < 0.4:
            paragraphs.append(self.sentence(30))
        paragraphs = [" ".join(w if self.dice.random() > 0.03 else self.dice.choice(self.names) for w in p.split())
                      if self.dice.random() < 0.5 else p for p in paragraphs]  # fmt: skip
        return Told(number, portal, at, self.sentence(8), (*paragraphs, f"Sumber: {portal}."))

    def mould(self, number: int, portal: str, at: datetime) -> Told:
        """Write what is written daily with other numbers."""
        a, b, c, d, e, f = (self.dice.randint(100, 99_999) for _ in range(6))
        text = (
            f"Harga emas batangan hari ini tercatat Rp {a} per gram atau naik Rp {b} dibandingkan harga kemarin.",
            f"Adapun harga beli kembali berada di angka Rp {c} per gram dan ukuran setengah gram dijual Rp {d} saja.",
            f"Ukuran lima gram dilepas Rp {e} sedangkan ukuran sepuluh gram dilepas Rp {f} belum termasuk pajak.",
            "Harga dapat berubah sewaktu waktu mengikuti pergerakan pasar dunia dan nilai tukar rupiah terhadap dolar.",
        )
        return Told(number, portal, at, f"Harga emas {portal} hari ini", text)
