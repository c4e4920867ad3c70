"""What `stories` and `portals` print for a desk, in Indonesian and English; and which of the two a person reads."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kwri_crawler.health import Verdict
from kwri_crawler.languages import Language
from kwri_crawler.report.reasons import in_indonesian

# key: (Indonesian, English)
_TEXTS = {
    "no_stories": (
        "tidak ada cerita: tidak ada teks yang tayang di dua alamat; `scrapy restory` menyusun yang tersimpan dulu",
        "no stories: no text stands on two addresses there; `scrapy restory` settles what was stored before",
    ),
    "largest": ("terbesar", "largest"),
    "fastest": (
        "tercepat: portal lain dalam enam jam",
        "fastest: other portals within six hours",
    ),
    "story": ("cerita", "story"),
    "articles": ("artikel", "articles"),
    "portals": ("portal", "portals"),
    "in_6_h": ("dlm 6 jam", "in 6 h"),
    "hours": ("jam", "hours"),
    "first": ("pertama", "first"),
    "story_head": (
        "cerita {number}: {articles} artikel di {portals} portal dalam {hours} jam",
        "story {number}: {articles} articles on {portals} portals in {hours} hours",
    ),
    "original": ("asli", "original"),
    "lag": ("+{hours} jam", "+{hours} h"),
    "undated": ("(tanpa tanggal)", "(undated)"),
    "seen": ("terlihat", "seen"),
    "headline": ("judul", "headline"),
    "changed_headline": ("judul diubah", "changed headline"),
    "source": ("menyebut sumbernya", "names its source"),
    "same_minute": (
        "pada menit yang sama dengan yang asli: urutannya urutan perayapan kami, bukan bukti",
        "in the original's minute: which came first is the order of our crawls, and no evidence",
    ),
    "same_text": ("kata demi kata teks yang sama", "word for word the same text"),
    "coarse": (
        "terlalu banyak berbeda untuk dibandingkan kata demi kata",
        "too much differs to compare it word by word",
    ),
    "more_differences": ("dan {number} perbedaan lagi", "and {number} more differences"),
    "contains": ("memuat", "contains"),
    "is contained in": ("dimuat dalam", "is contained in"),
    "follows up": ("lanjutan dari", "follows up"),
    "is followed up by": ("dilanjutkan oleh", "is followed up by"),
    "portal": ("portal", "portal"),
    "is": ("keadaan", "is"),
    "since": ("sejak", "since"),
    "a_day": ("sehari", "a day"),
    "usual": ("biasa", "usual"),
    "crawled": ("dirayapi", "crawled"),
    "next": ("berikut", "next"),
    "why": ("sebab", "why"),
    "well": ("baik", "well"),
    "quiet": ("sepi", "quiet"),
    "thin": ("miskin", "thin"),
    "blocked": ("diblokir", "blocked"),
    "broken": ("rusak", "broken"),
    "new": ("baru", "new"),
}


@dataclass(frozen=True)
class Spoken(Language):
    """One language's words for a terminal."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = _TEXTS

    def why(self, verdict: Verdict) -> str:
        """Return why a portal got its word."""
        if self.lang == "id" and verdict.reasons:
            return "".join(text for _, text in in_indonesian(verdict.reasons))
        return verdict.why


def spoken(opts: argparse.Namespace) -> Spoken:
    """Return the words in the language that was asked for, by --lang or by the environment's LC_ALL or LANG."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return Spoken(opts.lang or ("id" if named.partition(".")[0].partition("_")[0].lower() == "id" else "en"))
